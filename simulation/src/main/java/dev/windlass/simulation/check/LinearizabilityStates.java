package dev.windlass.simulation.check;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.queue.TaskStatus;
import dev.windlass.simulation.check.TaskHistory.Call;
import dev.windlass.simulation.check.TaskHistory.CancelAnswer;
import dev.windlass.simulation.check.TaskHistory.EndAnswer;
import dev.windlass.simulation.check.TaskHistory.ReadAnswer;
import dev.windlass.simulation.check.TaskHistory.SubmitAnswer;
import dev.windlass.simulation.check.TaskHistory.Verdict;

/**
 * A set of states in which a task may be, and the sequential specification on it: docs/protocol.md, "Life of a task".
 *
 * <p>A state is a status, an attempt, and whether somebody has asked to cancel the task while it ran. The set is one word
 * of bits for each pair of status and request, whose bit {@code a} stands for attempt {@code a}. The bit after the largest
 * attempt that the history names stands for all the larger ones, which no answer tells apart. A tombstone counts as no
 * task. A task that waits has no cancel request: whatever would send it back cancels it instead.
 */
final class LinearizabilityStates {
    /** The largest attempt that a history may name. */
    static final int MOST_ATTEMPTS = 61;

    private static final int PENDING = 0;
    private static final int RUNNING = 1;
    /** Running, and asked to cancel; so below, for what has ended after that. */
    private static final int RUNNING_ASKED = 2;
    private static final int COMPLETED = 3;
    private static final int COMPLETED_ASKED = 4;
    private static final int FAILED = 5;
    private static final int FAILED_ASKED = 6;
    private static final int CANCELLED = 7;
    private static final int CANCELLED_ASKED = 8;
    private static final int EXPIRED = 9;
    private static final int PLANES = 10;
    private static final List<String> NAMES = List.of("PENDING", "RUNNING", "RUNNING with a cancel request",
            "COMPLETED",
            "COMPLETED after a cancel request", "FAILED", "FAILED after a cancel request", "CANCELLED",
            "CANCELLED after a cancel request", "EXPIRED");

    private final long[] planes;
    private boolean none;

    private LinearizabilityStates(long[] planes, boolean none) {
        this.planes = planes;
        this.none = none;
    }

    /**
     * What may happen to a task at any time without an answer to anybody: what workers and sweepers do by themselves, and
     * the operations whose outcome is not known. Such an operation needs no place in the order: each either cannot take
     * effect twice in a task's life, or does no more than what may happen anyway.
     */
    static final class Hidden {
        private final int top;
        private final boolean expires;
        private boolean submit;
        private boolean cancel;
        private long completes;
        private long failsForGood;

        /**
         * @param largestAttempt the largest attempt that the history names
         * @param expires whether the task may expire
         */
        Hidden(int largestAttempt, boolean expires) {
            this.expires = expires;
            this.top = largestAttempt + 1;
        }

        /** From now on this call, which is never answered, may take effect. */
        void allow(Call<?> call) {
            switch (call.kind()) {
                case SUBMIT -> submit = true;
                case CANCEL -> cancel = true;
                case END -> {
                    if (call.verdict() == Verdict.COMPLETE) {
                        completes |= 1L << call.attempt();
                    } else if (call.verdict() == Verdict.FAIL_FOR_GOOD) {
                        failsForGood |= 1L << call.attempt();
                    } // to go back is what may happen anyway
                }
                case READ, START -> {
                    // changes nothing
                }
            }
        }

        int top() {
            return top;
        }
    }

    /** There is no task yet. */
    static LinearizabilityStates initial() {
        return new LinearizabilityStates(new long[PLANES], true);
    }

    LinearizabilityStates copy() {
        return new LinearizabilityStates(planes.clone(), none);
    }

    boolean isEmpty() {
        long any = 0;
        for (long plane : planes) {
            any |= plane;
        }
        return any == 0 && !none;
    }

    void addAll(LinearizabilityStates others) {
        for (int i = 0; i < PLANES; i++) {
            planes[i] |= others.planes[i];
        }
        none |= others.none;
    }

    /** Adds the states that these lead to by what nobody is told. */
    void close(Hidden hidden) {
        if (none && hidden.submit) {
            planes[PENDING] |= 1;
        }
        long waiting = planes[PENDING] | planes[RUNNING]; // an attempt that is lost goes back, and is claimed anew
        if (waiting != 0) {
            long upTo = -1L >>> (63 - hidden.top);
            long from = -Long.lowestOneBit(waiting);
            planes[PENDING] |= from & upTo;
            planes[RUNNING] |= ((from << 1) & upTo) | 1L << hidden.top;
        }
        if (hidden.cancel) {
            planes[RUNNING_ASKED] |= planes[RUNNING];
            planes[CANCELLED] |= planes[PENDING];
        }
        if (hidden.expires) {
            planes[EXPIRED] |= planes[PENDING];
        }
        planes[FAILED] |= planes[RUNNING]; // out of attempts
        planes[CANCELLED_ASKED] |= planes[RUNNING_ASKED];
        planes[COMPLETED] |= planes[RUNNING] & hidden.completes;
        planes[COMPLETED_ASKED] |= planes[RUNNING_ASKED] & hidden.completes;
        planes[FAILED_ASKED] |= planes[RUNNING_ASKED] & hidden.failsForGood;
    }

    /** Leaves the states that an answered call may lead to from these. */
    void apply(Call<?> call) {
        switch (call.answer()) {
            case SubmitAnswer answer -> submit(answer);
            case CancelAnswer answer -> cancel(answer);
            case ReadAnswer answer -> read(answer);
            case EndAnswer answer when call.verdict() != null -> end(call.attempt(), call.verdict(), answer);
            case null, default -> start(call.attempt());
        }
    }

    private void submit(SubmitAnswer answer) {
        boolean creates = none && (answer == SubmitAnswer.CREATED || answer == SubmitAnswer.ACKNOWLEDGED);
        if (answer == SubmitAnswer.CREATED) {
            clear();
        }
        none = false;
        if (creates) {
            planes[PENDING] |= 1;
        }
    }

    private void cancel(CancelAnswer answer) {
        switch (answer) {
            case TRUE -> {
                planes[CANCELLED] |= planes[PENDING];
                planes[RUNNING_ASKED] |= planes[RUNNING];
                keep(-1L, RUNNING_ASKED, CANCELLED, CANCELLED_ASKED);
            }
            case FALSE -> keep(-1L, COMPLETED, COMPLETED_ASKED, FAILED, FAILED_ASKED, EXPIRED);
            case NOT_FOUND -> keepNone();
        }
    }

    private void read(ReadAnswer answer) {
        TaskStatus status = answer.status();
        if (status == null) {
            keepNone();
            return;
        }
        int plain = switch (status) {
            case PENDING -> PENDING;
            case RUNNING -> RUNNING;
            case COMPLETED -> COMPLETED;
            case FAILED -> FAILED;
            case CANCELLED -> CANCELLED;
            case EXPIRED -> EXPIRED;
        };
        int asked = status == TaskStatus.PENDING || status == TaskStatus.EXPIRED ? -1 : plain + 1;
        if (answer.knowsAttempt()) {
            keep(1L << answer.attempt(), answer.cancelRequested() ? asked : plain);
        } else {
            keep(-1L, plain, asked);
        }
    }

    /** The claim came before, and there is one for each attempt: it has been made. */
    private void start(int attempt) {
        none = false;
        for (int i = 0; i < PLANES; i++) {
            planes[i] &= -1L << attempt;
        }
    }

    private void end(int attempt, Verdict verdict, EndAnswer answer) {
        long bit = 1L << attempt;
        if (answer == EndAnswer.LOST) {
            start(attempt);
            planes[RUNNING] &= ~bit;
            planes[RUNNING_ASKED] &= ~bit;
            return;
        }
        long plain = planes[RUNNING] & bit;
        long asked = planes[RUNNING_ASKED] & bit;
        clear();
        switch (verdict) {
            case COMPLETE -> {
                if (tells(answer, EndAnswer.COMPLETED)) {
                    planes[COMPLETED] = plain;
                    planes[COMPLETED_ASKED] = asked;
                }
            }
            case FAIL_FOR_GOOD -> {
                if (tells(answer, EndAnswer.FAILED)) {
                    planes[FAILED] = plain;
                    planes[FAILED_ASKED] = asked;
                }
            }
            case FAIL, GO_BACK -> {
                if (tells(answer, EndAnswer.PENDING)) {
                    planes[PENDING] = plain;
                }
                if (verdict == Verdict.FAIL && tells(answer, EndAnswer.FAILED)) {
                    planes[FAILED] = plain;
                }
                if (tells(answer, EndAnswer.CANCELLED)) {
                    planes[CANCELLED_ASKED] = asked;
                }
            }
        }
    }

    private static boolean tells(EndAnswer answer, EndAnswer status) {
        return answer == status || answer == EndAnswer.RECORDED;
    }

    private void clear() {
        keep(0);
    }

    private void keepNone() {
        boolean kept = none;
        clear();
        none = kept;
    }

    /** Leaves these attempts of these planes. */
    private void keep(long attempts, int... kept) {
        none = false;
        for (int i = 0; i < PLANES; i++) {
            boolean keeps = false;
            for (int plane : kept) {
                keeps |= plane == i;
            }
            planes[i] &= keeps ? attempts : 0;
        }
    }

    /** For people: such as "PENDING in attempt 1 to 3, or FAILED in attempt 1". */
    String describe(int top) {
        var parts = new ArrayList<String>();
        if (none) {
            parts.add("not there");
        }
        for (int i = 0; i < PLANES; i++) {
            if (planes[i] != 0) {
                parts.add(NAMES.get(i) + " in attempt " + attempts(planes[i], top));
            }
        }
        return parts.isEmpty() ? "in no state at all" : String.join(", or ", parts);
    }

    private static String attempts(long plane, int top) {
        var ranges = new ArrayList<String>();
        int bit = 0;
        while (bit <= top) {
            if ((plane >>> bit & 1) == 0) {
                bit++;
                continue;
            }
            int first = bit;
            while (bit < top && (plane >>> (bit + 1) & 1) != 0) {
                bit++;
            }
            ranges.add(bit == top ? first + " or later" : first == bit ? "" + first : first + " to " + bit);
            bit++;
        }
        return String.join(", ", ranges);
    }
}
