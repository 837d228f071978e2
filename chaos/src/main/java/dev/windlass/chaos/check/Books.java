package dev.windlass.chaos.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.windlass.chaos.ledger.Ledger;
import dev.windlass.chaos.workload.Job;
import dev.windlass.chaos.workload.Kind;
import dev.windlass.workflow.DagDefinition;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The ledgers, sorted by what they are about. */
final class Books {
    private final Map<String, Submission> submissions = new LinkedHashMap<>();
    private final Map<String, List<Submission>> byId = new LinkedHashMap<>();
    private final Map<String, Cancel> cancels = new HashMap<>();
    private final Map<String, Started> runs = new LinkedHashMap<>();
    private final Map<String, List<HandlerRun>> handlerRuns = new HashMap<>();
    private final Map<String, List<StepRun>> stepRuns = new HashMap<>();
    private final Map<String, Long> born = new HashMap<>();
    private final List<OtherTaken> othersTaken = new ArrayList<>();

    /** A submission, acknowledged as {@code id} or not. */
    record Submission(String name, Kind kind, Job job, long at, @Nullable String id) {}

    /**
     * What was tried to cancel a task.
     *
     * @param answer what the producer was told, or null if nothing
     */
    record Cancel(@Nullable Boolean answer) {}

    /** A run that a producer was about to start, and whether that was acknowledged. */
    record Started(String workflow, DagDefinition dag, boolean acknowledged) {}

    /**
     * A handler's run.
     *
     * @param how how it ended, or null if nobody knows
     * @param result the digest of what it returned, or null
     */
    record HandlerRun(String id, int attempt, String worker, long at, @Nullable String how, @Nullable String result) {}

    /** A run of a step's handler. */
    record StepRun(String workflow, String step, String worker, String parents, long at) {}

    /** A key that was given to two inputs. */
    record OtherTaken(String name, String id) {}

    Books(List<JsonNode> lines) {
        for (JsonNode line : lines) {
            switch (line.path("event").asString("")) {
                case "submit" -> submissions.put(text(line, "name"),
                        new Submission(text(line, "name"), Kind.valueOf(text(line, "kind")),
                                Ledger.JSON.treeToValue(line.path("job"), Job.class), line.path("at").asLong(), null));
                case "submitted" -> submitted(line);
                case "cancel" -> cancels.putIfAbsent(text(line, "id"), new Cancel(null));
                case "cancelled" ->
                    cancels.put(text(line, "id"), new Cancel(line.path("answer").asBoolean(false)));
                case "other-taken" -> othersTaken.add(new OtherTaken(text(line, "name"), text(line, "id")));
                case "start-run" -> runs.putIfAbsent(text(line, "workflow"), new Started(text(line, "workflow"),
                        DagDefinition.fromJson(line.path("dag")), false));
                case "started-run" -> runs.computeIfPresent(text(line, "workflow"),
                        (id, run) -> new Started(id, run.dag(), true));
                case "start" -> handlerRuns.computeIfAbsent(text(line, "id"), id -> new ArrayList<>())
                        .add(new HandlerRun(text(line, "id"), line.path("attempt").asInt(), text(line, "worker"),
                                line.path("at").asLong(), null, null));
                case "end" -> ended(line);
                case "step-start" -> stepRuns.computeIfAbsent(text(line, "workflow"), id -> new ArrayList<>())
                        .add(new StepRun(text(line, "workflow"), text(line, "step"), text(line, "worker"),
                                text(line, "parents"), line.path("at").asLong()));
                case "born" -> born.put(text(line, "worker"), line.path("at").asLong());
                default -> {
                    // of use to people only
                }
            }
        }
    }

    private static String text(JsonNode line, String field) {
        return line.path(field).asString("");
    }

    private void submitted(JsonNode line) {
        Submission intent = submissions.get(text(line, "name"));
        if (intent == null) {
            throw new IllegalStateException("acknowledged and never submitted: " + line);
        }
        var acknowledged = new Submission(intent.name(), intent.kind(), intent.job(), intent.at(), text(line, "id"));
        submissions.put(intent.name(), acknowledged);
        byId.computeIfAbsent(text(line, "id"), id -> new ArrayList<>()).add(acknowledged);
    }

    private void ended(JsonNode line) {
        List<HandlerRun> ofTask = handlerRuns.getOrDefault(text(line, "id"), List.of());
        for (int i = ofTask.size() - 1; i >= 0; i--) {
            HandlerRun run = ofTask.get(i);
            if (run.attempt() == line.path("attempt").asInt() && run.worker().equals(text(line, "worker"))
                    && run.how() == null) {
                ofTask.set(i, new HandlerRun(run.id(), run.attempt(), run.worker(), run.at(), text(line, "how"),
                        line.path("result").asString(null)));
                return;
            }
        }
        throw new IllegalStateException("ended and never started: " + line);
    }

    /** All submissions, by name. */
    Map<String, Submission> submissions() {
        return submissions;
    }

    /** The acknowledged submissions, by the id that they were told. */
    Map<String, List<Submission>> acknowledged() {
        return byId;
    }

    /** What was tried to cancel a task, or null for nothing. */
    @Nullable
    Cancel cancel(String id) {
        return cancels.get(id);
    }

    /** All runs that producers wanted to start, by id. */
    Map<String, Started> runs() {
        return runs;
    }

    /** The handlers' runs of a task, in the order of each ledger. */
    List<HandlerRun> handlerRuns(String id) {
        return handlerRuns.getOrDefault(id, List.of());
    }

    /** The ids of all tasks of which a handler ran. */
    Iterable<String> handled() {
        return handlerRuns.keySet();
    }

    /** How many handlers ran. */
    int handlerRuns() {
        return handlerRuns.values().stream().mapToInt(List::size).sum();
    }

    /** The runs of a workflow's steps. */
    List<StepRun> stepRuns(String workflow) {
        return stepRuns.getOrDefault(workflow, List.of());
    }

    /** How many steps' handlers ran. */
    int stepRuns() {
        return stepRuns.values().stream().mapToInt(List::size).sum();
    }

    /** When a worker process began; long ago, for one that nobody knows. */
    long born(String worker) {
        return born.getOrDefault(worker, 0L);
    }

    /** Keys that were given to two inputs. */
    List<OtherTaken> othersTaken() {
        return othersTaken;
    }
}
