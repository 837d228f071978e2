package dev.windlass.workflow.internal;

import java.time.Duration;

import dev.windlass.IdempotencyConflictException;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.spi.EngineTaskSpec;
import dev.windlass.queue.spi.SubmittedTask;
import dev.windlass.workflow.OnFailure;
import dev.windlass.workflow.StepOptions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The tasks that a run's steps become when they are sent out. A step's task has an id derived from run and step, so that the
 * next owner finds it; one that was taken back is never revived, but followed by a task of the step's next life. Safe for use
 * by any number of threads.
 */
record StepTasks(OwnedRun run) {
    /** Beyond a step's own tries: a worker that dies with the step is not the step's failure. */
    private static final int CRASH_ALLOWANCE = 10;
    /** Beyond a step's time-out, which the worker itself enforces. */
    private static final Duration TIMEOUT_SLACK = Duration.ofSeconds(60);
    private static final Duration IN_DOUBT = Duration.ofSeconds(30);

    /**
     * Makes sure that a life of a step has a task.
     *
     * @param life which, from 1
     * @param segment the step's name as a segment of a key
     * @param kind what runs it
     * @return null if that life is over: its task has ended
     */
    @Nullable
    SubmittedTask open(int life, String segment, String kind, StepOptions options, JsonNode input) {
        String queue = options.queue();
        Integer priority = options.priority();
        Duration timeout = options.timeout();
        RetryPolicy retry = options.retry();
        RetryPolicy allowed = new RetryPolicy(Math.min(1000, retry.maxAttempts() + CRASH_ALLOWANCE),
                retry.initialDelay(), retry.maxDelay(), retry.multiplier(), retry.jitter());
        String id = id(life, segment);
        SubmittedTask task = submit(new EngineTaskSpec(id, queue == null ? EngineNames.STEP_QUEUE : queue,
                EngineNames.stepType(kind), input, priority == null ? run.claim().priority() : priority, allowed,
                timeout == null ? null : timeout.plus(TIMEOUT_SLACK)));
        return task.created() || isOpen(run.engine().task(id)) ? task : null;
    }

    /** An earlier owner may have written other parents' results into the task: then its input stands. */
    private SubmittedTask submit(EngineTaskSpec spec) {
        try {
            return run.engine().submit(spec);
        } catch (IdempotencyConflictException taken) {
            TaskInfo info = run.engine().task(spec.id());
            JsonNode input = info == null ? null : info.input();
            if (input == null) {
                throw taken;
            }
            return run.engine().submit(new EngineTaskSpec(spec.id(), spec.queue(), spec.type(), input,
                    spec.priority(), spec.retry(), spec.timeout()));
        }
    }

    /** Calls off a step's task, whether it waits or runs. */
    void callOff(String segment, String reason) {
        for (int life = 1;; life++) {
            TaskInfo info = run.engine().task(id(life, segment));
            if (info == null) {
                return;
            }
            if (isOpen(info)) {
                run.engine().cancel(info.id(), reason);
                return;
            }
        }
    }

    /**
     * A task that was found open, and may be about to end without a record, since its step has paused the run: its worker
     * writes that last.
     *
     * @param ends until when it may, by the monotonic clock
     */
    record InDoubt(String id, long ends) {}

    /** Whether a step's task is in doubt: null if not. */
    @Nullable
    InDoubt inDoubt(SubmittedTask task, StepOptions options, long now) {
        return task.created() || options.onFailure() != OnFailure.PAUSE
                ? null
                : new InDoubt(task.id(), now + IN_DOUBT.toNanos());
    }

    static boolean isInDoubt(@Nullable InDoubt doubt, long now) {
        return doubt != null && now - doubt.ends() < 0;
    }

    /** Whether such a task has ended, and has left no record. */
    boolean hasEndedUnrecorded(InDoubt doubt, String segment) {
        return !isOpen(run.engine().task(doubt.id())) && run.records().read(segment) == null;
    }

    private static boolean isOpen(@Nullable TaskInfo info) {
        return info != null && (info.status() == TaskStatus.PENDING || info.status() == TaskStatus.RUNNING);
    }

    private String id(int life, String segment) {
        return run.engine().deriveTaskId("workflow-step",
                run.keys().idempotencyKey(segment) + (life == 1 ? "" : "/" + life));
    }
}
