package dev.windlass.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import dev.windlass.Windlass;
import dev.windlass.cli.CommandRun;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What people see of a task that runs, and of who runs it. */
class TailCommandTest {
    private static final TaskType<String, String> TYPE = TaskType.of("talks", String.class, String.class);

    @TempDir
    private Path folder;

    private String store() {
        return "file:" + folder.resolve("store");
    }

    private Worker work(Windlass windlass, CountDownLatch started, CountDownLatch release) {
        return windlass.worker().queue("q").id("w").handle(TYPE, (task, input) -> {
            task.print("line 1\nline 2");
            task.progress(50, "half");
            task.count("rows", 3);
            if (input.equals("bad")) {
                throw new PermanentFailure("no");
            }
            if (input.equals("slow")) {
                started.countDown();
                release.await();
            }
            return input;
        }).start();
    }

    @Test
    void tail_endedTask_printsLinesAndProgress_andLeavesAsTheTaskEnded() throws Exception {
        var none = new CountDownLatch(0);
        try (var windlass = Windlass.connect(store()); var worker = work(windlass, none, none)) {
            TaskHandle<String> good = windlass.queue("q").submit(TYPE, "good");
            assertThat(good.await(Duration.ofSeconds(60))).isEqualTo("good");
            CommandRun run = CommandRun.of("tail", good.id(), "--store", store());
            assertThat(run.out().lines()).containsExactly("line 1", "line 2");
            assertThat(run.err().lines()).containsExactly("-- 50 %, half, rows 3, 2 lines", "-- completed");
            assertThat(run.code()).isZero();
            CommandRun json = CommandRun.of("tail", good.id(), "--json", "--store", store());
            assertThat(json.out().lines()).first().asString()
                    .isEqualTo("{\"event\":\"line\",\"attempt\":1,\"line\":\"line 1\"}");
            assertThat(json.out()).contains("\"event\":\"progress\"", "\"percent\":50.0", "\"rows\":3",
                    "\"status\":\"COMPLETED\"");
            assertThat(CommandRun.of("show", good.id(), "--store", store()).out()).contains("50 %, half, rows 3");
            JsonNode status = JsonText.MAPPER
                    .readTree(CommandRun.of("status", good.id(), "--json", "--store", store()).out());
            assertThat(status.path("progress").path("counters").path("rows").asInt()).isEqualTo(3);

            String bad = windlass.queue("q").submit(TYPE, "bad").id();
            CommandRun failed = CommandRun.of("tail", bad, "--every", "100ms", "--store", store());
            assertThat(failed.code()).isEqualTo(1);
            assertThat(failed.err()).endsWith("-- failed\n");
            assertThat(worker.isRunning()).isTrue();
        }
    }

    @Test
    void workers_tasks_showsWhatEachIsDoing() throws Exception {
        var started = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        try (var windlass = Windlass.connect(store()); var worker = work(windlass, started, release)) {
            String id = windlass.queue("q").submit(TYPE, "slow").id();
            started.await();
            CommandRun run = CommandRun.of("workers", "--tasks", "--store", store());
            assertThat(run.out()).contains(id, "talks", worker.id());
            JsonNode json = JsonText.MAPPER
                    .readTree(CommandRun.of("workers", "--tasks", "--json", "--store", store()).out());
            JsonNode doing = json.path(0).path("doing").path(0);
            assertThat(doing.path("id").asString()).isEqualTo(id);
            assertThat(doing.path("type").asString()).isEqualTo("talks");
            assertThat(doing.path("attempt").asInt()).isEqualTo(1);
            assertThat(CommandRun.of("tail", id, "--no-follow", "--store", store()).err()).contains("-- running");
            release.countDown();
        }
        assertThat(CommandRun.of("workers", "--tasks", "--store", store()).out()).doesNotContain("talks");
    }
}
