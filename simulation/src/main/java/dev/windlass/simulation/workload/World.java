package dev.windlass.simulation.workload;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.windlass.simulation.Fault;
import dev.windlass.simulation.FaultMix;
import dev.windlass.simulation.Seeded;
import dev.windlass.simulation.SimulationOptions;
import dev.windlass.simulation.StoreOptions;

/**
 * What a history happens in: how the store behaves, which faults it has and how often, how the workers are set up. Drawn
 * by a seed, so that every history has another mix (swarm testing: Groce et al., 2012).
 */
final class World {
    private static final List<Fault.Kind> REQUEST_FAULTS = Stream.of(Fault.Kind.values())
            .filter(kind -> kind != Fault.Kind.CRASH_BEFORE && kind != Fault.Kind.CRASH_AFTER).toList();

    StoreOptions store = StoreOptions.defaults();
    FaultMix faults = FaultMix.none();
    Duration maxLateness = Duration.ofSeconds(5);
    Duration grace = Duration.ofSeconds(30);
    Duration patience = Duration.ofSeconds(30);
    Duration ttl = Duration.ofSeconds(10);
    Duration heartbeat = Duration.ofSeconds(3);
    Duration shortestPoll = Duration.ofMillis(200);
    Duration longestPoll = Duration.ofSeconds(3);
    Duration horizon = Duration.ofSeconds(30);
    Duration restart = Duration.ofSeconds(3);
    int workers = 2;
    int slots = 4;
    double spuriousWakes;
    double yields = 1;
    /** How many tasks, 0 to 1, are of a type that only one of the workers handles. */
    double rare = 0.08;
    /** Whether the store tells the time to the millisecond: leases may be shorter then. */
    boolean exact;
    boolean calm;

    private World() {
    }

    static World draw(Seeded random) {
        var world = new World();
        world.calm = random.chance(0.06);
        world.maxLateness = Duration.ofMillis(random.chance(0.1)
                ? random.between(30_000, 150_000)
                : random.between(100, 25_000));
        world.store = StoreOptions.defaults().withOrderedList(!random.chance(0.12))
                .withContentEtags(!random.chance(0.3)).withConditionalDelete(random.chance(0.5))
                .withMaxLateness(world.maxLateness)
                .withRequestTimeout(Duration.ofSeconds(random.chance(0.5) ? 2 : 10));
        if (random.chance(0.2)) {
            world.store = world.store.withPages(1 + random.nextInt(12), 0.2);
        }
        if (random.chance(0.4)) {
            world.exact = true;
            world.store = world.withTimeOf(world.store);
        }
        world.horizon = Duration.ofSeconds(random.between(5, 45));
        world.grace = Duration.ofSeconds(random.between(4, random.chance(0.3) ? 8 : 40));
        world.patience = Duration
                .ofMillis(random.chance(0.5) ? random.between(1_000, 4_000) : random.between(4_000, 30_000));
        long shortest = world.exact ? 3_000 : 6_500;
        world.ttl = Duration.ofMillis(random.between(shortest, random.chance(0.3) ? shortest + 1_000 : 15_000));
        world.heartbeat = world.ttl.dividedBy(random.between(3, 5));
        world.longestPoll = Duration.ofMillis(random.between(1_000, 6_000));
        world.restart = Duration.ofMillis(random.between(200, 15_000));
        world.workers = 1 + random.nextInt(3);
        world.slots = 1 + random.nextInt(5);
        world.rare = random.chance(0.3) ? 0.5 : 0.08;
        world.spuriousWakes = random.chance(0.15) ? 0.02 : 0;
        world.yields = random.chance(0.15) ? 1 : random.chance(0.4) ? 0.3 : 0.05;
        if (!world.calm) {
            world.faults = faults(random);
        }
        return world;
    }

    private static FaultMix faults(Seeded random) {
        return switch (random.nextInt(9)) {
            case 0 -> FaultMix.none();
            case 1 -> // one kind of fault, often
                FaultMix.none().with(REQUEST_FAULTS.get(random.nextInt(REQUEST_FAULTS.size())), 0.25);
            case 2 -> FaultMix.none().with(Fault.Kind.LANDS_LATE, 0.1 + random.nextDouble() / 5);
            case 7 -> FaultMix.none().with(Fault.Kind.LURKS, 0.15).with(Fault.Kind.SLOW, 0.1);
            case 3 -> FaultMix.none().with(Fault.Kind.LOST_AFTER, 0.15).with(Fault.Kind.LANDS_LATE, 0.1);
            case 4, 5 -> FaultMix.swarm(random, 0.02);
            default -> FaultMix.swarm(random, 0.08);
        };
    }

    /** The same store with the time told as in this world. */
    StoreOptions withTimeOf(StoreOptions other) {
        return exact ? other.withTime(Duration.ofMillis(1), Duration.ZERO) : other;
    }

    SimulationOptions options() {
        return SimulationOptions.defaults().withStore(store).withSpuriousWakes(spuriousWakes).withYields(yields)
                .withMaxVirtualTime(Duration.ofDays(2)).withMaxSteps(3_000_000).withTraceLimit(20_000);
    }

    /** After so long, nothing that was sent before lands any more, and nothing is in its grace any more. */
    Duration quiet() {
        Duration late = maxLateness.plus(Duration.ofSeconds(15)); // a request times out before it is late
        return grace.compareTo(late) > 0 ? grace : late;
    }
}
