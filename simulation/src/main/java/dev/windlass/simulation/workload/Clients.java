package dev.windlass.simulation.workload;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

import dev.windlass.IdempotencyConflictException;
import dev.windlass.TaskNotFoundException;
import dev.windlass.WindlassException;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskType;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.Fault;
import dev.windlass.simulation.RequestKind;
import dev.windlass.simulation.Seeded;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.check.TaskHistories;
import dev.windlass.simulation.check.TaskHistory;
import dev.windlass.store.StoreException;
import org.jspecify.annotations.Nullable;

/** What clients of the queue do in a history: they submit, cancel and read, and tell the checks. */
final class Clients {
    static final List<String> QUEUES = List.of("q", "r");
    static final TaskType<String, String> ECHO = TaskType.of("echo", String.class, String.class);
    /** A type that only one of the workers handles. */
    static final TaskType<String, String> RARE = TaskType.of("rare", String.class, String.class);
    private static final int KEYS = 4;
    private static final int TRIES = 3;

    private final Simulation sim;
    private final Deeds deeds;
    private final QueueChecks checks;
    private final TaskHistories histories;
    private final List<Fleet.Place> places;
    private final Function<Actor, Site> sites;
    private final double rareTasks;
    private final List<String> ids = new ArrayList<>();
    private long resubmits;

    /** @param rareTasks how many tasks, 0 to 1, are of the type that only one of the workers handles */
    Clients(Simulation sim, Deeds deeds, QueueChecks checks, TaskHistories histories,
            List<Fleet.Place> places, Function<Actor, Site> sites, double rareTasks) {
        this.sim = sim;
        this.deeds = deeds;
        this.checks = checks;
        this.histories = histories;
        this.places = places;
        this.sites = sites;
        this.rareTasks = rareTasks;
    }

    /** How many submissions met a task that was there. */
    long resubmits() {
        return resubmits;
    }

    /** Does what the operation says, on a thread of a client's process; false if it is nothing for clients. */
    boolean perform(Op op) {
        Seeded random = op.random();
        Actor actor = places.get(random.nextInt(places.size())).actor();
        switch (op.kind()) {
            case SUBMIT, SUBMIT_EXPIRING -> deeds.run(actor, op, () -> submit(actor, op, random));
            case CANCEL -> {
                if (random.chance(0.5)) {
                    cancelAtClaim(actor, op, random);
                } else {
                    onSome(actor, op, random, id -> cancel(actor, id));
                }
            }
            case READ -> onSome(actor, op, random, id -> read(actor, id));
            case POISON -> poison(random);
            default -> {
                return false;
            }
        }
        return true;
    }

    private interface DeedOnTask {
        void run(String id) throws InterruptedException;
    }

    private void onSome(Actor actor, Op op, Seeded random, DeedOnTask deed) {
        if (!ids.isEmpty()) {
            String id = ids.get(random.nextInt(ids.size()));
            deeds.run(actor, op, () -> deed.run(id));
        }
    }

    private void submit(Actor actor, Op op, Seeded random) throws InterruptedException {
        boolean rare = random.chance(rareTasks);
        boolean keyed = random.chance(0.4);
        int number = keyed ? random.nextInt(KEYS) : op.number();
        String kind = Handlers.kind(keyed ? number * 5 : random.nextInt(200));
        boolean other = keyed && random.chance(0.1);
        String input = kind + ' ' + (keyed ? "key " : "") + number + (other ? " but other" : "");
        SubmitOptions options = SubmitOptions.ofDefaults()
                .withRetry(new RetryPolicy(3 + random.nextInt(4), Duration.ofSeconds(1), Duration.ofSeconds(4), 2, 0.2))
                .withPriority(random.chance(0.3) ? 3 : random.chance(0.2) ? 8 : 5)
                .withTimeout(Duration.ofSeconds(random.between(4, 30)));
        if (random.chance(0.2)) {
            options = options.withDelay(Duration.ofMillis(random.between(1, 15_000)));
        }
        if (keyed) {
            options = options.withIdempotencyKey("key " + number);
        }
        if (op.kind() == Op.Kind.SUBMIT_EXPIRING) {
            Duration delay = options.delay();
            options = options.withTtl((delay == null ? Duration.ZERO : delay)
                    .plusMillis(random.between(100, 12_000)));
        }
        String queue = QUEUES.get(keyed ? number % 2 : random.nextInt(2));
        int times = random.chance(0.25) ? 2 : 1;
        for (int i = 0; i < TRIES && times > 0; i++) {
            long asked = histories.now();
            try {
                String id = sites.apply(actor).windlass.queue(queue)
                        .submit(rare && !keyed ? RARE : ECHO, input, options).id();
                acknowledge(id, input, asked);
                times--;
            } catch (IdempotencyConflictException e) {
                resubmits++;
                return; // somebody else has used the key for another input
            } catch (StoreException e) {
                actor.environment().sleep(Duration.ofSeconds(1));
            } catch (WindlassException e) {
                if (!isPoisoned(e)) {
                    throw e;
                }
                return;
            }
        }
    }

    /**
     * A client has been told that a task is in.
     *
     * @param input what it has, or null if it may have another's
     * @param asked when it was submitted
     */
    void acknowledge(String id, @Nullable String input, long asked) {
        histories.of(id).submittedSince(asked).answer(TaskHistory.SubmitAnswer.ACKNOWLEDGED, histories.now());
        if (ids.contains(id)) {
            resubmits++;
        } else {
            ids.add(id);
        }
        checks.acknowledged(id, input);
    }

    /** Cancels a task as soon as it is claimed; half of the time, its worker does not know of that yet for long. */
    private void cancelAtClaim(Actor actor, Op op, Seeded random) {
        int[] more = {1 + random.nextInt(6)};
        Predicate<String> which = random.chance(0.5) ? slowClaim(random, more) : id -> --more[0] == 0;
        checks.onClaim(which, id -> deeds.run(actor, op, () -> {
            if (ids.contains(id)) {
                cancel(actor, id);
            }
        }));
    }

    /** The task whose object the workers write then, of which they are told late: perhaps it is a claim. */
    private Predicate<String> slowClaim(Seeded random, int[] more) {
        var slow = new HashSet<String>();
        sim.store().inject(Fault.slow(Duration.ofMillis(random.between(1_000, 10_000))), request -> {
            boolean met = request.is(RequestKind.PUT, "tasks/") && request.actor().startsWith("w") && --more[0] == 0;
            if (met) {
                slow.add(request.key());
            }
            return met;
        });
        return id -> slow.contains(Site.taskKey(sim, id));
    }

    /** The tasks that clients know of, in the order of their submission. */
    List<String> known() {
        return ids;
    }

    private void cancel(Actor actor, String id) {
        int life = checks.lives(id);
        var call = histories.of(id).cancel(histories.now());
        try {
            boolean cancelled = sites.apply(actor).handle(id).cancel("by the seed");
            call.answer(cancelled ? TaskHistory.CancelAnswer.TRUE : TaskHistory.CancelAnswer.FALSE, histories.now());
            if (cancelled && checks.lives(id) == life) {
                checks.cancelAcknowledged(id);
            }
        } catch (TaskNotFoundException e) {
            if (!checks.isPoisoned(id)) {
                throw e;
            }
        }
    }

    private void read(Actor actor, String id) {
        var call = histories.of(id).get(histories.now());
        try {
            call.answer(TaskHistory.ReadAnswer.of(sites.apply(actor).handle(id).get()), histories.now());
        } catch (WindlassException e) {
            if (!isPoisoned(e)) {
                throw e;
            }
        }
    }

    /** Whether it is about a task whose object somebody has made unreadable. */
    boolean isPoisoned(WindlassException thrown) {
        String message = String.valueOf(thrown.getMessage());
        return ids.stream().anyMatch(id -> checks.isPoisoned(id) && message.contains(id));
    }

    private void poison(Seeded random) {
        if (!ids.isEmpty()) {
            String id = ids.get(random.nextInt(ids.size()));
            if (checks.status(id).equals("PENDING")) {
                checks.poisoned(id);
                sim.store().plant(Site.taskKey(sim, id), "{\"id\":\"broken".getBytes(StandardCharsets.US_ASCII));
            }
        }
    }
}
