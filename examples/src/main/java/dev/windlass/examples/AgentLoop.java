package dev.windlass.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

import dev.windlass.Windlass;
import dev.windlass.workflow.WorkflowContext;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;

/**
 * A loop that asks a model what to do next and calls the tool that it names, fifty times. The process may be killed between any
 * two calls: the next one goes on behind the last call that is recorded.
 */
public final class AgentLoop {
    private static final int TURNS = 50;

    static final WorkflowType<String, String> AGENT = WorkflowType.of("tool-loop", String.class, String.class);

    private AgentLoop() {
    }

    /** The model is a line of arithmetic here, and the tool appends to a file. */
    static String loop(WorkflowContext ctx, String ledger) {
        long state = 1;
        for (int turn = 0; turn < TURNS; turn++) {
            long seen = state;
            int number = turn;
            state = ctx.step("tool", Long.class, step -> {
                long next = (seen * 31 + number) % 1_000_003;
                append(Path.of(ledger), step.idempotencyKey());
                return next;
            });
        }
        return TURNS + " calls, last state " + state;
    }

    private static void append(Path file, String line) {
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Works on the loop until it has ended, and prints its result.
     *
     * @param args the store, the file that the tool writes to, and this worker's id
     */
    public static void main(String[] args) throws InterruptedException {
        try (var windlass = Windlass.connect(args[0])) {
            var workflows = Workflows.on(windlass.engine()).workflow(AGENT, AgentLoop::loop);
            try (var worker = workflows.worker(windlass.worker().id(args[2])).start()) {
                var run = workflows.start(AGENT, "agent-1", args[1]);
                System.out.println(run.await(Duration.ofMinutes(5)));
                System.out.println("worker " + worker.id());
            }
        }
    }
}
