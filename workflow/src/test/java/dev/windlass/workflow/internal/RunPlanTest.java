package dev.windlass.workflow.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.Placement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunPlanTest {

    static DagDefinition random(long seed, int size, int width) {
        Random random = new Random(seed);
        List<DagStep> steps = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Set<String> needs = new HashSet<>();
            for (int k = random.nextInt(4); k > 0 && i > 0; k--) {
                needs.add("s" + (Math.max(0, i - width) + random.nextInt(Math.min(i, width))));
            }
            steps.add(DagStep.of("s" + i, "k", null, needs.stream().sorted().toList()));
        }
        java.util.Collections.shuffle(steps, random);
        DagDefinition.Builder builder = DagDefinition.builder("random");
        steps.forEach(builder::step);
        return builder.build();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void take_randomGraphs_neverBeforeItsNeeds_andEachOnce(long seed) {
        Random random = new Random(seed);
        DagDefinition dag = random(seed, 300, 1 + random.nextInt(40));
        Placement[] places = Placement.values();
        RunPlan plan = new RunPlan(dag, step -> places[Math.floorMod(step.name().hashCode(), 3)]);
        List<Integer> running = new ArrayList<>();
        Set<Integer> taken = new HashSet<>();
        while (!plan.isComplete()) {
            for (Placement place : places) {
                for (int step = plan.take(place); step >= 0; step = plan.take(place)) {
                    assertThat(plan.placement(step)).isEqualTo(place);
                    for (int need : plan.needs(step)) {
                        assertThat(plan.isDone(need)).isTrue();
                    }
                    if (random.nextInt(5) == 0) {
                        plan.giveBack(step);
                        break;
                    }
                    assertThat(taken.add(step)).isTrue();
                    running.add(step);
                }
            }
            if (!running.isEmpty()) {
                int step = running.remove(/* index */ random.nextInt(running.size()));
                assertThat(plan.recorded(step, true)).isTrue();
                assertThat(plan.recorded(step, true)).isFalse();
            }
        }
        assertThat(taken).hasSize(300);
        assertThat(plan.done()).isEqualTo(300);
    }

    @Test
    void recorded_failure_childrenStayClosed() {
        RunPlan plan = new RunPlan(
                DagDefinition.builder("g").step("a", "k", null).step("b", "k", null, "a").build(),
                DagStep::placement);

        plan.recorded(plan.takeLocal(), false);

        assertThat(plan.hasLocalReady()).isFalse();
        assertThat(plan.isComplete()).isFalse();
    }

    @Test
    void takeLocal_longestRemainingPathFirst() {
        RunPlan plan = new RunPlan(DagDefinition.builder("g").step("short", "k", null).step("long", "k", null)
                .step("then", "k", null, "long").build(), DagStep::placement);

        assertThat(plan.step(plan.takeLocal()).name()).isEqualTo("long");
        assertThat(plan.step(plan.takeLocal()).name()).isEqualTo("short");
    }

    @Test
    void recorded_restoredOutOfOrder_readyIsRight() {
        RunPlan plan = new RunPlan(DagDefinition.builder("g").step("a", "k", null).step("b", "k", null, "a")
                .step("c", "k", null, "b").build(), DagStep::placement);

        plan.recorded(plan.indexOf("b"), true);
        plan.recorded(plan.indexOf("a"), true);

        assertThat(plan.step(plan.takeLocal()).name()).isEqualTo("c");
        assertThat(plan.takeLocal()).isEqualTo(-1);
    }
}
