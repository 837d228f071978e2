package dev.windlass.workflow.internal;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.TypeRef;
import dev.windlass.workflow.ChildOptions;
import dev.windlass.workflow.ItemFunction;
import dev.windlass.workflow.OnFailure;
import dev.windlass.workflow.Promise;
import dev.windlass.workflow.SignalTimeoutException;
import dev.windlass.workflow.StepFailedException;
import dev.windlass.workflow.StepFunction;
import dev.windlass.workflow.StepHandler;
import dev.windlass.workflow.StepOptions;
import dev.windlass.workflow.StepType;
import dev.windlass.workflow.WorkflowContext;
import dev.windlass.workflow.WorkflowType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;
import tools.jackson.databind.JsonNode;

/**
 * The function's side of a run: gives names and positions to what it asks for, hands it to the owner's thread, and waits. For
 * the function's thread only.
 */
final class FunctionContext implements WorkflowContext {
    private static final Logger LOG = LoggerFactory.getLogger("dev.windlass.workflow.function");
    private static final Duration LONGEST = Duration.ofDays(3660);

    private final FunctionRun run;
    private final FunctionAsk owner;
    private final FunctionValues values;
    private final Thread thread = Thread.currentThread();
    private final FunctionNames names;
    private final FunctionAwaiting awaiting;
    private final Map<String, Boolean> patches = new HashMap<>();
    private final String seed;
    private final RandomGenerator random;
    private int position;
    private long uuids;
    private boolean over;

    FunctionContext(FunctionRun run, FunctionAsk owner) {
        this.run = run;
        this.owner = owner;
        this.values = new FunctionValues(run);
        this.names = new FunctionNames(run.engine());
        this.awaiting = new FunctionAwaiting(run, owner);
        this.seed = run.input().seed(run.claim().taskId());
        UUID start = UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8));
        this.random = new RunRandom(start.getMostSignificantBits() ^ start.getLeastSignificantBits());
    }

    /** How much was asked for. */
    int asked() {
        return position;
    }

    /** The function has returned. */
    void end() {
        over = true;
    }

    private void check() {
        if (over || !thread.equals(Thread.currentThread())) {
            throw new IllegalStateException("The context of " + run.label() + " was used "
                    + (over ? "after the function had ended" : "from another thread than the function's")
                    + ". Use it in the function only; bodies of steps have a context of their own.");
        }
        if (owner.isSuspended()) {
            throw new Suspension();
        }
    }

    private Op ask(String name, Op.Kind kind, Type type, StepOptions options, Consumer<Op> fill) {
        check();
        Op op = new Op(position, name, run.engine().keySegment("step name", name), kind, type, options);
        fill.accept(op);
        position++;
        if (!owner.ask(op)) {
            throw new Suspension();
        }
        return op;
    }

    /** A name that counts up, of one kind of thing only. */
    private String number(String name, Op.Kind kind) {
        check();
        return names.next(name, kind);
    }

    private String userName(String name, Op.Kind kind) {
        FunctionNames.check(name);
        return number(name, kind);
    }

    @Override
    public String workflowId() {
        return run.keys().workflowId();
    }

    @Override
    public int run() {
        return run.keys().run();
    }

    // Steps

    @Override
    public <T> T step(String name, Class<T> type, StepFunction<T> body) {
        return step(name, type, StepOptions.ofDefaults(), body);
    }

    @Override
    public <T> T step(String name, Class<T> type, StepOptions options, StepFunction<T> body) {
        return this.<T>begin(userName(name, Op.Kind.STEP), type, options, body, null).get();
    }

    @Override
    public <T> T step(String name, TypeRef<T> type, StepOptions options, StepFunction<T> body) {
        return this.<T>begin(userName(name, Op.Kind.STEP), type.type(), options, body, null).get();
    }

    @Override
    public <T> Promise<T> stepAsync(String name, Class<T> type, StepOptions options, StepFunction<T> body) {
        return begin(userName(name, Op.Kind.STEP), type, options, body, null);
    }

    private <T> Promise<T> begin(String name, Type type, StepOptions options, StepFunction<T> body,
            Op.@Nullable Group group) {
        if (options.queue() != null) {
            throw new InvalidInputException("Step '" + name + "' is to wait in the queue '" + options.queue()
                    + "', but a lambda runs at the run's owner. Register a step type, and call that.");
        }
        StepHandler handler = (step, input, parents) -> values.encode(name, body.run(step), type);
        return new Asking<>(ask(name, Op.Kind.STEP, type, options, op -> {
            op.body = handler;
            op.group = group;
        }));
    }

    @Override
    public <I, T> List<T> map(String name, List<I> items, Class<T> type, int parallelism, StepOptions options,
            ItemFunction<? super I, T> body) {
        Op.Group group = group(name, parallelism);
        String base = userName(name, Op.Kind.STEP);
        List<Promise<T>> promises = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            I item = items.get(i);
            promises.add(begin(base + "[" + i + "]", type, options, step -> body.run(step, item), group));
        }
        return results(promises);
    }

    private static Op.Group group(String name, int parallelism) {
        if (parallelism < 1) {
            throw new InvalidInputException("The parallelism of map '" + name + "' is " + parallelism
                    + ". Use 1 or more.");
        }
        return new Op.Group(parallelism);
    }

    private <T> List<T> results(List<Promise<T>> promises) {
        all(promises);
        List<T> results = new ArrayList<>();
        promises.forEach(promise -> results.add(promise.get()));
        return results;
    }

    // Calls

    @Override
    public <I, O> O call(StepType<I, O> type, I input) {
        return callAsync(type, input, StepOptions.ofDefaults()).get();
    }

    @Override
    public <I, O> Promise<O> callAsync(StepType<I, O> type, I input, StepOptions options) {
        return call(userName(type.name(), Op.Kind.CALL), type, input, options, null);
    }

    private <I, O> Promise<O> call(String name, StepType<I, O> type, I input, StepOptions options,
            Op.@Nullable Group group) {
        JsonNode encoded = values.encodeInput("The input of step '" + name + "'", input);
        return new Asking<>(ask(name, Op.Kind.CALL, type.outputType(), options, op -> {
            op.callKind = type.name();
            op.input = encoded;
            op.group = group;
        }));
    }

    @Override
    public <I, O> List<O> mapCalls(String name, List<I> items, StepType<I, O> type, int parallelism,
            StepOptions options) {
        Op.Group group = group(name, parallelism);
        String base = userName(name, Op.Kind.CALL);
        List<Promise<O>> promises = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            promises.add(call(base + "[" + i + "]", type, items.get(i), options, group));
        }
        return results(promises);
    }

    // Waits

    @Override
    public void sleep(Duration duration) {
        timer(duration).get();
    }

    @Override
    public void sleepUntil(Instant time) {
        timerAt(time).get();
    }

    @Override
    public Promise<Void> timer(Duration duration) {
        return timerAt(now().plus(checked("wait", duration)));
    }

    private Promise<Void> timerAt(Instant time) {
        return new Asking<>(ask(number("~timer", Op.Kind.TIMER), Op.Kind.TIMER, Void.class, StepOptions.ofDefaults(),
                op -> op.due = time));
    }

    private static Duration checked(String what, Duration duration) {
        if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
            throw new InvalidInputException("The " + what + " is " + duration + ". Use zero to ten years.");
        }
        return duration;
    }

    @Override
    public <T> T awaitSignal(String name, Class<T> type) {
        return signal(name, type).get();
    }

    @Override
    public <T> T awaitSignal(String name, Class<T> type, Duration limit) {
        return signal(name, type, limit).get();
    }

    @Override
    public <T> Promise<T> signal(String name, Class<T> type) {
        return signalUntil(name, type, null);
    }

    @Override
    public <T> Promise<T> signal(String name, Class<T> type, Duration limit) {
        return signalUntil(name, type, now().plus(checked("time for signal '" + name + "'", limit)));
    }

    private <T> Promise<T> signalUntil(String name, Type type, @Nullable Instant due) {
        return new Asking<>(
                ask(userName(name, Op.Kind.SIGNAL), Op.Kind.SIGNAL, type, StepOptions.ofDefaults(), op -> {
                    op.signal = name;
                    op.due = due;
                }));
    }

    // Children

    @Override
    public <I, O> O child(WorkflowType<I, O> type, String workflowId, I input) {
        return childAsync(type, workflowId, input, ChildOptions.ofDefaults()).get();
    }

    @Override
    public <I, O> Promise<O> childAsync(WorkflowType<I, O> type, String workflowId, I input, ChildOptions options) {
        JsonNode encoded = values.encodeInput("The input of workflow '" + workflowId + "'", input);
        run.engine().keySegment("workflow id", workflowId);
        return new Asking<>(ask(number("~child:" + type.name(), Op.Kind.CHILD), Op.Kind.CHILD, type.outputType(),
                StepOptions.ofDefaults(), op -> {
                    op.childType = type;
                    op.childId = workflowId;
                    op.input = encoded;
                    op.childOptions = options;
                }));
    }

    // Going on

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // it never returns
    public <I, O> O continueAsNew(WorkflowType<I, O> type, I input) {
        String name = run.input().name();
        if (!type.name().equals(name)) {
            throw new InvalidInputException("A run of the type '" + name + "' cannot go on as one of '" + type.name()
                    + "'. Use the same type, perhaps in another version, or start a child.");
        }
        JsonNode encoded = values.encodeInput("The input of the next run of workflow '" + workflowId() + "'", input);
        if (!encoded.isNull()) {
            requireReadable(encoded, type);
        }
        Op op = ask(number(Continuation.STEP, Op.Kind.CONTINUE), Op.Kind.CONTINUE, Void.class,
                StepOptions.ofDefaults(), asked -> {
                    asked.input = encoded;
                    asked.version = type.version();
                });
        TaskError error = settle(List.of(op)).error();
        if (error != null) {
            throw new InvalidInputException("The run cannot go on as a new one: " + error.message());
        }
        over = true;
        throw new Suspension();
    }

    private void requireReadable(JsonNode encoded, WorkflowType<?, ?> type) {
        try {
            Object read = values.as(encoded, type.inputType());
            LOG.trace("the next run's input is read as {}", read);
        } catch (InvalidInputException e) {
            throw new InvalidInputException("The input of the next run of workflow '" + workflowId()
                    + "' cannot be read again: " + e.getMessage(), e);
        }
    }

    // Several

    @Override
    public void all(List<? extends Promise<?>> promises) {
        check();
        for (Promise<?> promise : promises) {
            settle(List.of(asking(promise).op));
        }
        for (Promise<?> promise : promises) {
            promise.get();
        }
    }

    @Override
    public <P extends Promise<?>> P any(List<P> promises) {
        check();
        if (promises.isEmpty()) {
            throw new InvalidInputException("There is nothing to wait for: any() needs at least one promise.");
        }
        List<Op> candidates = new ArrayList<>();
        promises.forEach(promise -> candidates.add(asking(promise).op));
        Op any = ask(number("~any", Op.Kind.ANY), Op.Kind.ANY, Integer.class, StepOptions.ofDefaults(),
                op -> op.candidates = candidates);
        int first = values.decode(any, settle(List.of(any))).asInt(0);
        if (first < 0 || first >= promises.size()) {
            throw awaiting.pause("Number " + first + " of several was the first to end when " + run.label()
                    + " ran before, and now there are " + promises.size() + ".");
        }
        P promise = promises.get(first);
        settle(List.of(asking(promise).op));
        return promise;
    }

    private Asking<?> asking(Promise<?> promise) {
        if (promise instanceof Asking<?> asking && asking.context() == this) {
            return asking;
        }
        throw new InvalidInputException("The promise '" + promise.name() + "' is not of this run.");
    }

    // What must be the same each time

    @Override
    public Instant now() {
        check();
        Instant last = awaiting.seen();
        if (last == null) {
            Op clock = ask(number("~clock", Op.Kind.CLOCK), Op.Kind.CLOCK, Void.class, StepOptions.ofDefaults(),
                    op -> {});
            last = settle(List.of(clock)).finishedAt().truncatedTo(ChronoUnit.MILLIS);
        }
        return last;
    }

    @Override
    public RandomGenerator random() {
        check();
        return random;
    }

    @Override
    public UUID uuid() {
        check();
        return UUID.nameUUIDFromBytes(
                (seed + "/uuid/" + ++uuids).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Logger log() {
        check();
        return position <= owner.lastPosition() ? NOPLogger.NOP_LOGGER : LOG;
    }

    @Override
    public boolean patched(String id) {
        check();
        Boolean known = patches.get(id);
        if (known == null) {
            String name = "~patch:" + id;
            boolean recorded = owner.recorded().contains(run.engine().keySegment("patch id", name));
            known = recorded || position > owner.lastPosition();
            if (known) {
                settle(List.of(ask(number(name, Op.Kind.PATCH), Op.Kind.PATCH, Void.class,
                        StepOptions.ofDefaults(), op -> {})));
            }
            patches.put(id, known);
        }
        return known;
    }

    // Waiting

    /** Waits until one of these has ended, and the outcome of the first that has. */
    private StepOutcome settle(List<Op> ops) {
        check();
        return awaiting.settle(ops);
    }

    /** Whether the function waits, and for nothing that has ended. The gate is held. */
    boolean isBlocked() {
        return awaiting.isBlocked();
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // the op's type says it
    private <T> T value(Op op, StepOutcome outcome) {
        TaskError error = outcome.error();
        if (error != null) {
            if (op.kind == Op.Kind.SIGNAL) {
                throw new SignalTimeoutException(String.valueOf(op.signal), error.message());
            }
            if (op.options.onFailure() == OnFailure.CONTINUE) {
                return nothing();
            }
            throw new StepFailedException(op.name, (op.kind == Op.Kind.CHILD ? "Child '" : "Step '")
                    + (op.childId == null ? op.name : op.childId) + "' has failed for good"
                    + (op.kind == Op.Kind.CHILD
                            ? ""
                            : " after " + outcome.attempts() + (outcome.attempts() == 1 ? " try" : " tries"))
                    + ": " + error.summary(), error);
        }
        JsonNode tree = values.decode(op, outcome);
        if (tree.isNull() || tree.isMissingNode() || op.type == Void.class) {
            return nothing();
        }
        try {
            return values.as(tree, op.type);
        } catch (InvalidInputException e) {
            throw awaiting.pause("What is recorded as the result of " + op.label() + " (position " + op.position
                    + ") of "
                    + run.label() + " cannot be read: " + e.getMessage() + " Has the type changed since? Go on with "
                    + "code that reads it.");
        }
    }

    @SuppressWarnings({"TypeParameterUnusedInFormals", "NullAway"}) // no result is null, whatever the type
    private static <T> T nothing() {
        return null;
    }

    /** A promise. */
    private final class Asking<T> implements Promise<T> {
        private final Op op;

        Asking(Op op) {
            this.op = op;
        }

        FunctionContext context() {
            return FunctionContext.this;
        }

        @Override
        public T get() {
            return value(op, settle(List.of(op)));
        }

        @Override
        public String name() {
            return op.name;
        }
    }
}
