package dev.windlass.simulation.workload;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

import dev.windlass.LeaseLostException;
import dev.windlass.WindlassException;
import dev.windlass.queue.ClaimOptions;
import dev.windlass.queue.ClaimedTask;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.TaskQueue;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.Seeded;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.check.TaskHistories;
import dev.windlass.simulation.check.TaskHistory;
import dev.windlass.store.StoreException;

/** Programs of a history that are no workers: they claim by hand, extend, and end their claims, or forget them. */
final class Hands {
    private static final int TRIES = 3;

    private final Deeds deeds;
    private final QueueChecks checks;
    private final TaskHistories histories;
    private final List<Fleet.Place> places;
    private final Function<Actor, Site> sites;
    private final World world;

    Hands(Deeds deeds, QueueChecks checks, TaskHistories histories, List<Fleet.Place> places,
            Function<Actor, Site> sites, World world) {
        this.deeds = deeds;
        this.checks = checks;
        this.histories = histories;
        this.places = places;
        this.sites = sites;
        this.world = world;
    }

    /** Does what the operation says; false if it is nothing for hands. */
    boolean perform(Op op) {
        if (op.kind() != Op.Kind.BY_HAND) {
            return false;
        }
        Seeded random = op.random();
        Actor actor = places.get(random.nextInt(places.size())).actor();
        deeds.run(actor, op, () -> {
            try {
                work(actor, random, op);
            } catch (LeaseLostException e) {
                actor.note("the claim of " + op.kind() + " #" + op.number() + " is lost");
            } catch (StoreException e) {
                throw e;
            } catch (WindlassException e) {
                if (checks.poisonedTasks().stream().noneMatch(id -> String.valueOf(e.getMessage()).contains(id))) {
                    throw e;
                }
            }
        });
        return true;
    }

    private void work(Actor actor, Seeded random, Op op) throws InterruptedException {
        TaskQueue queue = sites.apply(actor).windlass.queue(Clients.QUEUES.get(random.nextInt(2)));
        // A name of its own: a lease that a worker starts says that it has given up the one before.
        String worker = "hand " + op.number();
        ClaimOptions options = ClaimOptions.ofDefaults().withLease(world.ttl).withWorker(worker)
                .withType(random.chance(0.3) ? Clients.RARE.name() : null);
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            for (ClaimedTask task : queue.claim(options)) {
                work(actor, random, worker, queue, task);
                return;
            }
            actor.environment().sleep(Duration.ofMillis(random.between(100, 5_000)));
        }
        Instant asked = checks.now();
        if (queue.isDrained()) {
            checks.drained(queue.name(), asked);
        }
    }

    private void work(Actor actor, Seeded random, String worker, TaskQueue queue, ClaimedTask claimed)
            throws InterruptedException {
        int attempt = claimed.info().attempt();
        checks.started(worker, claimed.id(), attempt);
        TaskHistory history = histories.of(claimed.id());
        history.started(attempt, histories.now());
        boolean heard = false;
        ClaimedTask task = claimed;
        while (random.chance(0.6)) {
            actor.environment().sleep(Duration.ofMillis(random.between(1, world.ttl.toMillis())));
            if (random.chance(0.2)) {
                task = queue.claimed(claimed.id(), claimed.token());
            }
            if (random.chance(0.7)) {
                try {
                    heard |= task.extend(world.ttl).cancelReason() != null;
                } catch (StoreException e) {
                    heard = true; // who knows
                }
            }
        }
        if (random.chance(0.15)) {
            return; // forgotten: its lease ends
        }
        checks.ends(claimed.id(), attempt, heard);
        end(actor, random, history, task, attempt);
    }

    private void end(Actor actor, Seeded random, TaskHistory history, ClaimedTask task, int attempt)
            throws InterruptedException {
        int how = random.nextInt(10);
        String result = "done by hand in " + attempt;
        history.end(attempt, how < 6
                ? TaskHistory.Verdict.COMPLETE
                : how < 8
                        ? TaskHistory.Verdict.FAIL
                        : how < 9 ? TaskHistory.Verdict.FAIL_FOR_GOOD : TaskHistory.Verdict.GO_BACK,
                histories.now());
        if (how < 6) {
            checks.returned(task.id(), attempt, result);
        }
        int times = random.chance(0.3) ? 2 : 1; // safe to repeat
        for (int i = 0; i < TRIES && times > 0; i++) {
            try {
                if (how < 6) {
                    task.complete(result);
                } else if (how < 9) {
                    task.fail(new TaskError("failure", "by hand", null), how == 8);
                } else {
                    task.requeue(Duration.ZERO);
                }
                times--;
            } catch (StoreException e) {
                actor.environment().sleep(Duration.ofSeconds(1));
            }
        }
    }
}
