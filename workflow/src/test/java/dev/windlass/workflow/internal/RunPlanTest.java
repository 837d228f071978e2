package dev.windlass.workflow.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.MapOver;
import dev.windlass.workflow.Placement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class RunPlanTest {
    private static final StepOutcome OUTCOME = StepOutcome.skipped(1, Instant.EPOCH, Instant.EPOCH, false, "w");

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
                assertThat(plan.recorded(step, OUTCOME, true)).isTrue();
                assertThat(plan.recorded(step, OUTCOME, true)).isFalse();
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

        plan.recorded(plan.takeLocal(), OUTCOME, false);

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

        plan.recorded(plan.indexOf("b"), OUTCOME, true);
        plan.recorded(plan.indexOf("a"), OUTCOME, true);

        assertThat(plan.step(plan.takeLocal()).name()).isEqualTo("c");
        assertThat(plan.takeLocal()).isEqualTo(-1);
    }

    private static RunPlan mapped(int parallel) {
        return new RunPlan(DagDefinition.builder("g").step("list", "k", null)
                .step(DagStep.of("each", "k", null, List.of("list")).withMap(new MapOver("list", parallel)))
                .step("end", "k", null, "each").build(), DagStep::placement);
    }

    private static JsonNode[] items(int count) {
        JsonNode[] items = new JsonNode[count];
        for (int i = 0; i < count; i++) {
            items[i] = JsonNodeFactory.instance.numberNode(i);
        }
        return items;
    }

    @Test
    void map_opensWhenItsListIsThere_neverMoreReadyThanAllowed_gathersAtTheEnd() {
        RunPlan plan = mapped(3);
        assertThat(plan.takeToOpen()).isEqualTo(-1);
        plan.recorded(plan.takeLocal(), OUTCOME, true);
        assertThat(plan.hasLocalReady()).isFalse();
        int map = plan.takeToOpen();
        plan.openMap(map, items(10));
        assertThat(plan.size()).isEqualTo(13);

        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            assertThat(plan.readyCount(Placement.AUTO)).isLessThanOrEqualTo(3);
            assertThat(plan.takeToGather()).isEqualTo(-1);
            int step = plan.takeLocal();
            assertThat(plan.over(step)).isEqualTo("list");
            assertThat(plan.step(step).name()).isEqualTo("each[" + plan.item(step) + "]");
            seen.add(plan.step(step).name());
            plan.recorded(step, OUTCOME, true);
        }
        assertThat(seen).hasSize(10);
        assertThat(plan.takeToGather()).isEqualTo(map);
        plan.recorded(map, OUTCOME, true);
        assertThat(plan.isFolded(plan.indexOf("each[4]"))).isTrue();
        assertThat(plan.step(plan.takeLocal()).name()).isEqualTo("end");
    }

    /** As a recovery does it: opened before anything is recorded, items known, one of them out. */
    @Test
    void map_openedByARecovery_knownAndOutstandingItemsCountOnce() {
        RunPlan plan = mapped(2);
        int map = plan.indexOf("each");
        plan.openMap(map, items(5));
        plan.recorded(plan.indexOf("list"), OUTCOME, true);
        plan.recorded(plan.indexOf("each[0]"), OUTCOME, true);
        plan.recorded(plan.indexOf("each[3]"), OUTCOME, true);
        plan.take(plan.indexOf("each[4]"));
        assertThat(plan.takeToOpen()).isEqualTo(-1);

        List<String> order = new ArrayList<>();
        for (int step = plan.takeLocal(); step >= 0; step = plan.takeLocal()) {
            order.add(plan.step(step).name());
            plan.recorded(step, OUTCOME, true);
        }
        assertThat(order).containsExactlyInAnyOrder("each[1]", "each[2]");
        assertThat(plan.takeToGather()).isEqualTo(-1);
        plan.recorded(plan.indexOf("each[4]"), OUTCOME, true);
        assertThat(plan.takeToGather()).isEqualTo(map);
    }

    @Test
    void map_ofNothing_isGatheredAtOnce_andOneRecordedElsewhereClosesItsItems() {
        RunPlan plan = mapped(0);
        plan.recorded(plan.indexOf("list"), OUTCOME, true);
        plan.openMap(plan.takeToOpen(), items(0));
        assertThat(plan.takeToGather()).isEqualTo(plan.indexOf("each"));

        RunPlan other = mapped(0);
        other.recorded(other.indexOf("list"), OUTCOME, true);
        other.openMap(other.takeToOpen(), items(4));
        other.takeLocal();
        other.recorded(other.indexOf("each"), OUTCOME, true);
        assertThat(other.step(other.takeLocal()).name()).isEqualTo("end");
        other.recorded(other.indexOf("end"), OUTCOME, true);
        assertThat(other.isComplete()).isTrue();
    }
}
