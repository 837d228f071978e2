package dev.windlass.workflow.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import dev.windlass.queue.RetryPolicy;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.MapOver;
import org.junit.jupiter.api.Test;

class DagChangeTest {
    private static final DagStep A = DagStep.of("a", "k", null, List.of());
    private static final DagStep B = DagStep.of("b", "k", null, List.of("a"));
    private static final DagStep C = DagStep.of("c", "k", null, List.of("b", "a"));

    private static DagDefinition dag(DagStep... steps) {
        DagDefinition.Builder builder = DagDefinition.builder("g");
        for (DagStep step : steps) {
            builder.step(step);
        }
        return builder.build();
    }

    @Test
    void between_addedStepsOtherOptionsOtherOrder_taken() {
        DagChange change = DagChange.between(dag(A, B, C), dag(DagStep.of("c", "k", null, List.of("a", "b")),
                DagStep.of("new", "k", null, List.of("a")), B.withRetry(RetryPolicy.none()), A));
        assertThat(change.isRefused()).isFalse();
        assertThat(change.added()).containsExactly("new");
    }

    @Test
    void between_removedOrRewired_refusedWithTheDifference() {
        DagDefinition now = dag(A, DagStep.of("c", "k", null, List.of("a")),
                DagStep.of("x", "k", null, List.of("a")).withMap(new MapOver("a", 0)));
        DagChange change = DagChange.between(dag(A, B, C, DagStep.of("x", "k", null, List.of("a"))), now);
        assertThat(change.refused()).containsExactly("step 'b' is gone", "step 'c' needed [b, a] and needs [a]",
                "step 'x' was a plain step and is a map over 'a'");
        assertThat(change.reason(now)).contains("'g' version 1", "step 'b' is gone", "resume the run");
    }
}
