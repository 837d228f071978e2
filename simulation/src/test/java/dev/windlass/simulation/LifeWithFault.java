package dev.windlass.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.windlass.WindlassException;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.StoreException;
import dev.windlass.workflow.WorkflowEndedException;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;

/** Lives of workflows with one fault, at the n-th write from a certain moment on; and what must hold in each of them. */
final class LifeWithFault {
    private static final SimulationOptions FRAME = SimulationOptions.defaults().withTraceLimit(400)
            .withStore(StoreOptions.defaults().withMaxLateness(Duration.ofSeconds(90)));

    private final Simulation sim;
    private final Scenario scenario;
    private final Ledger ledger = new Ledger();
    private final Map<String, String> outcomes = new HashMap<>();
    private boolean armed;

    /** What is played: anew for each fault. */
    interface Scenario {
        /** Registers what workers run. */
        Workflows register(Workflows workflows, Ledger ledger);

        /** What a client does, until it has been acknowledged; a second one does the same, a while later. */
        void client(Workflows workflows, Client client) throws InterruptedException;

        /** How much later the second client begins. */
        default Duration untilSecond() {
            return Duration.ofMinutes(3);
        }

        /** Whether the fault may come from the start on, or once a client says so. */
        default boolean isArmed() {
            return false;
        }

        /** What has come of it; null as long as it goes on. */
        @Nullable
        String result(Workflows workflows) throws InterruptedException;

        /** Looks at what was done, and at what is stored; why it is wrong, or null. */
        @Nullable
        String flaw(Simulation sim, Ledger ledger, String result);
    }

    /** What bodies and functions have done, by name. */
    static final class Ledger {
        private final Map<String, Integer> times = new TreeMap<>();
        private int crashes;

        /** How many workers have crashed. */
        int crashes() {
            return crashes;
        }

        /** Whether anything was done more often than so. */
        boolean isAnyAbove(int most) {
            return times.values().stream().anyMatch(count -> count > most);
        }

        String body(String name) {
            times.merge(name, 1, Integer::sum);
            return name;
        }

        int times(String name) {
            return times.getOrDefault(name, 0);
        }

        @Override
        public String toString() {
            return times.toString();
        }
    }

    /** A client's process. */
    final class Client {
        private final Actor actor;
        private final boolean second;

        private Client(Actor actor, boolean second) {
            this.actor = actor;
            this.second = second;
        }

        /** Whether it is the one that comes later. */
        boolean isSecond() {
            return second;
        }

        /** From now on the fault may come. */
        void arm() {
            armed = true;
        }

        void sleep(Duration length) throws InterruptedException {
            actor.environment().sleep(length);
        }

        /** Repeats a request until it is acknowledged, or refused since the run has ended. */
        void until(Runnable request) throws InterruptedException {
            while (true) {
                try {
                    request.run();
                    return;
                } catch (WorkflowEndedException e) {
                    return;
                } catch (StoreException e) {
                    sleep(Duration.ofSeconds(1));
                }
            }
        }
    }

    private LifeWithFault(Simulation sim, Scenario scenario) {
        this.sim = sim;
        this.scenario = scenario;
        this.armed = scenario.isArmed();
    }

    /** Plays it with a fault at each write; how many there were. */
    static int atEach(Fault.Kind kind, Scenario scenario) {
        int met = 0;
        for (int n = 1; met == n - 1; n++) {
            met += at(n, kind, scenario) ? 1 : 0;
        }
        return met;
    }

    /** Whether there were that many writes. */
    private static boolean at(int number, Fault.Kind kind, Scenario scenario) {
        boolean[] met = new boolean[1];
        try {
            Simulation.run(number, FRAME, sim -> {
                new LifeWithFault(sim, scenario).play(number, kind);
                met[0] = sim.store().injectedAll();
            });
        } catch (SimulationFailure failure) {
            throw new AssertionError(kind + " at PUT " + number + ": " + failure.getMessage(), failure);
        }
        return met[0];
    }

    private Site site(Actor actor) {
        return Site.of(sim, actor, builder -> builder.grace(Duration.ofSeconds(30)));
    }

    private Workflows workflows(Site site) {
        return scenario.register(Workflows.on(site.windlass.engine()), ledger);
    }

    private void play(int number, Fault.Kind kind) throws InterruptedException {
        int[] puts = new int[1];
        sim.store().inject(Fault.of(kind), request -> armed && request.kind() == RequestKind.PUT
                && !request.key().startsWith("leases/") && ++puts[0] == number);
        List<Actor> workers = new ArrayList<>();
        for (String name : List.of("w0", "w1")) {
            workers.add(sim.actor(name));
            work(workers.getLast());
        }
        client("p", false);
        client("q", true);
        Workflows seen = workflows(site(sim.actor("watcher")));
        Set<Actor> replaced = new HashSet<>();
        String result = null;
        for (int i = 0; i < 180 && result == null; i++) {
            sim.sleep(Duration.ofSeconds(5));
            requireUnchanged();
            for (Actor worker : List.copyOf(workers)) {
                if (worker.isCrashed() && replaced.add(worker)) {
                    ledger.crashes++;
                    workers.add(worker.restart());
                    work(workers.getLast());
                }
            }
            result = scenario.result(seen);
        }
        if (result == null) {
            sim.fail("it does not end; done was " + ledger);
        }
        sim.sleep(Duration.ofMinutes(5));
        site(sim.actor("auditor")).windlass.audit(true);
        sim.sleep(Duration.ofMinutes(1));
        requireUnchanged();
        if (!sim.store().keys("ready/").isEmpty()) {
            sim.fail("G1: keys stay below ready/: " + sim.store().keys("ready/"));
        }
        String flaw = scenario.flaw(sim, ledger, String.valueOf(result));
        if (flaw != null) {
            sim.fail(flaw + "; result " + result + ", done was " + ledger);
        }
    }

    private void work(Actor actor) {
        actor.start("starter", () -> {
            while (true) {
                try {
                    Site site = site(actor);
                    workflows(site).worker(site.windlass.worker().id(actor.name())
                            .lease(Duration.ofSeconds(12), Duration.ofSeconds(4))).start();
                    return;
                } catch (WindlassException e) {
                    actor.environment().sleep(Duration.ofSeconds(1));
                }
            }
        });
    }

    private void client(String name, boolean second) {
        Actor actor = sim.actor(name);
        actor.start("client", () -> {
            actor.environment().sleep(second ? scenario.untilSecond() : Duration.ZERO);
            scenario.client(workflows(site(actor)), new Client(actor, second));
        });
    }

    /** W1, W5: what is recorded of a step, and of the end, stays as it is. */
    private void requireUnchanged() {
        for (String key : sim.store().keys("workflow/")) {
            if (key.contains("/steps/") || key.endsWith("/result.json")) {
                String body = Site.json(sim.store().peek(key)).toString();
                String before = outcomes.putIfAbsent(key, body);
                if (before != null && !before.equals(body)) {
                    sim.fail("W1: " + key + " was " + before + " and is " + body);
                }
            }
        }
    }
}
