package dev.windlass.workflow.internal;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.queue.TaskError;
import dev.windlass.workflow.OnFailure;

/**
 * Steps whose failure pauses the run: the failure is not recorded, and once somebody has resumed the run, the step is tried
 * anew. The owner's thread only.
 */
final class FailurePauses {
    private final Run run;
    private final RunControl control;
    private final RetryWaits retries;
    private final FleetSteps fleet;
    private final List<Integer> toForget = new ArrayList<>();
    private int seen;

    FailurePauses(Run run, RunControl control, RetryWaits retries, FleetSteps fleet) {
        this.run = run;
        this.control = control;
        this.retries = retries;
        this.fleet = fleet;
        this.seen = control.state().pauses();
    }

    boolean isMeantFor(int step) {
        return run.plan().step(step).options().onFailure() == OnFailure.PAUSE;
    }

    /** A step has failed for good here. */
    void pauseFor(LocalAttempt attempt, TaskError error) {
        control.pause(reason(attempt.name(), attempt.attempt(), error));
        retries.done(attempt.step());
        if (attempt.definition().options().atMostOnce()) {
            toForget.add(attempt.step());
        }
        run.plan().giveBack(attempt.step());
    }

    static String reason(String step, int tries, TaskError error) {
        return "step '" + step + "' has failed for good after " + tries + (tries == 1 ? " try" : " tries") + ": "
                + error.summary() + ". Once the run is resumed, the step is tried anew.";
    }

    /** The pause is known. Only from now on may a step begin once more that was begun, and is to be so at most once. */
    void landed() {
        for (int step : toForget) {
            run.records().forgetBegin(run.segment(step));
        }
        toForget.clear();
    }

    /** If the run was paused and resumed: such steps may have failed while they were out, so they are sent anew. */
    void goOn() {
        int pauses = control.state().pauses();
        if (pauses == seen) {
            return;
        }
        seen = pauses;
        landed();
        for (int step : fleet.steps()) {
            if (isMeantFor(step) && !fleet.isBusy(step) && fleet.dismiss(step)) {
                run.plan().giveBack(step);
            }
        }
    }
}
