package dev.windlass.python.internal;

import java.util.List;

import dev.windlass.queue.TaskContext;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.WorkerListener;
import dev.windlass.queue.WorkerStats;
import tools.jackson.databind.node.ObjectNode;

/** Tells Python what one of its workers has done, as far as it has asked for that; that a worker has stopped, in any case. */
final class WorkerNotices implements WorkerListener {
    private final Outbox outbox;
    private final long worker;
    private final List<String> wanted;

    /**
     * @param worker its number, as Python knows it
     * @param wanted of {@code success}, {@code error}, {@code lease_lost}
     */
    WorkerNotices(Outbox outbox, long worker, List<String> wanted) {
        this.outbox = outbox;
        this.worker = worker;
        this.wanted = List.copyOf(wanted);
    }

    @Override
    public void stopped(String workerId, WorkerStats stats) {
        outbox.told(worker, BoundaryJson.text(BoundaryJson.object().put("event", "stopped")));
    }

    @Override
    public void succeeded(TaskContext task) {
        tell("success", Invocations.about(worker, task));
    }

    @Override
    public void failed(TaskContext task, TaskError error, boolean again) {
        ObjectNode about = Invocations.about(worker, task).put("again", again);
        about.putObject("error").put("type", error.type()).put("message", error.message()).put("traceback",
                error.stackTrace());
        tell("error", about);
    }

    @Override
    public void leaseLost(TaskContext task) {
        tell("lease_lost", Invocations.about(worker, task));
    }

    private void tell(String event, ObjectNode about) {
        if (wanted.contains(event)) {
            outbox.told(worker, BoundaryJson.text(about.put("event", event)));
        }
    }
}
