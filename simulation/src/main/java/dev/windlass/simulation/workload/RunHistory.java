package dev.windlass.simulation.workload;

import java.time.Duration;

import dev.windlass.queue.Worker;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.Invariant;
import dev.windlass.simulation.Seeded;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.SimulationResult;
import dev.windlass.simulation.check.RunChecks;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.WorkflowListener;
import dev.windlass.workflow.Workflows;

/**
 * A history of workflows: runs of graphs are started, owned, lost, parked and taken over while a plan is played, with its
 * troubles; then comes peace, in which every run has to end, and nothing may be left over.
 */
final class RunHistory extends History {
    /** The key of a park that did not come to be is looked at when it would have been due: after five minutes. */
    private static final Duration GARBAGE = Duration.ofMinutes(7);
    private final RunChecks checks;
    private final StepBodies bodies;
    private final RunClients clients;
    private final WorkerOptions options;
    private final boolean special;

    private RunHistory(Simulation sim, Plan plan) {
        super(sim, plan, false);
        this.checks = RunChecks.watch(sim, queue);
        this.bodies = new StepBodies(checks);
        Seeded random = Seeded.stream(plan.seed(), 79);
        this.special = random.chance(0.25);
        this.clients = new RunClients(sim, deeds, checks, offices.places(), this::site, special);
        this.options = WorkerOptions.ofDefaults().withRuns(1 + random.nextInt(4))
                .withLocalParallelism(1 + random.nextInt(4)).withFleet(random.chance(0.85))
                .withFleetConcurrency(1 + random.nextInt(4)).withMaxOutstanding(1 + random.nextInt(16))
                .withFleetThreshold(Duration.ofMillis(random.chance(0.5) ? 0 : random.between(0, 1_000)))
                .withParkAfter(Duration.ofMillis(random.chance(0.6) ? random.between(10, 2_000) : 10_000));
    }

    /** Plays a plan. */
    static SimulationResult play(Plan plan) {
        return Simulation.run(plan.seed(), plan.options(), sim -> new RunHistory(sim, plan).play());
    }

    private void play() throws InterruptedException {
        trouble();
        peace();
    }

    @Override
    boolean perform(Op op) {
        return clients.perform(op);
    }

    @Override
    Worker worker(Actor actor) {
        var windlass = site(actor).windlass;
        Workflows workflows = Workflows.on(windlass.engine());
        workflows.stepType(RunGraph.PLAIN, (step, input, parents) -> bodies.handle(actor, step, input, parents));
        if (actor.name().startsWith("w0")) {
            workflows.stepType(RunGraph.RARE, (step, input, parents) -> bodies.handle(actor, step, input, parents));
        }
        Worker.Builder builder = windlass.worker().id(actor.name()).lease(world.ttl, world.heartbeat)
                .poll(world.shortestPoll, world.longestPoll);
        if (special) {
            builder.queue(RunGraph.QUEUE, 1);
        }
        return workflows.worker(builder, options.withListener(new Owner(actor))).start();
    }

    /** What an owner of runs has seen. */
    private final class Owner implements WorkflowListener {
        private final Actor actor;

        Owner(Actor actor) {
            this.actor = actor;
        }

        @Override
        public void runOwned(String workflowId, int run, int finished, int total) {
            checks.owned(actor.name(), workflowId, run, finished);
        }

        @Override
        public void stepFinished(StepFinished event) {
            checks.seen(actor.name(), event);
        }
    }

    /** Faults off, all processes up: now everything must end. */
    private void peace() throws InterruptedException {
        peace(checks::allEnded, Invariant.W4, "acknowledged runs do not end", checks::open);
        sim.sleep(world.quiet());
        Site auditor = site(sim.actor("auditor"));
        auditor.windlass.audit(true);
        require(checks::allRunsEnded, END, Invariant.W4, "after an audit, runs do not end", checks::openTasks);
        if (!checks.allTasksEnded()) {
            // A run that nobody waits for may have killed its owners until now.
            sim.sleep(world.quiet());
            auditor.windlass.audit(true);
        }
        require(() -> checks.allTasksEnded() && fleet.isWhole(), END, Invariant.W4,
                "after an audit, tasks of runs and steps do not end", checks::openTasks);
        require(() -> sim.store().keys("ready/").isEmpty(), world.quiet().plus(GARBAGE), Invariant.G1,
                "keys stay below ready/", () -> sim.store().keys("ready/"));
        requireReadable(auditor);
        if (world.calm && !bodies.haveCrashed()) {
            long puts = sim.store().counts("workflow/").put();
            if (puts > checks.budget(clients.starts())) {
                sim.fail(Invariant.B1, "runs cost " + puts + " puts below workflow/, and may cost "
                        + checks.budget(clients.starts()) + ": " + clients.starts() + " starts");
            }
        }
        close();
        Duration rest = world.ttl.multipliedBy(3).plusSeconds(5);
        eventually(() -> fleet.places().stream().allMatch(RunHistory::isIdle), rest, Invariant.S1,
                "workers with nothing to do do not come to rest", () -> fleet.places().stream()
                        .map(Fleet.Place::worker).map(worker -> worker == null ? "none" : worker.stats()).toList());
        eventually(() -> Site.claims(sim).isEmpty(), rest, Invariant.G1, "leases still list claims",
                () -> Site.claims(sim));
    }

    private static boolean isIdle(Fleet.Place place) {
        Worker worker = place.worker();
        return worker != null && worker.stats().running() == 0;
    }

    /** Whoever comes later reads every ended run, and reads what was recorded. */
    private void requireReadable(Site reader) throws InterruptedException {
        Workflows workflows = Workflows.on(reader.windlass.engine());
        for (String id : clients.started()) {
            WorkflowHandle handle = workflows.handle(id);
            if (!clients.await(handle, Duration.ofMinutes(1))) {
                sim.fail(Invariant.W5, "run " + handle.run() + " of " + id + " has ended, and nobody can see it");
            }
            clients.read(handle);
        }
        checks.requireEnds();
    }
}
