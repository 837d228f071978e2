package dev.windlass.simulation.workload;

import java.time.Duration;

import dev.windlass.queue.Worker;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.Invariant;
import dev.windlass.simulation.Seeded;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.SimulationResult;
import dev.windlass.simulation.check.FunctionChecks;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.Workflows;

/**
 * A history of durable functions beside some graphs: runs are started, sent signals, cancelled, paused, lost, parked and taken
 * over while a plan is played, with its troubles; then comes peace, in which every run has to end, and nothing may be left over.
 */
final class FunctionHistory extends History {
    /** A run with calls out looks again after five minutes. */
    private static final Duration GARBAGE = Duration.ofMinutes(7);
    private final FunctionChecks checks;
    private final FunctionBodies bodies;
    private final FunctionClients clients;
    private final WorkerOptions options;

    private FunctionHistory(Simulation sim, Plan plan) {
        super(sim, plan, false);
        this.checks = FunctionChecks.watch(sim, queue);
        Seeded random = Seeded.stream(plan.seed(), 83);
        this.clients = new FunctionClients(sim, deeds, checks, offices.places(), this::site);
        this.bodies = new FunctionBodies(checks, clients::sendInTime);
        this.options = WorkerOptions.ofDefaults().withRuns(1 + random.nextInt(6))
                .withLocalParallelism(1 + random.nextInt(4)).withFleetConcurrency(1 + random.nextInt(4))
                .withParkAfter(Duration.ofMillis(random.chance(0.6) ? random.between(10, 2_000) : 10_000));
    }

    /** Plays a plan. */
    static SimulationResult play(Plan plan) {
        return Simulation.run(plan.seed(), plan.options(), sim -> new FunctionHistory(sim, plan).play());
    }

    private void play() throws InterruptedException {
        trouble();
        clients.finish(new Op(plan.size(), Op.Kind.START, Duration.ZERO, plan.seed()), world.quiet());
        peace();
    }

    @Override
    boolean perform(Op op) {
        return clients.perform(op);
    }

    @Override
    Worker worker(Actor actor) {
        var windlass = site(actor).windlass;
        Workflows workflows = Workflows.on(windlass.engine())
                .workflow(FunctionBodies.FLOW, (ctx, script) -> bodies.run(actor, ctx, script))
                .stepType(FunctionBodies.PLAIN, (step, input) -> bodies.call(actor, step, input))
                .stepType(FunctionClients.GRAPH, (step, input, parents) -> {
                    actor.environment().sleep(Duration.ofMillis(input.asInt(0) * 100L));
                    return input;
                });
        if (actor.name().startsWith("w0")) {
            workflows.stepType(FunctionBodies.RARE, (step, input) -> bodies.call(actor, step, input));
        }
        Worker.Builder builder = windlass.worker().id(actor.name()).lease(world.ttl, world.heartbeat)
                .poll(world.shortestPoll, world.longestPoll);
        return workflows.worker(builder, options).start();
    }

    /** Faults off, all processes up: now everything must end. */
    private void peace() throws InterruptedException {
        peace(checks::allEnded, Invariant.W4, "runs do not end", checks::open);
        sim.sleep(world.quiet());
        Site auditor = site(sim.actor("auditor"));
        auditor.windlass.audit(true);
        require(() -> checks.openTasks().isEmpty() && fleet.isWhole(), END, Invariant.W4,
                "after an audit, tasks of runs and steps do not end", checks::openTasks);
        require(() -> sim.store().keys("ready/").isEmpty(), world.quiet().plus(GARBAGE), Invariant.G1,
                "keys stay below ready/", () -> sim.store().keys("ready/"));
        var unread = clients.readAll(auditor);
        if (!unread.isEmpty()) {
            sim.fail(Invariant.W5, "graphs have no results: " + unread);
        }
        checks.requireEnds();
        close();
        Duration rest = world.ttl.multipliedBy(3).plusSeconds(5);
        eventually(() -> fleet.places().stream().map(Fleet.Place::worker)
                .allMatch(worker -> worker != null && worker.stats().running() == 0), rest, Invariant.S1,
                "workers with nothing to do do not come to rest", () -> "");
        eventually(() -> Site.claims(sim).isEmpty(), rest, Invariant.G1, "leases still list claims",
                () -> Site.claims(sim));
    }
}
