package dev.windlass.workflow;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

import dev.windlass.queue.TypeRef;
import org.jspecify.annotations.Nullable;

/**
 * Adds steps to a {@link Dag} that is being defined. Every step has a name, unique in the graph, which never changes its
 * meaning: runs that are open know the step by it. What is wrong is collected, and reported when the definition ends. Not
 * safe for use by several threads, and of no use after the definition.
 *
 * @param <I> what a run is given
 */
public final class DagBuilder<I> {
    private final DagParts parts;
    private final StepOptions options;
    private final List<TypedStep.Test> tests;

    DagBuilder(DagParts parts, StepOptions options, List<TypedStep.Test> tests) {
        this.parts = parts;
        this.options = options;
        this.tests = tests;
    }

    /**
     * The version of the graph. Runs of a version are run only by workers that have registered that version.
     *
     * @param version 1 or more; default 1
     */
    public void version(int version) {
        parts.version(version);
    }

    /** What the run is given, as a value that steps may take. */
    public StepRef<I> input() {
        return parts.input();
    }

    /**
     * Steps with other options: {@code d.with(StepOptions.retry(…)).step(…)}.
     *
     * @param options of the steps that are added by what is returned; those that this one has are gone
     */
    public DagBuilder<I> with(StepOptions options) {
        return new DagBuilder<>(parts, options, tests);
    }

    /**
     * Steps that run only if something holds, and are skipped otherwise: {@code d.when(stock, Stock::isScarce).step(…)}.
     * Conditions add up.
     *
     * @param a what it depends on; a need of the steps
     * @param holds decides, on the same value the same; it may be asked again after a crash
     */
    public <A> DagBuilder<I> when(StepRef<A> a, Predicate<? super A> holds) {
        return test(List.of(a), values -> holds.test(DagBuilder.<A>value(values, 0)));
    }

    /**
     * Steps that run only if something holds, and are skipped otherwise. Conditions add up.
     *
     * @param a what it depends on; a need of the steps
     * @param b what else it depends on
     * @param holds decides, on the same values the same; it may be asked again after a crash
     */
    public <A, B> DagBuilder<I> when(StepRef<A> a, StepRef<B> b, BiPredicate<? super A, ? super B> holds) {
        return test(List.of(a, b),
                values -> holds.test(DagBuilder.<A>value(values, 0), DagBuilder.<B>value(values, 1)));
    }

    private DagBuilder<I> test(List<StepRef<?>> takes, Predicate<List<@Nullable Object>> holds) {
        List<TypedStep.Test> more = new ArrayList<>(tests);
        more.add(new TypedStep.Test(takes, holds));
        return new DagBuilder<>(parts, options, List.copyOf(more));
    }

    /**
     * Adds a step that takes what the run is given.
     *
     * @param name its name
     * @param type the class of its result
     * @param body does the work
     */
    public <R> StepRef<R> step(String name, Class<R> type, Join.One<I, R> body) {
        return add(name, type, List.of(input()), (step, values) -> body.run(step, DagBuilder.<I>value(values, 0)));
    }

    /**
     * Adds a step that takes what the run is given.
     *
     * @param name its name
     * @param type the type of its result
     * @param body does the work
     */
    public <R> StepRef<R> step(String name, TypeRef<R> type, Join.One<I, R> body) {
        return add(name, type.type(), List.of(input()),
                (step, values) -> body.run(step, DagBuilder.<I>value(values, 0)));
    }

    /**
     * Adds a step that takes the result of another step.
     *
     * @param name its name
     * @param type the class of its result
     * @param a the other step
     * @param body does the work
     */
    public <A, R> StepRef<R> join(String name, Class<R> type, StepRef<A> a, Join.One<A, R> body) {
        return add(name, type, List.of(a),
                (step, values) -> body.run(step, DagBuilder.<A>value(values, 0)));
    }

    /**
     * Adds a step that takes the result of another step.
     *
     * @param name its name
     * @param type the type of its result
     * @param a the other step
     * @param body does the work
     */
    public <A, R> StepRef<R> join(String name, TypeRef<R> type, StepRef<A> a, Join.One<A, R> body) {
        return add(name, type.type(), List.of(a),
                (step, values) -> body.run(step, DagBuilder.<A>value(values, 0)));
    }

    /**
     * Adds a step that takes the results of two others.
     *
     * @param name its name
     * @param type the class of its result
     * @param a the first
     * @param b the second
     * @param body does the work
     */
    public <A, B, R> StepRef<R> join(String name, Class<R> type, StepRef<A> a, StepRef<B> b, Join.Two<A, B, R> body) {
        return add(name, type, List.of(a, b),
                (step, values) -> body.run(step, DagBuilder.<A>value(values, 0), DagBuilder.<B>value(values, 1)));
    }

    /**
     * Adds a step that takes the results of two others.
     *
     * @param name its name
     * @param type the type of its result
     * @param a the first
     * @param b the second
     * @param body does the work
     */
    public <A, B, R> StepRef<R> join(String name, TypeRef<R> type, StepRef<A> a, StepRef<B> b, Join.Two<A, B, R> body) {
        return add(name, type.type(), List.of(a, b),
                (step, values) -> body.run(step, DagBuilder.<A>value(values, 0), DagBuilder.<B>value(values, 1)));
    }

    /**
     * Adds a step that takes the results of three others.
     *
     * @param name its name
     * @param type the class of its result
     * @param a the first
     * @param b the second
     * @param c the third
     * @param body does the work
     */
    public <A, B, C, R> StepRef<R> join(String name, Class<R> type, StepRef<A> a, StepRef<B> b, StepRef<C> c,
            Join.Three<A, B, C, R> body) {
        return add(name, type, List.of(a, b, c),
                (step, values) -> body.run(step, DagBuilder.<A>value(values, 0), DagBuilder.<B>value(values, 1),
                        DagBuilder.<C>value(values, 2)));
    }

    /**
     * Adds a step that takes the results of three others.
     *
     * @param name its name
     * @param type the type of its result
     * @param a the first
     * @param b the second
     * @param c the third
     * @param body does the work
     */
    public <A, B, C, R> StepRef<R> join(String name, TypeRef<R> type, StepRef<A> a, StepRef<B> b, StepRef<C> c,
            Join.Three<A, B, C, R> body) {
        return add(name, type.type(), List.of(a, b, c),
                (step, values) -> body.run(step, DagBuilder.<A>value(values, 0), DagBuilder.<B>value(values, 1),
                        DagBuilder.<C>value(values, 2)));
    }

    /**
     * Adds a step that takes the results of four others.
     *
     * @param name its name
     * @param type the class of its result
     * @param a the first
     * @param b the second
     * @param c the third
     * @param d the fourth
     * @param body does the work
     */
    public <A, B, C, D, R> StepRef<R> join(String name, Class<R> type, StepRef<A> a, StepRef<B> b, StepRef<C> c,
            StepRef<D> d, Join.Four<A, B, C, D, R> body) {
        return add(name, type, List.of(a, b, c, d),
                (step, values) -> body.run(step, DagBuilder.<A>value(values, 0), DagBuilder.<B>value(values, 1),
                        DagBuilder.<C>value(values, 2), DagBuilder.<D>value(values, 3)));
    }

    /**
     * Adds a step that takes the results of four others.
     *
     * @param name its name
     * @param type the type of its result
     * @param a the first
     * @param b the second
     * @param c the third
     * @param d the fourth
     * @param body does the work
     */
    public <A, B, C, D, R> StepRef<R> join(String name, TypeRef<R> type, StepRef<A> a, StepRef<B> b, StepRef<C> c,
            StepRef<D> d, Join.Four<A, B, C, D, R> body) {
        return add(name, type.type(), List.of(a, b, c, d),
                (step, values) -> body.run(step, DagBuilder.<A>value(values, 0), DagBuilder.<B>value(values, 1),
                        DagBuilder.<C>value(values, 2), DagBuilder.<D>value(values, 3)));
    }

    /**
     * Adds a step that takes the results of any number of others.
     *
     * @param name its name
     * @param type the class of its result
     * @param all the others; none is allowed
     * @param body does the work; gets their results in the same order
     */
    public <A, R> StepRef<R> joinAll(String name, Class<R> type, List<StepRef<A>> all, Join.One<List<A>, R> body) {
        return add(name, type, List.copyOf(all), (step, values) -> body.run(step, DagBuilder.<A>list(values)));
    }

    /**
     * Adds a step that takes the results of any number of others.
     *
     * @param name its name
     * @param type the type of its result
     * @param all the others; none is allowed
     * @param body does the work; gets their results in the same order
     */
    public <A, R> StepRef<R> joinAll(String name, TypeRef<R> type, List<StepRef<A>> all, Join.One<List<A>, R> body) {
        return add(name, type.type(), List.copyOf(all), (step, values) -> body.run(step, DagBuilder.<A>list(values)));
    }

    /**
     * Adds a step that runs once for each item of a list, as many at once as there is room for; its result is the list of the
     * results, in the order of the items. Each item is a step of its own, {@code name[0]} and so on: tried, timed,
     * placed and recorded like any other. At most 100,000 items.
     *
     * @param name its name
     * @param type the class of its result for one item
     * @param over gives the list
     * @param body does the work for one item; an item that has failed while the run goes on leaves a null in the list
     */
    public <A, R> StepRef<List<R>> map(String name, Class<R> type, StepRef<List<A>> over, Join.One<A, R> body) {
        return addMap(name, type, over, 0, body);
    }

    /**
     * Adds a step that runs once for each item of a list, as many at once as there is room for; its result is the list of the
     * results, in the order of the items. Each item is a step of its own, {@code name[0]} and so on: tried, timed,
     * placed and recorded like any other. At most 100,000 items.
     *
     * @param name its name
     * @param type the type of its result for one item
     * @param over gives the list
     * @param body does the work for one item; an item that has failed while the run goes on leaves a null in the list
     */
    public <A, R> StepRef<List<R>> map(String name, TypeRef<R> type, StepRef<List<A>> over, Join.One<A, R> body) {
        return addMap(name, type.type(), over, 0, body);
    }

    /**
     * Adds a step that runs once for each item of a list, with a bound on how many items are at work at once; see the form
     * without one.
     *
     * @param name its name
     * @param type the class of its result for one item
     * @param over gives the list
     * @param parallel how many items may be at work at once, 1 or more; 0 for as many as there is room for
     * @param body does the work for one item
     */
    public <A, R> StepRef<List<R>> map(String name, Class<R> type, StepRef<List<A>> over, int parallel,
            Join.One<A, R> body) {
        return addMap(name, type, over, parallel, body);
    }

    /**
     * Adds a step that runs once for each item of a list, with a bound on how many items are at work at once; see the form
     * without one.
     *
     * @param name its name
     * @param type the type of its result for one item
     * @param over gives the list
     * @param parallel how many items may be at work at once, 1 or more; 0 for as many as there is room for
     * @param body does the work for one item
     */
    public <A, R> StepRef<List<R>> map(String name, TypeRef<R> type, StepRef<List<A>> over, int parallel,
            Join.One<A, R> body) {
        return addMap(name, type.type(), over, parallel, body);
    }

    private <A, R> StepRef<List<R>> addMap(String name, Type type, StepRef<List<A>> over, int parallel,
            Join.One<A, R> body) {
        parts.add(new TypedStep(name, type, List.of(over), tests,
                (step, values) -> body.run(step, DagBuilder.<A>value(values, 0)), true), options, parallel);
        return StepRef.of(parts, name, new ListType(type), mayBeAbsent());
    }

    private <R> StepRef<R> add(String name, Type type, List<StepRef<?>> takes, TypedStep.Body body) {
        parts.add(new TypedStep(name, type, takes, tests, body, false), options, 0);
        return StepRef.of(parts, name, type, mayBeAbsent());
    }

    private boolean mayBeAbsent() {
        return !tests.isEmpty() || options.onFailure() == OnFailure.CONTINUE;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"}) // decoded as the reference's type
    private static <T> T value(List<@Nullable Object> values, int index) {
        return (T) values.get(index);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // all of them decoded as the references' one type
    private static <T> List<T> list(List<@Nullable Object> values) {
        return (List<T>) (List<?>) values;
    }
}
