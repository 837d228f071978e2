package dev.windlass.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

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
