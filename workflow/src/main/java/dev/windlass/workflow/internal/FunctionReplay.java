package dev.windlass.workflow.internal;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Compares what a function asks for with what is recorded of the owners before. The owner's thread only.
 */
final class FunctionReplay {
    private final FunctionRun run;
    private final FunctionRecovery recovery;
    private final Map<String, StepOutcome> unasked;
    private final Map<Integer, String> byPosition = new HashMap<>();

    FunctionReplay(FunctionRun run, FunctionRecovery recovery) {
        this.run = run;
        this.recovery = recovery;
        this.unasked = new LinkedHashMap<>(recovery.outcomes());
        recovery.outcomes().forEach((segment, outcome) -> {
            Asked asked = outcome.asked();
            if (asked != null) {
                byPosition.put(asked.position(), segment);
            }
        });
    }

    /** Whether all that was recorded has been asked for. */
    boolean isOver() {
        return unasked.isEmpty();
    }

    /** What is recorded of it by an earlier owner; null if nothing is. */
    @Nullable
    StepOutcome recorded(Op op) {
        return recovery.outcomes().get(op.segment);
    }

    /** Something is asked for: why the run is to pause, since it differs from what is recorded; null if it does not. */
    @Nullable
    String compare(Op op) {
        StepOutcome recorded = unasked.remove(op.segment);
        String at = byPosition.get(op.position);
        Asked before = recorded == null ? null : recorded.asked();
        if (at != null && !at.equals(op.segment)) {
            return differs(op, "the " + kindAt(at) + " '" + at + "' is recorded");
        } else if (before != null && !before.kind().equals(op.kind.word())) {
            return differs(op, "a " + before.kind() + " of that name is recorded");
        } else if (before != null && before.position() != op.position) {
            return differs(op, "it is recorded at position " + before.position());
        }
        return null;
    }

    private String differs(Op op, String what) {
        return "The function of " + run.label() + " does not do what it did before: at position " + op.position
                + " it asks for the " + op.label() + ", but " + what
                + ". Was its code changed under this run? Nothing is "
                + "lost: resume the run at workers with code that fits, or guard the change by patched(\"…\").";
    }

    /** The function has ended: the same. */
    @Nullable
    String compareEnd(int asked, @Nullable Throwable thrown) {
        if (unasked.isEmpty()) {
            return null;
        }
        String segment = unasked.keySet().iterator().next();
        return "The function of " + run.label() + " does not do what it did before: it ended "
                + (asked == 0 ? "before it asked for anything" : "after position " + (asked - 1))
                + (thrown == null ? "" : " (" + thrown + ")") + ", but the " + kindAt(segment) + " '"
                + segment + "' is recorded. Was its code changed under this run? Nothing is lost: resume the run at "
                + "workers with code that fits.";
    }

    private String kindAt(String segment) {
        StepOutcome outcome = recovery.outcomes().get(segment);
        Asked asked = outcome == null ? null : outcome.asked();
        return asked == null ? "step" : asked.kind();
    }
}
