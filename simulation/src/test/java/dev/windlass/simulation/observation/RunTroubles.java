package dev.windlass.simulation.observation;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.Worker;
import dev.windlass.simulation.Fault;
import dev.windlass.simulation.RequestKind;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.workload.Site;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.Placement;
import dev.windlass.workflow.StartOptions;
import dev.windlass.workflow.StepHandler;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.Workflows;
import tools.jackson.databind.node.JsonNodeFactory;

/** Runs of graphs that everything happens to which an operator may meet. */
final class RunTroubles {
    private static final RetryPolicy TWICE = RetryPolicy.fixed(2, Duration.ofSeconds(1));

    private final Troubles troubles;

    RunTroubles(Troubles troubles) {
        this.troubles = troubles;
    }

    /** Plays all of them. */
    void play() {
        troubles.run(this::stepsOfEveryKind);
        troubles.run(this::ownerThatIsLost);
        troubles.run(this::ownerThatStops);
        troubles.run(this::storeAway);
        troubles.run(this::stepOfARunThatHasEnded);
    }

    private static StepHandler handler(Site at) {
        return (step, input, parents) -> {
            switch (input.path("do").asString("")) {
                case "fail" -> throw new IllegalStateException("not yet");
                case "flaky" -> {
                    if (step.attempt() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                }
                case "permanent" -> throw new PermanentFailure("no use");
                case "sleep" -> at.actor.environment().sleep(Duration.ofSeconds(30));
                case "crash" -> at.actor.crash();
                case "fail later" -> {
                    at.actor.environment().sleep(Duration.ofSeconds(5));
                    throw new PermanentFailure("no use");
                }
                default -> {
                    // returns at once
                }
            }
            return step.name();
        };
    }

    private static DagStep step(String name, String deed, Placement placement, String... needs) {
        return DagStep.of(name, "k", JsonNodeFactory.instance.objectNode().put("do", deed), java.util.List.of(needs))
                .withRetry(TWICE).withTimeout(Duration.ofSeconds(60)).withPlacement(placement);
    }

    private static DagStep hasty(String name, Placement placement) {
        return step(name, "sleep", placement).withTimeout(Duration.ofSeconds(5));
    }

    private static DagDefinition graph(DagStep... steps) {
        var builder = DagDefinition.builder("graph");
        for (DagStep step : steps) {
            builder.step(step);
        }
        return builder.build();
    }

    /** A process with workflows on it, and perhaps a worker. */
    private record Node(Site site, Workflows workflows) {

        Worker work() {
            return workflows.worker(site.windlass.worker().id(site.actor.name())).start();
        }

        Worker workOn(String queue) {
            return workflows.worker(site.windlass.worker().id(site.actor.name()).queue(queue)).start();
        }
    }

    private Node node(Simulation sim, String name) {
        Site site = troubles.site(sim, name);
        return new Node(site, Workflows.on(site.windlass.engine()).stepType("k", handler(site)));
    }

    private static void until(Simulation sim, WorkflowHandle run, WorkflowStatus status) throws InterruptedException {
        Duration end = sim.elapsed().plus(Site.LONG);
        while (run.status() != status) {
            if (sim.elapsed().compareTo(end) > 0) {
                throw new AssertionError("the run is " + run.status() + ", not " + status);
            }
            sim.sleep(Duration.ofMillis(500));
        }
    }

    private void stepsOfEveryKind(Simulation sim) throws InterruptedException {
        Node client = node(sim, "p");
        node(sim, "w").work();
        node(sim, "w2").work();
        for (Placement place : new Placement[]{Placement.LOCAL, Placement.FLEET}) {
            WorkflowHandle good = client.workflows().start(graph(step("a", "", place), step("b", "flaky", place, "a")),
                    "good-" + place);
            WorkflowHandle bad = client.workflows().start(graph(step("a", "fail", place)), "bad-" + place);
            WorkflowHandle permanent = client.workflows().start(graph(step("a", "permanent", place)),
                    "permanent-" + place);
            WorkflowHandle late = client.workflows().start(graph(hasty("a", place)), "late-" + place);
            until(sim, good, WorkflowStatus.COMPLETED);
            until(sim, bad, WorkflowStatus.FAILED);
            until(sim, permanent, WorkflowStatus.FAILED);
            until(sim, late, WorkflowStatus.FAILED);
        }
        // Steps run nowhere that an owner could see: the run parks.
        WorkflowHandle parked = client.workflows().start(graph(step("a", "sleep", Placement.FLEET)), "parked");
        until(sim, parked, WorkflowStatus.COMPLETED);
    }

    /** Owners die, until another takes over, and until they are used up. */
    private void ownerThatIsLost(Simulation sim) throws InterruptedException {
        Node client = node(sim, "p");
        WorkflowHandle run = client.workflows().start(
                graph(step("a", "", Placement.LOCAL), step("b", "sleep", Placement.LOCAL, "a")), "taken-over");
        Node first = node(sim, "w");
        first.work();
        sim.runUntil(() -> !sim.store().keys("workflow/taken-over/runs/1/steps/").isEmpty(), Site.LONG);
        first.site().actor.crash();
        Node second = node(sim, "w2");
        second.work();
        until(sim, run, WorkflowStatus.COMPLETED);
        second.site().actor.crash();

        WorkflowHandle deadly = client.workflows().start(graph(step("a", "crash", Placement.LOCAL)), "deadly",
                StartOptions.ofDefaults().withAttempts(1));
        Node victim = node(sim, "w3");
        victim.work();
        sim.runUntil(victim.site().actor::isCrashed, Site.LONG);
        node(sim, "w4").work();
        until(sim, deadly, WorkflowStatus.FAILED);
    }

    private void ownerThatStops(Simulation sim) throws InterruptedException {
        Node client = node(sim, "p");
        WorkflowHandle run = client.workflows().start(
                graph(step("a", "sleep", Placement.LOCAL), step("b", "", Placement.LOCAL, "a")), "given-back");
        Node first = node(sim, "w");
        Worker worker = first.work();
        until(sim, run, WorkflowStatus.RUNNING);
        sim.sleep(Duration.ofSeconds(2));
        var stopped = new AtomicBoolean();
        first.site().actor.start(() -> {
            worker.drain(Duration.ofSeconds(1));
            stopped.set(true);
        });
        sim.runUntil(stopped::get, Site.LONG);
        node(sim, "w2").work();
        until(sim, run, WorkflowStatus.COMPLETED);
    }

    /** A run fails while a step of it runs elsewhere; that worker dies, and whoever takes over calls the step off. */
    private void stepOfARunThatHasEnded(Simulation sim) throws InterruptedException {
        Node client = node(sim, "p");
        WorkflowHandle run = client.workflows().start(graph(step("a", "sleep", Placement.FLEET).withQueue("special"),
                step("b", "fail later", Placement.LOCAL)), "ended");
        node(sim, "w").work();
        until(sim, run, WorkflowStatus.RUNNING);
        Node other = node(sim, "w2");
        other.workOn("special");
        until(sim, run, WorkflowStatus.FAILED);
        other.site().actor.crash();
        node(sim, "w3").workOn("special");
        sim.sleep(Duration.ofMinutes(3));
    }

    /** Outcomes that cannot be recorded, steps that cannot be sent out, results that cannot be read, for a while. */
    private void storeAway(Simulation sim) throws InterruptedException {
        Node client = node(sim, "p");
        node(sim, "w").work();
        for (Placement place : new Placement[]{Placement.LOCAL, Placement.FLEET}) {
            String id = "away-" + place;
            WorkflowHandle run = client.workflows().start(
                    graph(step("a", "", place), step("b", "sleep", place, "a"), step("c", "", place, "b")), id);
            sim.runUntil(() -> !sim.store().keys("workflow/" + id + "/runs/1/steps/").isEmpty(), Site.LONG);
            sim.store().inject(60, Fault.of(Fault.Kind.UNAVAILABLE_503),
                    request -> request.is(RequestKind.PUT, "workflow/" + id + "/runs/1/steps/"));
            until(sim, run, WorkflowStatus.COMPLETED);
        }
        WorkflowHandle unsent = client.workflows().start(
                graph(step("a", "", Placement.LOCAL), step("b", "", Placement.FLEET, "a")), "unsent");
        boolean[] recorded = new boolean[1];
        sim.store().inject(200, Fault.of(Fault.Kind.UNAVAILABLE_503), request -> {
            recorded[0] |= !sim.store().keys("workflow/unsent/runs/1/steps/").isEmpty();
            return recorded[0] && request.is(RequestKind.PUT, "ready/workflow-steps/");
        });
        until(sim, unsent, WorkflowStatus.COMPLETED);
    }
}
