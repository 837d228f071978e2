package dev.windlass.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import dev.windlass.Windlass;
import dev.windlass.queue.TaskType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Short soaks: a deliberate leak of each kind is found by the gauge that watches for it, and by no other. */
class SoakCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private String uri() {
        return "file:" + folder.resolve("store") + "?fsync=false";
    }

    private CommandRun soak(String leak, int rate) {
        return CommandRun.arguments("soak", "--store", uri(), "--minutes",
                "0.1", "--warm-up", "2", "--rate", String.valueOf(rate), "--sample", "0.5", "--leak", leak, "--json");
    }

    private static JsonNode gauge(CommandRun run, String title) {
        for (JsonNode gauge : JsonMapper.builder().build().readTree(run.out()).path("gauges")) {
            if (gauge.path("gauge").asString().startsWith(title)) {
                return gauge;
            }
        }
        throw new AssertionError("no gauge " + title + " in " + run.out());
    }

    @ParameterizedTest
    @CsvSource({"heap, heap", "threads, threads of the queue", "files, open files", "objects, objects"})
    void soak_deliberateLeak_fails(String leak, String gauge) {
        CommandRun run = soak(leak, 60);

        assertThat(run.code()).as(run.err()).isEqualTo(1);
        assertThat(gauge(run, gauge).path("flat").asBoolean()).as(run.out()).isFalse();
        assertThat(JsonMapper.builder().build().readTree(run.out()).path("passed").asBoolean()).isFalse();
    }

    @Test
    void soak_nothingLeaks_allTasksEndAndEveryGaugeIsFlat() {
        CommandRun run = soak("none", 20);

        JsonNode json = JsonMapper.builder().build().readTree(run.out());
        assertThat(json.path("passed").asBoolean()).as(run.out()).isTrue();
        assertThat(run.code()).as(run.out()).isZero();
        assertThat(json.path("submitted").asLong()).isPositive();
        assertThat(json.path("completed").asLong() + json.path("cancelled").asLong())
                .isEqualTo(json.path("submitted").asLong());
        assertThat(json.path("samples").size()).isGreaterThanOrEqualTo(12);
    }

    @Test
    void soak_storeThatHasTasks_isRefused() {
        try (Windlass windlass = Windlass.connect(uri())) {
            windlass.queue("other").submit(TaskType.of("other", String.class, String.class), "there before");
        }

        CommandRun run = soak("none", 20);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("has tasks already");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--store|mem:|heap", "--rate|0|rate", "--minutes|0.01|Six samples",
        "--warm-up|-1|warm-up", "--leak|time|leak"})
    void soak_badInput_isRefusedByName(String option, String value, String named) {
        CommandRun run = CommandRun.arguments("soak", option, value);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(named);
    }
}
