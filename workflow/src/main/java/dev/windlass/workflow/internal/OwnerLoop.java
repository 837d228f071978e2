package dev.windlass.workflow.internal;

import java.time.Duration;

import dev.windlass.LeaseLostException;
import dev.windlass.queue.spi.EngineOutcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the thread of one claim on a run's task does, whatever the run is of: it acts, and waits for what others tell it, until
 * the run has ended, is given up, or the claim is lost. All methods are that thread's.
 */
abstract class OwnerLoop {
    private static final Logger LOG = LoggerFactory.getLogger(OwnerLoop.class);

    private final OwnedRun owned;

    OwnerLoop(OwnedRun owned) {
        this.owned = owned;
    }

    /** Does what can be done now. */
    abstract void act(long now);

    /** Whether the run has ended, and nothing is on its way. */
    abstract boolean isEnded();

    /** How to give the run up, if that is right now; null if not. */
    @Nullable
    abstract EngineOutcome giveUp() throws InterruptedException;

    /** How long there is nothing to do unless somebody tells something. */
    abstract Duration untilNext(long now);

    /** Takes in what somebody has told. */
    abstract void apply(RunEvent event);

    /** The run has ended, or is given up. */
    abstract void left(boolean ended) throws InterruptedException;

    /** Stops all bodies and waits for them to return: until then this claim's thread stays taken. */
    abstract void endBodies();

    /** Whatever has happened: nothing of it goes on here. */
    abstract void close();

    /**
     * Runs until the run ends or is given up.
     *
     * @return how the run's task goes on; null if the run has ended, or was ended from outside
     */
    @Nullable
    final EngineOutcome runLoop() throws Exception {
        var environment = owned.engine().environment();
        try {
            EngineOutcome givenUp = null;
            boolean ended = false;
            while (!ended && givenUp == null) {
                if (owned.claim().isLost()) {
                    throw new LeaseLostException(owned.claim().taskId(), "The claim on " + owned.label()
                            + " is lost; another worker goes on with it.", null);
                }
                act(environment.nanoTime());
                ended = isEnded();
                givenUp = ended ? null : giveUp();
                if (!ended && givenUp == null) {
                    for (RunEvent event : owned.inbox().take(untilNext(environment.nanoTime()))) {
                        apply(event);
                    }
                }
            }
            left(ended);
            return givenUp;
        } catch (InterruptedException e) {
            endBodies();
            if (owned.claim().isStopping() && !owned.claim().isLost()) {
                LOG.info("{}: given back, since this worker stops", owned.label());
                return new EngineOutcome.Release();
            }
            throw e;
        } catch (Exception | Error e) {
            endBodies();
            throw e;
        } finally {
            owned.inbox().close();
            close();
        }
    }
}
