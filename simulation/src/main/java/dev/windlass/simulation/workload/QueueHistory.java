package dev.windlass.simulation.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.queue.TaskHandler;
import dev.windlass.queue.Worker;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.Invariant;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.SimulationResult;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.check.TaskHistories;
import dev.windlass.store.RequestCounts;
import tools.jackson.databind.JsonNode;

/**
 * A history of the queue: a plan is played, with its troubles; then comes peace, in which everything has to end, and
 * nothing may be left over.
 */
class QueueHistory extends History {

    final TaskHistories histories;
    final Handlers handlers;
    final Clients clients;
    private final Hands hands;
    private final Holds holds;

    QueueHistory(Simulation sim, Plan plan) {
        super(sim, plan, true);
        this.histories = new TaskHistories(sim);
        this.handlers = new Handlers(queue, histories);
        this.clients = new Clients(sim, deeds, queue, histories, offices.places(), this::site,
                world.rare);
        this.hands = new Hands(deeds, queue, histories, offices.places(), this::site, world);
        this.holds = new Holds(sim, deeds, queue, histories, this::site, world);
    }

    /** Plays a plan. */
    static SimulationResult play(Plan plan) {
        return Simulation.run(plan.seed(), plan.options(), sim -> new QueueHistory(sim, plan).play());
    }

    final void play() throws InterruptedException {
        trouble();
        peace();
        conclude();
    }

    @Override
    boolean perform(Op op) {
        return clients.perform(op) || hands.perform(op) || holds.perform(op);
    }

    @Override
    Worker worker(Actor actor) {
        Worker.Builder builder = site(actor).windlass.worker().id(actor.name()).concurrency(world.slots)
                .lease(world.ttl, world.heartbeat).poll(world.shortestPoll, world.longestPoll)
                .handle(Clients.ECHO, handler(actor));
        if (actor.name().startsWith("w0")) {
            builder.handle(Clients.RARE, handler(actor));
        }
        Clients.QUEUES.forEach(builder::queue);
        prepare(builder);
        return builder.start();
    }

    /** What a worker of that process does with tasks. */
    TaskHandler<String, String> handler(Actor actor) {
        return (task, input) -> handlers.handle(actor, task, input);
    }

    /** What else is set for a worker. */
    void prepare(Worker.Builder builder) {
        // nothing
    }

    /** Faults off, all processes up: now everything must end. */
    private void peace() throws InterruptedException {
        peace(() -> queue.open() == 0, Invariant.P1, "acknowledged tasks do not end", () -> unfinished(true));
        Site auditor = site(sim.actor("auditor"));
        sim.sleep(world.quiet());
        auditor.windlass.audit(true);
        require(this::allEnded, END, Invariant.P1, "after an audit, tasks do not end",
                () -> unfinished(false));
        close();
        if (plan.subject() == Plan.Subject.TASKS && plan.seed() % 8 == 0) {
            requireAllSlots(auditor);
        }
        sim.sleep(world.ttl.multipliedBy(3).plusSeconds(5));
        for (Fleet.Place place : fleet.places()) {
            Worker worker = place.worker();
            if (worker == null || worker.stats().running() != 0) {
                sim.fail(Invariant.S1, place.actor().name() + " has "
                        + (worker == null ? "no worker" : worker.stats()) + " with nothing to do");
            }
        }
        List<String> listed = Site.claims(sim, task -> !queue.isPoisoned(task));
        if (!listed.isEmpty()) {
            sim.fail(Invariant.G1, "leases still list " + listed);
        }
        if (sim.store().keys("leases/").size() > fleet.places().size()) {
            sim.fail(Invariant.G1, "leases of dead workers stay: " + sim.store().keys("leases/"));
        }
        leaveInGoodOrder();
        sim.sleep(world.grace);
        auditor.windlass.audit(true);
        sim.sleep(Duration.ofSeconds(20));
        var found = auditor.windlass.audit(false).findings().stream()
                .filter(finding -> !finding.kind().equals("poison")).toList();
        if (!found.isEmpty()) {
            sim.fail(Invariant.G1, "an audit has repaired everything, and finds " + found);
        }
    }

    /** All workers stop, and leave nothing behind. */
    private void leaveInGoodOrder() {
        for (Fleet.Place place : fleet.places()) {
            Worker worker = place.worker();
            if (worker != null) {
                place.actor().start("closer", worker::close);
            }
        }
        require(() -> sim.store().keys("leases/").isEmpty(), Duration.ofMinutes(1), Invariant.G1,
                "workers that are closed leave leases behind", () -> sim.store().keys("leases/"));
    }

    /** All is quiet: what can be said of the whole. */
    void conclude() {
        queue.requireResults();
        histories.requireLinearizable(queue.tasks(), id -> !queue.isPoisoned(id) && isPlain(id));
        if (plan.subject() == Plan.Subject.TASKS && world.calm) {
            requireBudget();
        }
    }

    /** Whether a task has had one life, and had to go back as often as its handler wanted: what histories of tasks know. */
    private boolean isPlain(String id) {
        JsonNode task = queue.tasks().get(id);
        return queue.lives(id) == 0 && (task == null || task.path("maxReschedules").isMissingNode());
    }

    /** No slot is lost for ever: as many tasks as all workers have slots run at one time. */
    private void requireAllSlots(Site site) {
        var ids = new ArrayList<String>();
        for (int i = 0; i < world.workers * world.slots; i++) {
            ids.add(site.submit("long " + i).id());
        }
        require(() -> ids.stream().allMatch(id -> queue.status(id).equals("RUNNING")), Duration.ofSeconds(40),
                Invariant.S1, "not all slots take tasks", () -> ids.stream().map(queue::status).toList());
        require(() -> ids.stream().allMatch(id -> queue.status(id).equals("COMPLETED")), Duration.ofMinutes(2),
                Invariant.P1, "not all of them end", () -> ids);
    }

    /** No faults, no troubles: every write of a task is one of its transitions. */
    private void requireBudget() {
        RequestCounts tasks = sim.store().counts("tasks/");
        RequestCounts ready = sim.store().counts("ready/");
        // A submission that meets a task has put a ready key of its own, and puts the task's once more.
        long submits = queue.tasks().size();
        long transitions = submits + 2 * queue.claims() + clients.resubmits();
        boolean alone = world.workers == 1;
        long lost = alone ? 0 : queue.claims() * (world.workers - 1); // claims that another worker was faster with
        if (tasks.put() > transitions + lost || ready.put() > submits + queue.claims() + 2 * clients.resubmits()) {
            sim.fail(Invariant.B1, queue.claims() + " claims of " + submits + " tasks, submitted again "
                    + clients.resubmits() + " times, cost " + tasks + " for tasks and " + ready + " for ready keys");
        }
    }

    /** Whether {@link #unfinished} would name nothing, acknowledged or not; asked after every step. */
    private boolean allEnded() {
        return queue.tasks().entrySet().stream()
                .noneMatch(task -> QueueChecks.isOpen(task.getValue()) && !queue.isPoisoned(task.getKey()));
    }

    private List<String> unfinished(boolean acknowledgedOnly) {
        var left = new ArrayList<String>();
        queue.tasks().forEach((id, task) -> {
            if (QueueChecks.isOpen(task) && !queue.isPoisoned(id)
                    && (!acknowledgedOnly || queue.acknowledged().contains(id))) {
                left.add(id + " " + task);
            }
        });
        return left;
    }
}
