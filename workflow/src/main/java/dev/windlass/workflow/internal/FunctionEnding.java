package dev.windlass.workflow.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a run of a function ends here: cancelled, or with all that it had begun told to stop. The owner's thread only. */
final class FunctionEnding {
    private static final Duration GLANCE = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(FunctionEnding.class);

    private final FunctionRun run;
    private final RunControl control;
    private final RunClosing closing;
    private final FunctionSteps steps;
    private final FunctionCalls calls;
    private final FunctionWaits waits;
    private final FunctionThread function;
    /** Children that an earlier owner may have started, of a run that is cancelled. */
    private final List<Op> begunBefore = new ArrayList<>();
    private boolean cancelling;

    FunctionEnding(FunctionRun run, RunControl control, FunctionSteps steps, FunctionCalls calls, FunctionWaits waits,
            FunctionThread function) {
        this.run = run;
        this.control = control;
        this.closing = new RunClosing(run);
        this.steps = steps;
        this.calls = calls;
        this.waits = waits;
        this.function = function;
    }

    boolean isCancelling() {
        return cancelling;
    }

    /** Whether nothing of a cancelled run goes on. */
    boolean isCancelled() {
        return function.isSuspended() && closing.isIdle() && !steps.hasBodies() && calls.isIdle() && waits.isIdle();
    }

    /**
     * Nothing starts any more: the function unwinds, bodies are told to stop, and what is open is closed.
     *
     * @param returned whether the function has returned by itself
     */
    void cancel(boolean returned) {
        if (!cancelling) {
            cancelling = true;
            LOG.info("{}: is being cancelled: {}", run.label(), control.cancelReason());
        }
        // What the function has asked for before it waits is taken in first: children and calls are ended only if known.
        if (returned || (function.isBlocked() && run.inbox().isEmpty())) {
            function.suspend();
        }
        for (Op op : steps.open()) {
            closing.close(op.position, op.segment, Math.max(1, op.failures), null);
        }
        steps.stop();
        for (Op op : calls.out()) {
            closing.close(op.position, op.segment, 1, () -> calls.callOff(op));
        }
    }

    /** One of those that were open is closed. */
    void closed() {
        closing.closed();
    }

    /** The function of a cancelled run asks for a child: whether it has been started is not known. */
    void mayHaveStarted(Op child) {
        begunBefore.add(child);
    }

    /** Children that are open, and are to end with the run. */
    List<Op> childrenToCancel() {
        List<Op> children = new ArrayList<>(waits.children());
        children.addAll(begunBefore);
        return children.stream().filter(op -> op.childOptions.cancelledWithParent()).toList();
    }

    /** The run ends: nothing that it has begun goes on for it. */
    void finish() throws InterruptedException {
        function.unwind();
        steps.stop();
        if (control.isOver()) {
            LOG.info("{}: was ended from outside", run.label());
        }
        endBodies();
        for (Op op : calls.out()) {
            calls.callOff(op);
        }
    }

    /** Stops all bodies and waits for them to return. */
    void endBodies() {
        function.suspend();
        steps.stop();
        try {
            while (steps.hasBodies()) {
                for (RunEvent event : run.inbox().take(GLANCE)) {
                    if (event instanceof RunEvent.Deed deed) {
                        deed.action().run();
                    }
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("{}: given up while bodies of steps still run", run.label());
            Thread.currentThread().interrupt();
        }
    }
}
