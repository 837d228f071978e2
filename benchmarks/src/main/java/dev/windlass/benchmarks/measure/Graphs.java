package dev.windlass.benchmarks.measure;

import java.time.Duration;

import dev.windlass.Windlass;
import dev.windlass.queue.Worker;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.Workflows;
import tools.jackson.databind.node.JsonNodeFactory;

/** Graphs for measures: their steps sleep for as many milliseconds as their input says, and give their name. */
public final class Graphs {
    private static final String SLEEP = "sleep";

    private Graphs() {
    }

    /** Workflows that know such steps. */
    static Workflows on(Windlass windlass) {
        return Workflows.on(windlass.engine()).stepType(SLEEP, (step, input, parents) -> {
            windlass.engine().environment().sleep(Duration.ofMillis(input.asLong(0)));
            return step.name();
        });
    }

    /** A worker that runs them. */
    public static Worker start(Windlass windlass) {
        return start(on(windlass), windlass);
    }

    static Worker start(Workflows workflows, Windlass windlass) {
        return workflows.worker(windlass.worker(), WorkerOptions.ofDefaults()).start();
    }

    private static DagStep step(String name, long millis, String... needs) {
        return DagStep.of(name, SLEEP, JsonNodeFactory.instance.numberNode(millis), java.util.List.of(needs));
    }

    static DagDefinition chain(int length) {
        DagDefinition.Builder builder = DagDefinition.builder("chain").step(step("0", 0));
        for (int i = 1; i < length; i++) {
            builder.step(step(Integer.toString(i), 0, Integer.toString(i - 1)));
        }
        return builder.build();
    }

    /** So many steps side by side, and one that needs them all. */
    static DagDefinition wide(int width, long millis) {
        DagDefinition.Builder builder = DagDefinition.builder("wide");
        String[] names = new String[width];
        for (int i = 0; i < width; i++) {
            names[i] = "m" + i;
            builder.step(step(names[i], millis));
        }
        return builder.step(step("end", 0, names)).build();
    }

    /** Layers of a hundred steps, each of which needs two of the layer before. */
    static DagDefinition layers(int size) {
        DagDefinition.Builder builder = DagDefinition.builder("layers");
        for (int i = 0; i < size; i++) {
            builder.step(i < 100 ? step("s" + i, 0) : step("s" + i, 0, "s" + (i - 100), "s" + (i - 37)));
        }
        return builder.build();
    }
}
