package dev.windlass.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

import dev.windlass.environment.Environment;
import org.jspecify.annotations.Nullable;

/**
 * A world that a seed decides. Exactly one of its threads runs at a time; which one goes on is drawn at every call
 * that can wait: sleep, lock, await, join, every store request. Time moves only when no thread can go on, to the next
 * instant at which something is due, so that 30 days pass in milliseconds.
 *
 * <pre>{@code
 * Simulation.run(42, sim -> {
 *     Actor a = sim.actor("a");
 *     Strand work = a.start(() -> a.store().put("k", body, Precondition.ifAbsent()));
 *     sim.store().inject(Fault.of(Fault.Kind.LOST_AFTER), request -> request.is(RequestKind.PUT, "k"));
 *     work.join();
 *     assertThat(sim.store().peek("k")).isNotNull();
 * });
 * }</pre>
 *
 * <p>All methods are for the threads of the simulation only.
 */
public final class Simulation {
    private final long seed;
    private final SimulationOptions options;
    private final Scheduler scheduler;
    private final Seeded random;
    private final Actor driver;
    private final SimulatedStore store;
    private long actors;

    private Simulation(long seed, SimulationOptions options) {
        this.seed = seed;
        this.options = options;
        this.scheduler = new Scheduler(seed, options);
        this.random = Seeded.stream(seed, 2);
        this.driver = newActor("driver", 1);
        this.store = new SimulatedStore(this, scheduler, options.store, options.faults, Seeded.stream(seed, 3));
    }

    /**
     * Runs a scenario with {@link SimulationOptions#defaults()}.
     *
     * @throws SimulationFailure see {@link #run(long, SimulationOptions, Scenario)}
     */
    public static SimulationResult run(long seed, Scenario scenario) {
        return run(seed, SimulationOptions.defaults(), scenario);
    }

    /**
     * Runs a scenario, on threads of its own, and returns when all of them have ended.
     *
     * @param seed decides everything: the same seed, scenario and options give the same history to the byte
     * @param options the frame
     * @param scenario the driver; when it returns, what still runs is unwound
     * @throws SimulationFailure if the driver or an actor throws, if every thread waits and nothing is due, or if a bound
     *             of the options is passed
     */
    public static SimulationResult run(long seed, SimulationOptions options, Scenario scenario) {
        Simulation simulation = new Simulation(seed, options);
        simulation.scheduler.run(simulation.driver, () -> scenario.run(simulation));
        return new SimulationResult(seed, simulation.scheduler.steps(), simulation.elapsed(),
                simulation.scheduler.trace);
    }

    /** What decides everything. */
    public long seed() {
        return seed;
    }

    /** A new process. */
    public Actor actor(String name) {
        return newActor(name, 1);
    }

    /** The store that {@link Actor#store()} leads to. */
    public SimulatedStore store() {
        return store;
    }

    /** An environment of the driver's own, for production classes that the driver itself uses. */
    public Environment environment() {
        return driver.environment();
    }

    /** The driver as a process, for its {@link Actor#store()}; it never crashes. */
    public Actor driver() {
        return driver;
    }

    /** The true time. */
    public Instant now() {
        return options.startTime.plusNanos(scheduler.now());
    }

    /** How much time has passed since the beginning. */
    public Duration elapsed() {
        return Duration.ofNanos(scheduler.now());
    }

    /**
     * What the calling thread knows of an object: as it was at this time. Null if its last request that was answered was
     * for another key.
     */
    public @Nullable Instant knows(String key) {
        long at = scheduler.caller().answeredAt(key);
        return at < 0 ? null : options.startTime.plusNanos(at);
    }

    /** Randomness for the scenario's own choices. */
    public RandomGenerator random() {
        return random;
    }

    /** Lets time pass for the calling thread. */
    public void sleep(Duration duration) throws InterruptedException {
        driver.environment().sleep(duration);
    }

    /**
     * Waits until a condition holds. Only for the driver.
     *
     * @param condition looked at after every step, on any thread: reads memory, and neither waits nor makes requests
     * @param limit for how long at most
     * @throws AssertionError if it does not hold by then
     */
    public void runUntil(BooleanSupplier condition, Duration limit) {
        if (!holdsWithin(condition, limit)) {
            String reason = "the condition of runUntil did not hold within " + limit;
            scheduler.fail(null, reason, null);
            scheduler.check(scheduler.caller(), driver);
        }
    }

    /**
     * The same, but tells.
     *
     * @return whether it held within the limit
     */
    public boolean holdsWithin(BooleanSupplier condition, Duration limit) {
        SimulatedThread me = scheduler.caller();
        if (me.actor != driver) {
            throw new IllegalStateException("only the driver can wait for a condition, not " + me.name);
        }
        return scheduler.blockUntil(me, condition, scheduler.deadline(limit));
    }

    /** Ends the simulation as failed, with the trace: for checks on actors' threads and after writes. */
    public void fail(String reason) {
        scheduler.fail(null, reason, null);
    }

    /** The same, because an invariant does not hold. */
    public void fail(Invariant invariant, String otherwise) {
        scheduler.fail(invariant, otherwise, null);
    }

    /** The last lines of the trace. */
    public List<String> trace() {
        return scheduler.trace.last(Integer.MAX_VALUE);
    }

    Actor newActor(String name, int life) {
        return new Actor(this, scheduler, name, life, actors++);
    }

    long spuriousWake(Seeded draws) {
        return draws.chance(options.spuriousWakes)
                ? scheduler.now() + draws.between(0, 1_000_000_000L)
                : Long.MAX_VALUE;
    }
}
