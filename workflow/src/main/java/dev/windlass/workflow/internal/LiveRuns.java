package dev.windlass.workflow.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import org.jspecify.annotations.Nullable;

/** The runs that this process owns, so that what happens in the same process needs no request to be seen. */
final class LiveRuns {
    private final Map<String, OwnedRun> runs = new ConcurrentHashMap<>();
    private final Monitor monitor;
    private long ends;

    LiveRuns(Environment environment) {
        this.monitor = environment.newMonitor();
    }

    void add(OwnedRun run) {
        runs.put(run.claim().taskId(), run);
    }

    void remove(OwnedRun run) {
        runs.remove(run.claim().taskId(), run);
    }

    /** Whether this process owns a run, by its task. */
    boolean owns(String runTask) {
        return runs.containsKey(runTask);
    }

    /** Tells a run's owner of a step's outcome; false if the owner is not here, or takes no more. */
    boolean deliver(String runTask, String step, StepRecords.Stored stored) {
        @Nullable
        OwnedRun run = runs.get(runTask);
        return run != null && !run.claim().isLost() && run.deliver(step, stored);
    }

    /** Tells a run's owner, if it is here, to look at what has come. */
    void notice(String runTask) {
        @Nullable
        OwnedRun run = runs.get(runTask);
        if (run != null) {
            run.inbox().post(new RunEvent.Noticed());
        }
    }

    /** A run has ended in this process. */
    void ended() {
        monitor.lock();
        try {
            ends++;
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    long ends() {
        monitor.lock();
        try {
            return ends;
        } finally {
            monitor.unlock();
        }
    }

    /** Waits until a run ends here, but not longer than a limit. */
    void awaitEnd(long seen, java.time.Duration limit) throws InterruptedException {
        monitor.lock();
        try {
            if (ends == seen) {
                boolean signalled = monitor.await(limit);
                if (signalled) {
                    return;
                }
            }
        } finally {
            monitor.unlock();
        }
    }
}
