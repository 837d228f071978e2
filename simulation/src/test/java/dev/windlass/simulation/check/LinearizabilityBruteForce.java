package dev.windlass.simulation.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.windlass.queue.TaskStatus;
import dev.windlass.simulation.check.TaskHistory.CancelAnswer;
import dev.windlass.simulation.check.TaskHistory.EndAnswer;
import dev.windlass.simulation.check.TaskHistory.ReadAnswer;
import dev.windlass.simulation.check.TaskHistory.SubmitAnswer;
import dev.windlass.simulation.check.TaskHistory.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * The same specification, written a second time, one state and one transition at a time, and a search through all orders:
 * slow, and plain enough to be believed. A start is a claim here, and what is not known has its place in the order.
 */
final class LinearizabilityBruteForce {
    private final int top;

    private LinearizabilityBruteForce(List<Op> ops) {
        int largest = 0;
        for (Op op : ops) {
            largest = Math.max(largest, op.attempt());
            largest = op.answer() instanceof ReadAnswer read ? Math.max(largest, read.attempt()) : largest;
        }
        this.top = largest + 1;
    }

    /**
     * An operation.
     *
     * @param answer null if it is not known; not used for a start
     * @param invoked its place among all events; below all of them for a start
     * @param answered its place among all events; beyond all of them if the answer is not known
     */
    record Op(TaskHistory.Kind kind, int attempt, @Nullable Verdict verdict, @Nullable Object answer, int invoked,
            int answered) {
        boolean mustHappen() {
            return answered != Integer.MAX_VALUE;
        }

        Op withAnswer(Object other) {
            return new Op(kind, attempt, verdict, other, invoked, answered);
        }

        Op withAttempt(int other) {
            return new Op(kind, other, verdict, answer, invoked, answered);
        }
    }

    /** @param status null if there is no task */
    record State(@Nullable TaskStatus status, int attempt, boolean asked) {
        static final State NONE = new State(null, 0, false);

        State to(TaskStatus next) {
            return new State(next, attempt, asked);
        }

        boolean is(TaskStatus other) {
            return status == other;
        }
    }

    static boolean isLinearizable(List<Op> ops) {
        var search = new LinearizabilityBruteForce(ops);
        return search.place(new ArrayList<>(ops), search.closed(Set.of(State.NONE)));
    }

    private boolean place(List<Op> left, Set<State> states) {
        if (states.isEmpty()) {
            return false;
        }
        if (left.stream().noneMatch(Op::mustHappen)) {
            return true;
        }
        int earliest = left.stream().mapToInt(Op::answered).min().orElseThrow();
        for (Op op : left) {
            if (op.invoked() > earliest) {
                continue;
            }
            var rest = new ArrayList<>(left);
            rest.remove(op);
            var next = new HashSet<State>();
            for (State state : states) {
                next.addAll(apply(op, state));
            }
            if (place(rest, closed(next))) {
                return true;
            }
        }
        return false;
    }

    private Set<State> closed(Set<State> states) {
        var all = new HashSet<State>();
        var todo = new ArrayList<State>(states);
        while (!todo.isEmpty()) {
            State state = todo.removeLast();
            if (all.add(state)) {
                todo.addAll(hidden(state, top));
            }
        }
        return all;
    }

    /** What workers and sweepers do by themselves. */
    static List<State> hidden(State state, int top) {
        if (state.is(TaskStatus.PENDING)) {
            return state.attempt() < top
                    ? List.of(new State(TaskStatus.RUNNING, state.attempt() + 1, false))
                    : List.of(new State(TaskStatus.RUNNING, top, false));
        }
        if (state.is(TaskStatus.RUNNING)) {
            return state.asked()
                    ? List.of(state.to(TaskStatus.CANCELLED))
                    : List.of(state.to(TaskStatus.PENDING), state.to(TaskStatus.FAILED));
        }
        return List.of();
    }

    private static Set<State> apply(Op op, State state) {
        var after = new HashSet<State>();
        for (Effect effect : effects(op.kind(), op.attempt(), op.verdict(), state)) {
            if (op.answer() == null || fits(op.answer(), effect.answer())) {
                after.add(effect.state());
            }
        }
        return after;
    }

    private static boolean fits(Object answer, Object exact) {
        if (answer == SubmitAnswer.ACKNOWLEDGED) {
            return exact == SubmitAnswer.CREATED || exact == SubmitAnswer.DUPLICATE;
        }
        if (answer == EndAnswer.RECORDED) {
            return exact instanceof EndAnswer && exact != EndAnswer.LOST;
        }
        if (answer instanceof ReadAnswer read && exact instanceof ReadAnswer seen) {
            return read.status() == seen.status() && (!read.knowsAttempt()
                    || (read.attempt() == seen.attempt() && read.cancelRequested() == seen.cancelRequested()));
        }
        return answer.equals(exact);
    }

    /** One thing that an operation may do in a state. */
    record Effect(Object answer, State state) {}

    static List<Effect> effects(TaskHistory.Kind kind, int attempt, @Nullable Verdict verdict, State state) {
        return switch (kind) {
            case SUBMIT -> state.status() == null
                    ? List.of(new Effect(SubmitAnswer.CREATED, new State(TaskStatus.PENDING, 0, false)))
                    : List.of(new Effect(SubmitAnswer.DUPLICATE, state),
                            new Effect(SubmitAnswer.CONFLICTING_INPUT, state));
            case CANCEL -> List.of(cancel(state));
            case READ -> List.of(new Effect(state.status() == null
                    ? ReadAnswer.notFound()
                    : ReadAnswer.of(state.status(), state.attempt(), state.asked()), state));
            case START -> state.is(TaskStatus.PENDING) && state.attempt() == attempt - 1
                    ? List.of(new Effect(true, new State(TaskStatus.RUNNING, attempt, false)))
                    : List.of();
            case END -> end(attempt, verdict, state);
        };
    }

    private static Effect cancel(State state) {
        if (state.status() == null) {
            return new Effect(CancelAnswer.NOT_FOUND, state);
        }
        return switch (state.status()) {
            case PENDING -> new Effect(CancelAnswer.TRUE, state.to(TaskStatus.CANCELLED));
            case RUNNING -> new Effect(CancelAnswer.TRUE, new State(TaskStatus.RUNNING, state.attempt(), true));
            case CANCELLED -> new Effect(CancelAnswer.TRUE, state);
            default -> new Effect(CancelAnswer.FALSE, state);
        };
    }

    private static List<Effect> end(int attempt, @Nullable Verdict verdict, State state) {
        if (state.status() == null || state.attempt() < attempt) {
            return List.of(); // nobody works on it yet
        }
        if (!state.is(TaskStatus.RUNNING) || state.attempt() != attempt) {
            return List.of(new Effect(EndAnswer.LOST, state));
        }
        Effect completed = new Effect(EndAnswer.COMPLETED, state.to(TaskStatus.COMPLETED));
        Effect failed = new Effect(EndAnswer.FAILED, state.to(TaskStatus.FAILED));
        Effect cancelled = new Effect(EndAnswer.CANCELLED, state.to(TaskStatus.CANCELLED));
        Effect waits = new Effect(EndAnswer.PENDING, state.to(TaskStatus.PENDING));
        if (verdict == Verdict.COMPLETE) {
            return List.of(completed);
        }
        if (verdict == Verdict.FAIL_FOR_GOOD) {
            return List.of(failed);
        }
        if (state.asked()) {
            return List.of(cancelled);
        }
        return verdict == Verdict.FAIL ? List.of(waits, failed) : List.of(waits);
    }
}
