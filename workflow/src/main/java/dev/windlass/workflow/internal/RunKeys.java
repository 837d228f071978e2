package dev.windlass.workflow.internal;

import java.time.Instant;

import dev.windlass.queue.spi.EngineAccess;

/**
 * Where a run's objects are: {@code workflow/{id}/state.json}, and under {@code workflow/{id}/runs/{n}/} its
 * {@code steps/{name}.json}, {@code begun/{name}.json}, {@code checkpoint.json} and {@code result.json}.
 *
 * @param workflowId the workflow's id
 * @param run the run's number, from 1
 * @param segment the id as a segment of a key
 */
record RunKeys(String workflowId, int run, String segment) {

    static RunKeys of(EngineAccess engine, String workflowId, int run) {
        return new RunKeys(workflowId, run, engine.keySegment("workflow id", workflowId));
    }

    RunKeys ofRun(int other) {
        return new RunKeys(workflowId, other, segment);
    }

    String state() {
        return "workflow/" + segment + "/state.json";
    }

    String steps() {
        return "workflow/" + segment + "/runs/" + run + "/steps/";
    }

    String step(String stepSegment) {
        return steps() + stepSegment + ".json";
    }

    /** Where it stands that a step that is begun at most once has been begun. */
    String begun(String stepSegment) {
        return "workflow/" + segment + "/runs/" + run + "/begun/" + stepSegment + ".json";
    }

    String checkpoint() {
        return "workflow/" + segment + "/runs/" + run + "/checkpoint.json";
    }

    /** The inbox of all runs of the workflow. */
    String signals() {
        return "workflow/" + segment + "/signals/";
    }

    /** A signal; keys of one name sort by time. */
    String signal(String nameSegment, Instant time, String idSegment) {
        String digits = Long.toString(Math.clamp(time.toEpochMilli(), 0, 9_999_999_999_999L));
        return signals() + nameSegment + "/" + "0".repeat(13 - digits.length()) + digits + "-" + idSegment + ".json";
    }

    String result() {
        return "workflow/" + segment + "/runs/" + run + "/result.json";
    }

    String taskId(EngineAccess engine) {
        return engine.deriveTaskId("workflow", segment + "/" + run);
    }

    String idempotencyKey(String stepSegment) {
        return segment + "/" + run + "/" + stepSegment;
    }
}
