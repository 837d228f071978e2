package dev.windlass.simulation.format;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.windlass.Windlass;
import dev.windlass.queue.Debounce;
import dev.windlass.queue.PayloadCodec;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskHandler;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.schedule.Cron;
import dev.windlass.schedule.ScheduleTarget;
import dev.windlass.schedule.Schedules;
import dev.windlass.schema.Schemas;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.RequestKind;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.SimulationOptions;
import dev.windlass.simulation.StoreOptions;
import dev.windlass.simulation.StoreRequest;
import dev.windlass.simulation.workload.Site;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.Placement;
import dev.windlass.workflow.StepHandler;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.Workflows;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A store in which every kind of object stands in every state that production code gives it, left behind by processes
 * that are all gone. The same at each play, to the byte, as long as the code writes the same.
 */
final class FormatWorld {
    static final TaskType<String, String> MAIL = TaskType.of("send-mail", String.class, String.class);
    /** A name that has to be encoded in keys. */
    static final String QUEUE = "e-mails & faxes";
    static final String ELSEWHERE = "elsewhere";
    static final String ADD = "add";
    static final String FAR = "add-elsewhere";
    static final String BROKEN = "nobody@example.org";
    static final String HOPELESS = "???";
    static final String ONCE = "busy@example.org";
    static final String TALKATIVE = "a talkative one, ";
    static final String BURST = "customer 17";
    static final String LARGE_RESULT = "everybody";
    static final int LARGE = 263_000;

    private static final Instant BEGIN = Instant.parse("2025-01-01T00:00:00Z");
    private static final Instant FAR_OFF = Instant.parse("2200-01-01T00:00:00Z");
    private static final Duration TTL = Duration.ofSeconds(2);
    private static final Duration BEAT = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final SubmitOptions PLAIN = SubmitOptions.ofDefaults()
            .withRetry(RetryPolicy.fixed(2, Duration.ofHours(1)));
    private static final byte[] POISON = Site.bytes("{\"not\": \"a task\"");
    private static final String ORPHAN = "01b8dac5-b500-7000-8000-000000000017";

    private final Simulation sim;
    private final Site submitter;

    private FormatWorld(Simulation sim) {
        this.sim = sim;
        this.submitter = site("submitter");
    }

    /** Plays it, and gives what is in the store at the end, by key. */
    static SortedMap<String, byte[]> play() {
        var objects = new TreeMap<String, byte[]>();
        var options = SimulationOptions.defaults().withStartTime(BEGIN).withStore(StoreOptions.defaults()
                .withTime(Duration.ofMillis(1), Duration.ZERO));
        Simulation.run(1, options, sim -> {
            var world = new FormatWorld(sim);
            world.end();
            world.fail();
            world.runs();
            FunctionRuns.play(sim, world);
            FollowingRuns.play(sim, world);
            world.leaveWaiting();
            world.say();
            world.order();
            world.leaveBehind();
            for (String key : sim.store().keys("")) {
                objects.put(key, Objects.requireNonNull(sim.store().peek(key)).body());
            }
        });
        return objects;
    }

    Site site(String name) {
        return Site.of(sim, sim.actor(name), builder -> builder.grace(Duration.ofMinutes(2)));
    }

    private TaskHandle<String> submit(String input, SubmitOptions options) {
        return submitter.windlass.queue(QUEUE).submit(MAIL, input, options);
    }

    private Worker mailer(Site at, TaskHandler<String, String> handler) {
        return at.windlass.worker().queue(QUEUE).id(at.actor.name()).lease(TTL, BEAT).sweeper(false).handle(MAIL,
                handler).start();
    }

    private void until(TaskHandle<?> task, String status) {
        sim.runUntil(() -> Site.status(sim, task.id()).equals(status), LONG);
    }

    /** Tasks that end, well or not. */
    private void end() {
        Site at = site("mailer-1");
        TaskHandle<String> cancelled = submit("not needed", PLAIN);
        cancelled.cancel("not needed");
        Worker worker = mailer(at, (task, input) -> {
            if (input.equals("slow")) {
                at.actor.environment().sleep(Duration.ofHours(1));
            }
            return input.equals(LARGE_RESULT) ? "y".repeat(LARGE) : "sent to " + input;
        });
        TaskHandle<String> keyed = submit("ada@example.org", PLAIN.withIdempotencyKey("order 17").withPriority(2));
        TaskHandle<String> large = submit(LARGE_RESULT, PLAIN.withTimeout(null));
        TaskHandle<String> slow = submit("slow", PLAIN);
        until(keyed, "COMPLETED");
        until(large, "COMPLETED");
        until(slow, "RUNNING");
        slow.cancel("too late");
        until(slow, "CANCELLED");
        worker.close();
    }

    /** Tasks that fail, objects that are no tasks, and a ready key that leads nowhere. */
    private void fail() throws InterruptedException {
        TaskHandle<String> broken = submit(BROKEN, SubmitOptions.ofDefaults()
                .withRetry(RetryPolicy.fixed(2, Duration.ofSeconds(1))));
        TaskHandle<String> hopeless = submit(HOPELESS, PLAIN);
        TaskHandle<String> once = submit(ONCE, PLAIN);
        TaskHandle<String> poison = submit("poison", PLAIN);
        sim.store().plant(Site.taskKey(sim, poison.id()), POISON);
        sim.store().plant("ready/" + ELSEWHERE + "/5/1735689600000-" + ORPHAN + ".1.aaaaaaaaaaaaaaaa", new byte[0]);
        Worker worker = mailer(site("mailer-2"), (task, input) -> {
            if (input.equals(HOPELESS)) {
                throw new PermanentFailure("no such address");
            }
            throw new IllegalStateException("busy");
        });
        until(broken, "FAILED");
        until(hopeless, "FAILED");
        sim.runUntil(() -> Site.events(sim, once.id()).contains("failed"), LONG);
        sim.runUntil(() -> !sim.store().keys("dead/").stream().filter(key -> key.endsWith(poison.id())).toList()
                .isEmpty(), LONG);
        worker.close();
        sim.sleep(Duration.ofMinutes(3));
        submitter.windlass.sweep(true);
        sim.runUntil(() -> Site.status(sim, ORPHAN).equals("TOMBSTONE"), LONG);
    }

    private static DagDefinition chain(String name, int steps) {
        DagDefinition.Builder builder = DagDefinition.builder(name);
        for (int i = 0; i < steps; i++) {
            builder.step("s" + i, ADD, JsonNodeFactory.instance.numberNode(i),
                    i == 0 ? new String[0] : new String[]{"s" + (i - 1)});
        }
        return builder.build();
    }

    /** One step here, one elsewhere, and one here again. */
    static DagDefinition there(String name) {
        return DagDefinition.builder(name).step("first", ADD, JsonNodeFactory.instance.numberNode(1))
                .step(DagStep.of("second", FAR, JsonNodeFactory.instance.numberNode(2), List.of("first"))
                        .withPlacement(Placement.FLEET).withQueue(ELSEWHERE))
                .step("third", ADD, JsonNodeFactory.instance.numberNode(3), "second").build();
    }

    /** Adds its input to what it is given; an input of text is the result itself, repeated; null fails. */
    static JsonNode add(JsonNode input, Map<String, JsonNode> parents) {
        if (input.isNull()) {
            throw new PermanentFailure("nothing to add");
        }
        if (input.isString()) {
            return JsonNodeFactory.instance.stringNode(input.asString().repeat(LARGE));
        }
        int sum = input.asInt(0);
        for (JsonNode parent : parents.values()) {
            sum += parent.asInt(0);
        }
        return JsonNodeFactory.instance.numberNode(sum);
    }

    private Worker owner(Site at, StepHandler handler) {
        Workflows workflows = Workflows.on(at.windlass.engine()).stepType(ADD, handler);
        return workflows.worker(at.windlass.worker().id(at.actor.name()).lease(TTL, BEAT).sweeper(false),
                WorkerOptions.ofDefaults().withParkAfter(Duration.ofMillis(50)).withLocalParallelism(1)).start();
    }

    private void start(DagDefinition dag) {
        Workflows.on(submitter.windlass.engine()).start(dag, dag.name());
    }

    private void untilThere(Predicate<String> key) {
        sim.runUntil(() -> sim.store().keys("workflow/").stream().anyMatch(key), LONG);
    }

    /** Runs that end, that were left in the middle, that wait for others, and that have been woken. */
    private void runs() throws InterruptedException {
        Site at = site("owner-1");
        Worker worker = owner(at, (step, input, parents) -> add(input, parents));
        start(DagDefinition.builder("completed").step("one", ADD, JsonNodeFactory.instance.numberNode(1))
                .step("large", ADD, JsonNodeFactory.instance.stringNode("z"), "one").build());
        start(DagDefinition.builder("failed").step("one", ADD, JsonNodeFactory.instance.nullNode()).build());
        start(DagDefinition.builder("with a large graph").step("one", ADD,
                JsonNodeFactory.instance.objectNode().put("filler", "g".repeat(20_000))).build());
        start(there("parked"));
        start(there("woken"));
        for (String ended : List.of("completed", "failed", "with%20a%20large%20graph")) {
            untilThere(key -> key.equals("workflow/" + ended + "/runs/1/result.json"));
        }
        // The second generation of a run's task is the parked one.
        sim.runUntil(() -> sim.store().keys("ready/workflow/").stream().filter(key -> key.contains(".2."))
                .count() == 2, LONG);
        sim.sleep(Duration.ofSeconds(1));
        worker.close();

        interrupt("interrupted", chain("interrupted", 4), 2);
        interrupt("with a checkpoint", chain("with a checkpoint", 130), 105);
        announce();

        Site elsewhere = site("elsewhere-1");
        boolean[] woken = new boolean[1];
        crash(elsewhere.actor, request -> woken[0] && request.is(RequestKind.PUT, "tasks/"));
        sim.store().onChange(key -> woken[0] |= key.contains(".wg"));
        Workflows.on(elsewhere.windlass.engine()).stepType(FAR, (step, input, parents) -> add(input, parents))
                .worker(elsewhere.windlass.worker().id("elsewhere-1").queue(ELSEWHERE, 1).lease(TTL, BEAT)
                        .sweeper(false))
                .start();
        sim.runUntil(elsewhere.actor::isCrashed, LONG);
    }

    /** Its owner dies when it has recorded so many steps. */
    private void interrupt(String name, DagDefinition dag, int recorded) {
        Site at = site("owner of " + name);
        start(dag);
        Worker worker = owner(at, (step, input, parents) -> {
            if (step.name().equals("s" + recorded)) {
                at.actor.crash();
            }
            return add(input, parents);
        });
        sim.runUntil(at.actor::isCrashed, LONG);
        Objects.requireNonNull(worker);
    }

    /** Its owner dies when it has announced a park, and before it parks. */
    private void announce() {
        Site at = site("owner that parks");
        start(there("parking"));
        crash(at.actor, request -> request.is(RequestKind.PUT, "workflow/parking/runs/1/checkpoint.json"));
        Objects.requireNonNull(owner(at, (step, input, parents) -> add(input, parents)));
        sim.runUntil(at.actor::isCrashed, LONG);
    }

    private void crash(Actor actor, Predicate<StoreRequest> at) {
        Consumer<StoreRequest> watcher = request -> {
            if (request.actor().equals(actor.name()) && !actor.isCrashed() && at.test(request)) {
                actor.crash();
            }
        };
        sim.store().onRequest(watcher);
    }

    /** Tasks that nobody has claimed. */
    private void leaveWaiting() {
        submit("grace@example.org", PLAIN.withPriority(0).withTimeout(Duration.ofSeconds(90)));
        submit("alan@example.org", PLAIN.withTimeout(null).withIdempotencyKey("order 18"));
        submit("x".repeat(LARGE), PLAIN);
        submit("in a hundred years", PLAIN.withDueAt(FAR_OFF));
    }

    /** What handlers say on their way: of a task that has ended, and of one that was left. Values that are compressed. */
    private void say() throws InterruptedException {
        Site at = Site.of(sim, sim.actor("mailer-5"), builder -> builder.grace(Duration.ofMinutes(2))
                .codec(PayloadCodec.gzip()));
        String queue = QUEUE + " of " + at.actor.name();
        TaskHandle<String> told = at.windlass.queue(queue).submit(MAIL, TALKATIVE.repeat(500), PLAIN
                .withTag("customer", "17").withParent("p-1").withMaxReschedules(3).withTtl(Duration.ofDays(3_000)));
        Worker worker = at.windlass.worker().queue(queue).id(at.actor.name()).lease(TTL, BEAT).sweeper(false)
                .handle(MAIL, (task, input) -> {
                    if (task.attempt() == 1) {
                        throw task.reschedule(Duration.ofSeconds(1));
                    }
                    task.progress(40, "sending");
                    task.count("mails", 3);
                    task.print("the first line");
                    at.actor.environment().sleep(Duration.ofSeconds(10));
                    task.print("the second line");
                    for (int i = 0; i < 600; i++) {
                        task.print("y".repeat(8_000)); // more than is kept
                    }
                    return "sent to " + input;
                }).start();
        until(told, "COMPLETED");
        worker.close();
        for (String key : sim.store().keys("progress/")) {
            if (key.matches(".*\\.([2-9]|\\d{2,})\\.log")) {
                sim.store().uproot(key); // lines by the megabyte are no new kind
            }
        }
        submit("expires while nobody looks", PLAIN.withDelay(Duration.ofMinutes(1)).withTtl(Duration.ofHours(1)));
        TaskHandle<String> late = submit("expires while somebody looks", PLAIN.withDelay(Duration.ofMillis(1))
                .withTtl(Duration.ofSeconds(1)));
        sim.sleep(Duration.ofSeconds(2));
        submitter.windlass.queue(QUEUE).expire(late.id());
        submit("of a key with an end", PLAIN.withDueAt(FAR_OFF).withIdempotencyKey("order 20")
                .withIdempotencyTtl(Duration.ofDays(30)));
        submitter.windlass.queue(QUEUE).cancel(submit("by somebody", PLAIN).id(), "not needed", "ada");
    }

    /** What clients agree on: pauses, keys of bursts, schemas, schedules. */
    private void order() throws InterruptedException {
        submitter.windlass.queue("paused").pause("the provider is down", "ada");
        submitter.windlass.queue("paused").pauseType("report", "wrong figures", "ada");
        submit("a burst", PLAIN.withDueAt(FAR_OFF).withDebounce(Debounce.unlessWaiting(BURST)));
        Schemas schemas = Schemas.on(submitter.windlass);
        schemas.publish(MAIL.name(), "{\"type\": \"string\"}", "{\"type\": \"string\"}", "ada");
        schemas.publish("retired", "true", null, null);
        schemas.delete("retired");
        Schedules schedules = Schedules.on(submitter.windlass);
        schedules.create("each new year", Cron.parse("0 0 1 1 *"), ZoneOffset.UTC,
                ScheduleTarget.task(QUEUE, MAIL, "everybody, a new year"));
        schedules.trigger("each new year");
    }

    /** Workers that die with tasks in hand: one whose lease a sweeper had begun to resolve, and one with a message. */
    private void leaveBehind() throws InterruptedException {
        Site dead = site("mailer-3");
        TaskHandle<String> taken = hold(dead, "linus@example.org", PLAIN.withTimeout(null));
        dead.actor.crash();
        sim.sleep(Duration.ofSeconds(10));
        Site sweeper = site("sweeper");
        boolean[] declared = new boolean[1];
        sim.store().onChange(key -> declared[0] |= isDead(key));
        crash(sweeper.actor, request -> declared[0] && request.is(RequestKind.GET, "tasks/"));
        Windlass windlass = sweeper.windlass;
        sweeper.actor.start(() -> windlass.sweep(false));
        sim.runUntil(sweeper.actor::isCrashed, LONG);
        require(Site.status(sim, taken.id()).equals("RUNNING"));

        Site told = site("mailer-4");
        hold(told, "dennis@example.org", PLAIN);
        TaskHandle<String> unwanted = hold(told, "barbara@example.org", PLAIN.withTimeout(null));
        told.actor.pause();
        unwanted.cancel("not needed any more");
        told.actor.crash();
        sim.sleep(Duration.ofSeconds(1));
    }

    private TaskHandle<String> hold(Site at, String input, SubmitOptions options) {
        // In a queue of its own, so that what waits goes on waiting.
        String queue = QUEUE + " of " + at.actor.name();
        TaskHandle<String> task = submitter.windlass.queue(queue).submit(MAIL, input, options);
        at.windlass.worker().queue(queue).id(at.actor.name() + '/' + input).lease(TTL, BEAT).sweeper(false)
                .handle(MAIL, at.sleeper(Duration.ofDays(1))).start();
        until(task, "RUNNING");
        return task;
    }

    private boolean isDead(String key) {
        return key.startsWith("leases/")
                && Site.json(sim.store().peek(key)).path("state").asString("").equals("DEAD");
    }

    static void require(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("the world did not come to be as it should");
        }
    }
}
