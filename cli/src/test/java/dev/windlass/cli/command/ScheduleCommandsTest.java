package dev.windlass.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dev.windlass.cli.CommandRun;
import dev.windlass.cli.WindlassProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Schedules by the command. */
class ScheduleCommandsTest {
    @TempDir
    private Path folder;

    private CommandRun run(String... args) {
        String[] all = Arrays.copyOf(args, args.length + 2);
        all[args.length] = "--store";
        all[args.length + 1] = "file:" + folder.resolve("store");
        return CommandRun.of(all);
    }

    private JsonNode json(String... args) {
        String[] all = Arrays.copyOf(args, args.length + 1);
        all[args.length] = "--json";
        CommandRun run = run(all);
        assertThat(run.err()).isEmpty();
        return JsonText.MAPPER.readTree(run.out());
    }

    private CommandRun create(String name, String... more) {
        var args = new ArrayList<>(List.of("schedule", "create", name, "--queue", "q", "--type", "echo"));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    @Test
    void create_unix_tellsHowItWasReadAndTheNextTenInTheZone() {
        CommandRun run = create("nightly", "--cron", "0 2 * * 1-5", "--zone", "Europe/Berlin", "--input", "{\"a\":1}",
                "--overlap", "skip", "--misfire", "3", "--jitter", "90s");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("schedule nightly is active", "task echo in queue q",
                "5 fields, as Unix has them", "day of week 1-5 is Monday, Tuesday", "(0 and 7 are Sunday, 1 is Monday)",
                "the latest 3 of them are fired", "overlap    skip", "jitter     up to 1m30s",
                "next 10 in Europe/Berlin:");
        assertThat(run.out().lines().filter(line -> line.matches(" +(Mon|Tue|Wed|Thu|Fri) .* 02:00:00 \\+0[12]:00")))
                .hasSize(10);
        assertThat(create("nightly", "--cron", "0 2 * * 1-5", "--zone", "Europe/Berlin", "--input", "{\"a\":1}",
                "--overlap", "skip", "--misfire", "3", "--jitter", "90s").code()).isZero();
    }

    @Test
    void create_workflow_isShownAndItsOptionsAreChecked() {
        CommandRun run = run("schedule", "create", "invoices", "--cron", "@monthly", "--workflow", "invoicing",
                "--version-of-type", "2", "--input", "{\"of\":\"shop\"}", "--fire-time-field", "at", "--overlap",
                "cancel-previous");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("workflow invoicing of version 2", "overlap    cancel-previous");
        assertThat(json("schedule", "show", "invoices").path("target").toString()).contains("\"kind\":\"function\"",
                "\"workflow\":\"invoicing\"", "\"version\":2", "\"of\":\"shop\"", "\"fireTimeField\":\"at\"");
        assertThat(run("schedule", "trigger", "invoices").code()).isZero();
        assertThat(run("workflow", "list").out()).contains("invoicing");
        for (List<String> wrong : List.of(List.of("--workflow", "w", "--queue", "q"),
                List.of("--workflow", "w", "--version-of-type", "0"), List.of("--version-of-type", "2", "--queue", "q",
                        "--type", "t"),
                List.of("--workflow", "w", "--dag", "no.json"),
                List.of("--workflow", "w", "--fire-time-field", "at"))) {
            var args = new ArrayList<>(List.of("schedule", "create", "wrong", "--cron", "@daily"));
            args.addAll(wrong);
            CommandRun refused = run(args.toArray(String[]::new));
            assertThat(refused.code()).as(wrong.toString()).isEqualTo(2);
            assertThat(refused.err()).isNotEmpty();
        }
        assertThat(run("schedule", "show", "wrong").code()).isEqualTo(2);
    }

    @Test
    void create_quartz_numbersOfDaysAreQuartzs() {
        assertThat(create("six", "--cron", "0 0 9 ? * 2-6").out()).contains("6 fields, as Quartz has them",
                "day of week 2-6 is Monday, Tuesday, Wednesday, Thursday, Friday (1 is Sunday, 7 is Saturday)");
        assertThat(create("seven", "--cron", "0 0 9 1 1 ? 2050").out()).contains("7 fields", "next 1 in UTC:",
                "Sat 2050-01-01 09:00:00 +00:00");
    }

    @Test
    void create_neverFires_isRefusedAndNothingIsWritten() throws Exception {
        for (String[] wrong : List.of(new String[]{"--cron", "0 0 30 2 *"},
                new String[]{"--cron", "0 0 0 1 1 ? 2020"},
                new String[]{"--cron", "@daily", "--end", "2020-01-01T00:00"},
                new String[]{"--cron", "0 0 1 1 *", "--start", "2050-02-01T00:00", "--end", "2050-12-01T00:00"},
                new String[]{"--cron", "@daily", "--start", "2050-02-01T00:00", "--end", "2050-01-01T00:00"})) {
            CommandRun run = create("never", wrong);
            assertThat(run.code()).as(run.out()).isEqualTo(2);
            assertThat(run.err()).containsAnyOf("never fire", "which has passed", "Let it end after its start");
        }
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void create_anotherOfTheName_isRefused() {
        create("s", "--cron", "@daily");

        CommandRun run = create("s", "--cron", "@hourly");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("There is a schedule \"s\" already: @daily in UTC");
        assertThat(json("schedule", "show", "s").path("cron").asString()).isEqualTo("@daily");
    }

    @Test
    void lifeOfASchedule_eachCommand_doesWhatItSays() {
        create("s", "--cron", "@daily", "--fire-time-field", "at", "--input", "{}");
        assertThat(json("schedule", "list").path(0).path("name").asString()).isEqualTo("s");
        assertThat(run("schedule", "list").out()).contains("s\tactive\t@daily\tUTC\ttask echo in queue q");
        assertThat(run("schedule", "pause", "s").out()).contains("schedule s is paused");
        assertThat(json("schedule", "show", "s").path("state").asString()).isEqualTo("paused");
        String id = run("schedule", "trigger", "s").out().strip();
        assertThat(json("status", id).path("input").path("at").asString()).matches("20.*T.*Z");
        assertThat(run("schedule", "resume", "s").out()).contains("schedule s is active, next ");
        JsonNode shown = json("schedule", "show", "s");
        assertThat(shown.path("history").path(2).path("event").asString()).isEqualTo("triggered");
        assertThat(shown.path("lastId").asString()).isEqualTo(id);
        assertThat(shown.path("next")).hasSize(10);
        assertThat(run("schedule", "show", "s").out()).contains("1 fired, 0 missed", "triggered");
        assertThat(run("schedule", "delete", "s").out()).contains("schedule s is deleted");
        assertThat(json("schedule", "list")).isEmpty();
        for (String command : List.of("show", "pause", "resume", "trigger", "delete")) {
            CommandRun run = run("schedule", command, "s");
            assertThat(run.code()).as(command).isEqualTo(2);
            assertThat(run.err()).contains("There is no schedule \"s\"");
        }
        assertThat(create("s", "--cron", "@hourly").code()).isZero();
    }

    @Test
    @Timeout(120)
    void worker_firesWhatIsDue_andNotIfToldSo() throws Exception {
        create("tick", "--cron", "* * * * * ?");
        Map<String, String> at = Map.of("WINDLASS_STORE", "file:" + folder.resolve("store"));
        try (var without = WindlassProcess.start(folder, at, "worker", "--queue", "q", "--no-scheduler")) {
            assertThat(without.line()).contains("started on q");
            assertThat(json("schedule", "show", "tick").path("counts").path("fired").asInt()).isZero();
            try (var with = WindlassProcess.start(folder, at, "worker", "--queue", "q")) {
                while (json("schedule", "show", "tick").path("counts").path("fired").asInt() < 2) {
                    Thread.onSpinWait();
                }
                with.signal("TERM");
                assertThat(with.exitCode()).isZero();
            }
        }
        String id = json("schedule", "show", "tick").path("lastId").asString();
        assertThat(json("history", id).path(0).path("event").asString()).isEqualTo("submitted");
    }
}
