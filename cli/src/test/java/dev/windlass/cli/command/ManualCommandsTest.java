package dev.windlass.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;

import dev.windlass.cli.CommandRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A queue worked off by the command alone. */
class ManualCommandsTest {
    @TempDir
    private Path folder;

    private CommandRun run(String... args) {
        var all = new ArrayList<String>(Arrays.asList(args));
        all.add("--store");
        all.add("file:" + folder.resolve("store"));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private JsonNode claim(String... more) {
        var all = new ArrayList<String>(Arrays.asList("claim", "--queue", "q"));
        all.addAll(Arrays.asList(more));
        CommandRun run = run(all.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return JsonText.MAPPER.readTree(run.out());
    }

    private String submit(String input) {
        return run("submit", "--queue", "q", "--type", "mail", "--input", input).out().strip();
    }

    @Test
    void claim_emptyQueue_isTen_laterTask_isEleven_otherType_isEleven() {
        assertThat(run("claim", "--queue", "q").code()).isEqualTo(10);
        run("submit", "--queue", "q", "--type", "mail", "--input", "1", "--delay", "1h");
        CommandRun later = run("claim", "--queue", "q");
        assertThat(later.code()).isEqualTo(11);
        assertThat(later.out()).isEmpty();
        assertThat(later.err()).contains("nothing can be claimed").hasLineCount(1);
        submit("2");
        assertThat(run("claim", "--queue", "q", "--type", "other").code()).isEqualTo(11);
        assertThat(claim("--type", "mail").path("input").asInt()).isEqualTo(2);
    }

    @Test
    void claim_extend_complete_andEachAgain() {
        String id = submit("{\"to\":\"a\"}");
        JsonNode peeked = JsonText.MAPPER.readTree(run("peek", "--queue", "q", "--json").out());
        assertThat(peeked.get(0).path("id").asString()).isEqualTo(id);

        JsonNode task = claim("--lease", "2m", "--worker", "ada");
        assertThat(task.path("id").asString()).isEqualTo(id);
        assertThat(task.path("input").path("to").asString()).isEqualTo("a");
        assertThat(task.path("workerId").asString()).isEqualTo("ada");
        String token = task.path("token").asString();
        assertThat(run("claim", "--queue", "q").code()).as("it may come back").isEqualTo(11);

        JsonNode extended = JsonText.MAPPER
                .readTree(run("extend", id, "--token", token, "--lease", "5m", "--json").out());
        assertThat(extended.path("leaseUntil").asString()).isGreaterThan(task.path("leaseUntil").asString());
        assertThat(extended.path("cancelRequested").asBoolean(true)).isFalse();

        for (int i = 0; i < 2; i++) {
            CommandRun done = run("complete", id, "--token", token, "--output", "{\"sent\":true}");
            assertThat(done.err()).isEmpty();
            assertThat(done.out()).isEqualTo(id + "  completed\n");
            assertThat(done.code()).isZero();
        }
        assertThat(run("claim", "--queue", "q").code()).isEqualTo(10);
        CommandRun late = run("complete", id, "--token", token, "--output", "{\"sent\":false}");
        assertThat(late.code()).isEqualTo(1);
        assertThat(late.err()).startsWith("windlass: The claim with token " + token).hasLineCount(1);
        assertThat(run("status", id, "--json").out()).contains("{\"sent\":true}");
    }

    @Test
    void fail_requeue_andTheOldTokenIsOne() {
        String id = submit("1");
        String first = claim().path("token").asString();
        assertThat(run("requeue", id, "--token", first).out()).isEqualTo(id + "  pending\n");
        assertThat(run("requeue", id, "--token", first).code()).isZero();
        String second = claim().path("token").asString();
        CommandRun stale = run("fail", id, "--token", first, "--error", "no");
        assertThat(stale.code()).isEqualTo(1);
        assertThat(stale.err()).contains("ended as released");
        JsonNode failed = JsonText.MAPPER
                .readTree(run("fail", id, "--token", second, "--error", "no such address", "--permanent", "--json")
                        .out());
        assertThat(failed.path("status").asString()).isEqualTo("FAILED");
        assertThat(failed.path("error").path("message").asString()).isEqualTo("no such address");
        assertThat(run("fail", id, "--token", second, "--error", "no such address", "--permanent").code()).isZero();
    }

    @Test
    void claim_count_isALineEach() {
        for (int i = 0; i < 3; i++) {
            submit("" + i);
        }
        CommandRun run = run("claim", "--queue", "q", "--count", "5");
        assertThat(run.out()).hasLineCount(3);
        run.out().lines().forEach(line -> assertThat(JsonText.MAPPER.readTree(line).path("token").asString())
                .hasSize(16));
    }

    @Test
    void token_ofAnotherTask_isTwo() {
        String first = submit("1");
        String second = submit("2");
        String token = claim().path("token").asString();
        claim();
        CommandRun crossed = run("complete", second, "--token", token);
        assertThat(crossed.code()).isEqualTo(2);
        assertThat(crossed.err()).contains("is none of task " + second).hasLineCount(1);
        assertThat(run("complete", first, "--token", token).code()).isZero();
        assertThat(run("status", second, "--json").out()).contains("RUNNING");
    }
}
