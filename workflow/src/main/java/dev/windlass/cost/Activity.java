package dev.windlass.cost;

import java.util.Locale;

/** What requests are made for. */
public enum Activity {
    /** Tasks are submitted. */
    SUBMIT,
    /** Tasks are claimed: their own requests. */
    CLAIM,
    /** Workers look for tasks: LISTs of ready keys. */
    POLL,
    /** Workers cover what they claim, and show that they live: writes of their leases. */
    LEASE,
    /** Claims that another worker has got. */
    RACE,
    /** Results are recorded. */
    FINISH,
    /** Failures are recorded, and tries put back. */
    FAIL,
    /** Workers look for dead ones. */
    SWEEP,
    /** Workflow runs begin and end. */
    RUN,
    /** Steps at their run's owner. */
    STEP,
    /** Steps that are sent to other workers. */
    FLEET_STEP,
    /** Schedulers look at the schedules, and fire them. */
    SCHEDULE;

    /** As people read it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
