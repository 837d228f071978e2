package dev.windlass.workflow;

/**
 * How far a run has come.
 *
 * @param status where it stands
 * @param finished how many steps have ended, failed ones included; those of a map step's items do not count
 * @param total how many steps there are; of a function, of which nobody knows that before, as many as have ended
 */
public record WorkflowProgress(WorkflowStatus status, int finished, int total) {}
