package dev.windlass.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import dev.windlass.cli.CommandRun;
import dev.windlass.cli.WindlassProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class QueueCommandsTest {
    private static final JsonMapper MAPPER = JsonText.MAPPER;

    @TempDir
    private Path folder;

    private CommandRun run(String... args) {
        String[] all = java.util.Arrays.copyOf(args, args.length + 2);
        all[args.length] = "--store";
        all[args.length + 1] = "file:" + folder.resolve("store");
        return CommandRun.of(all);
    }

    private JsonNode json(String... args) {
        String[] all = java.util.Arrays.copyOf(args, args.length + 1);
        all[args.length] = "--json";
        CommandRun run = run(all);
        assertThat(run.err()).isEmpty();
        return MAPPER.readTree(run.out());
    }

    private String submit(String... more) {
        String[] all = java.util.Arrays.copyOf(new String[]{"submit", "--queue", "q", "--type", "echo"},
                5 + more.length);
        System.arraycopy(more, 0, all, 5, more.length);
        CommandRun run = run(all);
        assertThat(run.err()).isEmpty();
        return run.out().strip();
    }

    @Test
    void init_twice_saysThatItWasBefore() {
        assertThat(run("init", "--shard-width", "3").out()).contains("initialised file:", "shard width 3");
        assertThat(run("init").out()).contains("was initialised before");
        assertThat(json("init").path("initialised").asBoolean(true)).isFalse();
    }

    @Test
    void submit_everyOption_isSeenByStatus() {
        String id = submit("--input", "{\"price\":1.50}", "--delay", "1h30m", "--priority", "2", "--attempts", "7",
                "--timeout", "PT2M", "--key", "k");

        JsonNode task = json("status", id);

        assertThat(task.path("status").asString()).isEqualTo("PENDING");
        assertThat(task.path("priority").asInt()).isEqualTo(2);
        assertThat(task.path("maxAttempts").asInt()).isEqualTo(7);
        assertThat(task.path("input").toString()).isEqualTo("{\"price\":1.50}");
        var created = java.time.Instant.parse(task.path("createdAt").asString());
        assertThat(java.time.Instant.parse(task.path("dueAt").asString())).isBetween(created.plusSeconds(5_390),
                created.plusSeconds(5_410));
        assertThat(run("status", id).out()).contains(id, "pending", "{\"price\":1.50}");
        assertThat(submit("--input", "{\"price\":1.50}", "--key", "k")).isEqualTo(id);
    }

    @Test
    void submit_inputFromFileAndStandardInput_isThatInput() throws Exception {
        Path file = Files.writeString(folder.resolve("in.json"), "[1, \"é\"]");
        assertThat(json("status", submit("--input", "@" + file)).path("input").toString()).isEqualTo("[1,\"é\"]");

        try (var process = WindlassProcess.start(folder, Map.of("WINDLASS_STORE", "file:store"), "submit", "--queue",
                "q", "--type", "echo", "--input", "-")) {
            process.writeInput("{\"from\": \"a pipe\"}\n");
            String id = process.line();
            assertThat(process.exitCode()).isZero();
            assertThat(json("status", id).path("input").toString()).isEqualTo("{\"from\":\"a pipe\"}");
        }
    }

    @Test
    void submit_whatFewTasksAreGiven_isSeenByStatusAndList() {
        submit("--input", "1");
        String id = submit("--input", "2", "--id", "order-17", "--ttl", "1h", "--max-reschedules", "3", "--tag",
                "customer=17", "--tag", "kind=a=b", "--parent", "order-1");
        String queued = submit("--input", "3", "--key", "k", "--key-scope", "queue", "--key-ttl", "1d");

        JsonNode task = json("status", id);

        assertThat(id).isEqualTo("order-17");
        assertThat(task.path("maxReschedules").asInt()).isEqualTo(3);
        assertThat(task.path("tags").toString()).isEqualTo("{\"customer\":\"17\",\"kind\":\"a=b\"}");
        assertThat(task.path("parent").asString()).isEqualTo("order-1");
        assertThat(java.time.Instant.parse(task.path("expiresAt").asString()))
                .isAfter(java.time.Instant.parse(task.path("createdAt").asString()));
        assertThat(json("list", "--tag", "customer=17").get(0).path("id").asString()).isEqualTo(id);
        assertThat(json("list", "--tag", "customer=17", "--tag", "kind=c")).isEmpty();
        assertThat(json("list", "--parent", "order-1")).hasSize(1);
        assertThat(submit("--input", "3", "--key", "k", "--key-scope", "queue")).isEqualTo(queued);
        assertThat(submit("--input", "3", "--key", "k")).isNotEqualTo(queued);
    }

    @Test
    void cancel_byFilter_redrive_deadLetters_workers() {
        String first = submit("--input", "1", "--tag", "customer=17");
        submit("--input", "2");
        JsonNode report = json("cancel", "--queue", "q", "--tag", "customer=17", "--by", "ada", "--reason", "moved");
        assertThat(report.path("cancelled").asInt()).isEqualTo(1);
        JsonNode cancelled = json("status", first);
        assertThat(cancelled.path("cancelledBy").asString()).isEqualTo("ada");
        assertThat(cancelled.path("cancelReason").asString()).isEqualTo("moved");
        assertThat(run("cancel", "--queue", "q", "--all").out()).isEqualTo("1 cancelled, 0 asked to stop\n");

        assertThat(run("redrive", first).out()).isEqualTo(first + "  redriven\n");
        CommandRun again = run("redrive", first);
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.out()).contains("left alone: it is pending");
        String fail = json("submit", "--queue", "q", "--type", "fail", "--attempts", "1", "--input", "null").path("id")
                .asString();
        assertThat(run("worker", "--queue", "q", "--drain").out()).contains("1 completed, 1 failed");
        assertThat(json("dead-letters").get(0).path("id").asString()).isEqualTo(fail);
        assertThat(run("dead-letters", "--queue", "q").out()).contains(fail, "fail");
        assertThat(json("redrive", "--queue", "q", "--type", "other").path("redriven").asInt(-1)).isZero();
        assertThat(run("redrive", "--queue", "q").out()).isEqualTo("1 redriven\n");
        assertThat(json("dead-letters")).isEmpty();
        assertThat(json("workers")).isEmpty();
        run("claim", "--queue", "q", "--worker", "ada");
        JsonNode ada = json("workers").get(0);
        assertThat(ada.path("id").asString()).isEqualTo("ada");
        assertThat(ada.path("state").asString()).isEqualTo("alive (by hand)");
        assertThat(ada.path("tasks").get(0).asString()).isEqualTo(fail);
        assertThat(run("workers").out()).contains("ada", "alive (by hand)");
    }

    @Test
    void pause_resume_queues_sayWhatIsPaused_andNothingOfItIsClaimed() {
        submit("--input", "1");
        assertThat(run("pause", "--queue", "q", "--reason", "upkeep", "--by", "ada").out()).isEqualTo("q  paused\n");
        assertThat(json("queues").get(0).path("paused").path("by").asString()).isEqualTo("ada");
        assertThat(run("queues").out()).contains("q", "all", "ada", "upkeep");
        assertThat(run("claim", "--queue", "q").code()).isEqualTo(11);
        assertThat(json("pause", "--queue", "q", "--type", "echo").path("types").has("echo")).isTrue();
        assertThat(run("resume", "--queue", "q").out()).isEqualTo("q  resumed\n");
        assertThat(run("claim", "--queue", "q").code()).isEqualTo(11);
        assertThat(json("resume", "--queue", "q", "--type", "echo").path("wasPaused").asBoolean()).isTrue();
        assertThat(run("resume", "--queue", "q", "--type", "echo").out()).isEqualTo("q, type echo  was not paused\n");
        assertThat(run("claim", "--queue", "q").code()).isZero();
    }

    @Test
    void worker_drain_runsTheBuiltInHandlers() {
        String echo = submit("--input", "{\"n\":1}");
        String sleep = json("submit", "--queue", "q", "--type", "sleep", "--input", "\"1ms\"").path("id").asString();
        String odd = json("submit", "--queue", "q", "--type", "sleep", "--input", "{}").path("id").asString();
        String fail = json("submit", "--queue", "q", "--type", "fail", "--attempts", "1", "--input",
                "{\"message\":\"no luck\"}").path("id").asString();
        String permanent = json("submit", "--queue", "q", "--type", "fail", "--input",
                "{\"message\":\"never\",\"permanent\":true}").path("id").asString();

        CommandRun worker = run("worker", "--queue", "q", "--drain", "--id", "w1");

        assertThat(worker.err()).doesNotContain("unexpected");
        assertThat(worker.out()).startsWith("worker w1 started on q").contains("2 completed, 3 failed");
        assertThat(worker.code()).isZero();
        assertThat(json("status", echo).path("output").toString()).isEqualTo("{\"n\":1}");
        assertThat(json("status", sleep).path("status").asString()).isEqualTo("COMPLETED");
        assertThat(json("status", odd).path("error").path("message").asString()).contains("the input of sleep is {}");
        assertThat(json("status", fail).path("error").path("message").asString()).isEqualTo("no luck");
        assertThat(json("status", permanent).path("attempt").asInt()).isEqualTo(1);
        assertThat(run("status", permanent).out()).contains("failed", "never");
        assertThat(run("history", echo).out()).containsSubsequence("submitted", "claimed", "w1", "completed");
        assertThat(json("history", echo).get(1).path("event").asString()).isEqualTo("claimed");
        assertThat(json("list", "--status", "failed")).hasSize(3);
        assertThat(json("list", "--type", "echo", "--queue", "q")).hasSize(1);
        assertThat(json("list", "--queue", "other")).isEmpty();
        assertThat(run("list", "--limit", "2").err()).contains("stopped at 2 tasks");
        assertThat(json("audit").path("tasks").asInt()).isEqualTo(5);
    }

    @Test
    void worker_drain_taskThatIsDueLater_isWaitedFor() {
        submit("--input", "1", "--delay", "2s");
        assertThat(run("worker", "--queue", "empty", "--queue", "q", "--drain").out()).contains("1 completed");
    }

    /** What it has no handler for may be claimed by others, or cancelled: it waits, and works on what else comes. */
    @Test
    void worker_drain_leavesOnlyWhenAFreshListingShowsNothing() throws Exception {
        String other = json("submit", "--queue", "q", "--type", "other", "--input", "1").path("id").asString();
        try (var worker = WindlassProcess.start(folder, Map.of(), "worker", "--queue", "q", "--drain", "--store",
                "file:store")) {
            assertThat(worker.line()).startsWith("worker ");
            for (int i = 0; i < 4; i++) {
                assertThat(submit("--input", "[" + i + "]", "--wait", "60s")).isEqualTo("[" + i + "]");
            }
            assertThat(run("cancel", other).code()).isZero();
            assertThat(String.join("\n", worker.rest())).contains("4 completed");
            assertThat(worker.exitCode()).isZero();
        }
    }

    @Test
    void submit_wait_printsTheResult_orFails() throws Exception {
        try (var worker = WindlassProcess.start(folder, Map.of(), "worker", "--queue", "q", "--store", "file:store")) {
            assertThat(worker.line()).startsWith("worker ");

            assertThat(submit("--input", "[7]", "--wait", "30s")).isEqualTo("[7]");
            CommandRun failed = run("submit", "--queue", "q", "--type", "fail", "--attempts", "1", "--input", "null",
                    "--wait", "30s", "--json");
            assertThat(failed.code()).isEqualTo(1);
            assertThat(MAPPER.readTree(failed.out()).path("status").asString()).isEqualTo("FAILED");
            assertThat(failed.err()).startsWith("windlass: Task ").contains("failed for good")
                    .doesNotContain("\tat ");
            CommandRun late = run("submit", "--queue", "nobody", "--type", "echo", "--input", "null", "--wait", "1ms");
            assertThat(late.code()).isEqualTo(1);
            assertThat(late.err()).contains("PENDING").hasLineCount(1);

            worker.signal("TERM");
            assertThat(worker.exitCode()).isZero();
        }
    }

    @Test
    void cancel_waiting_cancels_endedBefore_isOne_unknown_cancelsNone() {
        String first = submit("--input", "1");
        String second = submit("--input", "2");

        CommandRun unknown = run("cancel", first, "no-such-task");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("no-such-task", "nothing was cancelled");
        assertThat(json("status", first).path("status").asString()).isEqualTo("PENDING");

        assertThat(run("cancel", first, "--reason", "changed my mind").out()).contains("cancelled");
        assertThat(json("history", first).get(1).path("cause").asString()).isEqualTo("changed my mind");
        assertThat(run("cancel", second).code()).isZero();
        run("submit", "--queue", "q", "--type", "echo", "--input", "3", "--key", "done");
        run("worker", "--queue", "q", "--drain");
        String done = json("list", "--status", "completed").get(0).path("id").asString();
        CommandRun late = run("cancel", done);
        assertThat(late.code()).isEqualTo(1);
        assertThat(late.out()).contains("had ended before: completed");
    }

    @Test
    void stats_countsDueAndScheduled() {
        submit("--input", "1");
        submit("--input", "2");
        submit("--input", "3", "--delay", "1h");
        run("submit", "--queue", "other", "--type", "echo", "--input", "1");

        assertThat(json("stats")).hasSize(2);
        JsonNode q = json("stats", "--queue", "q").get(0);
        assertThat(q.path("due").asInt()).isEqualTo(2);
        assertThat(q.path("scheduled").asInt()).isEqualTo(1);
        assertThat(run("stats", "--queue", "q").out()).contains("queue\tdue\tscheduled\toldest due", "q\t2\t1\t");
    }

    @Test
    void audit_missingReadyKey_isOne_andRepaired() throws Exception {
        String id = submit("--input", "1");
        try (var files = Files.walk(folder.resolve("store"))) {
            for (Path file : files.filter(path -> !Files.isDirectory(path))
                    .filter(path -> path.toString().contains("ready"))
                    .filter(path -> path.toString().contains(id)).toList()) {
                Files.delete(file);
            }
        }

        CommandRun found = run("audit");
        assertThat(found.code()).isEqualTo(1);
        assertThat(found.out()).contains("no-ready-key", "--repair repairs");
        assertThat(run("audit", "--repair").code()).isZero();
        assertThat(json("audit").path("findings")).isEmpty();
        assertThat(run("worker", "--queue", "q", "--drain").out()).contains("1 completed");
    }

    @Test
    void sweep_nothingToDo_saysSo() {
        submit("--input", "1");

        assertThat(json("sweep").path("requeued").asInt(-1)).isZero();
        assertThat(run("sweep", "--ready-keys").out()).contains("ready keys removed 0");
    }
}
