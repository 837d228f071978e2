package dev.windlass.chaos.check;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

import dev.windlass.chaos.workload.RunShape;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The account of the runs of graphs, and of their steps. */
final class RunAccount {
    private static final String STEP_TASK = "workflow-step:";
    /** Of a store's times. */
    private static final long GRANULARITY = 1_000;

    private final Evidence evidence;
    private final Books books;
    private final TaskAccount.Report report;
    private final TreeSet<String> sentOut = new TreeSet<>();
    private final Map<String, JsonNode> runTasks = new HashMap<>();

    RunAccount(Evidence evidence, Books books, TaskAccount.Report report) {
        this.evidence = evidence;
        this.books = books;
        this.report = report;
        evidence.objects().forEach((key, json) -> {
            String type = json.path("type").asString("");
            String workflow = json.path("input").path("workflow").asString("");
            if (type.startsWith(STEP_TASK)) {
                sentOut.add(workflow + "/" + json.path("input").path("step").asString(""));
            } else if (key.startsWith("tasks/") && type.equals("workflow-dag")) {
                runTasks.put(workflow, json);
            }
        });
    }

    void reconcile() {
        for (Books.Started run : books.runs().values()) {
            JsonNode state = evidence.objects().get("workflow/" + run.workflow() + "/state.json");
            JsonNode task = runTasks.get(run.workflow());
            if (run.acknowledged() && (state == null || task == null)) {
                report.add(Rule.NOT_LOST, run.workflow(), "it was acknowledged, and is not in the store");
            } else if (state != null && task != null) {
                check(run, state, task);
            }
        }
    }

    private void check(Books.Started run, JsonNode state, JsonNode task) {
        String workflow = run.workflow();
        RunShape.Expected expected = RunShape.expected(run.dag());
        String status = state.path("status").asString("");
        String wanted = expected.fails() ? "FAILED" : "COMPLETED";
        JsonNode result = evidence.objects().get("workflow/" + workflow + "/runs/1/result.json");
        if (!status.equals("COMPLETED") && !status.equals("FAILED")) {
            report.add(Rule.RUN_FINISHED, workflow, "it is " + status + " though all has drained");
            return;
        }
        String stored = result == null ? "missing" : result.path("status").asString("");
        if (!status.equals(wanted) || !stored.equals(wanted) || !task.path("status").asString("").equals(wanted)) {
            report.add(Rule.RUN_RIGHT_END, workflow, "it must end " + wanted + "; its state is " + status
                    + ", its result " + stored + ", its task " + task.path("status").asString(""));
        }
        var steps = steps(workflow);
        expected.results().forEach((name, right) -> checkStep(workflow, name, right, steps.remove(name),
                result == null ? null : result.path("steps").get(name), !expected.fails()));
        for (String fatal : expected.fatal()) {
            JsonNode step = steps.remove(fatal);
            if (step == null || !step.has("error")) {
                report.add(Rule.STEP_RIGHT, workflow, "step " + fatal + " must fail, and is recorded as " + step);
            }
        }
        steps.keySet().forEach(name -> report.add(expected.barred().contains(name) ? Rule.STEP_BARRED : Rule.STEP_RIGHT,
                workflow, "step " + name + " is recorded, and must not be"));
        checkRuns(workflow, expected);
    }

    private Map<String, JsonNode> steps(String workflow) {
        String prefix = "workflow/" + workflow + "/runs/1/steps/";
        var steps = new HashMap<String, JsonNode>();
        evidence.objects().forEach((key, json) -> {
            if (key.startsWith(prefix)) {
                steps.put(key.substring(prefix.length(), key.length() - ".json".length()), json);
            }
        });
        return steps;
    }

    private void checkStep(String workflow, String name, String right, @Nullable JsonNode step,
            @Nullable JsonNode inResult, boolean needed) {
        if (step == null) {
            if (needed) {
                report.add(Rule.STEP_RIGHT, workflow, "step " + name + " is not recorded");
            }
            return;
        }
        if (!right.equals(result(step))) {
            report.add(Rule.STEP_RIGHT, workflow, "the result of step " + name
                    + " is not the one that its parents' results yield: " + step);
        }
        if (needed && inResult != null && (inResult.has("result") || inResult.has("resultKey"))
                && !right.equals(result(inResult))) {
            report.add(Rule.STEP_RIGHT, workflow, "the run's result tells another result of step " + name);
        }
    }

    private @Nullable String result(JsonNode step) {
        JsonNode inline = step.get("result");
        JsonNode found = inline == null ? evidence.payloads().get(step.path("resultKey").asString("")) : inline;
        return found == null ? null : found.asString("");
    }

    private void checkRuns(String workflow, RunShape.Expected expected) {
        for (Books.StepRun run : books.stepRuns(workflow)) {
            if (expected.barred().contains(run.step())) {
                report.add(Rule.STEP_BARRED, workflow, "step " + run.step() + " started at worker " + run.worker()
                        + ", and a step that it needs fails");
            } else if (!run.parents().equals(expected.parents().get(run.step()))) {
                report.add(Rule.STEP_INPUT, workflow,
                        "step " + run.step() + " was given " + run.parents() + " at worker "
                                + run.worker() + ", and needs " + expected.parents().get(run.step()));
            }
            // A step that was sent out may begin there for the first time though its owner's own run of it was recorded.
            Long recorded = evidence.recorded().get("workflow/" + workflow + "/runs/1/steps/" + run.step() + ".json");
            if (recorded != null && !sentOut.contains(workflow + "/" + run.step())
                    && books.born(run.worker()) > recorded + GRANULARITY + evidence.uncertaintyMillis()) {
                report.add(Rule.STEP_NOT_REPEATED, workflow, "step " + run.step() + " ran at worker " + run.worker()
                        + ", whose process began after it was recorded");
            }
        }
    }
}
