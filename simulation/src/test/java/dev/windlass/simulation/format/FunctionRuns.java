package dev.windlass.simulation.format;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.Worker;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.workload.Site;
import dev.windlass.workflow.ChildOptions;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.MapOver;
import dev.windlass.workflow.OnFailure;
import dev.windlass.workflow.Placement;
import dev.windlass.workflow.Promise;
import dev.windlass.workflow.StartOptions;
import dev.windlass.workflow.StepCondition;
import dev.windlass.workflow.StepFunction;
import dev.windlass.workflow.StepOptions;
import dev.windlass.workflow.StepType;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.WorkflowContext;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The part of {@link FormatWorld} that is about durable functions, and about graphs with all that can be said of a step: runs
 * in every state, left behind by processes that are gone.
 */
final class FunctionRuns {
    static final WorkflowType<String, String> ORDER = WorkflowType.of("order", String.class, String.class);
    static final WorkflowType<String, String> NEWER = ORDER.withVersion(2);
    static final WorkflowType<String, String> PACK = WorkflowType.of("pack", String.class, String.class);
    static final StepType<String, String> WEIGH = StepType.of("weigh", String.class, String.class);
    static final String PICK = "pick";
    static final String CARRY = "carry";
    static final String PENNILESS = "no money";
    static final String FAILING = "to fail";
    private static final int LARGE = 70_000;
    private static final Duration LONG = Duration.ofMinutes(10);

    private final Simulation sim;
    private final FormatWorld world;
    private final EngineAccess engine;
    private final Workflows client;

    private FunctionRuns(Simulation sim, FormatWorld world) {
        this.sim = sim;
        this.world = world;
        this.engine = world.site("orderer").windlass.engine();
        this.client = Workflows.on(engine);
    }

    /** An order: paid for at most once, packed by a child, weighed anywhere; two people say where it is. */
    static String order(WorkflowContext ctx, String what, StepFunction<String> pay) throws Exception {
        boolean early = ctx.now().toEpochMilli() == 0;
        String word = ctx.patched("politeness") ? "please" : "now";
        String paid = ctx.step("pay", String.class,
                StepOptions.retry(RetryPolicy.none()).withAtMostOnce().withOnFailure(OnFailure.PAUSE), pay);
        if (what.equals(FAILING) || early) {
            throw new IllegalStateException("nothing to send");
        }
        String item = what.length() > 100 ? "much" : what;
        Promise<String> pack = ctx.childAsync(PACK, ctx.workflowId() + " (pack)", item, ChildOptions.ofDefaults());
        Promise<String> sent = ctx.signal("sent", String.class);
        String first = ctx.any(List.of(sent, pack)).name().isEmpty() ? "" : word;
        String weight = ctx.call(WEIGH, item);
        ctx.sleep(Duration.ofSeconds(1));
        String received = ctx.awaitSignal("received", String.class);
        return String.join(", ", first, paid, pack.get(), weight, received);
    }

    /** What an order gives. */
    static String given(String item, String received) {
        return "please, paid, packed " + item + ", weighs " + item + ", " + received;
    }

    static String pack(WorkflowContext ctx, String item) {
        return ctx.step("box", String.class, step -> "packed " + item);
    }

    static JsonNode pick(String step) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        return step.equals("list") ? list.add("p".repeat(LARGE)).add("b") : list;
    }

    /** A graph of which each step says something else. */
    static DagDefinition everything() {
        StepOptions careful = new StepOptions(RetryPolicy.fixed(2, Duration.ofSeconds(1)),
                List.of(IllegalStateException.class.getName()), Duration.ofMinutes(1), OnFailure.PAUSE, true,
                Placement.FLEET, FormatWorld.ELSEWHERE, 3);
        JsonNode z = JsonNodeFactory.instance.stringNode("z");
        return DagDefinition.builder("everything").version(2).step("list", PICK, null, DagStep.RUN_INPUT)
                .step(DagStep.of("each", CARRY, null, List.of("list")).withOptions(careful)
                        .withMap(new MapOver("list", 1)))
                .step(DagStep.of("never", PICK, null, List.of("list"))
                        .withConditions(List.of(StepCondition.is("list", "/1", z))))
                .step(DagStep.of("perhaps", CARRY, JsonNodeFactory.instance.stringNode("lightly"), List.of("list"))
                        .withConditions(List.of(StepCondition.isNot("list", "/1", z))).withTimeout(null)
                        .withQueue(FormatWorld.ELSEWHERE))
                .build();
    }

    private static DagDefinition large() {
        return DagDefinition.builder("with large inputs").step("list", PICK, null, DagStep.RUN_INPUT)
                .step(DagStep.of("load", CARRY, JsonNodeFactory.instance.stringNode("l".repeat(LARGE)),
                        List.of("list")).withQueue(FormatWorld.ELSEWHERE))
                .build();
    }

    static void play(Simulation sim, FormatWorld world) throws InterruptedException {
        var runs = new FunctionRuns(sim, world);
        runs.ordersThatAreWorkedOn();
        runs.orderWhoseOwnerDies();
        runs.orderWhoseChildHasEnded();
        runs.graphs();
        runs.ordersThatWait();
    }

    static Worker start(Site at, Workflows workflows) {
        return workflows.worker(at.windlass.worker().id(at.actor.name()).lease(Duration.ofSeconds(2),
                Duration.ofMillis(500)).sweeper(false),
                WorkerOptions.ofDefaults().withParkAfter(Duration.ofMillis(50))).start();
    }

    private static Workflows orders(Site at, boolean dies) {
        return Workflows.on(at.windlass.engine()).workflow(ORDER, (ctx, what) -> order(ctx, what, step -> {
            if (dies) {
                at.actor.crash();
            } else if (what.equals(PENNILESS)) {
                throw new IllegalStateException("the account is empty");
            }
            return "paid";
        }));
    }

    private static Workflows helpers(Site at) {
        return Workflows.on(at.windlass.engine()).workflow(PACK, FunctionRuns::pack)
                .stepType(WEIGH, (step, item) -> "weighs " + item);
    }

    private static String segment(String id) {
        return id.replace(" ", "%20").replace("(", "%28").replace(")", "%29");
    }

    private JsonNode object(String id, String name) {
        return Site.json(sim.store().peek("workflow/" + segment(id) + "/" + name));
    }

    private JsonNode task(String id) {
        return Site.task(sim, engine.deriveTaskId("workflow", segment(id) + "/1"));
    }

    private void untilParked(String id, String step) {
        sim.runUntil(() -> object(id, "runs/1/steps/" + step + ".json").has("asked")
                && task(id).path("parked").asBoolean(false), LONG);
    }

    private void untilThere(Predicate<String> key) {
        sim.runUntil(() -> sim.store().keys("workflow/").stream().anyMatch(key), LONG);
    }

    private void ordersThatAreWorkedOn() throws InterruptedException {
        for (String id : List.of("order done", "order waiting", "order of much")) {
            client.start(ORDER, id, id.endsWith("much") ? "m".repeat(LARGE) : "a lamp");
            client.signal(id, "sent", "by ship", "sent-1");
        }
        client.signal("order done", "received", "at noon", "received-1");
        client.start(ORDER, "order paused", PENNILESS);
        client.start(ORDER, "order failed", FAILING);
        Site at = world.site("orders-1");
        Site with = world.site("helpers-1");
        Worker orders = start(at, orders(at, false));
        Worker helpers = start(with, helpers(with));
        untilThere(key -> key.equals("workflow/order%20done/runs/1/result.json"));
        untilParked("order waiting", "~timer");
        untilParked("order of much", "~timer");
        sim.runUntil(() -> object("order paused", "runs/1/begun/pay.json").path("forgotten").asBoolean(false)
                && object("order paused", "state.json").has("pause"), LONG);
        sim.runUntil(() -> object("order failed", "state.json").path("status").asString("")
                .equals(WorkflowStatus.FAILED.name()), LONG);
        sim.sleep(Duration.ofSeconds(3));
        orders.close();
        helpers.close();
    }

    /** It dies while it pays: nobody knows how that ended. */
    private void orderWhoseOwnerDies() {
        Site at = world.site("orders-2");
        client.start(ORDER, "order interrupted", "a lamp");
        Worker worker = start(at, orders(at, true));
        sim.runUntil(at.actor::isCrashed, LONG);
        FormatWorld.require(worker != null);
    }

    private void orderWhoseChildHasEnded() {
        Site at = world.site("orders-3");
        client.start(ORDER, "order with a child", "a lamp");
        Worker orders = start(at, orders(at, false));
        sim.runUntil(() -> object("order with a child (pack)", "state.json").has("task")
                && task("order with a child").path("parked").asBoolean(false), LONG);
        orders.close();
        Site with = world.site("helpers-3");
        Worker helpers = start(with, helpers(with));
        untilThere(key -> key.startsWith("workflow/order%20with%20a%20child/signals/~child/"));
        untilThere(key -> key.equals("workflow/order%20with%20a%20child%20%28pack%29/runs/1/result.json"));
        helpers.close();
    }

    private void graphs() throws InterruptedException {
        ObjectNode given = JsonNodeFactory.instance.objectNode().put("of", "the run");
        client.start(everything(), "everything", StartOptions.ofDefaults().withInput(given));
        client.start(large(), "with large inputs",
                StartOptions.ofDefaults().withInput(JsonNodeFactory.instance.stringNode("i".repeat(LARGE))));
        client.start(DagDefinition.builder("tried again").step(DagStep.of("again", PICK, null, List.of())
                .withRetry(RetryPolicy.fixed(2, Duration.ofHours(1)))).build(), "tried again");
        Site at = world.site("picker");
        Worker picker = start(at, Workflows.on(at.windlass.engine()).stepType(PICK, (step, input, parents) -> {
            if (step.name().equals("again")) {
                throw new IllegalStateException("not yet");
            }
            return pick(step.name());
        }));
        for (String id : List.of("everything", "with large inputs", "tried again")) {
            sim.runUntil(() -> task(id).path("parked").asBoolean(false), LONG);
        }
        sim.sleep(Duration.ofSeconds(1));
        picker.close();
    }

    /** Nobody has worked on them yet. */
    private void ordersThatWait() throws InterruptedException {
        client.signal("order to come", "sent", "in time", "sent-1");
        client.signal("order to come", "received", "too soon", "received-1");
        client.start(ORDER, "order cancelled", "a lamp").cancel("not needed");
        FormatWorld.require(client.start(ORDER, "order withdrawn", "a lamp").run().terminate("sold out"));
        client.start(NEWER, "order of version 2", "a lamp");
        client.handle("order failed").retry();
    }
}
