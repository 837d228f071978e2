package dev.windlass.workflow;

/** Where a step may run. */
public enum Placement {
    /** At the run's owner, or on the fleet where the owner has more ready steps than it gets done soon. */
    AUTO,
    /** At the run's owner, if that knows the step's kind; else on the fleet. */
    LOCAL,
    /** As a task of its own, by whichever worker is free. */
    FLEET
}
