package dev.windlass.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.RetryPolicy;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

class DagDefinitionTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Test
    void build_manyMistakes_allReportedWithNames() {
        DagDefinition.Builder builder = DagDefinition.builder("g").step("a", "k", null, "c").step("b", "k", null, "a")
                .step("c", "k", null, "b").step("d", "k", null, "d").step("e", "", null, "nowhere")
                .step("x".repeat(201), "k", null);

        assertThatThrownBy(builder::build).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a → c → b → a").hasMessageContaining("'d' needs itself")
                .hasMessageContaining("the kind of step 'e' is empty").hasMessageContaining("'nowhere'")
                .hasMessageContaining("201 bytes");
    }

    @Test
    void build_sameNameTwice_reportedOnce() {
        assertThatThrownBy(() -> DagDefinition.builder("g").step("a", "k", null).step("a", "k", null)
                .step("a", "k", null).build()).isInstanceOf(InvalidInputException.class)
                .hasMessage("The graph 'g' cannot be used: two steps are called 'a': names must differ.");
    }

    @Test
    void build_emptyGraphOrNames_refused() {
        assertThatThrownBy(() -> DagDefinition.builder("").build()).hasMessageContaining("name is empty")
                .hasMessageContaining("no steps");
    }

    @Test
    void build_twoCycles_bothShown() {
        assertThatThrownBy(() -> DagDefinition.builder("g").step("a", "k", null, "b").step("b", "k", null, "a")
                .step("c", "k", null, "d").step("d", "k", null, "c").step("behind", "k", null, "a").build())
                .hasMessageContaining("a → b → a").hasMessageContaining("c → d → c").message()
                .doesNotContain("behind");
    }

    @Test
    void build_chainOfFiftyThousand_isQuickAndShallow() {
        DagDefinition.Builder builder = DagDefinition.builder("long").step("0", "k", null);
        for (int i = 1; i < 50_000; i++) {
            builder.step(Integer.toString(i), "k", null, Integer.toString(i - 1));
        }
        assertThat(builder.build().steps()).hasSize(50_000);
    }

    @Test
    void json_roundTrip_keepsEverything() {
        DagDefinition dag = DagDefinition.builder("g")
                .step(DagStep.of("a/é", "k", JsonNodeFactory.instance.objectNode().put("x", 1), List.of())
                        .withRetry(RetryPolicy.fixed(2, Duration.ofMillis(5))).withTimeout(null)
                        .withPlacement(Placement.FLEET).withQueue("gpu"))
                .step("b", "k", null, "a/é").build();

        DagDefinition read = DagDefinition.fromJson(JSON.readTree(JSON.writeValueAsBytes(dag.toJson())));

        assertThat(read.steps()).isEqualTo(dag.steps());
        assertThat(read.hash()).isEqualTo(dag.hash());
    }

    @Test
    void hash_otherOrder_same_otherWiring_differs() {
        DagDefinition one = DagDefinition.builder("g").step("a", "k", null).step("b", "k", null)
                .step("c", "k", null, "a", "b").build();
        DagDefinition reordered = DagDefinition.builder("g").step("c", "k", null, "b", "a").step("b", "k", null)
                .step("a", "k", null).build();
        DagDefinition rewired = DagDefinition.builder("g").step("a", "k", null).step("b", "k", null)
                .step("c", "k", null, "a").build();

        assertThat(one.hash()).isEqualTo(reordered.hash()).isNotEqualTo(rewired.hash());
    }

    @Test
    void fromJson_wrongTypes_namedWithTheStep() {
        assertThatThrownBy(() -> DagDefinition.fromJson(JSON.readTree(
                "{\"name\":\"g\",\"steps\":[{\"kind\":\"k\"},{\"name\":\"b\",\"kind\":\"k\",\"timeout\":\"soon\"}]}")))
                .isInstanceOf(InvalidInputException.class).hasMessageContaining("\"name\" of step 1 is missing")
                .hasMessageContaining("\"timeout\" of step 2");
        assertThatThrownBy(() -> DagDefinition.fromJson(JSON.readTree("[]"))).hasMessageContaining("no graph");
    }
}
