package dev.windlass.simulation.workload;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskQueue;
import dev.windlass.queue.TaskType;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.Seeded;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.check.TaskHistories;
import dev.windlass.simulation.check.TaskHistory;
import dev.windlass.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Somebody of a history who pauses queues and types, and resumes them. His process never crashes: a pause that is forgotten
 * would hold up the peace.
 */
final class Holds {
    private final Simulation sim;
    private final Deeds deeds;
    private final QueueChecks checks;
    private final Function<Actor, Site> sites;
    private final TaskHistories histories;
    private final World world;
    private @Nullable Actor boss;
    /** How many pauses of a queue and type are meant to hold. */
    private final Map<String, Integer> holding = new HashMap<>();

    Holds(Simulation sim, Deeds deeds, QueueChecks checks, TaskHistories histories, Function<Actor, Site> sites,
            World world) {
        this.histories = histories;
        this.sim = sim;
        this.deeds = deeds;
        this.checks = checks;
        this.sites = sites;
        this.world = world;
    }

    /** Does what the operation says; false if it is nothing for him. */
    boolean perform(Op op) {
        if (op.kind() != Op.Kind.HOLD) {
            return false;
        }
        Seeded random = op.random();
        String queue = Clients.QUEUES.get(random.nextInt(2));
        String type = random.chance(0.5) ? null : random.chance(0.5) ? Clients.RARE.name() : Clients.ECHO.name();
        boolean isLong = random.chance(0.4);
        Duration length = isLong ? bound() : Duration.ofMillis(random.between(0, 60_000));
        String late = isLong ? "held-" + op.number() : "";
        if (boss == null) {
            boss = sim.actor("boss");
        }
        Actor actor = boss;
        deeds.run(actor, op, () -> hold(actor, sites.apply(actor).windlass.queue(queue), type, length, late));
        return true;
    }

    private void hold(Actor actor, TaskQueue queue, @Nullable String type, Duration length, String late)
            throws InterruptedException {
        String what = queue.name() + '/' + type;
        holding.merge(what, 1, Integer::sum);
        try {
            if (type == null) {
                queue.pause("by the seed", "boss");
            } else {
                queue.pauseType(type, "by the seed", "boss");
            }
            if (holding.getOrDefault(what, 0) > 0) {
                mark(queue, type, true);
            }
        } catch (StoreException e) {
            actor.note("does not know whether " + what + " is paused");
        }
        actor.environment().sleep(length);
        if (!late.isEmpty() && holding.getOrDefault(what, 0) > 0) {
            submit(actor, queue, type, late);
            actor.environment().sleep(Duration.ofSeconds(20));
        }
        if (holding.merge(what, -1, Integer::sum) > 0) {
            return; // another pause of the same holds on
        }
        mark(queue, type, false);
        resume(actor, queue, type);
    }

    /** When all workers must have seen a pause, a task comes that none of them may claim. */
    private void submit(Actor actor, TaskQueue queue, @Nullable String type, String id) throws InterruptedException {
        String input = "quick " + id;
        TaskType<String, String> wanted = Clients.RARE.name().equals(type) ? Clients.RARE : Clients.ECHO;
        while (true) {
            long asked = histories.now();
            try {
                queue.submit(wanted, input, SubmitOptions.ofDefaults().withId(id));
                histories.of(id).submittedSince(asked).answer(TaskHistory.SubmitAnswer.ACKNOWLEDGED, histories.now());
                checks.acknowledged(id, input);
                return;
            } catch (StoreException e) {
                actor.environment().sleep(Duration.ofSeconds(1));
            }
        }
    }

    /** A poll, the answer to a slow look, and a claim whose worker stops for a while in the middle of it. */
    private Duration bound() {
        return world.longestPoll.plus(world.ttl.multipliedBy(8)).plusSeconds(45);
    }

    /** A resume of one ends the watch over the other too: that is less than could be asked for, and never too much. */
    private void mark(TaskQueue queue, @Nullable String type, boolean held) {
        List<String> types = type == null ? List.of(Clients.ECHO.name(), Clients.RARE.name()) : List.of(type);
        for (String one : types) {
            checks.held(queue.name(), one, held ? sim.now().plus(bound()) : null);
        }
    }

    private void resume(Actor actor, TaskQueue queue, @Nullable String type) throws InterruptedException {
        while (true) {
            try {
                if (type == null) {
                    queue.resume();
                } else {
                    queue.resumeType(type);
                }
                return;
            } catch (StoreException e) {
                actor.environment().sleep(Duration.ofSeconds(1));
            }
        }
    }
}
