package dev.windlass.workflow.internal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import dev.windlass.IdempotencyConflictException;
import dev.windlass.environment.Strand;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.EngineTaskSpec;
import dev.windlass.workflow.StartOptions;
import dev.windlass.workflow.WorkflowAlreadyExistsException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How any run is started, whatever it runs. Safe for use by any number of threads. */
record RunStarts(EngineAccess engine, RunStates states) {

    /**
     * A start that was put.
     *
     * @param state the workflow's state afterwards, whoever's; to be settled by the input that stands
     * @param created whether the run's task is of this start
     * @param task the task that stands where it is not, or null
     */
    record Put(RunStates.@Nullable State state, boolean created, @Nullable TaskInfo task) {

        /** The input that stands where it is not one's own; null if it is, or only the task's name was buried. */
        @Nullable
        JsonNode standing() {
            return task == null ? null : task.input();
        }
    }

    /**
     * The run that a start is about: the first one, or one after the last.
     *
     * @param first where the first run's objects are
     * @throws WorkflowAlreadyExistsException if the id is taken and that is refused
     */
    RunKeys choose(RunKeys first, StartOptions options) {
        if (options.existing() == StartOptions.ExistingId.NEW_RUN_AFTER_END) {
            RunStates.State state = states.read(first);
            if (state != null && (state.run() > 1 || state.status().isFinal())) {
                return first.ofRun(state.status().isFinal() ? state.run() + 1 : state.run());
            }
        } else if (options.existing() == StartOptions.ExistingId.REJECT && isStarted(first)) {
            throw taken(first, ". Use another id.");
        }
        return first;
    }

    /** Whether a run's task is there: a state alone may be what an unfinished start has left, one's own perhaps. */
    private boolean isStarted(RunKeys keys) {
        RunStates.State state = states.read(keys);
        TaskInfo task = state == null ? null : engine.task(state.taskId());
        return task != null && task.input() != null; // without an input, only its name was buried
    }

    /** What refuses a start. */
    static WorkflowAlreadyExistsException taken(RunKeys keys, String remedy) {
        return new WorkflowAlreadyExistsException(keys.workflowId(), "There is a workflow '" + keys.workflowId()
                + "' already" + remedy);
    }

    /**
     * Puts state, task and ready key in parallel: the task decides whose run it is.
     *
     * @param type the task's type
     * @param body the task's input, which says what {@code input} does
     */
    Put put(RunKeys keys, RunSpec input, String type, JsonNode body, StartOptions options) {
        String taskId = keys.taskId(engine);
        AtomicReference<RunStates.@Nullable State> state = new AtomicReference<>();
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        Strand putter = engine.environment().start("windlass-start", () -> {
            try {
                state.set(states.create(keys, input));
            } catch (RuntimeException e) {
                failure.set(e);
            }
        });
        boolean created;
        try {
            created = engine.submit(new EngineTaskSpec(taskId, EngineNames.RUN_QUEUE, type, body, options.priority(),
                    new RetryPolicy(options.attempts(), Duration.ofMillis(100), Duration.ofSeconds(10), 2, 0.25),
                    null)).created();
        } catch (IdempotencyConflictException taken) {
            created = false;
        } finally {
            join(putter);
        }
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        return new Put(state.get(), created, created ? null : engine.task(taskId));
    }

    /** Waits without regard to interrupts, which stay set: the outcome of a put that has begun must be known. */
    private static void join(Strand strand) {
        boolean interrupted = false;
        while (true) {
            try {
                strand.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
