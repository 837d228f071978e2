package dev.windlass.workflow.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.EngineTaskSpec;
import dev.windlass.store.StoredObject;
import dev.windlass.workflow.WorkflowNotFoundException;
import dev.windlass.workflow.WorkflowStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tries a run again that has failed or was cancelled: as the next run of its workflow, which takes over the outcomes of the
 * steps that succeeded. The ended run stays as it is (W5).
 */
final class RunRetry {
    /** In the input of the new run's task: the number of the run whose outcomes it has taken over. */
    static final String BASIS = "basis";
    private static final int COPYING_AT_ONCE = 32;
    private static final Logger LOG = LoggerFactory.getLogger(RunRetry.class);

    private final EngineAccess engine;
    private final RunStates states;

    RunRetry(EngineAccess engine, RunStates states) {
        this.engine = engine;
        this.states = states;
    }

    /** The new run's number. Safe to repeat: the same run until that has ended. */
    int retry(RunKeys keys) throws InterruptedException {
        RunStates.State state = states.read(keys);
        TaskInfo task = engine.task(keys.taskId(engine));
        JsonNode input = task == null ? null : task.input();
        if (state == null || task == null || input == null) {
            throw new WorkflowNotFoundException(keys.workflowId(), "There is no run " + keys.run() + " of workflow '"
                    + keys.workflowId() + "' any more. Check the id; a finished one may have been purged.");
        }
        if (state.run() == keys.run() + 1 && isRetryOf(keys.ofRun(state.run()), keys.run())) {
            return state.run();
        }
        if (state.run() != keys.run()
                || (state.status() != WorkflowStatus.FAILED && state.status() != WorkflowStatus.CANCELLED)) {
            throw new InvalidInputException("Run " + keys.run() + " of workflow '" + keys.workflowId() + "' is "
                    + (state.run() == keys.run() ? state.status() : "followed by run " + state.run())
                    + ". Only the latest run can be tried again, once it has failed or was cancelled"
                    + (state.status() == WorkflowStatus.PAUSED ? "; this one is paused: resume it." : "."));
        }
        RunKeys next = keys.ofRun(keys.run() + 1);
        int taken = copy(keys, next);
        ObjectNode json = (ObjectNode) input.deepCopy();
        json.put("run", next.run()).put(BASIS, keys.run());
        engine.submit(new EngineTaskSpec(next.taskId(engine), task.queue(), task.type(), json, task.priority(),
                new RetryPolicy(task.maxAttempts(), Duration.ofMillis(100), Duration.ofSeconds(10), 2, 0.25), null));
        states.settle(state, next, state.isFunction() ? FunctionInput.read(json) : RunInput.read(json));
        LOG.info("workflow {} run {} is tried again as run {}, which takes over {} steps", keys.workflowId(),
                keys.run(),
                next.run(), taken);
        return next.run();
    }

    private boolean isRetryOf(RunKeys keys, int basis) {
        TaskInfo task = engine.task(keys.taskId(engine));
        JsonNode input = task == null ? null : task.input();
        return input != null && input.path(BASIS).asInt(0) == basis;
    }

    private int copy(RunKeys from, RunKeys to) throws InterruptedException {
        List<String> keys = Listing.keys(engine.documents(), from.steps());
        List<String> copied = new CopyOnWriteArrayList<>();
        Fanout.forEach(engine.environment(), "windlass-retry", COPYING_AT_ONCE, keys, key -> {
            StoredObject object = engine.documents().read(key);
            if (object != null && key.endsWith(".json")
                    && StepOutcome.read(engine.json().readTree(object.body())).succeeded()) {
                engine.documents().put(to.steps() + key.substring(from.steps().length()), object.body());
                copied.add(key);
            }
        });
        return copied.size();
    }
}
