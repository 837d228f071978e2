package dev.windlass.workflow.internal;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

import dev.windlass.LeaseLostException;
import dev.windlass.queue.TaskError;
import org.jspecify.annotations.Nullable;

/**
 * Closes the steps of a cancelled run that are open: calls off their tasks, and records them as cancelled, if nobody has
 * recorded how they ended. So what ends later changes nothing any more. The owner's thread only.
 */
final class RunClosing {
    /** The type of the error of a step that was open when its run was cancelled. */
    static final String CANCELLED = "cancelled";

    private final OwnedRun run;
    private final Set<Integer> begun = new HashSet<>();
    private int open;

    RunClosing(OwnedRun run) {
        this.run = run;
    }

    boolean isIdle() {
        return open == 0;
    }

    /**
     * Closes a step, on a thread of its own; what has been recorded comes by {@link RunEvent.Closed}.
     *
     * @param tries how often it was begun
     * @param callOff ends its task if it is out, or null
     */
    void close(int step, String segment, int tries, @Nullable Runnable callOff) {
        if (!begun.add(step)) {
            return;
        }
        open++;
        run.engine().environment().start("windlass-close-" + segment, () -> {
            try (var context = run.logContext()) {
                if (callOff != null) {
                    callOff.run();
                }
                Instant now = run.engine().storeTime();
                StepOutcome outcome = new StepOutcome(null, null, new TaskError(CANCELLED,
                        "The run was cancelled while this step was open: it may have been executed.", null), tries,
                        now, now, callOff != null, run.claim().workerId());
                StepRecords.Stored stored = run.records().record(segment, outcome,
                        () -> !run.claim().isLost());
                run.inbox().post(new RunEvent.Closed(step, stored.outcome(), stored.size()));
            } catch (LeaseLostException | InterruptedException stopped) {
                run.inbox().post(new RunEvent.Stopping());
            } catch (Throwable failure) {
                run.inbox().post(new RunEvent.Broken(failure));
            }
        });
    }

    void closed() {
        open--;
    }
}
