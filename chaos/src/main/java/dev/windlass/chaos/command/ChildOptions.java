package dev.windlass.chaos.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import dev.windlass.Windlass;
import dev.windlass.WindlassException;
import dev.windlass.cli.ExitCode;
import dev.windlass.cli.command.DurationConverter;
import dev.windlass.environment.Environment;
import dev.windlass.environment.StopSignals;
import picocli.CommandLine.Option;

/** What both kinds of processes are told, and how both live and end. */
final class ChildOptions {
    private static final int CONNECT_TRIES = 20;

    @Option(names = "--store", required = true, description = "Where the tasks are.")
    private String store = "";

    @Option(names = "--id", required = true, description = "The process's name, used once.")
    private String id = "";

    @Option(names = "--ledger", required = true, description = "The folder of ledgers.")
    private Path ledger = Path.of("");

    @Option(names = "--grace", required = true, converter = DurationConverter.class, description = "For orphan ready keys.")
    private Duration grace = Duration.ZERO;

    @Option(names = "--patience", required = true, converter = DurationConverter.class, description = "With the store.")
    private Duration patience = Duration.ZERO;

    String id() {
        return id;
    }

    Path ledger() {
        return ledger;
    }

    /** Connects, and tries again: the store may be away just now. */
    Windlass connect() throws InterruptedException {
        for (int i = 1;; i++) {
            try {
                return Windlass.builder().grace(grace).patience(patience).connect(store);
            } catch (WindlassException e) {
                if (i == CONNECT_TRIES) {
                    throw e;
                }
                Thread.sleep(250);
            }
        }
    }

    /**
     * Says that the work has begun, and waits for SIGTERM. A process whose harness is gone ends at once, since its standard
     * input ends.
     */
    @SuppressWarnings("SystemOut") // the harness reads it
    static void workUntilStopped() throws InterruptedException {
        StopSignals signals = StopSignals.listen(Environment.system());
        Thread.ofPlatform().daemon().name("harness").start(ChildOptions::endWithHarness);
        System.out.println("ready");
        System.out.flush();
        while (!signals.await(Duration.ofMinutes(1))) {
            // on
        }
    }

    private static void endWithHarness() {
        try {
            while (System.in.read() >= 0) {
                // nothing is ever said
            }
        } catch (IOException e) {
            // as good as its end
        }
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }
}
