package dev.windlass.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.windlass.Windlass;
import dev.windlass.cli.WindlassProcess;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.TaskType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerProcessTest {
    private static final TaskType<Integer, Integer> SLEEP = TaskType.of("sleep", Integer.class, Integer.class);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"TERM, 0", "INT, 130"})
    void signal_taskInFlight_completesAndLeaves(String signal, int code) throws Exception {
        try (var windlass = Windlass.connect("file:" + folder.resolve("store"));
                var worker = WindlassProcess.start(folder, Map.of("WINDLASS_STORE", "file:store"), "worker", "--queue",
                        "q", "--concurrency", "2", "--id", "w")) {
            assertThat(worker.line()).startsWith("worker w started on q");
            TaskHandle<Integer> running = windlass.queue("q").submit(SLEEP, 3_000);
            awaitRunning(running);
            // Once a later task has been through, the first one's handler has started.
            windlass.queue("q").submit(SLEEP, 0).await(Duration.ofSeconds(60));

            worker.signal(signal);

            List<String> last = worker.rest();
            assertThat(worker.exitCode()).isEqualTo(code);
            assertThat(last).containsExactly("worker w stopped: 2 completed, 0 failed, 0 requeued, 0 cancelled");
            assertThat(running.await(Duration.ZERO)).isEqualTo(3_000);
        }
    }

    @Test
    void signal_handlerThatOutlastsTheDrain_isInterruptedAndGivenBack() throws Exception {
        try (var windlass = Windlass.connect("file:" + folder.resolve("store"));
                var worker = WindlassProcess.start(folder, Map.of(), "worker", "--queue", "q", "--store", "file:store",
                        "--drain-timeout", "1ms", "--json")) {
            assertThat(worker.line()).startsWith("{\"event\":\"started\",\"worker\":\"");
            TaskHandle<Integer> running = windlass.queue("q").submit(SLEEP, 600_000);
            awaitRunning(running);

            worker.signal("TERM");

            List<String> last = worker.rest();
            assertThat(worker.exitCode()).isZero();
            assertThat(last).singleElement().asString().startsWith("{\"event\":\"stopped\"")
                    .contains("\"requeued\":1").contains("\"drained\":false");
            assertThat(running.get().status()).isEqualTo(TaskStatus.PENDING);
            assertThat(running.get().failures()).isZero();
        }
    }

    @Test
    void maxIdle_nothingToDo_leaves() throws Exception {
        try (var worker = WindlassProcess.start(folder, Map.of(), "worker", "--queue", "q", "--store", "file:store",
                "--max-idle", "1ms")) {
            assertThat(worker.rest()).hasSize(2);
            assertThat(worker.exitCode()).isZero();
        }
    }

    private static void awaitRunning(TaskHandle<?> task) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (task.get().status() != TaskStatus.RUNNING) {
            assertThat(System.nanoTime()).as("waited too long for the claim").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
