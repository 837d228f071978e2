package dev.windlass.simulation.workload;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import dev.windlass.Windlass;
import dev.windlass.WindlassException;
import dev.windlass.queue.Worker;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.Invariant;
import dev.windlass.simulation.Seeded;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.check.QueueChecks;

/**
 * What all histories have in common: some places with workers, two with clients, and a plan that is played on them with
 * its troubles, until there is peace.
 */
abstract class History {
    /** By then, all must have ended in peace. */
    static final Duration END = Duration.ofMinutes(30);
    private static final int CLIENTS = 2;

    final Simulation sim;
    final Plan plan;
    final World world;
    /** What watches the queue. */
    final QueueChecks queue;
    final Deeds deeds = new Deeds();
    /** The places of the workers. */
    final Fleet fleet;
    /** The places of the clients. */
    final Fleet offices;
    private int outages;

    /** @param knowsResults whether handlers tell what they return */
    History(Simulation sim, Plan plan, boolean knowsResults) {
        this.sim = sim;
        this.plan = plan;
        this.world = plan.world();
        this.queue = QueueChecks.watch(sim, world.grace, knowsResults);
        this.fleet = new Fleet(sim, world, this::worker);
        this.offices = new Fleet(sim, world, this::worker);
        for (int i = 0; i < world.workers; i++) {
            fleet.add("w" + i, true);
        }
        for (int i = 0; i < CLIENTS; i++) {
            offices.add("c" + i, false);
        }
    }

    /** Starts the worker of a process. */
    abstract Worker worker(Actor actor);

    /** Does what the operation says, if it is one of clients; false otherwise. */
    abstract boolean perform(Op op);

    /** What else is set for the connection of a process. */
    void connect(Actor actor, Windlass.Builder builder) {
        // nothing
    }

    /** The connection of a process. */
    final Site site(Actor actor) {
        return Site.of(sim, actor, builder -> {
            builder.grace(world.grace).patience(world.patience);
            connect(actor, builder);
        });
    }

    /** Plays the plan: all of it has begun when this returns. */
    final void trouble() throws InterruptedException {
        fleet.start();
        offices.start();
        sim.store().setFaults(plan.faults());
        for (Op op : plan.ops()) {
            sim.sleep(op.at().minus(sim.elapsed()));
            switch (op.kind()) {
                case OUTAGE -> outage(Duration.ofMillis(op.random().between(100, 20_000)));
                case RETIRE -> retire(op);
                case SWEEP, AUDIT -> maintain(op);
                default -> {
                    if (!perform(op)) {
                        (op.random().chance(0.85) ? fleet : offices).disturb(op);
                    }
                }
            }
        }
        sim.sleep(Duration.ofSeconds(1));
    }

    private void outage(Duration length) {
        outages++;
        sim.store().setDown(true);
        sim.driver().start("end of outage", () -> {
            sim.sleep(length);
            if (--outages == 0) {
                sim.store().setDown(false);
            }
        });
    }

    /** Somebody sweeps or audits, from a client's process. */
    private void maintain(Op op) {
        Seeded random = op.random();
        Actor actor = offices.places().get(random.nextInt(offices.places().size())).actor();
        if (op.kind() == Op.Kind.SWEEP) {
            deeds.run(actor, op, () -> site(actor).windlass.sweep(random.chance(0.5)));
        } else {
            boolean atFailure = random.chance(0.5);
            Duration past = world.grace.plusMillis(random.between(0, 4_000));
            Runnable audit = () -> deeds.run(actor, op, () -> site(actor).windlass.audit(true));
            if (atFailure) {
                afterNextFailure(past, audit);
            } else {
                audit.run();
            }
        }
    }

    /** Once the next entry of a failure is so old, when it can be repaired though its task may not say so yet. */
    private void afterNextFailure(Duration past, Runnable audit) {
        boolean[] done = {false};
        sim.store().onChange(key -> {
            if (!done[0] && key.startsWith("dead/")) {
                done[0] = true;
                sim.driver().start("auditor of a failure", () -> {
                    sim.sleep(past);
                    audit.run();
                });
            }
        });
    }

    /** A supervisor has seen a process end, and says so. */
    private void retire(Op op) {
        Fleet.Place place = fleet.places().get(op.random().nextInt(fleet.places().size()));
        String ended = place.actor().name();
        place.actor().crash();
        queue.retired(ended);
        Actor supervisor = offices.places().getFirst().actor();
        if (!supervisor.isCrashed()) {
            supervisor.start("supervisor", () -> {
                try {
                    site(supervisor).windlass.retire(ended);
                } catch (WindlassException e) {
                    supervisor.note("could not retire " + ended);
                }
            });
        }
    }

    /**
     * Faults end, all processes come up, and what clients do comes to its end.
     *
     * @param ended whether all that was acknowledged has ended
     * @param invariant what does not hold if it has not
     */
    final void peace(BooleanSupplier ended, Invariant invariant, String otherwise, Supplier<Object> details) {
        sim.driver().note("peace");
        sim.store().endFaults();
        fleet.leaveInPeace();
        offices.leaveInPeace();
        require(() -> {
            fleet.resumeAll();
            offices.resumeAll();
            return outages == 0 && deeds.active() == 0 && fleet.isWhole() && ended.getAsBoolean();
        }, END, invariant, otherwise, details);
    }

    /** No process is started any more. */
    final void close() {
        fleet.close();
        offices.close();
    }

    final void require(BooleanSupplier holds, Duration limit, Invariant invariant, String otherwise,
            Supplier<Object> details) {
        if (!sim.holdsWithin(holds, limit)) {
            sim.fail(invariant, otherwise + " within " + limit + ": " + details.get());
        }
    }

    /** Looks now and then: what the condition calls may wait. */
    final void eventually(BooleanSupplier holds, Duration limit, Invariant invariant, String otherwise,
            Supplier<Object> details) throws InterruptedException {
        Duration end = sim.elapsed().plus(limit);
        while (!holds.getAsBoolean()) {
            if (sim.elapsed().compareTo(end) > 0) {
                sim.fail(invariant, otherwise + " within " + limit + ": " + details.get());
            }
            sim.sleep(Duration.ofSeconds(1));
        }
    }
}
