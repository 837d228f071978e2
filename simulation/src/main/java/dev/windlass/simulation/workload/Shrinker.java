package dev.windlass.simulation.workload;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

import dev.windlass.simulation.SimulationFailure;
import org.jspecify.annotations.Nullable;

/**
 * Makes a failing history shorter: leaves out parts of its plan, as long as the same invariant still fails. The minimizing
 * delta debugging algorithm (Zeller and Hildebrandt, 2002) on the elements of the plan; of the plans that it tries, it
 * keeps the one with the shortest trace.
 *
 * <p>Bounded by the number of histories that it plays, so that its result is decided by the seed too.
 */
public final class Shrinker {
    private final Function<Plan, @Nullable SimulationFailure> player;
    private int left;

    private Shrinker(Function<Plan, @Nullable SimulationFailure> player, int tries) {
        this.player = player;
        this.left = tries;
    }

    /**
     * A failing history.
     *
     * @param plan what was played
     * @param failure how it failed
     * @param tries how many histories were played to find it
     */
    public record Shrunk(Plan plan, SimulationFailure failure, int tries) {}

    /**
     * Looks for a shorter history that fails in the same way.
     *
     * @param plan one that fails
     * @param failure how
     * @param tries how many histories to play at most, 0 or more
     */
    public static Shrunk shrink(Plan plan, SimulationFailure failure, int tries) {
        return shrink(plan, failure, tries, Shrinker::failureOf);
    }

    static Shrunk shrink(Plan plan, SimulationFailure failure, int tries,
            Function<Plan, @Nullable SimulationFailure> player) {
        var shrinker = new Shrinker(player, tries);
        Shrunk best = shrinker.reduce(plan, failure);
        return new Shrunk(best.plan(), best.failure(), tries - shrinker.left);
    }

    private static @Nullable SimulationFailure failureOf(Plan plan) {
        try {
            Histories.play(plan);
            return null;
        } catch (SimulationFailure failure) {
            return failure;
        }
    }

    private Shrunk reduce(Plan first, SimulationFailure firstFailure) {
        var best = new Shrunk(first, firstFailure, 0);
        int chunks = 2;
        while (left > 0) {
            List<Integer> elements = elements(best.plan());
            if (elements.isEmpty()) {
                return best;
            }
            chunks = Math.min(chunks, elements.size());
            Shrunk shorter = withoutOneOf(best, elements, chunks);
            if (shorter != null) {
                best = shorter;
                chunks = Math.max(2, chunks - 1);
            } else if (chunks == elements.size()) {
                return best;
            } else {
                chunks = Math.min(elements.size(), chunks * 2);
            }
        }
        return best;
    }

    /** The plan without one of so many parts of it that still fails in the same way, or null. */
    private @Nullable Shrunk withoutOneOf(Shrunk best, List<Integer> elements, int chunks) {
        for (int i = 0; i < chunks && left > 0; i++) {
            int from = elements.size() * i / chunks;
            int to = elements.size() * (i + 1) / chunks;
            BitSet out = best.plan().left();
            elements.subList(from, to).forEach(out::set);
            Plan candidate = best.plan().leavingOut(out);
            left--;
            SimulationFailure failure = player.apply(candidate);
            if (failure != null && isSame(failure, best.failure())) {
                return new Shrunk(candidate, failure, 0);
            }
        }
        return null;
    }

    private static List<Integer> elements(Plan plan) {
        var elements = new ArrayList<Integer>();
        BitSet out = plan.left();
        for (int i = 0; i < plan.size(); i++) {
            if (!out.get(i) && !plan.isIdle(i)) {
                elements.add(i);
            }
        }
        return elements;
    }

    /** The same invariant; where there is none, the same kind of reason. */
    private static boolean isSame(SimulationFailure one, SimulationFailure other) {
        return one.invariant() == other.invariant()
                && (one.invariant() != null || kind(one.reason()).equals(kind(other.reason())));
    }

    private static String kind(String reason) {
        String text = reason.replaceAll("[0-9]+", "#");
        return text.substring(0, Math.min(40, text.length()));
    }
}
