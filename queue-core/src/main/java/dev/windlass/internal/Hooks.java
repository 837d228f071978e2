package dev.windlass.internal;

import java.util.List;

import dev.windlass.queue.TaskContext;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.WorkerListener;
import dev.windlass.queue.WorkerStats;
import dev.windlass.queue.spi.Audience;

/** The listeners of a worker, in the order in which they were given; what one throws is nobody else's matter. */
final class Hooks implements WorkerListener {
    private final Audience<WorkerListener> all;

    Hooks(List<WorkerListener> all) {
        this.all = new Audience<>("listener", all);
    }

    /** Whether nobody listens: no context needs to be made then. */
    boolean isEmpty() {
        return all.isEmpty();
    }

    @Override
    public void started(String workerId) {
        all.tell(one -> one.started(workerId));
    }

    @Override
    public void stopped(String workerId, WorkerStats stats) {
        all.tell(one -> one.stopped(workerId, stats));
    }

    @Override
    public void succeeded(TaskContext task) {
        all.tell(one -> one.succeeded(task));
    }

    @Override
    public void failed(TaskContext task, TaskError error, boolean again) {
        all.tell(one -> one.failed(task, error, again));
    }

    @Override
    public void leaseLost(TaskContext task) {
        all.tell(one -> one.leaseLost(task));
    }

    /** The attempt has lost its lease: said once for each, and not of an engine's. */
    void leaseLost(Attempt attempt) {
        if (!all.isEmpty() && !attempt.document().isEngine() && attempt.firstToTellOfLoss()) {
            leaseLost(new HandlerContext(attempt));
        }
    }
}
