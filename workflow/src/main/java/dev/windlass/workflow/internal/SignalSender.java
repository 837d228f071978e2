package dev.windlass.workflow.internal;

import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.ParkState;
import dev.windlass.workflow.WorkflowEndedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Sends signals: the object first, then a wake key if the run is parked. Acknowledged when both have landed. Safe for use
 * by any number of threads.
 */
final class SignalSender {
    private static final int LARGEST = 256 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(SignalSender.class);

    private final EngineAccess engine;
    private final RunStates states;
    private final LiveRuns live;
    private final String sender;
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicLong lastMillis = new AtomicLong();

    SignalSender(EngineAccess engine, RunStates states, LiveRuns live) {
        this.engine = engine;
        this.states = states;
        this.live = live;
        this.sender = engine.newWriteId();
    }

    /** Refuses a name that no function could wait for. */
    static void check(EngineAccess engine, String name) {
        FunctionNames.check(name);
        FunctionNames.checkLength(engine, "signal name", name);
    }

    /**
     * Sends.
     *
     * @throws WorkflowEndedException if the run has ended; the object is taken back
     */
    void send(RunKeys keys, String name, String id, JsonNode value) {
        byte[] encoded = engine.json().writeValueAsBytes(value);
        if (encoded.length > LARGEST) {
            throw new InvalidInputException(String.format(Locale.ROOT,
                    "The value of signal '%s' is %d bytes encoded, and a signal takes at most %d. Store it elsewhere, and "
                            + "send where it is.",
                    name, encoded.length, LARGEST));
        }
        String key = put(keys, name, id, value);
        RunKeys to = keys;
        while (engine.wakeIfParked(to.taskId(engine)).kind() == ParkState.Kind.ENDED) {
            RunStates.State state = states.read(keys);
            int next = state == null ? to.run() : state.followed(keys.run());
            if (next == to.run()) {
                engine.documents().delete(key);
                throw new WorkflowEndedException(keys.workflowId(), "Run " + to.run() + " of workflow '"
                        + keys.workflowId() + "' has ended: the signal '" + name + "' was not sent.");
            }
            to = keys.ofRun(next); // that takes the signals of those before it, too
        }
        live.notice(to.taskId(engine));
    }

    /** A child tells its parent of its end, whether or not that still waits for it. */
    void childEnded(RunKeys parent, String id, JsonNode end) {
        put(parent, SignalInbox.CHILD, id, end);
        String task = parent.taskId(engine);
        ParkState state = engine.wakeIfParked(task);
        LOG.debug("child {} has told workflow {} of its end; its task is {}", id, parent.workflowId(), state.kind());
        live.notice(task);
    }

    private String put(RunKeys keys, String name, String id, JsonNode value) {
        long at = nextMillis();
        String key = keys.signal(engine.keySegment("signal name", name), Instant.ofEpochMilli(at),
                engine.keySegment("signal id", id));
        var signal = new SignalInbox.Signal(key, name, id, keys.run(), sender, sequence.incrementAndGet(), value);
        engine.documents().put(key, engine.json().writeValueAsBytes(signal.toJson(at)));
        return key;
    }

    /** The store's time, but always later than that of the signal before. */
    private long nextMillis() {
        long now = engine.storeTime().toEpochMilli();
        return lastMillis.updateAndGet(last -> Math.max(last + 1, now));
    }
}
