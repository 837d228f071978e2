package dev.windlass.simulation.workload;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

import dev.windlass.AwaitTimeoutException;
import dev.windlass.TaskCancelledException;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.Seeded;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.check.FunctionChecks;
import dev.windlass.store.StoreException;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.FunctionHandle;
import dev.windlass.workflow.StartOptions;
import dev.windlass.workflow.WorkflowEndedException;
import dev.windlass.workflow.WorkflowFailedException;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.WorkflowNotFoundException;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What clients of durable functions do in a history: they start runs, send them signals before and after, cancel, pause, resume
 * and read them. All who send signals of one name to one run send the same ones in the same order.
 */
final class FunctionClients {
    /** The kind of the steps of graphs that run beside. */
    static final String GRAPH = "graph";
    private static final int IDS = 4;
    private static final int TRIES = 4;
    private static final int THEMES = 8;

    private final Simulation sim;
    private final Deeds deeds;
    private final FunctionChecks checks;
    private final List<Fleet.Place> places;
    private final Function<Actor, Site> sites;
    private final Map<Integer, String> scripts = new TreeMap<>();
    private final Set<String> known = new TreeSet<>();
    private final Set<String> graphs = new TreeSet<>();
    private final Set<Integer> wanted = new TreeSet<>();
    private final Set<String> acknowledged = new TreeSet<>();
    private final Set<String> limited = new TreeSet<>();
    private final Seeded last;
    private @Nullable Actor boss;

    FunctionClients(Simulation sim, Deeds deeds, FunctionChecks checks, List<Fleet.Place> places,
            Function<Actor, Site> sites) {
        this.sim = sim;
        this.deeds = deeds;
        this.checks = checks;
        this.places = places;
        this.sites = sites;
        this.last = Seeded.stream(sim.seed(), 599);
    }

    /** A deed that is tried again and again, since the store may not answer. */
    private interface Attempt {
        void run() throws InterruptedException;
    }

    private Workflows workflows(Actor actor) {
        return Workflows.on(sites.apply(actor).windlass.engine());
    }

    /** The same for everyone who draws it in this history. */
    private String script(int number) {
        return scripts.computeIfAbsent(number, any -> {
            Seeded random = Seeded.stream(sim.seed(), 600 + number);
            String script = FunctionScript.draw(random);
            if (isOfChains()) {
                script = FunctionScript.chain(script, random);
            }
            return isOfLastMoments() ? script + ";x " + random.between(300, 6_000) : script;
        });
    }

    /** Whether somebody sends signals just before the limits of waits for them. */
    private boolean isOfLastMoments() {
        return sim.seed() % THEMES == THEMES - 2;
    }

    /** Whether functions go on as new runs. */
    private boolean isOfChains() {
        long theme = sim.seed() % THEMES;
        return theme == 3 || theme == 4;
    }

    /** A wait with a limit has begun: in some histories, somebody sends what it waits for at the last moment. */
    void sendInTime(String id, String wait, Instant due) {
        if (!isOfLastMoments() || !known.contains(id) || !limited.add(id + '/' + wait)) {
            return;
        }
        Actor actor = places.get(last.nextInt(places.size())).actor();
        Duration ahead = Duration.between(sim.now(), due).minusMillis(last.between(60, 700));
        deeds.run(actor, new Op(limited.size(), Op.Kind.START, Duration.ZERO, sim.seed()), () -> {
            actor.environment().sleep(ahead.isNegative() ? Duration.ZERO : ahead);
            String signal = "late-" + wait;
            checks.sends(id, "extra", signal, "value of " + signal, Set.of());
            try {
                workflows(actor).signal(id, "extra", "value of " + signal, signal);
                checks.sent(id, "extra", signal);
            } catch (WorkflowEndedException e) {
                checks.toldEnded(id);
            }
        });
    }

    /** Does what the operation says; false if it is nothing for clients. */
    boolean perform(Op op) {
        Seeded random = op.random();
        Actor actor = places.get(random.nextInt(places.size())).actor();
        int number = random.nextInt(IDS);
        switch (op.kind()) {
            case START -> {
                if (random.chance(0.2)) {
                    graphs.add("g" + number);
                    deeds.run(actor, op, () -> graph(workflows(actor), "g" + number));
                } else {
                    wanted.add(number);
                    deeds.run(actor, op, () -> live(actor, number, random));
                }
            }
            case READ -> deeds.run(actor, op, () -> read(workflows(actor), "f" + number));
            case CANCEL -> deeds.run(actor, op, () -> cancel(workflows(actor), "f" + number, random));
            case HOLD -> {
                if (boss == null) {
                    boss = sim.actor("boss");
                }
                Actor who = boss;
                deeds.run(who, op, () -> hold(who, "f" + number, Duration.ofMillis(random.between(0, 15_000))));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void live(Actor actor, int number, Seeded random) throws InterruptedException {
        String id = "f" + number;
        Workflows workflows = workflows(actor);
        var sender = new Sender(workflows, id);
        List<String> signals = FunctionScript.signals(script(number));
        int early = random.chance(0.4) ? random.nextInt(signals.size() + 1) : 0;
        int extra = random.chance(0.5) ? random.nextInt(3) : 0;
        for (int i = 0; i < early; i++) {
            sender.send(signals.get(i));
        }
        if (!again(actor, TRIES, () -> start(workflows, number))) {
            return;
        }
        for (String name : signals.subList(early, signals.size())) {
            actor.environment().sleep(Duration.ofMillis(random.chance(0.3) ? 0 : random.between(0, 9_000)));
            if (extra > 0 && random.chance(0.5)) {
                extra--;
                again(actor, TRIES, () -> sender.send("extra"));
            }
            if (!again(actor, TRIES, () -> sender.send(name))) {
                return; // the next one goes only when this one is in
            }
        }
        if (random.chance(0.5)) {
            await(workflows.handle(FunctionBodies.FLOW, id), Duration.ofMillis(random.between(500, 60_000)));
        }
    }

    /** Whether it was done within so many tries. */
    private static boolean again(Actor actor, int tries, Attempt attempt) throws InterruptedException {
        for (int i = 0; i < tries; i++) {
            try {
                attempt.run();
                return true;
            } catch (StoreException e) {
                actor.environment().sleep(Duration.ofSeconds(1));
            }
        }
        return false;
    }

    private void start(Workflows workflows, int number) {
        String id = "f" + number;
        workflows.start(FunctionBodies.FLOW, id, script(number), StartOptions.ofDefaults().withAttempts(100));
        known.add(id);
        checks.acknowledged(id);
    }

    /** Sends signals of which each has the id that its place among those of its name gives it. */
    private final class Sender {
        private final Workflows workflows;
        private final String id;
        private final Map<String, Integer> counts = new HashMap<>();
        private final Map<String, Set<String>> before = new HashMap<>();
        private boolean over;

        Sender(Workflows workflows, String id) {
            this.workflows = workflows;
            this.id = id;
        }

        void send(String name) {
            if (over) {
                return;
            }
            Set<String> mine = before.computeIfAbsent(name, key -> new LinkedHashSet<>());
            String signal = name + '-' + (counts.getOrDefault(name, 0) + 1);
            checks.sends(id, name, signal, "value of " + signal, mine);
            try {
                workflows.signal(id, name, "value of " + signal, signal);
                checks.sent(id, name, signal);
                acknowledged.add(id + '/' + signal);
                mine.add(signal);
                skip(name);
            } catch (WorkflowEndedException e) {
                checks.toldEnded(id);
                over = true;
            }
        }

        /** The next one of that name is in, by whomever. */
        void skip(String name) {
            counts.merge(name, 1, Integer::sum);
        }
    }

    /** Whoever began something is gone, perhaps: somebody who stays starts what was to be started, and sends what is missing. */
    void finish(Op op, Duration quiet) {
        Actor actor = sim.actor("finisher");
        deeds.run(actor, op, () -> {
            var connected = new Workflows[1];
            again(actor, Integer.MAX_VALUE, () -> connected[0] = workflows(actor));
            Workflows workflows = connected[0];
            for (int number : wanted) {
                String id = "f" + number;
                again(actor, Integer.MAX_VALUE, () -> start(workflows, number));
                var sender = new Sender(workflows, id);
                var counts = new HashMap<String, Integer>();
                for (String name : FunctionScript.signals(script(number))) {
                    if (acknowledged.contains(id + '/' + name + '-' + counts.merge(name, 1, Integer::sum))) {
                        sender.skip(name);
                    } else {
                        again(actor, Integer.MAX_VALUE, () -> sender.send(name));
                    }
                }
            }
            for (String id : graphs) {
                again(actor, Integer.MAX_VALUE, () -> graph(workflows, id));
            }
            actor.environment().sleep(quiet); // a pause may have landed after its end was asked for
            for (String id : known) {
                again(actor, Integer.MAX_VALUE, () -> resume(workflows, id));
            }
        });
    }

    private void read(Workflows workflows, String id) throws InterruptedException {
        if (known.contains(id)) {
            WorkflowHandle handle = workflows.handle(id);
            checks.saw(id, handle.status());
            checks.saw(id, handle.steps());
        }
    }

    private void cancel(Workflows workflows, String id, Seeded random) {
        if (!known.contains(id)) {
            return;
        }
        checks.cancels(id);
        WorkflowHandle handle = workflows.handle(id);
        boolean done = random.chance(0.25) ? handle.terminate("by the seed") : handle.cancel("by the seed");
        if (!done) {
            checks.toldEnded(id);
        }
    }

    private void hold(Actor actor, String id, Duration length) throws InterruptedException {
        if (!known.contains(id)) {
            return;
        }
        try {
            WorkflowHandle handle = workflows(actor).handle(id);
            again(actor, TRIES, () -> handle.pause("by the seed"));
            actor.environment().sleep(length);
            again(actor, Integer.MAX_VALUE, handle::resume);
        } catch (WorkflowEndedException e) {
            checks.toldEnded(id);
        }
    }

    private void resume(Workflows workflows, String id) {
        try {
            workflows.handle(id).resume();
        } catch (WorkflowEndedException e) {
            checks.toldEnded(id);
        }
    }

    private static DagDefinition dag(String id) {
        return DagDefinition.builder(id).step("a", GRAPH, JsonNodeFactory.instance.numberNode(1))
                .step("b", GRAPH, JsonNodeFactory.instance.numberNode(2), "a")
                .step("c", GRAPH, JsonNodeFactory.instance.numberNode(3), "a").build();
    }

    private static void graph(Workflows workflows, String id) {
        workflows.start(dag(id), id, StartOptions.ofDefaults().withAttempts(100));
    }

    private void await(FunctionHandle<String> handle, Duration limit) throws InterruptedException {
        try {
            checks.answered(handle.id(), handle.await(limit));
        } catch (AwaitTimeoutException e) {
            // it goes on
        } catch (TaskCancelledException | WorkflowFailedException e) {
            checks.toldEnded(handle.id());
        }
    }

    /** Whoever comes later reads every run, and reads what was recorded. */
    List<String> readAll(Site site) throws InterruptedException {
        Workflows workflows = Workflows.on(site.windlass.engine());
        var unread = new ArrayList<String>();
        for (String id : known) {
            read(workflows, id);
            await(workflows.handle(FunctionBodies.FLOW, id), Duration.ofSeconds(5));
        }
        for (String id : graphs) {
            try {
                if (!workflows.handle(id).await(Duration.ofSeconds(5)).keySet().equals(Set.of("b", "c"))) {
                    unread.add(id);
                }
            } catch (AwaitTimeoutException | WorkflowNotFoundException e) {
                unread.add(id);
            }
        }
        return unread;
    }
}
