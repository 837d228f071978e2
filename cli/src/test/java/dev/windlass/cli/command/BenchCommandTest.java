package dev.windlass.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.cli.CommandRun;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"file, 1,", "file, 1, --apart", "file, 2,", "mem, 1,"})
    void json_anyStore_hasExactlyTheFigures(String scheme, int processes, @Nullable String apart) {
        String store = scheme.equals("mem") ? "mem:" : "file:" + folder.resolve("store") + "?fsync=false";

        var args = new ArrayList<>(List.of("bench", "--store", store, "--tasks", "60", "--concurrency", "8",
                "--processes", String.valueOf(processes), "--warm-up", "5", "--json"));
        if (apart != null) {
            args.add(apart);
        }
        CommandRun run = CommandRun.of(args.toArray(new String[0]));

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        JsonNode json = JsonMapper.builder().build().readTree(run.out());
        assertThat(json.propertyNames()).containsExactly("tasks", "seconds", "tasksPerSecond", "p50Ms", "p99Ms",
                "requestsPerTask", "put", "get", "list", "delete", "conflicts");
        assertThat(json.path("tasks").asInt()).isEqualTo(60);
        long put = json.path("put").asLong();
        long get = json.path("get").asLong();
        long list = json.path("list").asLong();
        // submit 2, claim 1 and complete 1 put a task, and one get for the claim
        assertThat(put).isGreaterThanOrEqualTo(240);
        assertThat(get).isGreaterThanOrEqualTo(60);
        assertThat(list).isPositive();
        assertThat(json.path("requestsPerTask").asDouble()).isCloseTo((put + get + list) / 60.0,
                org.assertj.core.data.Offset.offset(0.001));
        assertThat(json.path("p50Ms").asDouble()).isPositive()
                .isLessThanOrEqualTo(json.path("p99Ms").asDouble());
        assertThat(json.path("seconds").asDouble() * 1e3).isGreaterThanOrEqualTo(json.path("p99Ms").asDouble());
    }

    @Test
    void latency_injected_isALowerBound() {
        CommandRun run = CommandRun.of("bench", "--store", "mem:", "--tasks", "4", "--concurrency", "4", "--warm-up",
                "0", "--latency", "20", "--json");

        // submitted in one round trip, claimed in three, completed in one
        JsonNode json = JsonMapper.builder().build().readTree(run.out());
        assertThat(json.path("p50Ms").asDouble()).isGreaterThan(80);
        assertThat(CommandRun.of("bench", "--store", "mem:", "--tasks", "3", "--batch", "1").out())
                .contains("submit", "drain", "tasks/s", "p99");
    }
}
