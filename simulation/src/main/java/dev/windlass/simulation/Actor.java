package dev.windlass.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Strand;
import dev.windlass.store.ObjectStore;
import org.jspecify.annotations.Nullable;

/**
 * A simulated process: its threads, its clocks, its connection to the store. To be used only on threads of the
 * simulation.
 */
public final class Actor {
    private static final long YEAR_NANOS = Duration.ofDays(365).toNanos();

    final Seeded random;
    private final Simulation simulation;
    private final Scheduler scheduler;
    private final String name;
    private final int life;
    private final Environment environment;
    private final List<SimulatedThread> held = new ArrayList<>();
    private @Nullable ObjectStore store;
    private boolean crashed;
    private boolean paused;
    private long suspendedAt = -1;
    private long nanoOrigin;
    private Duration skew = Duration.ZERO;

    Actor(Simulation simulation, Scheduler scheduler, String name, int life, long number) {
        this.simulation = simulation;
        this.scheduler = scheduler;
        this.name = name;
        this.life = life;
        this.random = Seeded.stream(simulation.seed(), 1_000 + number);
        this.nanoOrigin = random.between(-YEAR_NANOS, YEAR_NANOS);
        this.environment = new SimulatedEnvironment(scheduler, this);
    }

    /** Its name in traces; after a restart {@code name'2}, {@code name'3}, … */
    public String name() {
        return life == 1 ? name : name + "'" + life;
    }

    /** Time, threads and randomness of this process; pass it to the production classes. */
    public Environment environment() {
        return environment;
    }

    /** This process's client of the simulation's store. */
    public ObjectStore store() {
        ObjectStore client = store;
        if (client == null) {
            client = simulation.store().client(this);
            store = client;
        }
        return client;
    }

    /**
     * Starts a thread of this process.
     *
     * @param body what it runs; an exception that leaves it fails the simulation, unless
     *            {@link SimulationOptions#toleratingUncaught()}
     */
    public Strand start(ActorBody body) {
        return start("main", body);
    }

    /**
     * Starts a thread of this process.
     *
     * @param threadName for reports
     * @param body see {@link #start(ActorBody)}
     */
    public Strand start(String threadName, ActorBody body) {
        return scheduler.newThread(this, threadName, body);
    }

    /**
     * Kills the process: each of its threads is unwound by {@link SimulatedCrash} and has no effect on anything any
     * more. Requests that are under way may still land. If the calling thread is its own, this throws at once.
     */
    public void crash() {
        if (!crashed) {
            note("crashes");
            crashed = true;
            release();
            scheduler.crashed(this);
        }
        scheduler.unwindOwn(this);
    }

    /** Stops all its threads, while time goes on, for its clocks too: a long garbage collection, SIGSTOP. */
    public void pause() {
        if (!paused && !crashed) {
            note("pauses");
            paused = true;
        }
    }

    /**
     * The same, but its monotonic clock stands still too, as when a machine or its virtual machine is suspended. Its
     * wall clock is right again after {@link #resume()}.
     */
    public void suspend() {
        if (!paused && !crashed) {
            note("is suspended");
            paused = true;
            suspendedAt = scheduler.now();
        }
    }

    /** Ends a pause or suspension. */
    public void resume() {
        if (paused) {
            note("resumes");
            release();
        }
    }

    /** Crashes it, if it has not crashed, and makes its next life: fresh environment, same name with a count. */
    public Actor restart() {
        crash();
        return simulation.newActor(name, life + 1);
    }

    /** By how much its wall clock is ahead of the truth, negative if behind; zero at the beginning. */
    public void setWallClockSkew(Duration ahead) {
        note("has its wall clock at " + ahead + " from the truth");
        skew = ahead;
    }

    /** Whether it has crashed. */
    public boolean isCrashed() {
        return crashed;
    }

    /** Whether it is paused or suspended. */
    public boolean isPaused() {
        return paused;
    }

    /** Puts a line into the trace. */
    public void note(String text) {
        scheduler.trace.add(scheduler.now(), name(), 0, text, "", "");
    }

    Instant wallTime() {
        return simulation.now().plus(skew);
    }

    long nanoTime() {
        return nanoOrigin + scheduler.now();
    }

    /** When a wait ends without a signal, by the seed; usually never. */
    long spuriousWake() {
        return simulation.spuriousWake(random);
    }

    /** Keeps a thread that could go on, if the process is paused. */
    boolean holds(SimulatedThread thread) {
        if (paused) {
            held.add(thread);
        }
        return paused;
    }

    void release() {
        if (suspendedAt >= 0) {
            nanoOrigin -= scheduler.now() - suspendedAt;
            suspendedAt = -1;
        }
        paused = false;
        for (SimulatedThread thread : held) {
            scheduler.makeRunnable(thread);
        }
        held.clear();
    }
}
