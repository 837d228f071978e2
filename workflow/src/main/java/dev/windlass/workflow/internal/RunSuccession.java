package dev.windlass.workflow.internal;

import java.time.Duration;

import dev.windlass.WindlassException;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.EngineTaskSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Lets a run that has decided to go on as a new one be followed by it: puts that run's task, then makes the state say so, before
 * the new run does anything. By anybody who finds that it has decided; safe to repeat. Safe for use by any number of
 * threads.
 */
record RunSuccession(EngineAccess engine, RunStates states) {
    private static final Logger LOG = LoggerFactory.getLogger(RunSuccession.class);

    /** Two gets, three if the decision is large, three puts at most. The workflow's state afterwards. */
    RunStates.State follow(RunStates.State state, RunKeys keys) {
        TaskInfo task = engine.task(keys.taskId(engine));
        JsonNode given = task == null ? null : task.input();
        if (task == null || given == null) {
            throw new WindlassException("The task of run " + keys.run() + " of workflow '" + keys.workflowId()
                    + "' is gone, and the run that is to follow cannot be made without it. Was it purged?");
        }
        Continuation decided = Continuation.of(new StepRecords(engine, keys, task.id()), keys,
                engine.keySegment("step name", Continuation.STEP));
        RunKeys next = keys.ofRun(keys.run() + 1);
        FunctionInput input = FunctionInput.read(given).next(engine, next, decided);
        engine.submit(new EngineTaskSpec(next.taskId(engine), task.queue(), task.type(), input.toJson(),
                task.priority(),
                new RetryPolicy(task.maxAttempts(), Duration.ofMillis(100), Duration.ofSeconds(10), 2, 0.25), null));
        RunStates.State settled = states.settle(state, next, input);
        LOG.info("workflow {} run {} goes on as run {}", keys.workflowId(), keys.run(), next.run());
        return settled;
    }
}
