package dev.windlass.simulation.check;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
import dev.windlass.workflow.StepContext;
import dev.windlass.workflow.StepInfo;
import dev.windlass.workflow.WorkflowStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Watches runs of durable functions: every write of their objects and tasks that takes effect, what functions see, what bodies
 * do, and what senders of signals are told. It fails the simulation, naming the invariant, as soon as one does not hold.
 *
 * <p>For the threads of one simulation. A workflow has one run, or several of which each goes on as the next; ids hold letters, digits and
 * dots. Signals of one name are
 * sent in the same order by all who send them, each only when the one before is acknowledged.
 */
public final class FunctionChecks {
    private static final String RUN_TYPE = "workflow-function:";
    private static final String STEP_TYPE = "workflow-step:";

    private final Simulation sim;
    private final QueueChecks queue;
    private final Map<String, Flow> flows = new TreeMap<>();
    private final Map<String, String> statuses = new HashMap<>();
    private final Map<String, Claims> stepClaims = new HashMap<>();
    private long clock;

    /** A workflow, and what is known of all its runs. */
    private static final class Flow {
        private final String id;
        private final TreeMap<Integer, Run> runs = new TreeMap<>();
        /** Of each signal name, what was consumed, and the values by id. */
        private final Map<String, Set<String>> consumed = new HashMap<>();
        private final Map<String, String> sent = new HashMap<>();
        /** Of each signal, when it was acknowledged first. */
        private final Map<String, Instant> acknowledged = new LinkedHashMap<>();
        private final Map<String, Set<String>> before = new HashMap<>();
        private String status = "";
        private int run;
        private boolean wanted;
        private boolean mayBeCancelled;

        Flow(String id) {
            this.id = id;
        }

        Run run(int number) {
            return runs.computeIfAbsent(number, key -> new Run(this, key));
        }

        /** The result of the latest run, which does not go on as another; null while there is none. */
        @Nullable
        JsonNode end() {
            JsonNode end = runs.isEmpty() ? null : runs.lastEntry().getValue().end;
            return end == null || end.path("goesOn").asBoolean(false) ? null : end;
        }
    }

    /** A run, and what is known of it alone. */
    private static final class Run {
        private final Flow flow;
        private final int number;
        private final String id;
        private final Map<String, Outcome> outcomes = new TreeMap<>();
        private final Claims claims = new Claims();
        private final Map<String, Integer> bodies = new HashMap<>();
        private final Map<String, String> values = new HashMap<>();
        private final Map<String, Instant> limits = new HashMap<>();
        private final Set<String> children = new HashSet<>();
        private @Nullable String task;
        private byte @Nullable [] result;
        private @Nullable JsonNode end;

        Run(Flow flow, int number) {
            this.flow = flow;
            this.number = number;
            this.id = flow.id + " run " + number;
        }
    }

    /** A step's object as it landed. */
    private record Outcome(StoredObject object, JsonNode json, long at) {}

    private FunctionChecks(Simulation sim, QueueChecks queue) {
        this.sim = sim;
        this.queue = queue;
    }

    /**
     * Watches from now on.
     *
     * @param queue watches the same simulation, and began before
     */
    public static FunctionChecks watch(Simulation sim, QueueChecks queue) {
        var checks = new FunctionChecks(sim, queue);
        sim.store().onChange(checks::changed);
        return checks;
    }

    // What clients are told

    /** A starter has been told that the run is in. */
    public void acknowledged(String id) {
        String task = run(id, 1).task;
        require(task != null, Invariant.C1, () -> id + " is acknowledged, and has no task");
        flow(id).wanted = true;
        if (task != null) {
            queue.acknowledged(task);
        }
    }

    /** Somebody is about to ask that the run be cancelled, or ended at once. */
    public void cancels(String id) {
        flow(id).mayBeCancelled = true;
    }

    /**
     * A signal is about to be sent.
     *
     * @param before the ids of those of its name that this sender was told are in
     */
    public void sends(String id, String name, String signal, String value, Set<String> before) {
        Flow flow = flow(id);
        flow.sent.put(name + '/' + signal, value);
        // Another sender may not know of one that is before it for the first: then nothing is said of their order.
        Set<String> all = flow.before.computeIfAbsent(name + '/' + signal, key -> new HashSet<>(before));
        all.retainAll(before);
    }

    /** A sender has been told that a signal is in. */
    public void sent(String id, String name, String signal) {
        flow(id).acknowledged.putIfAbsent(name + '/' + signal, sim.now());
    }

    /** A sender has been told that the run has ended. */
    public void toldEnded(String id) {
        require(flow(id).end() != null, Invariant.W3,
                () -> "a signal to " + id + " is refused, and the run has not ended");
    }

    /** Somebody who waited was given that result. */
    public void answered(String id, @Nullable String result) {
        JsonNode end = flow(id).end();
        require(end != null && end.path("status").asString("").equals("COMPLETED"), Invariant.W5,
                () -> id + " is said to be completed, and its result says " + end);
        String recorded = end == null ? "" : end.path("steps").path("~result").path("result").asString("");
        require(recorded.equals(result), Invariant.W5,
                () -> id + " answers " + result + ", and recorded is " + recorded);
    }

    /** Somebody has read where a run stands. */
    public void saw(String id, WorkflowStatus status) {
        JsonNode end = flow(id).end();
        require(!status.isFinal() || (end != null && end.path("status").asString("").equals(status.name())),
                Invariant.W5, () -> id + " is read as " + status + ", and its result says " + end);
    }

    /** Somebody has read the steps of a workflow's run, which another one may have followed meanwhile. */
    public void saw(String id, List<StepInfo> steps) {
        for (StepInfo step : steps) {
            require(flow(id).runs.values().stream().map(run -> run.outcomes.get(step.name()))
                    .anyMatch(outcome -> outcome != null && outcome.json().has("error") != step.succeeded()),
                    Invariant.W1,
                    () -> id + " tells another outcome of " + step.name() + " than the recorded one");
        }
    }

    // What functions see

    /** A function has got the value of what it asked for: it must be recorded, and be that. */
    public void got(String id, int number, String name, @Nullable String value) {
        Outcome outcome = run(id, number).outcomes.get(name);
        require(outcome != null, Invariant.W1,
                () -> id + " acts upon " + name + ", of which nothing is recorded");
        String recorded = outcome == null ? "" : outcome.json().path("result").asString("");
        require(outcome == null || (!outcome.json().has("error") && recorded.equals(value == null ? "" : value)),
                Invariant.W1, () -> id + " sees " + value + " as the outcome of " + name + ", and recorded is "
                        + (outcome == null ? "" : outcome.json()));
    }

    /** A function has been told that what it asked for has failed. */
    public void gotFailure(String id, int number, String name, String type) {
        Outcome outcome = run(id, number).outcomes.get(name);
        require(outcome != null && outcome.json().path("error").path("type").asString("").equals(type), Invariant.W1,
                () -> id + " sees a failure " + type + " of " + name + ", and recorded is "
                        + (outcome == null ? "nothing" : outcome.json()));
    }

    /** What a function computes must be the same each time that it runs. */
    public void same(String id, int number, String what, String value) {
        String before = run(id, number).values.putIfAbsent(what, value);
        require(before == null || before.equals(value), Invariant.W1,
                () -> what + " of " + id + " was " + before + " and is " + value);
    }

    /** A function is about to wait for a signal until then. */
    public void waitsUntil(String id, int number, String wait, Instant due) {
        run(id, number).limits.put(wait, due);
    }

    /**
     * A function has asked for a child, and does not wait for it.
     *
     * @param abandoned whether it goes on when its parent has ended
     */
    public void begins(String id, int number, String child, boolean abandoned) {
        run(id, number).children.add(child);
        flow(child).mayBeCancelled |= !abandoned;
    }

    // What bodies do

    /**
     * A step's body begins in that worker.
     *
     * @param once whether it is begun at most once
     */
    public void started(String worker, StepContext step, boolean once) {
        Run run = run(step.workflowId(), step.run());
        String what = worker + " starts step " + step.name() + " of " + run.id + ", try " + step.attempt();
        List<Claim> owners = run.claims.open(worker, claim -> !queue.isGivenUp(worker, claim.lease));
        List<Claim> helpers = stepClaims.getOrDefault(run.id + "/" + step.name(), new Claims()).open(worker,
                claim -> true);
        require(!owners.isEmpty() || !helpers.isEmpty(), Invariant.F1, () -> what + ", and has no claim for it");
        Outcome outcome = run.outcomes.get(step.name());
        require(outcome == null || owners.stream().anyMatch(claim -> claim.at < outcome.at())
                || helpers.stream().anyMatch(claim -> claim.at < outcome.at() || claim.attempt == 1),
                Invariant.W2, () -> what + ", and its outcome was recorded before that worker's claim");
        int times = run.bodies.merge(step.name(), 1, Integer::sum);
        require(!once || times == 1, Invariant.W2, () -> what + ", which is to begin at most once, and began before");
    }

    // What is left

    /** Whether all runs that were acknowledged, and those that they have started, have ended. */
    public boolean allEnded() {
        return open().isEmpty();
    }

    /** The runs that have not ended, each with its task. */
    public List<String> open() {
        var open = new ArrayList<String>();
        flows.values().forEach(flow -> {
            if (flow.wanted && flow.run(1).task == null) {
                open.add(flow.id);
            }
            flow.runs.values().forEach(run -> {
                JsonNode task = run.task == null ? null : queue.tasks().get(run.task);
                if (task != null && QueueChecks.isOpen(task)) {
                    open.add(run.id + " " + task + "; consumed " + flow.consumed + " of "
                            + flow.acknowledged.keySet());
                }
            });
        });
        return open;
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

    /** All is over: each run's result, state and task tell the same, and nothing has failed that need not. */
    public void requireEnds() {
        List.copyOf(flows.values()).forEach(flow -> List.copyOf(flow.runs.values()).forEach(this::requireEnd));
    }

    private void requireEnd(Run run) {
        if (run.task == null) {
            return;
        }
        Flow flow = run.flow;
        boolean goesOn = run.end != null && run.end.path("goesOn").asBoolean(false);
        require(!goesOn || flow.run(run.number + 1).task != null, Invariant.W4,
                () -> run.id + " goes on as the next run, which has no task");
        String end = run.end == null ? "" : run.end.path("status").asString("");
        String task = queue.status(run.task);
        require(end.equals(flow.status) || !run.equals(flow.runs.lastEntry().getValue()), Invariant.W5,
                () -> run.id + " has the result " + run.end + ", and its state is " + flow.status);
        require(task.equals(end) || end.equals("CANCELLED"), Invariant.W5,
                () -> run.id + " has the result " + run.end + ", and its task is " + task);
        require(!end.equals("CANCELLED") || mayBeCancelled(flow.id), Invariant.W5,
                () -> run.id + " is cancelled, and nobody has asked for it");
        require(!end.equals("FAILED") || mayFail(run), Invariant.W5,
                () -> run.id + " has failed: " + run.end);
        run.children.forEach(child -> require(!end.equals("COMPLETED") || run(child, 1).task != null, Invariant.W4,
                () -> run.id + " is completed, and its child " + child + " was never started"));
    }

    /** A child is cancelled with its parent. */
    private boolean mayBeCancelled(String id) {
        int dot = id.lastIndexOf('.');
        return flow(id).mayBeCancelled || (dot >= 0 && mayBeCancelled(id.substring(0, dot)));
    }

    private static boolean mayFail(Run run) {
        JsonNode end = run.end;
        return end != null && end.path("error").path("message").asString("").equals("meant to fail");
    }

    // What lands

    private void changed(String key) {
        clock++;
        if (key.startsWith("tasks/")) {
            String id = key.substring(key.lastIndexOf('/') + 1, key.length() - ".json".length());
            JsonNode task = queue.tasks().get(id);
            if (task != null) {
                task(id, task);
            }
        } else if (key.startsWith("workflow/")) {
            String[] parts = key.split("/", -1);
            StoredObject object = sim.store().peek(key);
            require(object != null || parts[2].equals("signals"), Invariant.W1, () -> key + " is deleted");
            if (object != null) {
                object(parts, object);
            }
        }
    }

    private void object(String[] parts, StoredObject object) {
        if (parts[2].equals("state.json")) {
            state(flow(parts[1]), Site.json(object));
            return;
        }
        Run run = run(parts[1], parts[2].equals("runs") ? Integer.parseInt(parts[3]) : 1);
        if (parts.length > 4 && parts[4].equals("result.json")) {
            if (run.result == null) {
                run.result = object.body().clone();
                run.end = Site.json(object);
            } else {
                require(Arrays.equals(run.result, object.body()), Invariant.W5,
                        () -> "the result of " + run.id + " is overwritten");
            }
        } else if (parts.length > 5 && parts[4].equals("steps")) {
            String file = parts[5].substring(0, parts[5].length() - ".json".length());
            step(run, URLDecoder.decode(file, StandardCharsets.UTF_8), object);
        }
    }

    private void state(Flow flow, JsonNode json) {
        String status = json.path("status").asString("");
        boolean wasFinal = Set.of("COMPLETED", "FAILED", "CANCELLED").contains(flow.status);
        require(!wasFinal || status.equals(flow.status), Invariant.W5,
                () -> flow.id + " goes from " + flow.status + " to " + status);
        require(!json.path("pause").path("by").asString("").equals("engine"), Invariant.W4,
                () -> flow.id + " is paused by the engine: " + json.path("pause"));
        int number = json.path("run").asInt(0);
        require(number == flow.run || number == flow.run + 1, Invariant.W5,
                () -> flow.id + " goes from run " + flow.run + " to run " + number);
        flow.run = number;
        JsonNode end = flow.run(number).end;
        require(!Set.of("COMPLETED", "FAILED", "CANCELLED").contains(status)
                || (end != null && end.path("status").asString("").equals(status)), Invariant.W5,
                () -> flow.id + " becomes " + status + ", and its result says " + end);
        flow.status = status;
    }

    private void step(Run run, String name, StoredObject object) {
        Outcome before = run.outcomes.get(name);
        if (before != null) {
            require(Arrays.equals(before.object().body(), object.body()), Invariant.W1, () -> "step " + name + " of "
                    + run.id + " is overwritten: " + before.json() + " by " + Site.json(object));
            return;
        }
        JsonNode json = Site.json(object);
        run.outcomes.put(name, new Outcome(object, json, clock));
        JsonNode asked = json.path("asked");
        if (asked.path("kind").asString("").equals("signal")) {
            if (asked.has("signalId")) {
                consumed(run, name, json);
            } else if (json.path("error").path("type").asString("").equals("timeout")) {
                timedOut(run, name, asked.path("signal").asString(""));
            }
        }
    }

    /** W3: each once, with its value, and none before one that its sender sent earlier. */
    private void consumed(Run run, String wait, JsonNode json) {
        String name = json.path("asked").path("signal").asString("");
        String id = json.path("asked").path("signalId").asString("");
        Flow flow = run.flow;
        Set<String> all = flow.consumed.computeIfAbsent(name, key -> new HashSet<>());
        require(json.path("result").asString("").equals(flow.sent.get(name + '/' + id)), Invariant.W3,
                () -> wait + " of " + run.id + " is given " + json + ", which nobody has sent");
        for (String earlier : flow.before.getOrDefault(name + '/' + id, Set.of())) {
            require(all.contains(earlier), Invariant.W3, () -> wait + " of " + run.id + " is given the signal " + id
                    + " before " + earlier + ", which had been sent and acknowledged before");
        }
        require(all.add(id), Invariant.W3,
                () -> wait + " of " + run.id + " is given the signal " + id + ", which was delivered before");
    }

    private void timedOut(Run run, String wait, String name) {
        Instant due = run.limits.get(wait);
        Set<String> all = run.flow.consumed.getOrDefault(name, Set.of());
        run.flow.acknowledged.forEach((signal, at) -> {
            String id = signal.substring(signal.indexOf('/') + 1);
            require(due == null || !signal.startsWith(name + '/') || all.contains(id) || !at.isBefore(due),
                    Invariant.W3, () -> wait + " of " + run.id + " is given up, and the signal " + id
                            + " was acknowledged before, at " + at);
        });
    }

    private void task(String id, JsonNode task) {
        String type = task.path("type").asString("");
        boolean isRun = type.startsWith(RUN_TYPE);
        JsonNode input = task.path("input");
        if (!isRun && (!type.startsWith(STEP_TYPE) || !input.has("asked"))) {
            return;
        }
        Run run = run(input.path("workflow").asString(""), input.path("run").asInt(0));
        String now = task.path("status").asString("");
        String was = statuses.getOrDefault(id, "");
        statuses.put(id, now);
        if (isRun) {
            run.task = id;
        }
        Claims claims = isRun
                ? run.claims
                : stepClaims.computeIfAbsent(run.id + "/" + input.path("step").asString(""), key -> new Claims());
        claims.follow(was, task, clock);
        if (isRun && now.equals("COMPLETED") && !was.equals(now)) {
            require(run.end != null, Invariant.W5, () -> "the task of " + run.id + " is completed, and has no result");
        }
    }

    private Flow flow(String id) {
        return flows.computeIfAbsent(id, Flow::new);
    }

    private Run run(String id, int number) {
        return flow(id).run(number);
    }

    private void require(boolean holds, Invariant invariant, Supplier<String> otherwise) {
        if (!holds) {
            sim.fail(invariant, otherwise.get());
        }
    }
}
