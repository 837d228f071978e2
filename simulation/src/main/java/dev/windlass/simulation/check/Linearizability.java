package dev.windlass.simulation.check;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;

import dev.windlass.simulation.check.TaskHistory.Call;
import dev.windlass.simulation.check.TaskHistory.Event;
import dev.windlass.simulation.check.TaskHistory.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether the history of a task is linearizable: whether there is an order of its operations, each placed between
 * its invocation and its answer, in which the sequential specification (docs/protocol.md, "Life of a task") gives every
 * answer that was given.
 *
 * <p>M. Herlihy, J. Wing, "Linearizability: A Correctness Condition for Concurrent Objects", 1990, defines it. J. Wing,
 * C. Gong, "Testing and Verifying Concurrent Objects", 1993, search for an order. G. Lowe, "Testing for Linearizability",
 * 2017, remembers the configurations that have been reached, as Porcupine does, and places an operation only just in time,
 * when an answer comes, as Knossos does. So does this: a configuration is which of the operations that are open have been
 * placed, and since the specification is not deterministic (a worker or a sweeper may act in between), each has the set
 * of all states that some order leads to. The operations whose outcome is not known belong to what may happen in
 * between ({@code LinearizabilityStates.Hidden}), so that only those that really overlap multiply configurations.
 *
 * <p>The start of a handler is the observation of a claim that took effect at any time before. Each attempt starts once.
 */
public final class Linearizability {
    private static final int MOST_PLACEMENTS = 50_000;
    private static final int MOST_OPEN = 64;
    /** First those with fewer operations placed: what leads to a configuration is complete when its turn comes. */
    private static final Comparator<Long> BY_SIZE = Comparator.<Long>comparingInt(Long::bitCount)
            .thenComparing(Comparator.naturalOrder());

    private final TaskHistory history;
    private final int limit;

    private Linearizability(TaskHistory history, int limit) {
        this.history = history;
        this.limit = limit;
    }

    /** Whether a history is linearizable. */
    public enum Answer {
        /** There is such an order. */
        LINEARIZABLE,
        /** There is none. */
        VIOLATED,
        /** Too many operations overlap, or the task was claimed too often, to tell within bounds. */
        UNDECIDED
    }

    /**
     * What came of it.
     *
     * @param answer whether there is an order
     * @param explanation for people, over several lines: the history, the longest order found, and what has no place in it;
     *            why it is undecided; empty if there is an order
     */
    public record Result(Answer answer, String explanation) {}

    /**
     * Judges a history.
     *
     * @return why it is not linearizable; empty if it is, and where that is undecided
     */
    public static Optional<String> check(TaskHistory history) {
        Result result = judge(history);
        return result.answer() == Answer.VIOLATED ? Optional.of(result.explanation()) : Optional.empty();
    }

    /** Judges a history, and tells what is undecided from what is right. Ends within a bounded number of steps. */
    public static Result judge(TaskHistory history) {
        return judge(history, MOST_PLACEMENTS);
    }

    /** @param limit how often to place an operation in the search before it is undecided */
    static Result judge(TaskHistory history, int limit) {
        if (history.largestAttempt() > LinearizabilityStates.MOST_ATTEMPTS) {
            return new Result(Answer.UNDECIDED, "task " + history.taskId() + " names attempt "
                    + history.largestAttempt() + ", more than " + LinearizabilityStates.MOST_ATTEMPTS);
        }
        var judge = new Linearizability(history, limit);
        return judge.isOrderOfAnswers() ? new Result(Answer.LINEARIZABLE, "") : judge.search();
    }

    /** The order of the answers itself is one, most often. */
    private boolean isOrderOfAnswers() {
        var hidden = new LinearizabilityStates.Hidden(history.largestAttempt(), history.expires());
        LinearizabilityStates states = LinearizabilityStates.initial();
        long started = 0;
        for (Event event : history.events()) {
            Call<?> call = event.call();
            if (event.isAnswer()) {
                states.close(hidden);
                states.apply(call);
                if (states.isEmpty() || isRepeated(started, call)) {
                    return false;
                }
                started |= startBit(call);
            } else if (call.answer() == null) {
                hidden.allow(call);
            }
        }
        return true;
    }

    private static long startBit(Call<?> call) {
        return call.kind() == Kind.START ? 1L << call.attempt() : 0;
    }

    private static boolean isRepeated(long started, Call<?> call) {
        return (started & startBit(call)) != 0;
    }

    /** The calls of an order, last first. */
    private record Order(Call<?> call, @Nullable Order before, int length) {}

    /** Which of the open calls have been placed, the states that this leads to, and one order that does. */
    private record Configuration(long placed, LinearizabilityStates states, @Nullable Order order) {
        int length() {
            return order == null ? 0 : order.length();
        }

        Configuration place(Call<?> call, long bit, LinearizabilityStates.Hidden hidden) {
            LinearizabilityStates next = states.copy();
            next.close(hidden);
            next.apply(call);
            return new Configuration(placed | bit, next, new Order(call, order, length() + 1));
        }
    }

    private Result search() {
        var hidden = new LinearizabilityStates.Hidden(history.largestAttempt(), history.expires());
        Collection<Configuration> configurations = List
                .of(new Configuration(0, LinearizabilityStates.initial(), null));
        Map<Call<?>, Long> open = new LinkedHashMap<>();
        long free = -1L;
        long started = 0;
        int placements = 0;
        for (Event event : history.events()) {
            Call<?> call = event.call();
            if (!event.isAnswer()) {
                if (call.answer() == null) {
                    hidden.allow(call);
                } else if (free == 0) {
                    return undecided("more than " + MOST_OPEN + " operations overlap");
                } else {
                    open.put(call, Long.lowestOneBit(free));
                    free ^= Long.lowestOneBit(free);
                }
                continue;
            }
            Long slot = open.remove(call);
            long bit = slot == null ? 0 : slot; // a start has none: it is placed here
            free |= bit;
            var todo = new TreeMap<Long, Configuration>(BY_SIZE);
            var done = new LinkedHashMap<Long, Configuration>();
            configurations.forEach(one -> merge(todo, one));
            @Nullable
            Configuration best = null;
            while (!todo.isEmpty()) {
                Configuration one = todo.pollFirstEntry().getValue();
                best = best == null || one.length() > best.length() ? one : best;
                if ((one.placed() & bit) != 0) {
                    merge(done, new Configuration(one.placed() & ~bit, one.states(), one.order()));
                    continue;
                }
                placements += 1 + open.size();
                if (placements > limit) {
                    return undecided("too many operations overlap");
                }
                merge(done, one.place(call, 0, hidden));
                open.forEach((other, otherBit) -> {
                    if ((one.placed() & otherBit) == 0) {
                        merge(todo, one.place(other, otherBit, hidden));
                    }
                });
            }
            boolean repeated = isRepeated(started, call);
            if (done.isEmpty() || repeated) {
                return violated(call, best, repeated, hidden);
            }
            started |= startBit(call);
            configurations = done.values();
        }
        return new Result(Answer.LINEARIZABLE, "");
    }

    private static void merge(Map<Long, Configuration> all, Configuration one) {
        if (one.states().isEmpty()) {
            return;
        }
        Configuration known = all.putIfAbsent(one.placed(), one);
        if (known != null) {
            LinearizabilityStates states = known.states().copy();
            states.addAll(one.states());
            all.put(one.placed(), new Configuration(known.placed(), states, known.order()));
        }
    }

    private Result undecided(String why) {
        return new Result(Answer.UNDECIDED, "task " + history.taskId() + ": " + why);
    }

    private Result violated(Call<?> call, @Nullable Configuration best, boolean repeated,
            LinearizabilityStates.Hidden hidden) {
        var order = new StringJoiner(" ");
        String states = "";
        if (best != null) {
            LinearizabilityStates after = best.states().copy();
            after.close(hidden);
            states = after.describe(hidden.top());
            var numbers = new ArrayDeque<String>();
            for (Order one = best.order(); one != null; one = one.before()) {
                numbers.addFirst("#" + one.call().number());
            }
            numbers.forEach(order::add);
        }
        return new Result(Answer.VIOLATED, history + "\nnot linearizable: " + call
                + (repeated ? " is a second start of the same attempt" : " fits no order of what came before")
                + "\nlongest order found: " + (order.length() == 0 ? "none" : order) + ", after which the task may be "
                + states);
    }
}
