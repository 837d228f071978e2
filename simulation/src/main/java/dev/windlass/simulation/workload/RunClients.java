package dev.windlass.simulation.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import dev.windlass.AwaitTimeoutException;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.Seeded;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.check.RunChecks;
import dev.windlass.store.StoreException;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.StartOptions;
import dev.windlass.workflow.WorkflowAlreadyExistsException;
import dev.windlass.workflow.WorkflowFailedException;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.WorkflowNotFoundException;
import dev.windlass.workflow.Workflows;

/** What clients of workflows do in a history: they start runs, wait for them, read them, and tell the checks. */
final class RunClients {
    private static final int IDS = 4;
    private static final int TRIES = 3;

    private final Simulation sim;
    private final Deeds deeds;
    private final RunChecks checks;
    private final List<Fleet.Place> places;
    private final Function<Actor, Site> sites;
    private final boolean special;
    private final Map<String, DagDefinition> graphs = new TreeMap<>();
    private final List<String> started = new ArrayList<>();
    private long starts;

    /** How many starts were asked for. */
    long starts() {
        return starts;
    }

    /** @param special whether steps may name a queue of their own */
    RunClients(Simulation sim, Deeds deeds, RunChecks checks, List<Fleet.Place> places,
            Function<Actor, Site> sites, boolean special) {
        this.sim = sim;
        this.deeds = deeds;
        this.checks = checks;
        this.places = places;
        this.sites = sites;
        this.special = special;
    }

    /** The ids that somebody knows to be started. */
    List<String> started() {
        return started;
    }

    /** Does what the operation says, on a thread of a client's process; false if it is nothing for clients. */
    boolean perform(Op op) {
        Seeded random = op.random();
        Actor actor = places.get(random.nextInt(places.size())).actor();
        switch (op.kind()) {
            case START -> deeds.run(actor, op, () -> start(actor, random));
            case READ -> {
                if (!started.isEmpty()) {
                    String id = started.get(random.nextInt(started.size()));
                    deeds.run(actor, op, () -> read(Workflows.on(sites.apply(actor).windlass.engine()).handle(id)));
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void start(Actor actor, Seeded random) throws InterruptedException {
        int number = random.nextInt(IDS);
        String id = "id " + number;
        DagDefinition dag = graph(number, random.chance(0.12));
        StartOptions options = StartOptions.ofDefaults().withPriority(random.chance(0.3) ? 3 : 5)
                .withAttempts(number == 0 ? 2 + random.nextInt(3) : 25);
        if (random.chance(0.35)) {
            options = options.withExistingId(random.chance(0.3)
                    ? StartOptions.ExistingId.REJECT
                    : StartOptions.ExistingId.NEW_RUN_AFTER_END);
        }
        int times = random.chance(0.3) ? 2 : 1;
        WorkflowHandle handle = null;
        for (int i = 0; i < TRIES && times > 0; i++) {
            starts++;
            try {
                handle = Workflows.on(sites.apply(actor).windlass.engine()).start(dag, id, options);
                times--;
                if (!started.contains(id)) {
                    started.add(id);
                }
                checks.acknowledged(id, handle.run(), dag, options.existing());
            } catch (WorkflowAlreadyExistsException e) {
                checks.refused(id, dag, options.existing());
                break;
            } catch (StoreException e) {
                actor.environment().sleep(Duration.ofSeconds(1));
            }
        }
        if (handle != null && random.chance(0.6)) {
            await(handle, Duration.ofMillis(random.between(500, 60_000)));
            if (random.chance(0.3)) {
                read(handle);
            }
        }
    }

    /** The same for everyone who draws it in this history. */
    private DagDefinition graph(int number, boolean other) {
        return graphs.computeIfAbsent(number + (other ? " other" : ""), name -> RunGraph.draw("graph " + name,
                Seeded.stream(sim.seed(), 500 + number + (other ? IDS : 0)), special));
    }

    /** Waits, and tells the checks what the answer was; false if the time was over. */
    boolean await(WorkflowHandle handle, Duration limit) throws InterruptedException {
        try {
            checks.answered(handle.id(), handle.run(), handle.await(limit));
            return true;
        } catch (AwaitTimeoutException e) {
            return false;
        } catch (WorkflowFailedException e) {
            checks.answeredFailed(handle.id(), handle.run(), e);
            return true;
        }
    }

    /** Reads all that can be read of a run. */
    void read(WorkflowHandle handle) throws InterruptedException {
        try {
            checks.saw(handle.id(), handle.run(), handle.status());
            checks.saw(handle.id(), handle.run(), handle.progress());
            checks.saw(handle.id(), handle.run(), handle.steps());
            checks.saw(handle.id(), handle.run(), handle.definition());
        } catch (WorkflowNotFoundException e) {
            checks.notFound(handle.id(), handle.run());
        }
    }
}
