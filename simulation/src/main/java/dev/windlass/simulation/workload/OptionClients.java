package dev.windlass.simulation.workload;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import dev.windlass.WindlassException;
import dev.windlass.queue.CancelReport;
import dev.windlass.queue.Debounce;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskInfo;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.Seeded;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.check.OptionChecks;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.check.TaskHistories;
import dev.windlass.store.StoreException;
import org.jspecify.annotations.Nullable;

/** What clients do in a history of options, beside what they do in each. */
final class OptionClients {
    private static final int KEYS = 3;
    private static final int TRIES = 3;
    private static final int PATIENCE = 20;
    private static final int BIG = 270_000;

    private final Simulation sim;
    private final Deeds deeds;
    private final QueueChecks queue;
    private final OptionChecks checks;
    private final Clients clients;
    private final TaskHistories histories;
    private final List<Fleet.Place> places;
    private final Function<Actor, Site> sites;

    OptionClients(Simulation sim, Deeds deeds, QueueChecks queue, OptionChecks checks, Clients clients,
            TaskHistories histories, List<Fleet.Place> places, Function<Actor, Site> sites) {
        this.sim = sim;
        this.deeds = deeds;
        this.queue = queue;
        this.checks = checks;
        this.clients = clients;
        this.histories = histories;
        this.places = places;
        this.sites = sites;
    }

    /** Does what the operation says, on a thread of a client's process; false if it is none of these. */
    boolean perform(Op op) {
        Seeded random = op.random();
        Actor actor = places.get(random.nextInt(places.size())).actor();
        Deeds.Deed deed = switch (op.kind()) {
            case BURST -> () -> burst(actor, op, random);
            case SUBMIT_KEYED -> () -> keyed(actor, random);
            case SUBMIT_EVASIVE -> () -> evasive(actor, op, random);
            case CANCEL_ALL -> () -> cancelAll(actor, random);
            case REDRIVE -> () -> redrive(actor, random);
            default -> null;
        };
        if (deed == null) {
            return false;
        }
        deeds.run(actor, op, () -> {
            try {
                deed.run();
            } catch (StoreException e) {
                throw e;
            } catch (WindlassException e) {
                if (!clients.isPoisoned(e)) {
                    throw e;
                }
            }
        });
        return true;
    }

    /** What else there is to check once a task is in. */
    private interface Submitted {
        void check(String id, Instant asked);
    }

    /**
     * Until the store has answered so often as meant.
     *
     * @param known what the task's input is then, or null if it may be another's
     */
    private void submit(Actor actor, Seeded random, String name, String input, SubmitOptions options,
            @Nullable String known, Submitted submitted) throws InterruptedException {
        int times = random.chance(0.3) ? 2 : 1;
        for (int i = 0; i < TRIES && times > 0; i++) {
            try {
                Instant asked = sim.now();
                long when = histories.now();
                String id = sites.apply(actor).windlass.queue(name).submit(Clients.ECHO, input, options).id();
                clients.acknowledge(id, known, when);
                submitted.check(id, asked);
                times--;
            } catch (StoreException e) {
                actor.environment().sleep(Duration.ofSeconds(1));
            }
        }
    }

    private static SubmitOptions options(Seeded random) {
        return SubmitOptions.ofDefaults()
                .withRetry(new RetryPolicy(2 + random.nextInt(3), Duration.ofSeconds(1), Duration.ofSeconds(4), 2, 0.2))
                .withTimeout(Duration.ofSeconds(random.between(4, 30)));
    }

    private void burst(Actor actor, Op op, Seeded random) throws InterruptedException {
        int number = random.nextInt(KEYS);
        String key = "burst " + number;
        boolean moves = random.chance(0.5);
        Duration delay = Duration.ofMillis(random.chance(0.2) ? 0 : random.between(1, 12_000));
        String input = Handlers.kind(random.nextInt(190)) + ' ' + op.number();
        SubmitOptions options = options(random).withDelay(delay).withTag(OptionChecks.BURST, key)
                .withDebounce(moves ? Debounce.moveDueTime(key) : Debounce.unlessWaiting(key));
        String name = Clients.QUEUES.get(number % 2);
        submit(actor, random, name, input, options, null,
                (id, asked) -> checks.joined(id, asked, moves ? delay : null));
    }

    /** The same key always has the same input, which may be a large one. */
    private void keyed(Actor actor, Seeded random) throws InterruptedException {
        int number = random.nextInt(KEYS);
        String input = Handlers.kind(number * 4) + " under key " + number + (number == 1 ? " " + "x".repeat(BIG) : "");
        SubmitOptions options = options(random).withIdempotencyKey("for a while " + number)
                .withIdempotencyTtl(Duration.ofMillis(random.between(1_000, 15_000)));
        String name = Clients.QUEUES.get(number % 2);
        submit(actor, random, name, input, options, input, (id, asked) -> {});
    }

    private void evasive(Actor actor, Op op, Seeded random) throws InterruptedException {
        String input = "evasive " + op.number();
        SubmitOptions options = options(random).withId("evasive-" + op.number())
                .withMaxReschedules(random.nextInt(4));
        String name = Clients.QUEUES.get(random.nextInt(2));
        submit(actor, random, name, input, options, input, (id, asked) -> {});
    }

    /** All of the bursts, or all of the type that few workers handle. */
    private void cancelAll(Actor actor, Seeded random) {
        boolean bursts = random.chance(0.5);
        var met = new HashMap<String, Integer>();
        CancelReport report = sites.apply(actor).windlass.queue(Clients.QUEUES.get(random.nextInt(2)))
                .cancelAll(task -> {
                    boolean wanted = bursts
                            ? task.tags().containsKey(OptionChecks.BURST)
                            : task.type().equals(Clients.RARE.name());
                    if (wanted) {
                        histories.of(task.id()).cancel(histories.now()); // the report does not name it
                        met.put(task.id(), queue.lives(task.id()));
                    }
                    return wanted;
                }, "by the seed", "boss");
        if (report.endedBefore() == 0) {
            met.forEach((id, life) -> {
                if (queue.lives(id) == life) {
                    queue.cancelAcknowledged(id);
                }
            });
        }
    }

    /** Lets a task begin anew that has ended without success, once there is one; or tries so with one that is completed. */
    private void redrive(Actor actor, Seeded random) throws InterruptedException {
        Set<String> wanted = random.chance(0.2) ? Set.of("COMPLETED") : Set.of("FAILED", "CANCELLED", "EXPIRED");
        for (int i = 0; i < PATIENCE; i++) {
            List<String> ended = clients.known().stream().filter(id -> wanted.contains(queue.status(id))).toList();
            if (!ended.isEmpty()) {
                redrive(actor, ended.get(random.nextInt(ended.size())), random.chance(0.3) ? 2 : 1);
                return;
            }
            actor.environment().sleep(Duration.ofSeconds(1));
        }
    }

    private void redrive(Actor actor, String id, int times) {
        TaskInfo task = sites.apply(actor).info(id);
        for (int i = 0; i < times; i++) {
            queue.redrives(id);
            sites.apply(actor).windlass.queue(task.queue()).redrive(id, "by the seed");
        }
    }
}
