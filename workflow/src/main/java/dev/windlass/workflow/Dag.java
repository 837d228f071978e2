package dev.windlass.workflow;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.TypeRef;
import tools.jackson.databind.json.JsonMapper;

/**
 * A graph of steps whose bodies are code, typed from the input to the result. A step names the steps that it needs as
 * values, so that a cycle cannot be written. Immutable; usually a constant.
 *
 * <pre>{@code
 * static final Dag<Order, Receipt> CHECKOUT = Dag.define("checkout", Order.class, Receipt.class, d -> {
 *     StepRef<Stock> stock = d.step("reserve", Stock.class, (step, order) -> inventory.reserve(order));
 *     StepRef<Payment> paid = d.step("charge", Payment.class, (step, order) -> payments.charge(order));
 *     return d.join("ship", Receipt.class, stock, paid, (step, s, p) -> shipping.ship(s, p));
 * });
 * }</pre>
 *
 * <p>Every process that is to run it registers it ({@link Workflows#register}): a run holds the graph, not the code.
 * docs/workflow.md says what may be changed in it while runs are open.
 *
 * @param <I> what a run is given
 * @param <O> what a run results in
 */
@SuppressWarnings("UnusedTypeParameter") // binds those who start it to what it takes and gives
public final class Dag<I, O> {
    private final DagDefinition definition;
    private final Type inputType;
    private final Type outputType;
    private final String result;
    private final Map<String, TypedStep> steps;

    private Dag(DagDefinition definition, Type inputType, Type outputType, String result,
            Map<String, TypedStep> steps) {
        this.definition = definition;
        this.inputType = inputType;
        this.outputType = outputType;
        this.result = result;
        this.steps = Map.copyOf(steps);
    }

    /**
     * Defines a graph.
     *
     * @param name names it in the store, at most 150 bytes once percent-encoded
     * @param input the class of what a run is given
     * @param output the class of the result
     * @param steps adds the steps, and returns the one whose result is the run's
     * @throws InvalidInputException if the graph cannot be used; the message lists all that is wrong with it, with names
     */
    public static <I, O> Dag<I, O> define(String name, Class<I> input, Class<O> output,
            Function<DagBuilder<I>, StepRef<O>> steps) {
        return build(name, input, output, steps);
    }

    /**
     * Defines a graph with a generic input or result.
     *
     * @param name names it in the store, at most 150 bytes once percent-encoded
     * @param input the type of what a run is given
     * @param output the type of the result
     * @param steps adds the steps, and returns the one whose result is the run's
     * @throws InvalidInputException if the graph cannot be used; the message lists all that is wrong with it, with names
     */
    public static <I, O> Dag<I, O> defineGeneric(String name, TypeRef<I> input, TypeRef<O> output,
            Function<DagBuilder<I>, StepRef<O>> steps) {
        return build(name, input.type(), output.type(), steps);
    }

    private static <I, O> Dag<I, O> build(String name, Type input, Type output,
            Function<DagBuilder<I>, StepRef<O>> define) {
        DagParts parts = new DagParts(name, input);
        StepRef<O> result = define.apply(new DagBuilder<>(parts, StepOptions.ofDefaults(), List.of()));
        List<String> problems = new ArrayList<>(parts.problems());
        if (result == null) {
            problems.add("its definition returns no step: return the one whose result is the run's");
        } else {
            parts.checkResult(problems, result);
        }
        problems.addAll(parts.nameProblems());
        if (problems.isEmpty()) {
            problems.addAll(DagChecks.problems(name, parts.definitions()));
        }
        if (!problems.isEmpty() || result == null) {
            throw new InvalidInputException(DagChecks.message(name, problems));
        }
        return new Dag<>(DagDefinition.of(name, parts.version(), parts.definitions()), input, output, result.name(),
                parts.steps());
    }

    /** Its name in the store. */
    public String name() {
        return definition.name();
    }

    /** Its version, 1 unless the definition says otherwise. */
    public int version() {
        return definition.version();
    }

    /** What the store holds of it: names, needs and options. */
    public DagDefinition definition() {
        return definition;
    }

    /** The kind of all its steps, as the store names it: a worker that does not know it leaves its runs alone. */
    String kind() {
        return kind(name(), version());
    }

    static String kind(String name, int version) {
        return "dag:" + name + ":" + version;
    }

    Type inputType() {
        return inputType;
    }

    Type outputType() {
        return outputType;
    }

    /** The name of the step whose result is the run's. */
    String result() {
        return result;
    }

    TypedSteps handler(JsonMapper json) {
        return new TypedSteps(definition, steps, json);
    }

    @Override
    public String toString() {
        return definition.toString();
    }
}
