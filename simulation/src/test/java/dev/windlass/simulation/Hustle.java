package dev.windlass.simulation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.environment.Monitor;
import dev.windlass.store.Precondition;
import dev.windlass.store.StoreException;
import dev.windlass.store.StoredObject;

/** A scenario with a bit of everything, for the tests that compare histories; its main method prints them. */
final class Hustle {

    private Hustle() {
    }

    /** @param args first seed, and the one after the last */
    public static void main(String[] args) {
        histories(Long.parseLong(args[0]), Long.parseLong(args[1])).forEach(System.out::println);
    }

    static List<String> histories(long from, long to) {
        List<String> histories = new ArrayList<>();
        for (long seed = from; seed < to; seed++) {
            SimulationResult result = run(seed);
            histories.add(seed + " " + result.steps() + " " + result.virtualTime() + " "
                    + Long.toHexString(result.fingerprint()) + " " + String.join("\n", result.trace()).hashCode());
        }
        return histories;
    }

    static SimulationResult run(long seed) {
        SimulationOptions options = SimulationOptions.defaults().withSpuriousWakes(0.1).withStore(
                StoreOptions.defaults().withOrderedList(seed % 2 == 0).withContentEtags(seed % 3 == 0).withPages(5,
                        0.3));
        return Simulation.run(seed, options, sim -> {
            sim.store().setFaults(FaultMix.swarm(sim.random(), 0.1));
            List<Actor> actors = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Actor actor = sim.actor("a" + i);
                actors.add(actor);
                work(actor);
            }
            sim.sleep(Duration.ofSeconds(1));
            actors.get(0).pause();
            work(actors.get(1).restart());
            sim.sleep(Duration.ofMinutes(1));
            actors.get(0).resume();
            sim.sleep(Duration.ofMinutes(10));
        });
    }

    private static void work(Actor actor) {
        Monitor monitor = actor.environment().newMonitor();
        for (int i = 0; i < 2; i++) {
            actor.start("t" + i, () -> {
                for (int round = 0; round < 20; round++) {
                    monitor.lock();
                    try {
                        monitor.await(Duration.ofMillis(actor.environment().random().nextInt(50)));
                        monitor.signalAll();
                    } finally {
                        monitor.unlock();
                    }
                    step(actor, "k/" + actor.environment().random().nextInt(10));
                }
            });
        }
    }

    private static void step(Actor actor, String key) {
        try {
            StoredObject found = actor.store().get(key).object();
            byte[] body = (actor.name() + actor.environment().nanoTime()).getBytes(StandardCharsets.UTF_8);
            actor.store().put(key, body, found == null ? Precondition.ifAbsent() : Precondition.ifMatch(found.etag()));
            if (!actor.store().list("k/", null, 10).more()) {
                actor.store().delete(key);
            }
        } catch (StoreException expected) {
            actor.note("had no answer");
        }
    }
}
