package dev.windlass.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.windlass.Windlass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The loop of tools as processes, each killed like {@code kill -9}, wherever it is just then. */
@Timeout(240)
class KilledLoopTest {
    private static final int KILLS = 5;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private Process start(String worker) throws IOException {
        return new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-cp",
                System.getProperty("java.class.path"), AgentLoop.class.getName(), store(), ledger().toString(), worker)
                .redirectError(directory.resolve(worker + ".err").toFile()).start();
    }

    private String store() {
        return "file:" + directory.resolve("store");
    }

    private Path ledger() {
        return directory.resolve("ledger");
    }

    private List<String> calls() throws IOException {
        return Files.exists(ledger()) ? Files.readAllLines(ledger()) : List.of();
    }

    @Test
    void loop_killedAgainAndAgain_endsAndRepeatsNoRecordedCall() throws Exception {
        try (var windlass = Windlass.connect(store())) {
            for (int kill = 0; kill < KILLS; kill++) {
                String worker = "w" + kill;
                Process process = start(worker);
                int wanted = calls().size() + 3 + kill;
                while (process.isAlive() && calls().size() < wanted) {
                    LockSupport.parkNanos(200_000);
                }
                process.destroyForcibly(); // SIGKILL
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                windlass.retire(worker); // as a supervisor does: nobody waits for its lease to end
            }
            assertThat(calls().size()).as("calls before the last process").isLessThan(50);
            Process last = start("last");
            String said = new String(last.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(last.waitFor(120, TimeUnit.SECONDS)).isTrue();

            assertThat(said).as(Files.readString(directory.resolve("last.err"))).contains("50 calls, last state");
            assertThat(new HashSet<>(calls())).hasSize(50);
            // A call whose process dies before its record is made again, and no other.
            assertThat(calls().size()).isBetween(50, 50 + KILLS);
        }
    }
}
