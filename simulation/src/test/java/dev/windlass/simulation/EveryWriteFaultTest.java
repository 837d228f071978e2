package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.windlass.WindlassException;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.workload.Site;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One fault at each single write of some tasks' lives, one after the other; whatever it is, all of them end. */
class EveryWriteFaultTest {
    private static final SimulationOptions FRAME = SimulationOptions.defaults().withTraceLimit(400)
            .withStore(StoreOptions.defaults().withMaxLateness(Duration.ofSeconds(90)));

    @ParameterizedTest
    @EnumSource(names = {"LOST_BEFORE", "LOST_AFTER", "CONFLICT_409", "FALSE_412", "LANDS_LATE", "CRASH_BEFORE",
        "CRASH_AFTER"})
    void put_faultAtEachOne_acknowledgedTasksEndOnce(Fault.Kind kind) {
        int met = 0;
        for (int n = 1; met == n - 1; n++) {
            met += faultAt(n, kind) ? 1 : 0;
        }
        assertThat(met).isGreaterThan(20);
    }

    /** Whether the run had that many writes. */
    private static boolean faultAt(int number, Fault.Kind kind) {
        boolean[] met = new boolean[1];
        try {
            Simulation.run(number, FRAME, sim -> {
                QueueChecks invariants = QueueChecks.watch(sim);
                int[] puts = new int[1];
                sim.store().inject(Fault.of(kind),
                        request -> request.kind() == RequestKind.PUT && ++puts[0] == number);
                List<Actor> workers = new ArrayList<>();
                Actor first = sim.actor("w");
                workers.add(first);
                work(sim, invariants, first);
                produce(sim, invariants);
                Set<Actor> replaced = new HashSet<>();
                for (int i = 0; i < 40; i++) {
                    sim.sleep(Duration.ofSeconds(5));
                    Actor last = workers.getLast();
                    if (last.isCrashed() && replaced.add(last)) {
                        Actor next = last.restart();
                        workers.add(next);
                        work(sim, invariants, next);
                    }
                }
                if (!sim.holdsWithin(() -> invariants.open() == 0, Duration.ofMinutes(10))) {
                    sim.fail("P1: acknowledged tasks do not end: " + invariants.tasks());
                }
                met[0] = sim.store().injectedAll();
                sim.sleep(Duration.ofMinutes(3));
                if (!Site.claims(sim).isEmpty() || sim.store().keys("leases/").size() > 1) {
                    sim.fail("L2: leases are left: " + sim.store().keys("leases/") + " " + Site.claims(sim));
                }
                Site auditor = Site.of(sim, sim.actor("auditor"), builder -> builder.grace(Duration.ofSeconds(30)));
                auditor.windlass.audit(true);
                sim.sleep(Duration.ofMinutes(1));
                var left = auditor.windlass.audit(false).findings();
                if (!left.isEmpty()) {
                    sim.fail("audit: it has repaired everything, and finds " + left);
                }
            });
        } catch (SimulationFailure failure) {
            throw new AssertionError(kind + " at PUT " + number + ": " + failure.getMessage(), failure);
        }
        return met[0];
    }

    private static void work(Simulation sim, QueueChecks invariants, Actor actor) {
        actor.start("starter", () -> {
            while (true) {
                try {
                    Site.of(sim, actor, builder -> builder.grace(Duration.ofSeconds(30))).work((task, input) -> {
                        if (input.equals("flaky") && task.attempt() == 1) {
                            throw new IllegalStateException("not yet");
                        }
                        if (input.equals("broken")) {
                            throw new IllegalStateException("never");
                        }
                        if (input.equals("slow")) {
                            actor.environment().sleep(Duration.ofSeconds(5));
                        }
                        invariants.returned(task.id(), task.attempt(), input);
                        return input;
                    }, builder -> builder.concurrency(4).lease(Duration.ofSeconds(12), Duration.ofSeconds(4)));
                    return;
                } catch (WindlassException e) {
                    actor.environment().sleep(Duration.ofSeconds(1));
                }
            }
        });
    }

    private static void produce(Simulation sim, QueueChecks invariants) {
        Actor actor = sim.actor("p");
        actor.start("producer", () -> {
            Site site = Site.of(sim, actor, builder -> builder.grace(Duration.ofSeconds(30)));
            String[] inputs = {"quick", "flaky", "broken", "slow", "keyed", "keyed", "cancelled"};
            for (String input : inputs) {
                SubmitOptions options = SubmitOptions.ofDefaults()
                        .withRetry(RetryPolicy.fixed(2, Duration.ofSeconds(1)));
                if (input.equals("keyed")) {
                    options = options.withIdempotencyKey("key");
                }
                if (input.equals("cancelled")) {
                    options = options.withDelay(Duration.ofMinutes(1));
                }
                try {
                    String id = site.submit(input, options).id();
                    invariants.acknowledged(id);
                    if (input.equals("cancelled")) {
                        site.handle(id).cancel("");
                    }
                } catch (WindlassException e) {
                    // not acknowledged
                }
                actor.environment().sleep(Duration.ofMillis(500));
            }
        });
    }
}
