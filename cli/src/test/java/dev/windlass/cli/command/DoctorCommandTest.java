package dev.windlass.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.windlass.cli.CommandRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DoctorCommandTest {
    @TempDir
    private Path folder;

    private static CommandRun doctor(String uri, String... more) {
        var args = new String[more.length + 7];
        System.arraycopy(new String[]{"doctor", "--store", uri, "--clients", "4", "--rounds", "3"}, 0, args, 0, 7);
        System.arraycopy(more, 0, args, 7, more.length);
        return CommandRun.of(args);
    }

    @Test
    void doctor_directory_isFitAndSaysWhy() {
        CommandRun run = doctor("file:" + folder, "--load", "50ms");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("verdict\tcheck\tfound", "good\tcreate-race\tin each of 3 races",
                "good\tcapacity\t", " is fit for tasks; ").doesNotContain("bad\t", "skipped\t");
    }

    @Test
    void doctor_asJson_isOneObject() {
        CommandRun run = doctor("mem:", "--load", "0s", "--json");

        JsonNode json = JsonText.MAPPER.readTree(run.out());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(json.path("fit").asBoolean()).isTrue();
        assertThat(json.path("requests").path("put").asLong()).isPositive();
        assertThat(json.path("checks")).hasSizeGreaterThan(10).allSatisfy(check -> {
            assertThat(check.path("name").asString()).isNotEqualTo("capacity");
            assertThat(check.path("verdict").asString()).isIn("good", "note");
            assertThat(check.path("found").asString()).isNotBlank();
        });
    }

    @Test
    void doctor_figures_areInTheJson() {
        JsonNode json = JsonText.MAPPER.readTree(doctor("mem:", "--load", "40ms", "--json").out());

        JsonNode figures = check(json, "capacity").path("figures");
        assertThat(figures.path("tasksPerSecond").asDouble()).isPositive();
        assertThat(check(json, "latency").path("figures").path("putP99Millis").asDouble()).isPositive();
        assertThat(check(json, "delete").has("figures")).isFalse();
    }

    private static JsonNode check(JsonNode json, String name) {
        for (JsonNode check : json.path("checks")) {
            if (check.path("name").asString().equals(name)) {
                return check;
            }
        }
        throw new AssertionError("no check named " + name);
    }

    @Test
    void doctor_quick_isAHandfulOfRequests() {
        CommandRun run = doctor("file:" + folder, "--quick", "--json");

        JsonNode json = JsonText.MAPPER.readTree(run.out());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(json.path("checks")).hasSize(5);
        assertThat(json.path("requests").path("put").asInt()).isEqualTo(7);
        assertThat(json.path("requests").path("get").asInt()).isEqualTo(1);
    }

    @Test
    void doctor_role_asksForThatRoleOnly() {
        CommandRun run = doctor("mem:", "--role", "worker");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("good\trole-worker\tthese credentials can play it").doesNotContain("reach");
    }

    @Test
    void doctor_unknownRole_namesTheKnownOnes() {
        CommandRun run = doctor("mem:", "--role", "king");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("king", "SUBMITTER", "READER");
    }

    @Test
    void doctor_narrowOptionsTogether_areRefused() {
        assertThat(doctor("mem:", "--quick", "--role", "worker").code()).isEqualTo(2);
        assertThat(doctor("mem:", "--quick", "--also", "mem:").code()).isEqualTo(2);
    }

    @Test
    void doctor_quickWithoutAnAnswer_saysSoWithItsOwnCode() {
        CommandRun run = doctor("s3://bucket/prefix?endpoint=http://127.0.0.1:1&region=us-east-1", "--quick");

        assertThat(run.code()).as(run.err()).isEqualTo(3);
        assertThat(run.out()).contains("skipped\tcreate-race\t", "NOT known");
    }

    /** Two store directories over one tree of objects, as two hosts see a file system whose locks are their own. */
    @Test
    void doctor_alsoOtherMountWithLocksOfItsOwn_findsLostUpdates() throws Exception {
        for (String mount : List.of("host-a", "host-b")) {
            assertThat(CommandRun.of("init", "--store", "file:" + folder.resolve(mount)).code()).isZero();
            Files.move(folder.resolve(mount).resolve("objects"), folder.resolve(mount + "-objects"));
            Files.createSymbolicLink(folder.resolve(mount).resolve("objects"), folder.resolve("host-a-objects"));
        }

        CommandRun run = CommandRun.of("doctor", "--store", "file:" + folder.resolve("host-a") + "?fsync=false",
                "--also",
                "file:" + folder.resolve("host-b") + "?fsync=false", "--rounds", "500", "--load", "0s");

        assertThat(run.code()).as(run.err()).isEqualTo(1);
        assertThat(run.out()).contains("is NOT fit for tasks", "Do not keep tasks on this store");
    }

    /** docs/operations.md names every check. */
    @Test
    void checks_eachOne_isInTheText() throws Exception {
        String text = Files.readString(Path.of("..", "docs", "operations.md"));
        JsonNode json = JsonText.MAPPER.readTree(doctor("mem:", "--load", "40ms", "--json").out());
        var named = new TreeSet<String>();
        json.path("checks").forEach(check -> named.add(check.path("name").asString()));
        var rows = new TreeSet<String>();
        int start = text.indexOf("<!-- checks -->");
        Matcher matcher = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|").matcher(text.substring(start,
                text.indexOf("\n\n", start)));
        while (matcher.find()) {
            rows.add(matcher.group(1));
        }
        assertThat(rows).isEqualTo(named);
    }

    @Test
    void doctor_twice_leavesNothingBehind() throws Exception {
        doctor("file:" + folder, "--load", "0s");
        doctor("file:" + folder, "--load", "0s");

        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile).map(file -> folder.relativize(file).toString()))
                    .noneMatch(file -> file.contains("doctor"));
        }
    }

    @Test
    void doctor_serverThatIsNotThere_saysSoWithItsOwnCode() {
        CommandRun run = doctor("s3://bucket/prefix?endpoint=http://127.0.0.1:1&region=us-east-1", "--load", "0s");

        assertThat(run.code()).as(run.err()).isEqualTo(3);
        assertThat(run.out()).contains("bad\treach\t", "skipped\tcreate-race", "is NOT fit for tasks");
    }
}
