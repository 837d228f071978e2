package dev.windlass.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.environment.Monitor;
import dev.windlass.environment.Strand;
import dev.windlass.observer.AttemptRef;
import dev.windlass.queue.spi.LogContext;
import org.jspecify.annotations.Nullable;

/**
 * One claim being worked on: which version of the task it knows, whether to stop, and who may end it. Exactly one party
 * ends it: the handler's strand, the time-out, or the drain.
 */
final class Attempt {

    /** Why an attempt should stop. */
    enum Stop {
        CANCEL_REQUESTED, TIMED_OUT, LEASE_LOST, DRAINED
    }

    private final TaskDocument document;
    private final String claimWriteId;
    private final String leaseId;
    private final ReadyKey readyKey;
    private final String workerId;
    private final @Nullable Long readyNanos;
    private final Core core;
    private final Monitor monitor;
    private final List<String> ownWrites = new ArrayList<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private TaskVersion version;
    private @Nullable Strand handler;
    private @Nullable Stop stop;
    private boolean stopping;
    private boolean settled;
    private boolean toldOfLoss;
    private @Nullable Progress progress;

    /**
     * A claim that has landed.
     *
     * @param readyNanos when the task could have started, by the monotonic clock; null if that is not known
     */
    Attempt(Core core, TaskVersion version, TaskDocument document, String claimWriteId, String leaseId,
            ReadyKey readyKey, String workerId, @Nullable Long readyNanos) {
        this.core = core;
        this.workerId = workerId;
        this.readyNanos = readyNanos;
        this.document = document;
        this.claimWriteId = claimWriteId;
        this.leaseId = leaseId;
        this.readyKey = readyKey;
        this.version = version;
        this.monitor = core.environment().newMonitor();
    }

    /** The task as claimed. */
    TaskDocument document() {
        return document;
    }

    String taskId() {
        return document.id();
    }

    String claimWriteId() {
        return claimWriteId;
    }

    String leaseId() {
        return leaseId;
    }

    ReadyKey readyKey() {
        return readyKey;
    }

    /** It, for observers. */
    AttemptRef ref() {
        return new AttemptRef(document.id(), document.queue(), document.type(), document.attempt(), workerId);
    }

    /** It, for log lines. */
    LogContext logContext() {
        return LogContext.task(document.id(), document.queue()).attempt(document.attempt()).worker(workerId);
    }

    /** How long the task has waited; null if that is not known. */
    @Nullable
    Duration waited() {
        return readyNanos == null
                ? null
                : Duration.ofNanos(Math.max(0, core.environment().nanoTime() - readyNanos));
    }

    /** Ids of writes that tried to end it. Used by the one party that ends it. */
    List<String> ownWrites() {
        return ownWrites;
    }

    TaskVersion version() {
        monitor.lock();
        try {
            return version;
        } finally {
            monitor.unlock();
        }
    }

    void version(TaskVersion newer) {
        monitor.lock();
        try {
            version = newer;
        } finally {
            monitor.unlock();
        }
    }

    /** The handler runs on this thread from now on. */
    void enterHandler() {
        monitor.lock();
        try {
            handler = core.environment().current();
            if (stop != null) {
                handler.interrupt();
            }
        } finally {
            monitor.unlock();
        }
    }

    /** The handler has returned: no interrupt reaches this thread any more. */
    void leaveHandler() {
        monitor.lock();
        try {
            handler = null;
            Thread.interrupted();
        } finally {
            monitor.unlock();
        }
    }

    /** Why to stop, or null. */
    @Nullable
    Stop stop() {
        monitor.lock();
        try {
            return stop;
        } finally {
            monitor.unlock();
        }
    }

    /** Whether the worker drains. */
    boolean isStopping() {
        monitor.lock();
        try {
            return stopping;
        } finally {
            monitor.unlock();
        }
    }

    /** Asks the handler to stop: the first reason counts. */
    void stop(Stop why) {
        List<Runnable> told;
        monitor.lock();
        try {
            if (stop != null) {
                return;
            }
            stop = why;
            if (handler != null) {
                handler.interrupt();
            }
            told = List.copyOf(listeners);
        } finally {
            monitor.unlock();
        }
        told.forEach(Runnable::run);
    }

    /** Says that the worker drains: no interrupt, but engines come to an end. */
    void drain() {
        List<Runnable> told;
        monitor.lock();
        try {
            if (stopping) {
                return;
            }
            stopping = true;
            told = List.copyOf(listeners);
        } finally {
            monitor.unlock();
        }
        told.forEach(Runnable::run);
    }

    void onStop(Runnable action) {
        boolean now;
        monitor.lock();
        try {
            listeners.add(action);
            now = stop != null || stopping;
        } finally {
            monitor.unlock();
        }
        if (now) {
            action.run();
        }
    }

    /** What its handler says of its work; begun by the first thing that it says. */
    Progress progress() {
        monitor.lock();
        try {
            if (progress == null) {
                progress = new Progress(core, document, workerId);
            }
            return progress;
        } finally {
            monitor.unlock();
        }
    }

    /** The same, or null if it has said nothing. */
    @Nullable
    Progress progressSaid() {
        monitor.lock();
        try {
            return progress;
        } finally {
            monitor.unlock();
        }
    }

    /** Whether nobody has been told yet that its lease is lost; true for the first who asks. */
    boolean firstToTellOfLoss() {
        monitor.lock();
        try {
            boolean first = !toldOfLoss;
            toldOfLoss = true;
            return first;
        } finally {
            monitor.unlock();
        }
    }

    /** Takes the right to end this attempt; true for the first who asks. */
    boolean trySettle() {
        monitor.lock();
        try {
            boolean first = !settled;
            settled = true;
            return first;
        } finally {
            monitor.unlock();
        }
    }
}
