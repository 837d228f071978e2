package dev.windlass.workflow.internal;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * A function's wish to go on as a new run. It is recorded only when all waits for signals have ended: what is open is closed,
 * put if absent, so that nobody, not even an owner that does not know its claim lost, consumes a signal of which the decision
 * does not tell the new run. The owner's thread only.
 */
final class FunctionContinuing {
    /** How many consumed signals of a name the new run is told of. */
    private static final int REMEMBERED = 1000;

    private final FunctionRun run;
    private final FunctionOwner owner;
    private final FunctionWaits waits;
    private @Nullable Op op;

    FunctionContinuing(FunctionRun run, FunctionOwner owner, FunctionWaits waits) {
        this.run = run;
        this.owner = owner;
        this.waits = waits;
    }

    /** The function asks for it, and nothing of it is recorded. */
    void begin(Op asked) {
        asked.phase = Op.Phase.WAITING;
        op = asked;
        waits.closeSignals();
    }

    /** Takes in what the runs before this one have consumed: one get, two if it is large; none if there are none. */
    void inherit() {
        if (run.input().since() == run.keys().run()) {
            return;
        }
        RunKeys before = run.keys().ofRun(run.keys().run() - 1);
        Continuation.of(new StepRecords(run.engine(), before, before.taskId(run.engine())), before,
                run.engine().keySegment("step name", Continuation.STEP)).consumed()
                .forEach((name, ids) -> ids.forEach(id -> waits.inbox().consumed(name, id)));
    }

    /** Records the decision, once nothing else is being recorded. */
    void advance(boolean isRecording) {
        Op asked = op;
        if (asked == null || asked.phase != Op.Phase.WAITING || isRecording) {
            return;
        }
        JsonNode input = asked.input;
        Instant at = run.engine().storeTime();
        JsonNode decision = new Continuation(asked.version, input == null ? NullNode.getInstance() : input,
                Map.copyOf(waits.inbox().consumed(REMEMBERED))).toJson();
        owner.record(asked, new StepOutcome(decision, null, null, 1, at, at, false, run.claim().workerId()), null);
    }
}
