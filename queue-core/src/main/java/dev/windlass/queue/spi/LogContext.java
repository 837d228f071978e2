package dev.windlass.queue.spi;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The ids that stand in the MDC of every log line about a task or a run, while this is open on a thread: {@code task},
 * {@code queue}, {@code attempt}, {@code worker}, and of an engine {@code workflow}, {@code step} and {@code schedule}. Closing it brings back
 * what was there before, so one may be opened inside another. Used by the thread that opened it only.
 *
 * <pre>{@code
 * try (var context = LogContext.task(id, queue).attempt(2).worker(workerId)) {
 *     LOG.warn("task {} …", id);
 * }
 * }</pre>
 */
public final class LogContext implements AutoCloseable {
    /** A task's id. */
    public static final String TASK = "task";
    /** The name of its queue. */
    public static final String QUEUE = "queue";
    /** Which attempt, from 1. */
    public static final String ATTEMPT = "attempt";
    /** The id of the worker whose attempt or lease it is. */
    public static final String WORKER = "worker";
    /** A workflow's id. */
    public static final String WORKFLOW = "workflow";
    /** The name of a step of a workflow's run. */
    public static final String STEP = "step";
    /** The name of a schedule. */
    public static final String SCHEDULE = "schedule";

    private record Before(String key, @Nullable String value) {}

    private final List<Before> before = new ArrayList<>(6);

    private LogContext() {
    }

    /**
     * About a task.
     *
     * @param id its id
     * @param queue its queue, or null if it is not known
     */
    public static LogContext task(String id, @Nullable String queue) {
        return new LogContext().with(TASK, id).with(QUEUE, queue);
    }

    /**
     * About a worker, apart from any task.
     *
     * @param workerId its id
     */
    public static LogContext ofWorker(String workerId) {
        return new LogContext().with(WORKER, workerId);
    }

    /**
     * About a step, where all else is there already.
     *
     * @param name its name
     */
    public static LogContext ofStep(String name) {
        return new LogContext().with(STEP, name);
    }

    /**
     * About a workflow, where all else is there already.
     *
     * @param id its id
     */
    public static LogContext ofWorkflow(String id) {
        return new LogContext().with(WORKFLOW, id);
    }

    /**
     * About a schedule.
     *
     * @param name its name
     */
    public static LogContext ofSchedule(String name) {
        return new LogContext().with(SCHEDULE, name);
    }

    /** And about this attempt, from 1; 0 for none. */
    public LogContext attempt(int attempt) {
        return with(ATTEMPT, attempt <= 0 ? null : Integer.toString(attempt));
    }

    /** And about this worker, or null. */
    public LogContext worker(@Nullable String workerId) {
        return with(WORKER, workerId);
    }

    /** And about this workflow. */
    public LogContext workflow(String id) {
        return with(WORKFLOW, id);
    }

    /** And about this step. */
    public LogContext step(String name) {
        return with(STEP, name);
    }

    private LogContext with(String key, @Nullable String value) {
        if (value != null) {
            before.add(new Before(key, MDC.get(key)));
            MDC.put(key, value);
        }
        return this;
    }

    @Override
    public void close() {
        for (int i = before.size() - 1; i >= 0; i--) {
            Before one = before.get(i);
            if (one.value() == null) {
                MDC.remove(one.key());
            } else {
                MDC.put(one.key(), one.value());
            }
        }
        before.clear();
    }
}
