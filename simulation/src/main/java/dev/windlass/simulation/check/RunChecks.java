package dev.windlass.simulation.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

import dev.windlass.simulation.Invariant;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.check.Claims.Claim;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.StoredObject;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.StartOptions;
import dev.windlass.workflow.StepContext;
import dev.windlass.workflow.StepInfo;
import dev.windlass.workflow.WorkflowFailedException;
import dev.windlass.workflow.WorkflowListener;
import dev.windlass.workflow.WorkflowProgress;
import dev.windlass.workflow.WorkflowStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Watches runs of graphs: every write and delete of their objects and tasks that takes effect, and what clients, owners
 * and bodies of steps say. It fails the simulation, naming the invariant, as soon as one does not hold, and keeps a
 * ledger of its own.
 *
 * <p>For the threads of one simulation. Ids of workflows may hold letters, digits and spaces.
 */
public final class RunChecks {
    private static final String RUN_TYPE = "workflow-dag";
    private static final String STEP_TYPE = "workflow-step:";
    private static final Set<String> NOT_OF_THE_BODY = Set.of("timeout", "attempts-used-up");

    private final Simulation sim;
    private final QueueChecks queue;
    private final Map<String, Flow> flows = new TreeMap<>();
    private final Map<String, Run> runs = new TreeMap<>();
    private final Map<String, String> statuses = new HashMap<>();
    private final Map<String, Claims> stepClaims = new HashMap<>();
    private long clock;
    private long checkpoints;

    /** A workflow: what its state said last. */
    private static final class Flow {
        private int run;
        private String status = "";
        private final Set<String> hashes = new HashSet<>();
    }

    /** A run, and all that is known of it. */
    private static final class Run {
        private final String label;
        private @Nullable String task;
        private @Nullable DagDefinition dag;
        private final Map<String, Outcome> outcomes = new TreeMap<>();
        private final Map<String, Set<JsonNode>> returned = new HashMap<>();
        private final Map<String, Set<String>> thrown = new HashMap<>();
        private final Claims claims = new Claims();
        private final Map<String, Integer> tries = new HashMap<>();
        private final Map<String, Set<String>> seen = new HashMap<>();
        private final Set<String> handedOver = new HashSet<>();
        private byte @Nullable [] result;
        private @Nullable JsonNode end;
        private long endedAt = Long.MAX_VALUE;
        private boolean acknowledged;

        Run(String label) {
            this.label = label;
        }

        DagStep step(String name) {
            DagDefinition graph = dag;
            if (graph == null) {
                throw new IllegalStateException(label + " has no task yet");
            }
            return graph.steps().stream().filter(step -> step.name().equals(name)).findFirst().orElseThrow();
        }
    }

    /** A step's object as it landed. */
    private record Outcome(StoredObject object, JsonNode json, long at) {
        boolean succeeded() {
            return !json.has("error");
        }
    }

    private RunChecks(Simulation sim, QueueChecks queue) {
        this.sim = sim;
        this.queue = queue;
    }

    /**
     * Watches from now on.
     *
     * @param queue watches the same simulation, and began before
     */
    public static RunChecks watch(Simulation sim, QueueChecks queue) {
        var checks = new RunChecks(sim, queue);
        sim.store().onChange(checks::changed);
        return checks;
    }

    /** A starter has been told that its run is in, or was there. */
    public void acknowledged(String id, int number, DagDefinition dag, StartOptions.ExistingId existing) {
        Run run = runs.get(id + "/" + number);
        Flow flow = flows.get(id);
        require(flow != null && flow.run >= number, Invariant.C1,
                () -> "run " + number + " of " + id + " is acknowledged, and its state does not say so");
        require(run != null && run.task != null, Invariant.C1,
                () -> "run " + number + " of " + id + " is acknowledged, and has no task");
        if (run == null || run.dag == null || run.task == null) {
            return;
        }
        require(run.dag.hash().equals(dag.hash()), Invariant.C1,
                () -> run.label + " is acknowledged to one who has started another graph, with " + existing);
        run.acknowledged = true;
        queue.acknowledged(run.task);
    }

    /** A starter has been told that the id is taken. */
    public void refused(String id, DagDefinition dag, StartOptions.ExistingId existing) {
        Flow flow = flows.get(id);
        require(flow != null && runs.values().stream().anyMatch(run -> run.label.startsWith(id + "/")
                && run.task != null), Invariant.C1,
                () -> "a start of " + id + " is refused, and there is no such workflow");
        require(flow == null || existing == StartOptions.ExistingId.REJECT
                || flow.hashes.stream().anyMatch(hash -> !hash.equals(dag.hash())), Invariant.C1,
                () -> "a start of " + id + " is refused, and all its runs are of that graph");
    }

    /** A reader was told that there is nothing. */
    public void notFound(String id, int number) {
        require(false, Invariant.C1, () -> "run " + number + " of " + id + " was started, and is not found");
    }

    /** A worker has become a run's owner, and knows of so many recorded steps. */
    public void owned(String worker, String id, int number, int finished) {
        Run run = run(id, number);
        run.seen.remove(worker);
        Claim claim = run.claims.latest(worker);
        require(claim != null, Invariant.F1, () -> worker + " owns " + run.label + ", and has never claimed it");
        if (claim == null || run.claims.hasRival(claim)) {
            return;
        }
        long before = run.outcomes.values().stream().filter(outcome -> outcome.at() < claim.at).count();
        require(finished >= before, Invariant.W2, () -> worker + " knows of " + finished + " steps of " + run.label
                + ", and " + before + " were recorded before its attempt " + claim.attempt);
    }

    /** An owner knows that a step's outcome is recorded. */
    public void seen(String worker, WorkflowListener.StepFinished event) {
        Run run = run(event.workflowId(), event.run());
        Outcome outcome = run.outcomes.get(event.step());
        require(outcome != null, Invariant.W1,
                () -> worker + " takes step " + event.step() + " of " + run.label
                        + " for ended, and it is not recorded");
        require(outcome == null || outcome.succeeded() == event.succeeded(), Invariant.W1,
                () -> worker + " takes step " + event.step() + " of " + run.label + " for "
                        + (event.succeeded() ? "a success" : "a failure") + ", and recorded is the contrary");
        run.seen.computeIfAbsent(worker, key -> new HashSet<>()).add(event.step());
    }

    /** A step's body begins in that worker. */
    public void started(String worker, StepContext context, Map<String, JsonNode> parents) {
        Run run = run(context.workflowId(), context.run());
        DagStep step = run.step(context.name());
        String what = worker + " starts step " + step.name() + " of " + run.label + ", try " + context.attempt();
        requireParents(run, step, parents, what);
        List<Claim> owners = run.claims.open(worker, claim -> !queue.isGivenUp(worker, claim.lease));
        List<Claim> helpers = stepClaims.getOrDefault(run.label + "/" + step.name(), new Claims()).open(worker,
                claim -> true);
        require(!owners.isEmpty() || !helpers.isEmpty(), Invariant.F1, () -> what + ", and has no claim for it");
        Outcome outcome = run.outcomes.get(step.name());
        if (outcome != null) {
            require(owners.stream().anyMatch(claim -> claim.at < outcome.at())
                    || helpers.stream().anyMatch(claim -> claim.at < outcome.at() || claim.attempt == 1),
                    Invariant.W2, () -> what + ", and its outcome was recorded before that worker's claim");
        }
        if (!helpers.isEmpty()) {
            require(helpers.stream().anyMatch(claim -> claim.at < run.endedAt) || hasEarlier(owners, run.endedAt),
                    Invariant.W5, () -> what + ", and the run had ended before that worker's claim");
            return;
        }
        require(hasEarlier(owners, run.endedAt), Invariant.W5,
                () -> what + ", and the run had ended before that worker's claim");
        require(context.attempt() <= step.retry().maxAttempts(), Invariant.W2,
                () -> what + " of " + step.retry().maxAttempts());
        long failedAt = run.outcomes.values().stream().filter(each -> !each.succeeded()).mapToLong(Outcome::at).min()
                .orElse(Long.MAX_VALUE);
        require(hasEarlier(owners, failedAt), Invariant.W2,
                () -> what + ", and another step had failed for good before that worker's claim");
        Claim claim = run.claims.latest(worker);
        if (claim == null || owners.size() > 1) {
            return; // it may be the earlier claim's owner, which has not yet seen that it is lost
        }
        require(!run.seen.getOrDefault(worker, Set.of()).contains(step.name()), Invariant.W2,
                () -> what + ", and knows its outcome");
        String epoch = worker + " " + claim.attempt + " " + step.name();
        int tries = run.tries.merge(epoch, 1, Integer::sum);
        require(tries <= step.retry().maxAttempts(), Invariant.W2,
                () -> what + ", the start number " + tries + " of its attempt " + claim.attempt);
    }

    private static boolean hasEarlier(List<Claim> claims, long at) {
        return claims.stream().anyMatch(claim -> claim.at < at);
    }

    private void requireParents(Run run, DagStep step, Map<String, JsonNode> parents, String what) {
        require(List.copyOf(parents.keySet()).equals(step.needs()), Invariant.W1,
                () -> what + " with the results of " + parents.keySet() + ", and needs " + step.needs());
        parents.forEach((name, given) -> {
            Outcome outcome = run.outcomes.get(name);
            require(outcome != null && outcome.succeeded(), Invariant.W1,
                    () -> what + ", and " + name + ", which it needs, has no recorded success");
            require(outcome == null || given.equals(result(outcome.json())), Invariant.W1,
                    () -> what + " with another result of " + name + " than the recorded one");
        });
    }

    /** A body is about to return that. */
    public void returned(StepContext step, JsonNode result) {
        run(step.workflowId(), step.run()).returned.computeIfAbsent(step.name(), key -> new HashSet<>()).add(result);
    }

    /** A body is about to throw that. */
    public <E extends Exception> E throwing(StepContext step, E failure) {
        run(step.workflowId(), step.run()).thrown.computeIfAbsent(step.name(), key -> new HashSet<>())
                .add(String.valueOf(failure.getMessage()));
        return failure;
    }

    /** Somebody who waited was given these results. */
    public void answered(String id, int number, Map<String, JsonNode> results) {
        Run run = run(id, number);
        JsonNode end = run.end;
        require(end != null && !end.has("error"), Invariant.W5,
                () -> run.label + " is said to be completed, and its result says " + end);
        DagDefinition dag = run.dag;
        if (dag == null) {
            return;
        }
        Set<String> sinks = new LinkedHashSet<>();
        dag.steps().forEach(step -> sinks.add(step.name()));
        dag.steps().forEach(step -> sinks.removeAll(step.needs()));
        require(results.keySet().equals(sinks), Invariant.W5,
                () -> run.label + " answers the results of " + results.keySet() + ", and its last steps are " + sinks);
        results.forEach((name, result) -> {
            Outcome outcome = run.outcomes.get(name);
            require(outcome != null && result.equals(result(outcome.json())), Invariant.W1,
                    () -> run.label + " answers another result of step " + name + " than the recorded one");
        });
    }

    /** Somebody who waited was told of a failure. */
    public void answeredFailed(String id, int number, WorkflowFailedException failure) {
        Run run = run(id, number);
        require(run.end != null && run.end.has("error"), Invariant.W5,
                () -> run.label + " is said to have failed (" + failure.getMessage() + "), and its result says "
                        + run.end);
    }

    /** Somebody has read where a run stands. */
    public void saw(String id, int number, WorkflowStatus status) {
        Run run = run(id, number);
        JsonNode end = run.end;
        switch (status) {
            case COMPLETED, FAILED -> require(
                    end != null && end.has("error") == (status == WorkflowStatus.FAILED), Invariant.W5,
                    () -> run.label + " is read as " + status + ", and its result says " + end);
            case CANCELLED -> require(false, Invariant.W5, () -> run.label + " is read as cancelled");
            default -> {
                // on its way
            }
        }
    }

    /** Somebody has read how far a run has come. */
    public void saw(String id, int number, WorkflowProgress progress) {
        Run run = run(id, number);
        saw(id, number, progress.status());
        require(progress.finished() <= run.outcomes.size() && progress.finished() <= progress.total(), Invariant.W1,
                () -> run.label + " is read as " + progress + ", and " + run.outcomes.size() + " steps are recorded");
    }

    /** Somebody has read a run's steps. */
    public void saw(String id, int number, List<StepInfo> steps) {
        Run run = run(id, number);
        for (StepInfo step : steps) {
            Outcome outcome = run.outcomes.get(step.name());
            require(outcome != null && outcome.succeeded() == step.succeeded()
                    && (!step.succeeded() || result(outcome.json()).equals(step.result())), Invariant.W1,
                    () -> run.label + " tells another outcome of step " + step.name() + " than the recorded one");
        }
    }

    /** Somebody has read a run's graph. */
    public void saw(String id, int number, DagDefinition dag) {
        Run run = run(id, number);
        require(run.dag != null && run.dag.hash().equals(dag.hash()), Invariant.C1,
                () -> run.label + " is read with another graph than it was started with");
    }

    /** Whether all acknowledged runs have ended. */
    public boolean allEnded() {
        for (Run run : runs.values()) {
            if (run.acknowledged && (run.endedAt == Long.MAX_VALUE || !isEnded(run.task))) {
                return false;
            }
        }
        return true;
    }

    /** The acknowledged runs that have not ended, each with what it says of itself. */
    public List<String> open() {
        var open = new ArrayList<String>();
        for (Run run : runs.values()) {
            if (run.acknowledged && (run.endedAt == Long.MAX_VALUE || !isEnded(run.task))) {
                open.add(run.label + " " + (run.task == null ? "" : queue.tasks().get(run.task)));
            }
        }
        return open;
    }

    /** Whether all runs have ended, those of half starts included. */
    public boolean allRunsEnded() {
        for (Run run : runs.values()) {
            JsonNode task = run.task == null ? null : queue.tasks().get(run.task);
            if (task != null && QueueChecks.isOpen(task)) {
                return false;
            }
        }
        return true;
    }

    /** Whether all tasks have ended, those of half starts included. */
    public boolean allTasksEnded() {
        for (JsonNode task : queue.tasks().values()) {
            if (QueueChecks.isOpen(task)) {
                return false;
            }
        }
        return true;
    }

    /** All tasks that have not ended, but for tombstones. */
    public List<String> openTasks() {
        var open = new ArrayList<String>();
        queue.tasks().forEach((id, task) -> {
            if (QueueChecks.isOpen(task)) {
                open.add(id + " " + task);
            }
        });
        return open;
    }

    /** All is over: each run's result, state and task tell the same. */
    public void requireEnds() {
        runs.forEach((label, run) -> {
            if (run.task == null) {
                return;
            }
            String task = queue.status(run.task);
            require(run.end != null, Invariant.W5, () -> label + " has no result, and its task is " + task);
            require(run.end == null || task.equals(run.end.has("error") ? "FAILED" : "COMPLETED"), Invariant.W5,
                    () -> label + " has the result " + run.end + ", and its task is " + task);
        });
    }

    /**
     * How many puts below {@code workflow/} all runs may have cost by now, without faults: one for each step, one more for
     * each that two have run at a time, the checkpoints, a state and a result for each end, a state for each start, and one
     * more for each that began a later run.
     *
     * @param starts how many starts were asked for
     */
    public long budget(long starts) {
        long puts = checkpoints + starts;
        for (Run run : runs.values()) {
            puts += run.outcomes.size() + (run.end == null ? 0 : 2) + (run.label.endsWith("/1") ? 0 : 1);
        }
        for (Claims claims : stepClaims.values()) {
            puts += claims.size();
        }
        return puts;
    }

    private boolean isEnded(@Nullable String task) {
        JsonNode body = task == null ? null : queue.tasks().get(task);
        return body != null && QueueChecks.isFinal(body);
    }

    private void changed(String key) {
        clock++;
        if (key.startsWith("tasks/")) {
            String id = key.substring(key.lastIndexOf('/') + 1, key.length() - ".json".length());
            JsonNode task = queue.tasks().get(id);
            if (task != null) {
                task(id, task);
            }
        } else if (key.startsWith("workflow/")) {
            StoredObject object = sim.store().peek(key);
            require(object != null, Invariant.W1, () -> key + " is deleted");
            if (object != null) {
                object(key, object);
            }
        }
    }

    private void object(String key, StoredObject object) {
        String[] parts = key.split("/", -1);
        String id = plain(parts[1]);
        if (parts[2].equals("state.json")) {
            state(id, Site.json(object));
            return;
        }
        Run run = run(id, Integer.parseInt(parts[3]));
        switch (parts[4]) {
            case "steps" -> step(run, plain(parts[5].substring(0, parts[5].length() - ".json".length())), object);
            case "checkpoint.json" -> checkpoint(run, Site.json(object));
            case "result.json" -> result(run, object);
            default -> require(false, Invariant.W5, () -> "nobody knows what " + key + " is");
        }
    }

    /** A segment of a key as it was before it was encoded. */
    private static String plain(String segment) {
        return java.net.URLDecoder.decode(segment, java.nio.charset.StandardCharsets.UTF_8);
    }

    private void state(String id, JsonNode json) {
        Flow flow = flows.computeIfAbsent(id, key -> new Flow());
        int number = json.path("run").asInt(0);
        String status = json.path("status").asString("");
        boolean wasFinal = flow.status.equals("COMPLETED") || flow.status.equals("FAILED");
        require(number >= flow.run, Invariant.W5, () -> id + " goes from run " + flow.run + " back to run " + number);
        require(number == flow.run || flow.run == 0 || wasFinal, Invariant.W5,
                () -> id + " goes to run " + number + ", and run " + flow.run + " is " + flow.status);
        require(number > flow.run || !wasFinal || status.equals(flow.status), Invariant.W5,
                () -> "run " + number + " of " + id + " goes from " + flow.status + " to " + status);
        flow.run = number;
        flow.status = status;
        flow.hashes.add(json.path("hash").asString(""));
        if (!status.equals("PENDING")) {
            Run run = run(id, number);
            JsonNode end = run.end;
            require(end != null && end.path("status").asString("").equals(status), Invariant.W5,
                    () -> run.label + " becomes " + status + ", and its result says " + end);
            run.endedAt = Math.min(run.endedAt, clock);
        }
    }

    private void step(Run run, String name, StoredObject object) {
        String what = "step " + name + " of " + run.label;
        Outcome before = run.outcomes.get(name);
        if (before != null) {
            require(Arrays.equals(before.object().body(), object.body()), Invariant.W1, () -> what + " is overwritten: "
                    + before.json() + " by " + Site.json(object));
            return;
        }
        var outcome = new Outcome(object, Site.json(object), clock);
        run.outcomes.put(name, outcome);
        for (String need : run.step(name).needs()) {
            Outcome parent = run.outcomes.get(need);
            require((parent != null && parent.succeeded()) || (!outcome.succeeded() && isUsedUp(outcome)),
                    Invariant.W1,
                    () -> what + " is recorded, and " + need + ", which it needs, has no recorded success");
        }
        if (outcome.succeeded()) {
            require(run.returned.getOrDefault(name, Set.of()).contains(result(outcome.json())), Invariant.W1,
                    () -> what + " is recorded with a result that no body returned: " + outcome.json());
        } else {
            JsonNode error = outcome.json().path("error");
            require(NOT_OF_THE_BODY.contains(error.path("type").asString(""))
                    || run.thrown.getOrDefault(name, Set.of()).contains(error.path("message").asString("")),
                    Invariant.W1, () -> what + " is recorded with a failure that is not its body's: " + error);
        }
    }

    private static boolean isUsedUp(Outcome outcome) {
        return outcome.json().path("error").path("type").asString("").equals("attempts-used-up");
    }

    /** The result that a recorded success has, wherever it stands. */
    private JsonNode result(JsonNode outcome) {
        String reference = outcome.path("resultKey").asString("");
        if (reference.isEmpty()) {
            return outcome.path("result");
        }
        StoredObject payload = sim.store().peek(reference);
        require(payload != null, Invariant.W1, () -> "a result is not where its step says: " + reference);
        return Site.json(payload);
    }

    private void checkpoint(Run run, JsonNode json) {
        checkpoints++;
        // What an earlier owner still has on its way takes nothing from what the latest one knows.
        json.path("steps").properties().forEach(entry -> {
            Outcome outcome = run.outcomes.get(entry.getKey());
            require(outcome != null, Invariant.W1,
                    () -> "a checkpoint of " + run.label + " holds step " + entry.getKey() + ", which is not recorded");
            if (outcome != null) {
                requireSame(run, entry.getKey(), entry.getValue(), outcome, "a checkpoint");
                run.handedOver.add(entry.getKey());
            }
        });
    }

    /** A copy of an outcome tells what the step's object tells, though it may leave the result out. */
    private void requireSame(Run run, String name, JsonNode copy, Outcome outcome, String where) {
        boolean same = copy.has("error")
                ? copy.path("error").equals(outcome.json().path("error"))
                : outcome.succeeded() && (!copy.has("result") || copy.path("result").equals(result(outcome.json())));
        require(same, Invariant.W1, () -> where + " of " + run.label + " tells of step " + name + ": " + copy
                + ", and recorded is " + outcome.json());
    }

    private void result(Run run, StoredObject object) {
        if (run.result != null) {
            require(Arrays.equals(run.result, object.body()), Invariant.W5,
                    () -> "the result of " + run.label + " is overwritten");
            return;
        }
        run.result = object.body().clone();
        JsonNode json = Site.json(object);
        run.end = json;
        json.path("steps").properties().forEach(entry -> {
            Outcome outcome = run.outcomes.get(entry.getKey());
            require(outcome != null, Invariant.W5,
                    () -> "the result of " + run.label + " holds step " + entry.getKey() + ", which is not recorded");
            if (outcome != null) {
                requireSame(run, entry.getKey(), entry.getValue(), outcome, "the result");
            }
        });
        DagDefinition dag = run.dag;
        int steps = dag == null ? 0 : dag.steps().size();
        boolean failed = json.has("error");
        String type = json.path("error").path("type").asString("");
        require(failed || json.path("steps").size() == steps, Invariant.W5,
                () -> run.label + " completes with " + json.path("steps").size() + " of " + steps + " steps");
        require(failed || run.outcomes.values().stream().allMatch(Outcome::succeeded), Invariant.W5,
                () -> run.label + " completes, and steps of it have failed");
        require(!type.equals("step-failed") || run.outcomes.values().stream().anyMatch(each -> !each.succeeded()),
                Invariant.W5, () -> run.label + " fails for a step, and none is recorded as failed");
        JsonNode task = run.task == null ? null : queue.tasks().get(run.task);
        int most = task == null ? 0 : task.path("retry").path("maxAttempts").asInt(0);
        require(!type.equals("attempts-used-up") || (task != null && task.path("failures").asInt(0) >= most),
                Invariant.W5, () -> run.label + " fails for its attempts, and some are left: " + task);
    }

    private void task(String id, JsonNode task) {
        String type = task.path("type").asString("");
        boolean isRun = type.equals(RUN_TYPE);
        if (!isRun && !type.startsWith(STEP_TYPE)) {
            return;
        }
        JsonNode input = task.path("input");
        Run run = run(input.path("workflow").asString(""), input.path("run").asInt(0));
        String now = task.path("status").asString("");
        String was = statuses.getOrDefault(id, "");
        statuses.put(id, now);
        if (isRun && run.dag == null) {
            run.task = id;
            run.dag = DagDefinition.fromJson(input.has("definition")
                    ? input.path("definition")
                    : Site.json(sim.store().peek(input.path("definitionKey").asString(""))));
        }
        String stepKey = run.label + "/" + input.path("step").asString("");
        Claims claims = isRun ? run.claims : stepClaims.computeIfAbsent(stepKey, key -> new Claims());
        claims.follow(was, task, clock);
        if (now.equals(was)) {
            return;
        }
        if (isRun) {
            runTask(run, task, now);
        } else if (QueueChecks.isFinal(task)) {
            stepEnded(run, input.path("step").asString(""), now);
        }
    }

    private void runTask(Run run, JsonNode task, String now) {
        if (now.equals("COMPLETED") || now.equals("FAILED")) {
            require(run.end != null && run.end.has("error") == now.equals("FAILED"), Invariant.W5,
                    () -> "the task of " + run.label + " is " + now + ", and its result says " + run.end);
            require(run.endedAt <= clock, Invariant.W5,
                    () -> "the task of " + run.label + " is " + now + ", and its state does not say that it has ended");
        } else if (now.equals("CANCELLED")) {
            require(false, Invariant.W5, () -> "the task of " + run.label + " is cancelled, and nobody asked for it");
        } else if (now.equals("PENDING") && task.path("parked").asBoolean(false)) {
            run.outcomes.keySet().forEach(step -> requireAnnounced(run, step));
        }
    }

    private void stepEnded(Run run, String step, String now) {
        if (now.equals("CANCELLED")) {
            return;
        }
        Outcome outcome = run.outcomes.get(step);
        require(outcome != null && outcome.succeeded() == now.equals("COMPLETED"), Invariant.W4,
                () -> "the task of step " + step + " of " + run.label + " is " + now + ", and recorded is "
                        + (outcome == null ? "nothing" : outcome.json()));
        requireAnnounced(run, step);
    }

    /** A parked run whose step has ended elsewhere knows of it, or a wake key tells. */
    private void requireAnnounced(Run run, String step) {
        JsonNode task = run.task == null ? null : queue.tasks().get(run.task);
        if (task == null || !task.path("parked").asBoolean(false) || !task.path("status").asString("").equals("PENDING")
                || run.handedOver.contains(step) || !hasEndedTask(run, step)) {
            return;
        }
        String wake = "-" + run.task + ".w";
        require(sim.store().keys("ready/").stream().anyMatch(key -> key.contains(wake)), Invariant.W4,
                () -> run.label + " is parked, its step " + step + " has ended elsewhere, and nothing wakes it");
    }

    private boolean hasEndedTask(Run run, String step) {
        return queue.tasks().values().stream().anyMatch(task -> task.path("type").asString("").startsWith(STEP_TYPE)
                && run.label.equals(task.path("input").path("workflow").asString("") + "/"
                        + task.path("input").path("run").asInt(0))
                && step.equals(task.path("input").path("step").asString(""))
                && Set.of("COMPLETED", "FAILED").contains(task.path("status").asString("")));
    }

    private Run run(String id, int number) {
        return runs.computeIfAbsent(id + "/" + number, Run::new);
    }

    private void require(boolean holds, Invariant invariant, Supplier<String> otherwise) {
        if (!holds) {
            sim.fail(invariant, otherwise.get());
        }
    }
}
