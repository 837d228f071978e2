package dev.windlass.workflow.internal;

import java.time.Duration;
import java.util.List;

import dev.windlass.IdempotencyConflictException;
import dev.windlass.InvalidInputException;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.EngineTaskSpec;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.WorkflowNotFoundException;
import dev.windlass.workflow.WorkflowStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs a workflow again that has ended: as its next run, which takes over outcomes of the ended one. What it takes over stands
 * in its task's input, so that the put of that task decides all of it; its owner copies the outcomes before it begins
 * ({@link RunTakeover}). The ended run stays as it is (W5).
 */
final class RunRepeats {
    private static final Logger LOG = LoggerFactory.getLogger(RunRepeats.class);

    private final EngineAccess engine;
    private final RunStates states;

    RunRepeats(EngineAccess engine, RunStates states) {
        this.engine = engine;
        this.states = states;
    }

    /** Tries a run again that has failed or was cancelled: the new run's number. Safe to repeat: the same run until that ends. */
    int retry(RunKeys keys) {
        return repeat(keys, new RunBasis(keys.run(), null));
    }

    /** Runs a workflow again from a step on: the new run's number. Safe to repeat: the same run until that ends. */
    int fork(RunKeys keys, String step) {
        return repeat(keys, new RunBasis(keys.run(), step));
    }

    private int repeat(RunKeys keys, RunBasis asked) {
        RunStates.State state = states.read(keys);
        TaskInfo task = engine.task(keys.taskId(engine));
        JsonNode input = task == null ? null : task.input();
        if (state == null || task == null || input == null) {
            throw new WorkflowNotFoundException(keys.workflowId(), "There is no run " + keys.run() + " of workflow '"
                    + keys.workflowId() + "' any more. Check the id; a finished one may have been purged.");
        }
        RunBasis basis = basis(keys, input, asked);
        if (state.run() == keys.run() + 1 && basis.equals(basisOf(keys.ofRun(state.run())))) {
            return state.run();
        }
        requireEnded(keys, state, asked);
        requireStep(keys, state, input, basis.from());
        RunKeys next = keys.ofRun(keys.run() + 1);
        ObjectNode json = (ObjectNode) input.deepCopy();
        json.put("run", next.run());
        json.remove("since");
        basis.write(json);
        if (state.isFunction()) {
            json.put("seed", FunctionInput.read(input).seed(task.id()));
        }
        submit(task, next, json);
        states.settle(state, next, state.isFunction() ? FunctionInput.read(json) : RunInput.read(json));
        LOG.info("workflow {} run {} is {} as run {}{}", keys.workflowId(), keys.run(), asked.label(), next.run(),
                asked.from() == null ? "" : " from step " + asked.from());
        return next.run();
    }

    /** A run that has ended before it had taken over what it was to, has nothing to give: its own basis has. */
    private RunBasis basis(RunKeys keys, JsonNode input, RunBasis asked) {
        RunBasis before = RunBasis.read(input);
        if (before == null || RunTakeover.isDone(engine, keys)) {
            return asked;
        }
        if (asked.from() != null) {
            throw new InvalidInputException("Run " + keys.run() + " of workflow '" + keys.workflowId()
                    + "' has ended before it had taken anything over from run " + before.run()
                    + ": there is nothing to fork. Try it again instead.");
        }
        return before;
    }

    private void submit(TaskInfo task, RunKeys next, ObjectNode json) {
        try {
            engine.submit(new EngineTaskSpec(next.taskId(engine), task.queue(), task.type(), json, task.priority(),
                    new RetryPolicy(task.maxAttempts(), Duration.ofMillis(100), Duration.ofSeconds(10), 2, 0.25),
                    null));
        } catch (IdempotencyConflictException taken) {
            throw new InvalidInputException("Run " + next.run() + " of workflow '" + next.workflowId()
                    + "' has been started by somebody else meanwhile. Look at that one first.", taken);
        }
    }

    private @Nullable RunBasis basisOf(RunKeys keys) {
        TaskInfo task = engine.task(keys.taskId(engine));
        JsonNode input = task == null ? null : task.input();
        return input == null ? null : RunBasis.read(input);
    }

    private static void requireEnded(RunKeys keys, RunStates.State state, RunBasis asked) {
        boolean latest = state.run() == keys.run();
        boolean fork = asked.from() != null;
        if (latest && state.status().isFinal() && (fork || state.status() != WorkflowStatus.COMPLETED)) {
            return;
        }
        throw new InvalidInputException("Run " + keys.run() + " of workflow '" + keys.workflowId() + "' is "
                + (latest ? state.status() : "followed by run " + state.run()) + ". Only the latest run can be "
                + asked.label() + ", once it has " + (fork ? "ended" : "failed or was cancelled")
                + remedy(state, fork));
    }

    private static String remedy(RunStates.State state, boolean fork) {
        if (state.status() == WorkflowStatus.PAUSED) {
            return fork ? "; this one is paused: cancel it first." : "; this one is paused: resume it.";
        }
        return state.status().isFinal() || !fork ? "." : ": cancel it first.";
    }

    private void requireStep(RunKeys keys, RunStates.State state, JsonNode input, @Nullable String step) {
        if (step == null) {
            return;
        }
        if (state.isFunction()) {
            if (engine.documents().read(keys.step(engine.keySegment("step name", step))) == null) {
                throw new InvalidInputException("Of step '" + step + "' nothing is recorded in run " + keys.run()
                        + " of workflow '" + keys.workflowId() + "'. Use a name that its steps list.");
            }
            return;
        }
        List<String> names = RunInput.read(input).dag(engine).steps().stream().map(DagStep::name).toList();
        if (!names.contains(step)) {
            throw new InvalidInputException("The graph of workflow '" + keys.workflowId() + "' has no step '" + step
                    + "'. It has " + String.join(", ", names.subList(0, Math.min(20, names.size())))
                    + (names.size() > 20 ? ", …" : "") + ".");
        }
    }
}
