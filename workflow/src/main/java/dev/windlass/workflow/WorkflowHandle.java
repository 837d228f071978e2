package dev.windlass.workflow;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.windlass.workflow.internal.WorkflowEngine;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One run of a workflow. Of a run that goes on as a new one ({@link WorkflowContext#continueAsNew}), all but {@link #steps()} is
 * about the last of those. Safe for use by any number of threads.
 */
public final class WorkflowHandle {
    private final WorkflowEngine engine;
    private final String id;
    private final int run;
    private final boolean graph;

    /** @param graph whether it is a run of a graph, which waits for no signal */
    WorkflowHandle(WorkflowEngine engine, String id, int run, boolean graph) {
        this.engine = engine;
        this.id = id;
        this.run = run;
        this.graph = graph;
    }

    /** The workflow's id. */
    public String id() {
        return id;
    }

    /** The run's number, from 1. */
    public int run() {
        return run;
    }

    /**
     * Where the run stands. One get if it has ended, else two.
     *
     * @throws WorkflowNotFoundException if it has been purged
     */
    public WorkflowStatus status() {
        return engine.status(id, run);
    }

    /**
     * Waits for the run's end, by reading its state again and again: every 20 ms at first, every 2 s at last. A run that
     * ends in a worker of the same {@link Workflows} is seen at once.
     *
     * @param limit how long to wait at most
     * @return the results of the last steps, those that no other step needs, by name
     * @throws WorkflowFailedException if it has failed
     * @throws dev.windlass.TaskCancelledException if it was cancelled
     * @throws dev.windlass.AwaitTimeoutException if the time is over; the run goes on
     * @throws InterruptedException if the thread is interrupted; the run goes on
     */
    public Map<String, JsonNode> await(Duration limit) throws InterruptedException {
        return engine.await(id, run, limit);
    }

    /**
     * The steps that have ended, with their results, in the order of the definition; of a map step, until it has ended
     * itself, those of its items that have. One get if the run has ended, and
     * one for each result over 4 KiB; else two, of a graph three, and one a step, 32 at once, and one LIST per thousand.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public List<StepInfo> steps() throws InterruptedException {
        return engine.steps(id, run);
    }

    /**
     * Sends a signal by a fresh id; see {@link #signal(String, Object, String)}. A repeat after a failure is another signal.
     *
     * @param name the signal's name
     * @param value its value, or null for none
     * @return the signal's id
     */
    public String signal(String name, @Nullable Object value) {
        return engine.signal(id, run, graph, name, value, null);
    }

    /**
     * Sends a signal to the run, for {@link WorkflowContext#awaitSignal}: it is delivered once, to the next wait for its name
     * that no earlier signal is for, now or later; those of one sender in the order sent. One put and one get, and
     * one put more if the run is parked. Durable on return; safe to repeat by the same id.
     *
     * @param name the signal's name; any text of at most 180 bytes once percent-encoded that does not begin with {@code ~} or
     *            end with {@code #} and a number
     * @param value its value, or null for none; at most 256 KiB encoded
     * @param signalId tells it from others of its name; any text of at most 200 bytes once percent-encoded
     * @return the signal's id
     * @throws WorkflowEndedException if the run's task has ended; the signal was not sent. One that is sent while the run ends
     *             may be acknowledged, and read by nobody
     * @throws dev.windlass.InvalidInputException if the name or the value cannot be used, or the run is one of a graph, which
     *             waits for no signal; nothing was written
     */
    public String signal(String name, @Nullable Object value, String signalId) {
        return engine.signal(id, run, graph, name, value, signalId);
    }

    /**
     * Asks the run to end. Its steps that run are told to stop: by interrupt, and by {@link StepContext#isCancelled()}; no
     * other one starts. Steps that are open are recorded as cancelled, whether or not they had an effect, and the tasks of
     * those that are out are cancelled. A run that is owned in another process sees it within two seconds; one that is
     * parked, paused or waits is cancelled by the next worker that claims it. Three requests; four if it is parked.
     * Durable on return; safe to repeat.
     *
     * @param reason why, for people
     * @return false if it had ended otherwise before; a run that completes at the same moment may stay completed
     * @throws WorkflowNotFoundException if it has been purged
     */
    public boolean cancel(String reason) {
        return engine.cancel(id, run, reason);
    }

    /**
     * Ends the run here and now, as cancelled, without its owner, and without regard to what its steps do: they are told
     * within two seconds. For a run that no worker knows, or whose steps do not listen; otherwise use {@link #cancel}.
     * Five requests, six if it is parked. Durable on return; safe to repeat.
     *
     * @param reason why, for people
     * @return false if it had ended otherwise before
     * @throws WorkflowNotFoundException if it has been purged
     */
    public boolean terminate(String reason) {
        return engine.terminate(id, run, reason);
    }

    /**
     * Pauses the run: steps that run go on to their end, and no other one starts until it is resumed. Seen as
     * {@link #cancel} is. Three requests, four if it is parked. Durable on return; safe to repeat.
     *
     * @param reason why, for people
     * @throws WorkflowEndedException if the run has ended; nothing was written
     * @throws WorkflowNotFoundException if it has been purged
     */
    public void pause(String reason) {
        engine.pause(id, run, reason);
    }

    /**
     * Lets a paused run go on, whoever has paused it. A step whose failure has paused it is tried anew. Three requests,
     * four if it is parked. Durable on return; safe to repeat.
     *
     * @throws WorkflowEndedException if the run has ended; nothing was written
     * @throws WorkflowNotFoundException if it has been purged
     */
    public void resume() {
        engine.resume(id, run);
    }

    /**
     * Tries the run again, which has failed or was cancelled: as the workflow's next run, with the same input, which takes
     * over what the steps that succeeded gave, and what was waited for. The ended run stays readable as it is. Five requests; the
     * new run's first owner copies what is taken over: one get and one put for each step, 32 at once. Durable on return;
     * safe to repeat, also after a failure.
     *
     * <p>A function that is run again draws the same {@link WorkflowContext#random()} and {@link WorkflowContext#uuid()}.
     *
     * @return the new run
     * @throws dev.windlass.InvalidInputException if it has neither failed nor been cancelled, or is not the latest run
     * @throws WorkflowNotFoundException if it has been purged
     */
    public WorkflowHandle retry() {
        return new WorkflowHandle(engine, id, engine.retry(id, run), graph);
    }

    /**
     * Runs the workflow again from a step on, however the run has ended: as the workflow's next run, with the same input. Of a
     * graph it takes over what succeeded, but for that step and all that need it; of a function, all that it had asked for
     * before that step, well ended or not. So it goes the same way up to there, with the code that is registered by then.
     * Signals and children are those of the new run: name children by {@link WorkflowContext#run()}, or they are found taken.
     * The ended run stays readable as it is. Otherwise like {@link #retry()}; of a function one get more, and of a graph of
     * over 16 KiB.
     *
     * @param step a step of the graph; of a function, a name as {@link #steps()} gives it, such as {@code charge#2}
     * @return the new run
     * @throws dev.windlass.InvalidInputException if the run has not ended, is not the latest, or has no such step; nothing was
     *             written
     * @throws WorkflowNotFoundException if it has been purged
     */
    public WorkflowHandle fork(String step) {
        return new WorkflowHandle(engine, id, engine.fork(id, run, step), graph);
    }

    /**
     * How far it has come. One get if it has ended, else two; and one LIST per thousand steps, but for a graph that is
     * completed.
     */
    public WorkflowProgress progress() {
        return engine.progress(id, run);
    }

    /**
     * What it was started with. One get, two if it is over 64 KiB.
     *
     * @return null if that was nothing
     * @throws WorkflowNotFoundException if it has been purged, or the run's task is gone: its retention is over
     */
    public @Nullable JsonNode input() {
        return engine.input(id, run);
    }

    /** What it runs. One get, two if the definition is large. */
    public DagDefinition definition() {
        return engine.definition(id, run);
    }
}
