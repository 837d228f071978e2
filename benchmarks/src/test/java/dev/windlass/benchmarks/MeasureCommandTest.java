package dev.windlass.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;

import dev.windlass.benchmarks.measure.Measure;
import dev.windlass.benchmarks.measure.Measures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MeasureCommandTest {
    private static Stream<String> names() {
        // The server of the last one is there for Linux on x86 only.
        boolean server = System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64");
        return Measures.ALL.stream().map(Measure::name).filter(name -> server || !name.equals("database"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void measure_each_runsAndGivesFigures(String name) {
        CommandRun run = CommandRun.arguments("measure", "--small", "--json", name);

        assertThat(run.code()).as(run.err()).isZero();
        JsonNode figures = JsonMapper.builder().build().readTree(run.out()).path("figures");
        assertThat(figures.size()).isPositive();
        figures.forEach(figure -> {
            assertThat(figure.path("measure").asString()).isEqualTo(name);
            assertThat(figure.path("what").asString()).isNotEmpty();
            assertThat(figure.path("value").isNumber()).isTrue();
            assertThat(Double.isFinite(figure.path("value").asDouble())).isTrue();
            assertThat(figure.path("command").asString()).isEqualTo("./windlass-bench measure " + name);
            assertThat(figure.has("met")).isEqualTo(!figure.path("target").asString().isEmpty());
        });
    }

    @Test
    void requests_inMemory_areWhatTheProtocolSays() {
        JsonNode figures = JsonMapper.builder().build()
                .readTree(CommandRun.arguments("measure", "--small", "--json", "requests").out()).path("figures");

        // submit 2 PUT, claim 1 GET and 1 PUT, complete 1 PUT; and a share of LIST and the lease's PUT
        assertThat(figures.path(0).path("value").asDouble()).isGreaterThan(5);
        // the ready key goes
        assertThat(figures.path(1).path("value").asDouble()).isGreaterThanOrEqualTo(1);
    }

    @Test
    void table_forPeople_isMarkdownWithTargetsAndVerdicts() {
        CommandRun run = CommandRun.arguments("measure", "--small", "requests");

        assertThat(run.out()).contains("`./windlass-bench measure requests`", "| what | target | figure | |", "≤ 5.20",
                "requests a task |");
        assertThat(run.out().lines().filter(line -> line.contains("≤ 5.20")))
                .allMatch(line -> line.endsWith("| met |") || line.endsWith("| missed |"));
    }

    @Test
    void measure_unknownName_isBadInputAndNamesThoseThereAre() {
        CommandRun run = CommandRun.arguments("measure", "speed");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("\"speed\"", "requests, flat");
    }

    @Test
    void command_noneGiven_isBadInput() {
        CommandRun run = CommandRun.arguments();

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("no command", "--help");
    }
}
