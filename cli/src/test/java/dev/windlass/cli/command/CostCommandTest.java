package dev.windlass.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.windlass.cli.CommandRun;
import dev.windlass.cost.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class CostCommandTest {
    private static final Path ROOT = Path.of("..");

    @TempDir
    private Path folder;

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("given.json"), text).toString();
    }

    private static JsonNode json(String... more) {
        var args = new ArrayList<>(List.of("cost", "--json"));
        args.addAll(List.of(more));
        CommandRun run = CommandRun.of(args.toArray(new String[0]));
        assertThat(run.code()).as(run.err()).isZero();
        return JsonText.MAPPER.readTree(run.out());
    }

    private static void refused(CommandRun run, String... parts) {
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(parts);
    }

    @Test
    void cost_text_tellsKindsDollarsWhatDominatesAndWhatHalves() {
        CommandRun run = CommandRun.of("cost", "--tasks-per-day", "1000", "--workers", "40");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("for\tput\tget\tlist\tdelete\tdollars a month", "\nsubmit\t60,000\t\t\t\t$0.30",
                "S3 Standard, us-east-1, of 2025-04; check them", "What costs most: poll, ",
                "It would be halved by --workers ");
    }

    @Test
    void cost_json_partsAddUp() {
        JsonNode json = json("--tasks-per-day", "50000", "--runs-per-day", "500", "--fleet-steps", "20%");

        double sum = json.path("storage").path("dollars").asDouble();
        long put = 0;
        for (JsonNode activity : json.path("activities")) {
            sum += activity.path("dollars").asDouble();
            put += activity.path("put").asLong();
        }
        assertThat(json.path("dollarsPerMonth").asDouble()).isCloseTo(sum, within(0.01));
        assertThat(json.path("requests").path("put").asLong()).isCloseTo(put, within(10L));
        assertThat(json.path("requests").path("head").asLong()).isZero();
        assertThat(json.path("prices").path("put-per-million").asDouble()).isEqualTo(5);
        assertThat(json.path("workload").path("fleet-steps").asDouble()).isEqualTo(0.2);
        assertThat(json.path("dominant").path("what").asString()).isNotEmpty();
        assertThat(json.has("best") || !json.path("halving").isEmpty()).isTrue();
    }

    @Test
    void cost_fileAndOptions_optionsGoFirst() throws IOException {
        String file = file("{\"tasks-per-day\": 7, \"workers\": 3, \"poll-longest\": \"20s\", \"retried\": \"5%\"}");

        JsonNode workload = json("--file", file, "--workers", "5").path("workload");

        assertThat(workload.path("tasks-per-day").asDouble()).isEqualTo(7);
        assertThat(workload.path("workers").asDouble()).isEqualTo(5);
        assertThat(workload.path("poll-longest").asDouble()).isEqualTo(20);
        assertThat(workload.path("retried").asDouble()).isEqualTo(0.05);
    }

    @Test
    void cost_pricesOfOnesOwn_areUsed() {
        String prices = ROOT.resolve("examples/workloads/own-server-prices.json").toString();

        JsonNode json = json("--prices", prices);

        assertThat(json.path("prices").path("name").asString()).isEqualTo("a server of our own");
        assertThat(json.path("dollarsPerMonth").asDouble()).isLessThan(json().path("dollarsPerMonth").asDouble() / 3);
    }

    @Test
    void cost_severalBadValues_areToldAtOnce() throws IOException {
        refused(CommandRun.of("cost", "--tasks-per-day", "NaN", "--retried", "-1", "--latency", "5", "--input-size",
                "1TB", "--workers", "1e99"), "the workload: 5 problems", "tasks-per-day: \"NaN\" is no number",
                "retried is -100%; use 0% to 100%", "latency: '5' has no unit", "input-size: \"1TB\" is no size",
                "workers is 1.0E99; use 0 to 100000");
        refused(CommandRun.of("cost", "--file", file("{\"wrokers\": 3, \"latency\": 5, \"burst\": 0, \"x\": 1}")),
                "4 problems", "\"wrokers\" is not known; did you mean workers?",
                "latency is \"5\"; write a time in quotes", "burst is 0; use 1 to 10000000", "\"x\" is not known");
        refused(CommandRun.of("cost", "--heartbeat", "20s"), "heartbeat is 20s; use at most a third of the lease");
        refused(CommandRun.of("cost", "--worker", "3"), "Possible solutions: --workers");
    }

    @Test
    void cost_badPriceFiles_areRefusedWhole() throws IOException {
        refused(CommandRun.of("cost", "--prices", file("{\"put-per-milion\": 5, \"get-per-million\": -1,"
                + " \"list-per-million\": \"5\", \"delete-per-million\": 0, \"head-per-million\": 1e99,"
                + " \"ordered-list\": 1}")),
                "\"put-per-milion\" is not known; did you mean put-per-million?", "put-per-million is missing",
                "get-per-million is -1.0; use dollars", "list-per-million is \"\"5\"\"; write dollars as a number",
                "head-per-million is 1.0E99", "ordered-list is \"1\"; write true or false",
                "storage-per-gb-month is missing");
        refused(CommandRun.of("cost", "--prices", file("{\"a\": 1, \"a\": 2}")), "is not JSON at line 1", "uplicate");
        refused(CommandRun.of("cost", "--prices", file("[]")), "is no JSON object");
        refused(CommandRun.of("cost", "--prices", folder.resolve("none").toString()), "does not exist");
        refused(CommandRun.of("cost", "--prices", folder.toString()), "is a directory");
        refused(CommandRun.of("cost", "--prices", "s4"), "s4 does not exist; check its name");
    }

    @Test
    void measure_inMemory_countsWhatTheModelExpects() {
        JsonNode measured = json("--measure", "--for", "3s", "--tasks-per-day", "100000000", "--burst", "50",
                "--retried", "10%", "--runs-per-day", "100000", "--steps", "5", "--handler-time", "5ms", "--step-time",
                "5ms", "--poll-longest", "500ms").path("measured");

        JsonNode counted = measured.path("counted");
        JsonNode model = measured.path("model");
        // fifty a second, and one run a second
        assertThat(measured.path("tasks").asLong()).isEqualTo(150);
        assertThat(measured.path("runs").asLong()).isEqualTo(3);
        assertThat(counted.path("put").asDouble()).isBetween(150 * 4.0, 150 * 7.0);
        assertThat(model.path("put").asDouble()).isCloseTo(counted.path("put").asDouble(),
                within(0.3 * counted.path("put").asDouble()));
        assertThat(model.path("get").asDouble()).isCloseTo(counted.path("get").asDouble(),
                within(0.5 * counted.path("get").asDouble()));
        assertThat(counted.path("list").asLong()).isPositive();
    }

    @Test
    void measure_directory_runsThereAndTells() throws IOException {
        CommandRun run = CommandRun.of("cost", "--measure", "--for", "2s", "--store", "file:" + folder,
                "--tasks-per-day",
                "1000000", "--handler-time", "1ms");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("Measured: 23 tasks and 0 runs in ", "requests\tcounted\tworked out\tdifference",
                "\nPUT\t", "\nDELETE\t");
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.map(Path::toString)).anyMatch(file -> file.contains("tasks"));
        }
        refused(CommandRun.of("cost", "--measure", "--for", "1s"), "Use 2s to 1h");
    }

    @Test
    void document_outputAndSettings_areThoseOfTheCommand() throws IOException {
        String text = Files.readString(ROOT.resolve("docs").resolve("cost.md"));
        Matcher shown = Pattern.compile("(?s)<!-- output: (.+?) -->\\n```text\\n(.*?)```").matcher(text);
        assertThat(shown.find()).isTrue();
        var args = new ArrayList<String>();
        for (String word : shown.group(1).split(" ", -1)) {
            args.add(word.startsWith("examples/") ? ROOT.resolve(word).toString() : word);
        }
        assertThat(squeezed(shown.group(2))).isEqualTo(squeezed(CommandRun.of(args.toArray(new String[0])).out()));
        var rows = new StringBuilder();
        for (Setting setting : Setting.values()) {
            rows.append("| `").append(setting.key()).append("` | ").append(setting.show(setting.standard()))
                    .append(" | ").append(setting.meaning()).append(" |\n");
        }
        assertThat(text).as("the table of settings").contains("| --- | --- | --- |\n" + rows);
    }

    private static String squeezed(String text) {
        return text.replaceAll("[ \\t]+", " ").replaceAll("(?m)[ \\t]+$", "").strip();
    }

    @Test
    void examples_files_areRead() {
        ObjectNode workload = (ObjectNode) json("--file", ROOT.resolve("examples/workloads/emails.json").toString())
                .path("workload");

        assertThat(workload.path("input-size").asDouble()).isEqualTo(2048);
    }
}
