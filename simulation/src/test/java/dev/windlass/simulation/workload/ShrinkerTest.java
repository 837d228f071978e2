package dev.windlass.simulation.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

import dev.windlass.simulation.Invariant;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.SimulationFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
    private static final Plan PLAN = Plan.draw(12);

    private static SimulationFailure failure(Invariant invariant) {
        return catchThrowableOfType(SimulationFailure.class,
                () -> Simulation.run(11, sim -> sim.fail(invariant, "as wanted")));
    }

    /** Fails with F1 as long as these elements are in, and otherwise, if any of them is, with something else. */
    private static @Nullable SimulationFailure play(Plan plan, List<Integer> needed) {
        BitSet left = plan.left();
        long there = needed.stream().filter(element -> !left.get(element)).count();
        return there == needed.size() ? failure(Invariant.F1) : there > 0 ? failure(Invariant.G1) : null;
    }

    private static List<Integer> kept(Plan plan) {
        var kept = new ArrayList<Integer>();
        for (int i = 0; i < plan.size(); i++) {
            if (!plan.left().get(i) && !plan.isIdle(i)) {
                kept.add(i);
            }
        }
        return kept;
    }

    @Test
    void shrink_twoElementsNeeded_keepsJustThese() {
        List<Integer> needed = List.of(2, 8);
        Shrinker.Shrunk shrunk = Shrinker.shrink(PLAN, failure(Invariant.F1), 500, plan -> play(plan, needed));
        assertThat(kept(shrunk.plan())).isEqualTo(needed);
        assertThat(shrunk.failure().invariant()).isEqualTo(Invariant.F1);
        assertThat(shrunk.tries()).isBetween(5, 200);
    }

    @Test
    void shrink_noTriesLeft_keepsThePlan() {
        Shrinker.Shrunk shrunk = Shrinker.shrink(PLAN, failure(Invariant.F1), 0, plan -> play(plan, List.of(1)));
        assertThat(shrunk.plan().left().isEmpty()).isTrue();
        assertThat(shrunk.tries()).isZero();
    }

    @Test
    void shrink_nothingNeeded_leavesEverythingOut() {
        SimulationFailure always = failure(Invariant.F1);
        assertThat(kept(Shrinker.shrink(PLAN, always, 500, plan -> always).plan())).isEmpty();
    }

    @Test
    void ops_someLeftOut_othersAreUnchanged() {
        var out = new BitSet();
        out.set(0);
        out.set(3);
        assertThat(PLAN.leavingOut(out).ops())
                .containsExactlyElementsOf(
                        PLAN.ops().stream().filter(op -> op.number() != 0 && op.number() != 3).toList());
    }
}
