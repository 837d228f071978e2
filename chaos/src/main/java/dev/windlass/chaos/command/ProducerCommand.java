package dev.windlass.chaos.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;

import dev.windlass.chaos.ledger.Ledger;
import dev.windlass.chaos.workload.Producer;
import dev.windlass.cli.ExitCode;
import dev.windlass.cli.command.DurationConverter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One producer process. Ends on SIGTERM, after what it does just then. */
@Command(name = "producer", hidden = true, description = "One producer process; started by windlass-chaos.")
final class ProducerCommand implements Callable<Integer> {
    private static final int THREADS = 4;

    @Mixin
    private ChildOptions child = new ChildOptions();

    @Option(names = "--seed", required = true, description = "What to draw tasks from.")
    private long seed;

    @Option(names = "--pause", required = true, converter = DurationConverter.class, description = "From task to task.")
    private Duration pause = Duration.ZERO;

    @Override
    public Integer call() throws Exception {
        try (Ledger ledger = Ledger.create(child.ledger(), child.id()); var windlass = child.connect()) {
            var producer = new Producer(windlass, ledger, child.id(), pause.toMillis() * THREADS);
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < THREADS; i++) {
                long own = seed * THREADS + i;
                threads.add(Thread.ofVirtual().name("producer-" + i).start(() -> run(producer, own)));
            }
            ChildOptions.workUntilStopped();
            producer.stop();
            for (Thread thread : threads) {
                thread.join();
            }
        }
        return ExitCode.DONE;
    }

    private static void run(Producer producer, long seed) {
        try {
            producer.run(seed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
