package dev.windlass.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;

import dev.windlass.cli.CommandRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Schemas by the command, and what they hold up. */
class SchemaCommandsTest {
    private static final String INPUT = "{\"required\":[\"to\"],\"properties\":{\"to\":{\"type\":\"string\"}}}";
    private static final String[] SUBMIT = {"submit", "--queue", "q", "--type", "echo", "--input"};

    @TempDir
    private Path folder;

    private CommandRun run(String... args) {
        var all = new ArrayList<String>(Arrays.asList(args));
        all.add("--store");
        all.add("file:" + folder.resolve("store"));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private CommandRun submit(String input) {
        String[] args = Arrays.copyOf(SUBMIT, SUBMIT.length + 1);
        args[SUBMIT.length] = input;
        return run(args);
    }

    private CommandRun publish() {
        return run("schema", "publish", "--type", "echo", "--input", INPUT, "--output", "{\"maxProperties\":1}",
                "--by", "ada");
    }

    @Test
    void publish_list_show_check_delete() {
        assertThat(run("schema", "list", "--json").out().strip()).isEqualTo("[]");
        assertThat(publish().out()).isEqualTo("type echo has its schema, version 1\n");
        assertThat(publish().out()).as("the same again").contains("version 1");
        JsonNode listed = JsonText.MAPPER.readTree(run("schema", "list", "--json").out()).get(0);
        assertThat(listed.path("type").asString()).isEqualTo("echo");
        assertThat(listed.path("publishedBy").asString()).isEqualTo("ada");
        assertThat(listed.path("input")).isEqualTo(JsonText.MAPPER.readTree(INPUT));
        assertThat(run("schema", "list").out()).contains("type\tversion", "echo\t1\tchecked\tchecked");
        assertThat(run("schema", "show", "echo").out()).contains("version 1", "by ada", "inputs: " + INPUT);

        CommandRun fits = run("schema", "check", "--type", "echo", "--input", "{\"to\":\"a\"}");
        assertThat(fits.code()).as(fits.err()).isZero();
        CommandRun not = run("schema", "check", "--type", "echo", "--output", "{\"a\":1,\"b\":2}", "--json");
        assertThat(not.code()).isEqualTo(1);
        JsonNode said = JsonText.MAPPER.readTree(not.out());
        assertThat(said.path("fits").asBoolean()).isFalse();
        assertThat(said.path("violations").get(0).path("path").asString()).isEmpty();
        assertThat(run("schema", "check", "--type", "echo", "--input", "{\"to\":1}").out()).startsWith("/to: ");

        assertThat(run("schema", "delete", "echo").code()).isZero();
        assertThat(run("schema", "show", "echo").code()).isEqualTo(2);
        assertThat(submit("17").code()).isZero();
    }

    @Test
    void submit_inputThatDoesNotFit_isTwo_andNothingIsWritten() {
        publish();
        String keys = run("list", "--json").out();
        CommandRun bad = submit("{\"to\":[1]}");
        assertThat(bad.code()).isEqualTo(2);
        assertThat(bad.err()).hasLineCount(1)
                .contains(
                        "does not fit its schema, version 1: /to: array found, string expected. Nothing was written.");
        assertThat(run("list", "--json").out()).isEqualTo(keys);
        assertThat(run("schedule", "create", "s", "--cron", "@daily", "--queue", "q", "--type", "echo", "--input", "{}")
                .code()).isEqualTo(2);
        assertThat(run("schedule", "list", "--json").out().strip()).isEqualTo("[]");
    }

    @Test
    void complete_resultThatDoesNotFit_isTwo_andTheTaskIsStillHeld() {
        publish();
        submit("{\"to\":\"a\"}");
        JsonNode claimed = JsonText.MAPPER.readTree(run("claim", "--queue", "q").out());
        String id = claimed.path("id").asString();
        String token = claimed.path("token").asString();
        CommandRun bad = run("complete", id, "--token", token, "--output", "{\"a\":1,\"b\":2}");
        assertThat(bad.code()).isEqualTo(2);
        assertThat(bad.err()).contains("does not fit its schema", "It was not stored.");
        assertThat(run("status", id, "--json").out()).contains("\"RUNNING\"");
        assertThat(run("complete", id, "--token", token, "--output", "{\"a\":1}").code()).isZero();
    }

    @Test
    void worker_resultThatDoesNotFit_failsTheTaskForGood() {
        run("schema", "publish", "--type", "echo", "--output", "{\"type\":\"integer\"}");
        String id = submit("\"x\"").out().strip();
        CommandRun worker = run("worker", "--queue", "q", "--drain", "--json");
        assertThat(worker.out()).contains("\"failed\":1");
        JsonNode task = JsonText.MAPPER.readTree(run("status", id, "--json").out());
        assertThat(task.path("status").asString()).isEqualTo("FAILED");
        assertThat(task.path("attempt").asInt()).isOne();
        assertThat(task.path("error").path("message").asString()).contains("string found, integer expected");
    }
}
