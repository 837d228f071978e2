package dev.windlass.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.windlass.cli.CommandRun;
import dev.windlass.cli.WindlassProcess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ConfigCommandTest {
    @TempDir
    private Path folder;

    private String file = "";

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("windlass.toml"), """
                store = "file:from-the-file"
                queue = "emails"
                [worker]
                queues = ["emails"]
                concurrency = 3
                [profiles.prod]
                store = "s3://user:secret@jobs"
                """).toString();
    }

    private static JsonNode line(JsonNode lines, String key) {
        for (JsonNode line : lines) {
            if (line.path("key").asString("").equals(key)) {
                return line;
            }
        }
        throw new AssertionError("no " + key);
    }

    @Test
    void explain_eachValue_hasItsOrigin_andSecretsAreMasked() {
        CommandRun run = CommandRun.of("config", "--explain", "--json", "--config", file, "--profile=prod");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode lines = JsonText.MAPPER.readTree(run.out());
        assertThat(line(lines, "store").path("value").asString()).isEqualTo("s3://****@jobs");
        assertThat(line(lines, "store").path("origin").asString()).endsWith("windlass.toml, profile prod");
        assertThat(line(lines, "worker.concurrency").path("value").asString()).isEqualTo("3");
        assertThat(line(lines, "worker.lease").path("origin").asString()).isEqualTo("default");
        assertThat(line(lines, "worker.poll").path("value").isNull()).isTrue();
        assertThat(line(lines, "store").path("variable").asString()).isEqualTo("WINDLASS_STORE");

        CommandRun option = CommandRun.of("config", "--explain", "--config", file, "--store", "file:here");
        assertThat(option.out()).contains("configuration: " + file, "file:here", "option --store");
        assertThat(CommandRun.of("config", "--config", file).out()).contains("queue = emails").doesNotContain("poll");
    }

    @Test
    void explain_variables_areShown_secretsMasked_unknownOnesTold() throws Exception {
        try (var process = WindlassProcess.startMerged(folder,
                Map.of("WINDLASS_WORKER_CONCURRENCY", "9", "WINDLASS_WORKER_CONCURENCY", "8", "AWS_SECRET_ACCESS_KEY",
                        "very-secret", "AWS_REGION", "eu-north-1"),
                "config", "--explain")) {
            List<String> lines = process.rest();
            assertThat(process.exitCode()).isZero();
            assertThat(lines).contains("configuration: windlass.toml",
                    "windlass: the variable \"WINDLASS_WORKER_CONCURENCY\" is not known; did you mean"
                            + " WINDLASS_WORKER_CONCURRENCY?; it has no effect");
            assertThat(String.join("\n", lines)).contains("9", "variable WINDLASS_WORKER_CONCURRENCY", "eu-north-1",
                    "AWS_SECRET_ACCESS_KEY", "****").doesNotContain("very-secret");
        }
    }

    @Test
    void commands_withoutOptions_takeTheConfigurations() throws Exception {
        try (var submit = WindlassProcess.start(folder, Map.of(), "submit", "--type", "echo", "--input", "1")) {
            String id = submit.line();
            assertThat(submit.exitCode()).isZero();
            String store = "file:" + folder.resolve("from-the-file");
            JsonNode task = JsonText.MAPPER.readTree(CommandRun.of("status", id, "--json", "--store", store).out());
            assertThat(task.path("queue").asString()).isEqualTo("emails");
            try (var worker = WindlassProcess.start(folder, Map.of(), "worker", "--drain", "--json")) {
                String started = worker.line();
                assertThat(started).contains("\"queues\":[\"emails\"]", "\"concurrency\":3");
                worker.rest();
                assertThat(worker.exitCode()).isZero();
            }
            task = JsonText.MAPPER.readTree(CommandRun.of("status", id, "--json", "--store", store).out());
            assertThat(task.path("status").asString()).isEqualTo("COMPLETED");
        }
    }

    @Test
    void badConfiguration_isTwo_inOneLine_andHelpIsGivenAllTheSame() throws IOException {
        Files.writeString(Path.of(file), "stor = 1");
        CommandRun run = CommandRun.of("stats", "--config", file);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).hasLineCount(1).contains("\"stor\" is not known; did you mean store?");
        assertThat(CommandRun.of("stats", "--config", file, "--help").code()).isZero();
        assertThat(CommandRun.of("stats", "--config", folder.resolve("none").toString()).err())
                .contains("does not exist");
    }
}
