package dev.windlass.workflow;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

import dev.windlass.queue.TypeRef;
import org.slf4j.Logger;

/**
 * What a durable function does lasting things by. All that it asks for gets a name, which counts up if it is used again
 * ({@code charge}, {@code charge#2}), and a position. Whoever runs the function again compares: if it asks for something else
 * at a position than what is recorded there, the run pauses and says both; nothing is lost, and it goes on when it is
 * resumed at a worker with code that fits.
 *
 * <p>For the function's thread only: another thread, and the function after its end, are refused with an
 * {@link IllegalStateException}. Names are any text of at most 180 bytes once percent-encoded; those that begin with
 * {@code ~}, or end with {@code #} and a number, are the engine's.
 */
public interface WorkflowContext {

    /** The workflow's id. */
    String workflowId();

    /** The run's number, from 1. */
    int run();

    /**
     * Runs a step with the default options and waits for its end. One put when it ends.
     *
     * @param name names it
     * @param type the class of its result; {@code Void.class} for none
     * @param body does the work
     * @return the result as it is after encoding and decoding; null if there is none
     * @throws StepFailedException if it failed for good
     */
    <T> T step(String name, Class<T> type, StepFunction<T> body);

    /**
     * Runs a step and waits for its end.
     *
     * @param name names it
     * @param type the class of its result; {@code Void.class} for none
     * @param options tries, time-out, what a failure means; the placement is the run's owner
     * @param body does the work
     * @return the result as it is after encoding and decoding; null if there is none, or if it failed and its failure lets the
     *         run go on
     * @throws StepFailedException if it failed for good
     */
    <T> T step(String name, Class<T> type, StepOptions options, StepFunction<T> body);

    /**
     * Runs a step with a generic result.
     *
     * @param name names it
     * @param type the type of its result
     * @param options tries, time-out, what a failure means
     * @param body does the work
     */
    <T> T step(String name, TypeRef<T> type, StepOptions options, StepFunction<T> body);

    /** Begins a step, and goes on at once; see {@link #step(String, Class, StepOptions, StepFunction)}. */
    <T> Promise<T> stepAsync(String name, Class<T> type, StepOptions options, StepFunction<T> body);

    /**
     * Runs one step for each item, several at once, named {@code name[0]}, {@code name[1]}, …
     *
     * @param name names them
     * @param items what to work on; the same ones each time
     * @param type the class of a result
     * @param parallelism how many at once at most, from 1
     * @param options of each step
     * @param body does the work of one item
     * @return the results, in the order of the items
     * @throws StepFailedException if one failed for good: the first in the order of the items
     */
    <I, T> List<T> map(String name, List<I> items, Class<T> type, int parallelism, StepOptions options,
            ItemFunction<? super I, T> body);

    /**
     * Calls a registered type of step. It runs here if this process has registered it and the options do not name another
     * place, else as a task of its own at any worker that has.
     *
     * @param type the type
     * @param input its input
     * @return the result; null if there is none
     * @throws StepFailedException if it failed for good
     */
    <I, O> O call(StepType<I, O> type, I input);

    /** Begins a call, and goes on at once. */
    <I, O> Promise<O> callAsync(StepType<I, O> type, I input, StepOptions options);

    /**
     * Calls a registered type of step for each item, several at once, named {@code name[0]}, {@code name[1]}, …
     *
     * @param name names them
     * @param items the inputs; the same ones each time
     * @param type the type
     * @param parallelism how many at once at most, from 1
     * @param options of each call
     * @return the results, in the order of the items
     * @throws StepFailedException if one failed for good: the first in the order of the items
     */
    <I, O> List<O> mapCalls(String name, List<I> items, StepType<I, O> type, int parallelism, StepOptions options);

    /**
     * Waits. If it is long, the run parks: it holds no thread, worker or lease until then.
     *
     * @param duration zero or more, at most ten years; counted from {@link #now()}
     */
    void sleep(Duration duration);

    /**
     * Waits until a time; not at all if that has passed.
     *
     * @param time by the store's clock
     */
    void sleepUntil(Instant time);

    /** Begins to wait, and goes on at once. */
    Promise<Void> timer(Duration duration);

    /**
     * Waits for the next signal of a name, for as long as it takes. If that is long, the run parks.
     *
     * @param name the signal's name
     * @param type the class of its value; {@code Void.class} for none
     * @return its value
     */
    <T> T awaitSignal(String name, Class<T> type);

    /**
     * Waits for the next signal of a name.
     *
     * @param name the signal's name
     * @param type the class of its value; {@code Void.class} for none
     * @param limit how long at most, counted from {@link #now()}; at most ten years
     * @return its value
     * @throws SignalTimeoutException if it has not come in time; one that comes later goes to whoever waits next
     */
    <T> T awaitSignal(String name, Class<T> type, Duration limit);

    /** Begins to wait for the next signal of a name, and goes on at once. */
    <T> Promise<T> signal(String name, Class<T> type);

    /** Begins to wait for the next signal of a name for a while, and goes on at once. */
    <T> Promise<T> signal(String name, Class<T> type, Duration limit);

    /**
     * Runs another workflow and waits for its end.
     *
     * @param type its type
     * @param workflowId its id, which is no other workflow's
     * @param input its input
     * @return its result
     * @throws StepFailedException if it failed, was cancelled, or the id is taken
     */
    <I, O> O child(WorkflowType<I, O> type, String workflowId, I input);

    /** Starts another workflow, and goes on at once. It is started even if nobody ever asks for its end. */
    <I, O> Promise<O> childAsync(WorkflowType<I, O> type, String workflowId, I input, ChildOptions options);

    /**
     * Ends this run and goes on as the workflow's next one, which begins with nothing recorded: for functions that run for
     * ever, so that no run grows without end. Never returns; nothing may follow it.
     *
     * <pre>{@code
     * return ctx.continueAsNew(COUNTER, count + 1);
     * }</pre>
     *
     * <p>The decision is recorded first, then the next run is put, and this one is completed: five puts. Whoever has a handle of
     * this run waits for, reads, signals, pauses and cancels the next one by it; a parent waits for the last one. Signals
     * that were sent and not consumed go to the next run; waits for signals that are open here end. Each of those that were
     * consumed is known there by its id, of each name the latest 1,000. What this run has begun is ended as by its return.
     *
     * @param type the type of this function, perhaps in another version
     * @param input the next run's input
     * @return never
     * @throws dev.windlass.InvalidInputException if the type is another one, or the input cannot be encoded or read again; the run
     *             goes on
     */
    <I, O> O continueAsNew(WorkflowType<I, O> type, I input);

    /**
     * Waits until all have ended.
     *
     * @param promises of this run
     * @throws StepFailedException if one failed for good: the first in the order given, once all have ended
     */
    void all(List<? extends Promise<?>> promises);

    /**
     * Waits until one has ended, well or not. Which one it was is recorded: one put.
     *
     * @param promises of this run, at least one
     * @return one that has ended; the same one each time the function runs again
     */
    <P extends Promise<?>> P any(List<P> promises);

    /**
     * The time, as it was when what this function has seen last ended: the same each time the function runs again. The
     * first call costs one put if it comes before anything was waited for.
     */
    Instant now();

    /**
     * Randomness, the same each time the function runs again, also in a run that is tried again or forked; foreseeable, so not
     * for secrets.
     */
    RandomGenerator random();

    /**
     * A UUID, the same each time the function runs again, also in a run that is tried again or forked, and no other run's;
     * foreseeable, so not for secrets.
     */
    UUID uuid();

    /**
     * A logger that is silent while the function repeats what it has done before, up to the last thing of which something is
     * recorded: what is logged after that, such as just before a wait that has not ended, is logged each time.
     */
    Logger log();

    /**
     * Whether this run has the change that an id names: true for runs that come here for the first time with code that asks, false
     * for those that went by before. Lets the code change under runs that are open.
     *
     * <pre>{@code
     * if (ctx.patched("check-fraud")) {
     *     ctx.step("check-fraud", …);
     * }
     * }</pre>
     *
     * <p>One put when it is true for the first time.
     *
     * @param id names the change, for ever
     */
    boolean patched(String id);
}
