package dev.windlass.internal;

import java.util.List;
import java.util.function.Consumer;

import dev.windlass.queue.TaskContext;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.WorkerListener;
import dev.windlass.queue.WorkerStats;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of a worker, in the order in which they were given; what one throws is nobody else's matter. */
final class Hooks implements WorkerListener {
    private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);

    private final List<WorkerListener> all;

    Hooks(List<WorkerListener> all) {
        this.all = List.copyOf(all);
    }

    private void each(Consumer<WorkerListener> call) {
        for (WorkerListener listener : all) {
            try {
                call.accept(listener);
            } catch (RuntimeException | LinkageError | AssertionError e) {
                LOG.warn("the listener {} failed; the work goes on", listener.getClass().getName(), e);
            }
        }
    }

    @Override
    public void started(String workerId) {
        each(one -> one.started(workerId));
    }

    @Override
    public void stopped(String workerId, WorkerStats stats) {
        each(one -> one.stopped(workerId, stats));
    }

    @Override
    public void succeeded(TaskContext task) {
        each(one -> one.succeeded(task));
    }

    @Override
    public void failed(TaskContext task, TaskError error, boolean again) {
        each(one -> one.failed(task, error, again));
    }

    @Override
    public void leaseLost(TaskContext task) {
        each(one -> one.leaseLost(task));
    }

    /** The attempt has lost its lease: said once for each, and not of an engine's. */
    void leaseLost(Attempt attempt) {
        if (!all.isEmpty() && !attempt.document().isEngine() && attempt.firstToTellOfLoss()) {
            leaseLost(new HandlerContext(attempt));
        }
    }
}
