package dev.windlass.workflow.internal;

/** Names of queues and task types that the engine lives by. Part of the format: never changed. */
public final class EngineNames {
    /** Where runs wait. */
    public static final String RUN_QUEUE = "workflow";
    /** Where steps wait that owners have sent out. */
    public static final String STEP_QUEUE = "workflow-steps";
    /** The task type of a run of a graph. */
    public static final String RUN_TYPE = "workflow-dag";

    private EngineNames() {
    }

    /** The task type of a run of a durable function: one for each name, so that a worker claims only what it knows. */
    public static String functionType(String name) {
        return "workflow-function:" + name;
    }

    /** The task type of a step that was sent out: one for each kind, so that a worker claims only what it knows. */
    public static String stepType(String kind) {
        return "workflow-step:" + kind;
    }
}
