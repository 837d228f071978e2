package dev.windlass.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

import dev.windlass.Windlass;
import dev.windlass.cli.CommandRun;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.Worker;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(120)
class WorkflowCommandsTest {
    private static final WorkflowType<JsonNode, String> APPROVAL = WorkflowType.of("approval", JsonNode.class,
            String.class);

    @TempDir
    private Path folder;

    private String store() {
        return "file:" + folder.resolve("store");
    }

    private CommandRun run(String... args) {
        String[] all = Arrays.copyOf(args, args.length + 3);
        System.arraycopy(args, 0, all, 1, args.length);
        all[0] = "workflow";
        all[args.length + 1] = "--store";
        all[args.length + 2] = store();
        return CommandRun.of(all);
    }

    private JsonNode json(String... args) {
        String[] all = Arrays.copyOf(args, args.length + 1);
        all[args.length] = "--json";
        CommandRun run = run(all);
        assertThat(run.err()).isEmpty();
        return JsonText.MAPPER.readTree(run.out());
    }

    /** A worker that asks for an approval, and fails unless it is "yes". */
    private Worker work(Windlass windlass) {
        Workflows workflows = Workflows.on(windlass.engine()).workflow(APPROVAL, (ctx, order) -> {
            String asked = ctx.step("ask", String.class, step -> "asked for " + order.path("n").asInt());
            String answer = ctx.awaitSignal("answer", String.class);
            if (!answer.equals("yes")) {
                throw new IllegalStateException("refused: " + answer);
            }
            return asked;
        });
        return workflows.worker(windlass.worker().poll(Duration.ofMillis(5), Duration.ofMillis(50))).start();
    }

    /** Not merely about to be. */
    private static boolean isParked(@Nullable TaskInfo task) {
        return task != null && task.status() == TaskStatus.PENDING && task.parked();
    }

    private static void untilParked(Windlass windlass, String id) {
        String task = windlass.engine().deriveTaskId("workflow", id);
        while (!isParked(windlass.engine().task(task))) {
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Test
    void startSignalTail_functionRunsToItsEnd() {
        assertThat(run("start", "--type", "approval", "--id", "a", "--input", "{\"n\":7}").out().strip())
                .isEqualTo("a");
        try (Windlass windlass = Windlass.connect(store()); Worker worker = work(windlass)) {
            untilParked(windlass, "a/1");
            assertThat(worker.isRunning()).isTrue();
            assertThat(run("show", "a").out()).contains("waiting", "approval");
            assertThat(json("steps", "a").path(0).path("result").asString()).isEqualTo("asked for 7");

            assertThat(run("signal", "a", "answer", "--value", "\"yes\"", "--signal-id", "s1").out().strip())
                    .isEqualTo("s1");

            CommandRun tail = run("tail", "a", "--interval", "100ms", "--limit", "60s");
            assertThat(tail.code()).isZero();
            assertThat(tail.out()).contains("ask  succeeded", "answer  succeeded", "a  completed");
            assertThat(json("show", "a").path("status").asString()).isEqualTo("COMPLETED");
            assertThat(run("signal", "a", "answer").code()).isEqualTo(1);
            assertThat(run("pause", "a").code()).isEqualTo(1);
            assertThat(run("cancel", "a").code()).isEqualTo(1);
        }
    }

    @Test
    void failPauseResumeRetryCancel_eachShowsInListAndShow() {
        run("start", "--type", "approval", "--id", "f", "--input", "{\"n\":1}");
        run("start", "--type", "unknown", "--id", "u");
        try (Windlass windlass = Windlass.connect(store()); Worker worker = work(windlass)) {
            run("signal", "f", "answer", "--value", "\"no\"");
            assertThat(run("tail", "f", "--interval", "100ms", "--limit", "60s").code()).isEqualTo(1);
            assertThat(worker.isRunning()).isTrue();
            assertThat(json("show", "f").path("error").path("message").asString()).isEqualTo("refused: no");

            assertThat(json("pause", "u", "--reason", "later").path("status").asString()).isEqualTo("PAUSED");
            assertThat(json("list", "--status", "paused")).hasSize(1);
            assertThat(run("show", "u").out()).contains("later");
            assertThat(json("resume", "u").path("status").asString()).isEqualTo("PENDING");
            assertThat(json("cancel", "u", "--terminate").path("status").asString()).isEqualTo("CANCELLED");

            JsonNode retried = json("retry", "f");
            assertThat(retried.path("run").asInt()).isEqualTo(2);
            assertThat(run("list").out()).contains("f\t2\t").contains("u\t1\tcancelled");
        }
    }

    @Test
    void fork_endedRun_isTheNextOneFromThatStep() {
        run("start", "--type", "approval", "--id", "f", "--input", "{\"n\":1}");
        try (Windlass windlass = Windlass.connect(store()); Worker worker = work(windlass)) {
            run("signal", "f", "answer", "--value", "\"yes\"");
            assertThat(run("tail", "f", "--interval", "100ms", "--limit", "60s").code()).isZero();
            assertThat(worker.isRunning()).isTrue();
            CommandRun unknown = run("fork", "f", "--from", "nothing");
            assertThat(unknown.code()).isEqualTo(2);
            assertThat(unknown.err()).contains("'nothing'", "'f'");

            JsonNode forked = json("fork", "f", "--from", "answer");

            assertThat(forked.path("run").asInt()).isEqualTo(2);
            assertThat(forked.path("from").asString()).isEqualTo("answer");
            assertThat(run("fork", "f", "--from", "ask").code()).isEqualTo(2);
            run("signal", "f", "answer", "--value", "\"no\"");
            assertThat(run("tail", "f", "--interval", "100ms", "--limit", "60s").code()).isEqualTo(1);
            assertThat(json("show", "f").path("error").path("message").asString()).isEqualTo("refused: no");
        }
    }

    @Test
    void start_graphFile_isQueued() throws Exception {
        Path file = Files.writeString(folder.resolve("g.json"),
                "{\"name\":\"g\",\"steps\":[{\"name\":\"a\",\"kind\":\"k\"},{\"name\":\"b\",\"kind\":\"k\",\"needs\":[\"a\"]}]}");
        String id = json("start", file.toString()).path("id").asString();
        assertThat(run("show", id).out()).contains("pending", "0 of 2", "graph      g");
        assertThat(run("start", file.toString(), "--id", id, "--existing", "reject").code()).isEqualTo(2);
        CommandRun signal = run("signal", id, "go");
        assertThat(signal.code()).isEqualTo(2);
        assertThat(signal.err()).contains(id, "graph", "'go'");
    }

    @Test
    void workflow_withoutACommand_isRefused() {
        CommandRun run = CommandRun.of("workflow");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("workflow needs a command");
    }

    @ParameterizedTest
    @ValueSource(strings = {"start | Name either", "start --type t nowhere.json | Name either",
        "start nowhere.json | nowhere.json does not exist", "start --type t --input {bad} | not JSON",
        "start --type t --version-of-type 0 | version of workflow type 't' is 0",
        "start --type t --priority 11 | priority is 11", "start CYCLE | needs", "show nobody | 'nobody'",
        "steps nobody | 'nobody'", "cancel nobody | 'nobody'", "retry nobody | 'nobody'",
        "fork nobody --from a | 'nobody'", "fork nobody | --from",
        "signal w ~child | begins with '~'", "signal w s --value {bad} | not JSON",
        "list --limit 0 | limit is 0", "list --status running | does not tell", "tail w --interval 1ms | interval is",
        "list --status odd | odd"})
    void badInput_isRefusedWithCodeTwoAndWhatToDo(String line) throws Exception {
        Path cycle = Files.writeString(folder.resolve("cycle.json"),
                "{\"name\":\"g\",\"steps\":[{\"name\":\"a\",\"kind\":\"k\",\"needs\":[\"a\"]}]}");
        String[] parts = line.split("\\|", 2);
        String[] args = parts[0].strip().split(" +");
        for (int i = 0; i < args.length; i++) {
            args[i] = args[i].equals("CYCLE") ? cycle.toString() : args[i];
        }
        CommandRun run = run(args);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(parts[1].strip());
        assertThat(run.out()).isEmpty();
    }
}
