package dev.windlass.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

import dev.windlass.WindlassException;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskContext;
import dev.windlass.queue.Worker;
import dev.windlass.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Some hundred seconds of a queue's life that a seed draws: tasks of all kinds, three workers that crash, pause, are
 * suspended and come back, cancels, resubmits, a store with faults; then peace, in which everything has to end.
 */
final class Workload {
    private static final Duration GRACE = Duration.ofSeconds(40);
    private static final Duration TTL = Duration.ofSeconds(9);
    private static final Duration HEARTBEAT = Duration.ofSeconds(3);
    private static final int TASKS = 24;
    private static final int WORKERS = 3;
    private static final int SLOTS = 6;

    private final Simulation sim;
    private final Invariants invariants;
    private final List<String> submitted = new ArrayList<>();
    private final Actor[] actors = new Actor[WORKERS];
    private final @Nullable Worker[] workers = new Worker[WORKERS];
    private int submitting = 2;
    private boolean peaceful;

    private Workload(Simulation sim) {
        this.sim = sim;
        this.invariants = Invariants.watch(sim);
    }

    /** The store and the frame that the seed draws. */
    static SimulationOptions options(long seed) {
        Seeded draw = Seeded.stream(seed, 77);
        StoreOptions store = StoreOptions.defaults().withOrderedList(!draw.chance(0.15))
                .withContentEtags(!draw.chance(0.3)).withConditionalDelete(draw.chance(0.5))
                .withMaxLateness(Duration.ofSeconds(draw.between(1, 120)));
        if (draw.chance(0.3)) {
            store = store.withPages(1 + draw.nextInt(40), 0.2);
        }
        if (draw.chance(0.3)) {
            store = store.withTime(Duration.ofMillis(1), Duration.ZERO);
        }
        return SimulationOptions.defaults().withStore(store).withSpuriousWakes(draw.chance(0.3) ? 0.02 : 0)
                .withMaxVirtualTime(Duration.ofDays(2));
    }

    static SimulationResult run(long seed) {
        return Simulation.run(seed, options(seed), sim -> new Workload(sim).play());
    }

    private void play() throws Exception {
        RandomGenerator random = sim.random();
        FaultMix mix = random.nextInt(4) == 0
                ? FaultMix.none()
                : FaultMix.swarm(random, random.nextInt(3) == 0 ? 0.06 : 0.02);
        for (int i = 0; i < WORKERS; i++) {
            actors[i] = sim.actor("w" + i);
            start(i);
        }
        sim.store().setFaults(mix);
        produce("p0");
        produce("p1");
        for (int step = 0; step < 25 || submitting > 0; step++) {
            sim.sleep(Duration.ofMillis(random.nextInt(1, 6000)));
            disturb(random);
        }
        peace();
    }

    private void disturb(RandomGenerator random) {
        int which = random.nextInt(WORKERS);
        Actor actor = actors[which];
        switch (random.nextInt(12)) {
            case 0, 1 -> {
                actors[which] = actor.restart();
                workers[which] = null;
                start(which);
            }
            case 2 -> actor.pause();
            case 3 -> actor.suspend();
            case 4, 5, 6 -> {
                for (Actor one : actors) {
                    one.resume();
                }
            }
            case 7 -> drain(which);
            case 8 -> sim.store().setDown(true);
            default -> sim.store().setDown(false);
        }
        if (random.nextInt(3) == 0 && !submitted.isEmpty()) {
            cancel(submitted.get(random.nextInt(submitted.size())));
        }
    }

    /** Faults off, all processes up: now everything must end. */
    private void peace() throws InterruptedException {
        peaceful = true;
        sim.store().setDown(false);
        sim.store().setFaults(FaultMix.none());
        for (int i = 0; i < WORKERS; i++) {
            actors[i].resume();
            if (!isRunning(i)) {
                actors[i] = actors[i].restart();
                workers[i] = null;
                start(i);
            }
        }
        require(() -> invariants.open() == 0, Duration.ofMinutes(30),
                "P1: acknowledged tasks do not end", () -> unfinished(true));
        Site auditor = Site.of(sim, "auditor");
        sim.sleep(Duration.ofMinutes(8)); // later than everything that may still land, and than the grace period
        auditor.windlass.audit(true);
        require(() -> unfinished(false).isEmpty(), Duration.ofMinutes(30),
                "P1: after an audit, tasks do not end", () -> unfinished(false));
        sim.sleep(Duration.ofMinutes(5));
        for (int i = 0; i < WORKERS; i++) {
            Worker worker = workers[i];
            if (worker == null || worker.stats().running() != 0) {
                sim.fail("slots: worker " + i + " has " + (worker == null ? "no life" : worker.stats())
                        + " with nothing to do");
            }
        }
        requireAllSlots(auditor);
        sim.sleep(Duration.ofMinutes(1));
        if (!Site.claims(sim).isEmpty()) {
            sim.fail("L2: leases still list " + Site.claims(sim));
        }
        if (sim.store().keys("leases/").size() > WORKERS) {
            sim.fail("L2: leases of dead workers stay: " + sim.store().keys("leases/"));
        }
        auditor.windlass.audit(true);
        sim.sleep(Duration.ofMinutes(2));
        var left = auditor.windlass.audit(false).findings();
        if (!left.isEmpty()) {
            sim.fail("audit: it has repaired everything, and finds " + left);
        }
    }

    /** No slot is lost for ever: as many tasks as all workers have slots run at one time. */
    private void requireAllSlots(Site site) {
        var ids = new ArrayList<String>();
        for (int i = 0; i < WORKERS * SLOTS; i++) {
            ids.add(site.submit("long " + i).id());
        }
        require(() -> ids.stream().allMatch(id -> invariants.status(id).equals("RUNNING")), Duration.ofSeconds(30),
                "slots: not all of them take tasks", () -> ids.stream().map(id -> Site.status(sim, id)).toList());
        require(() -> ids.stream().allMatch(id -> invariants.status(id).equals("COMPLETED")), Duration.ofMinutes(2),
                "P1: not all of them end", () -> ids);
    }

    private boolean isRunning(int i) {
        Worker worker = workers[i];
        return !actors[i].isCrashed() && worker != null && worker.isRunning();
    }

    private List<String> unfinished(boolean acknowledgedOnly) {
        var left = new ArrayList<String>();
        invariants.tasks().forEach((id, task) -> {
            if (!Invariants.isFinal(task) && !task.path("status").asString("").equals("TOMBSTONE")
                    && (!acknowledgedOnly || invariants.acknowledged().contains(id))) {
                left.add(id + " " + task);
            }
        });
        return left;
    }

    private void require(BooleanSupplier holds, Duration limit, String otherwise,
            java.util.function.Supplier<Object> details) {
        if (!sim.holdsWithin(holds, limit)) {
            sim.fail(otherwise + " within " + limit + ": " + details.get());
        }
    }

    private void start(int which) {
        Actor actor = actors[which];
        actor.start("starter", () -> {
            while (workers[which] == null && actors[which] == actor) {
                try {
                    Worker worker = site(actor).work((task, input) -> handle(actor, task, input),
                            builder -> builder.concurrency(SLOTS).lease(TTL, HEARTBEAT).poll(Duration.ofMillis(200),
                                    Duration.ofSeconds(2)));
                    if (actors[which] == actor) {
                        workers[which] = worker;
                    }
                } catch (WindlassException e) {
                    actor.environment().sleep(Duration.ofSeconds(1));
                }
            }
        });
    }

    private void drain(int which) {
        Worker worker = workers[which];
        Actor actor = actors[which];
        if (worker != null && !actor.isCrashed()) {
            actor.start("drainer", () -> {
                if (peaceful) {
                    return;
                }
                worker.drain(Duration.ofSeconds(3));
                if (actors[which] == actor) {
                    workers[which] = null; // the process goes on without a worker, until peace
                }
            });
        }
    }

    private Site site(Actor actor) {
        return Site.of(sim, actor, builder -> builder.grace(GRACE));
    }

    private String handle(Actor actor, TaskContext task, String input) throws Exception {
        String kind = input.substring(0, input.indexOf(' '));
        switch (kind) {
            case "flaky" -> {
                if (task.attempt() % 3 != 0) {
                    throw new IllegalStateException("not yet");
                }
            }
            case "broken" -> throw new IllegalStateException("never");
            case "hopeless" -> throw new PermanentFailure("no use");
            case "later" -> {
                if (task.attempt() == 1) {
                    throw task.reschedule(Duration.ofSeconds(7));
                }
            }
            case "long" -> actor.environment().sleep(Duration.ofSeconds(45));
            case "slow" -> actor.environment().sleep(Duration.ofSeconds(2));
            case "slower" -> actor.environment().sleep(Duration.ofSeconds(task.attempt() > 3 ? 1 : 20));
            case "stubborn" -> sleepStubbornly(actor, Duration.ofSeconds(task.attempt() > 3 ? 1 : 15));
            default -> {
                // done at once
            }
        }
        String result = "done " + input + " in " + task.attempt();
        invariants.returned(task.id(), task.attempt(), result);
        return result;
    }

    private static void sleepStubbornly(Actor actor, Duration length) {
        long end = actor.environment().nanoTime() + length.toNanos();
        while (true) {
            long left = end - actor.environment().nanoTime();
            if (left <= 0) {
                return;
            }
            try {
                actor.environment().sleep(Duration.ofNanos(left));
            } catch (InterruptedException e) {
                // goes on, as some handlers do
            }
        }
    }

    private void produce(String name) {
        Actor actor = sim.actor(name);
        actor.start("producer", () -> {
            try {
                Site site = connect(actor);
                for (int i = 0; i < TASKS / 2; i++) {
                    actor.environment().sleep(Duration.ofMillis(sim.random().nextInt(3000)));
                    submit(site, i);
                }
            } finally {
                submitting--;
            }
        });
    }

    private Site connect(Actor actor) throws InterruptedException {
        while (true) {
            try {
                return site(actor);
            } catch (StoreUnavailableException e) {
                actor.environment().sleep(Duration.ofSeconds(1));
            }
        }
    }

    private void submit(Site site, int number) throws InterruptedException {
        RandomGenerator random = sim.random();
        String[] kinds = {"quick", "quick", "flaky", "broken", "hopeless", "later", "slow", "slower", "stubborn"};
        String kind = kinds[random.nextInt(kinds.length)];
        SubmitOptions options = SubmitOptions.ofDefaults()
                .withRetry(
                        new RetryPolicy(3 + random.nextInt(4), Duration.ofSeconds(1), Duration.ofSeconds(10), 2, 0.2))
                .withPriority(random.nextInt(3) == 0 ? 3 : 5).withTimeout(Duration.ofSeconds(random.nextInt(5, 40)));
        if (random.nextInt(4) == 0) {
            options = options.withDelay(Duration.ofSeconds(random.nextInt(30)));
        }
        boolean keyed = random.nextInt(2) == 0;
        if (keyed) {
            options = options.withIdempotencyKey("key " + number); // both producers use the same
        }
        String input = kind + " " + (keyed ? "" : site.actor.name() + " ") + number;
        if (keyed) {
            input = kinds[number % kinds.length] + " " + number;
        }
        for (int i = 0; i < 3; i++) {
            try {
                String id = site.submit(input, options).id();
                submitted.add(id);
                invariants.acknowledged(id);
                if (random.nextInt(3) != 0) {
                    return; // otherwise submits it again: a duplicate, or another task
                }
            } catch (StoreUnavailableException e) {
                site.actor.environment().sleep(Duration.ofSeconds(1));
            }
        }
    }

    private void cancel(String id) {
        Actor actor = sim.actor("canceller");
        actor.start("cancel", () -> {
            try {
                site(actor).handle(id).cancel("by the seed");
            } catch (WindlassException e) {
                // not known whether it was
            }
        });
    }
}
