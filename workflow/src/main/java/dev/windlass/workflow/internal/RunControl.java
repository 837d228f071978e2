package dev.windlass.workflow.internal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.windlass.environment.Environment;
import dev.windlass.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is asked of a run from outside, as its state says: to pause, to go on, to end. An owner knows it from the claim on,
 * looks every two seconds, at once if told by somebody in the same process, and before it parks. The owner's thread
 * only.
 */
final class RunControl {
    private static final long EVERY = Duration.ofSeconds(2).toNanos();
    private static final Logger LOG = LoggerFactory.getLogger(RunControl.class);

    private final OwnedRun run;
    private final RunStates states;
    private final Environment environment;
    private RunStates.State state;
    private @Nullable String wanted;
    /** Ended by the look itself where its answer is not taken: a park had begun, which may be given up. */
    private final AtomicBoolean looking = new AtomicBoolean();
    private long nextLook;

    RunControl(OwnedRun run, RunStates states, RunStates.State state) {
        this.run = run;
        this.states = states;
        this.environment = run.engine().environment();
        this.state = state;
        this.nextLook = environment.nanoTime() + EVERY;
    }

    RunStates.State state() {
        return state;
    }

    /** Whether nothing is to start for now. */
    boolean holds() {
        return wanted != null || state.pauseReason() != null;
    }

    /** Why the run is to be cancelled; null if it is not. */
    @Nullable
    String cancelReason() {
        return state.cancelReason();
    }

    /** Whether the run was ended from outside, or a later run has begun. */
    boolean isOver() {
        return !state.isOpen(run.keys().run());
    }

    /** Asks for a pause from within: what runs ends, and then the run pauses for this reason. */
    void pause(String reason) {
        if (!holds()) {
            wanted = reason;
        }
    }

    boolean isIdle() {
        return !looking.get();
    }

    long nextLook() {
        return nextLook;
    }

    /** Somebody in this process has changed the state. */
    void noticed(long now) {
        nextLook = now;
    }

    /** Reads the state on a thread of its own, if it is time to. */
    void lookIfDue(long now) {
        if (looking.get() || now - nextLook < 0) {
            return;
        }
        looking.set(true);
        nextLook = now + EVERY;
        environment.start("windlass-control", () -> {
            RunStates.State read = null;
            try {
                read = states.read(run.keys());
            } catch (StoreException e) {
                try (var context = run.logContext()) {
                    LOG.debug("{}: its state could not be read", run.label(), e);
                }
            } catch (Throwable failure) {
                run.inbox().post(new RunEvent.Broken(failure));
                return;
            }
            if (!run.inbox().post(new RunEvent.StateSeen(read))) {
                looking.set(false);
            }
        });
    }

    /** A look is over. */
    void seen(RunStates.@Nullable State read) {
        looking.set(false);
        if (read != null) {
            state = read;
        }
    }

    /**
     * Makes a pause known that was asked for from within, then says that the run parks, and looks for the last time: two
     * puts, or one, and a get.
     *
     * @return whether the run may park until somebody resumes it
     */
    boolean mayParkPaused() {
        String reason = wanted;
        if (reason != null) {
            state = states.pause(state, run.keys().run(), reason, "engine");
            wanted = null;
            LOG.warn("{}: paused: {}", run.label(), reason);
            run.listener().runPaused(run.keys().workflowId(), run.keys().run(), reason);
        }
        run.claim().announcePark();
        read();
        return state.pauseReason() != null && state.cancelReason() == null && !isOver();
    }

    /** Looks for the last time before a park of another kind, which has been announced: one get. */
    boolean mayPark() {
        read();
        return state.pauseReason() == null && state.cancelReason() == null && !isOver();
    }

    private void read() {
        RunStates.State read = states.read(run.keys());
        if (read != null) {
            state = read;
        }
    }
}
