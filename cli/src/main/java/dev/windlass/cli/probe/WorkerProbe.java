package dev.windlass.cli.probe;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Strand;
import dev.windlass.queue.WorkerHealth;
import org.jspecify.annotations.Nullable;

/**
 * Judges a worker by its own word, asked once a second on a thread of its own: a worker that does not answer, since a lock
 * is never given back, must not hold up the probe. Safe for use by any number of threads.
 *
 * <ul>
 * <li>Live: the worker answers, and none of its loops is late by more than five minutes, or ten times its lease if that is
 * more. A store that does not answer makes loops late by a minute or two, and is no reason to kill anybody.</li>
 * <li>Ready: it claims tasks; the store has answered within the lease's time, or 15 s if that is more; and it holds a
 * lease, or has nothing in hand.</li>
 * </ul>
 */
public final class WorkerProbe implements AutoCloseable {
    static final Duration LEAST_LATE = Duration.ofMinutes(5);
    static final Duration LEAST_SILENCE = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration STALE = Duration.ofSeconds(10);

    private final Environment environment;
    private final Duration mostLate;
    private final Duration mostSilent;
    private volatile @Nullable Look last;
    private volatile long begun;
    private @Nullable Strand strand;

    /** What the worker said, and when. */
    private record Look(WorkerHealth health, long nanos) {}

    /**
     * A probe of a worker that has not been started yet.
     *
     * @param environment for time and threads
     * @param lease the ttl of the worker's lease
     */
    public WorkerProbe(Environment environment, Duration lease) {
        this.environment = environment;
        this.mostLate = longer(lease.multipliedBy(10), LEAST_LATE);
        this.mostSilent = longer(lease, LEAST_SILENCE);
        this.begun = environment.nanoTime();
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? b : a;
    }

    /** The worker runs: from now on it is asked. */
    public void watch(Supplier<WorkerHealth> worker) {
        look(worker);
        strand = environment.start("windlass-probe", () -> {
            try {
                while (true) {
                    environment.sleep(LOOK);
                    look(worker);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void look(Supplier<WorkerHealth> worker) {
        last = new Look(worker.get(), environment.nanoTime());
    }

    /** Whether to let the process live. */
    public Verdict live() {
        Look look = last;
        Duration silence = Duration.ofNanos(environment.nanoTime() - (look == null ? begun : look.nanos()));
        if (silence.compareTo(mostLate) > 0) {
            return Verdict.unwell("the worker " + (look == null ? "has not started" : "does not say how it is")
                    + " for " + seconds(silence) + ": look at a thread dump (jcmd PID Thread.dump_to_file)");
        }
        if (look == null) {
            return Verdict.well("the worker starts");
        }
        WorkerHealth health = look.health();
        if (health.late().compareTo(mostLate) > 0) {
            return Verdict.unwell(health.latestLoop() + " is late by " + seconds(health.late())
                    + ": look at a thread dump (jcmd PID Thread.dump_to_file)");
        }
        return Verdict.well("all loops turn");
    }

    /** Whether the worker takes tasks, and could work on them. */
    public Verdict ready() {
        Look look = last;
        if (look == null) {
            return Verdict.unwell("the worker starts");
        }
        WorkerHealth health = look.health();
        Duration age = Duration.ofNanos(environment.nanoTime() - look.nanos());
        if (!health.running()) {
            return Verdict.unwell("the worker drains");
        }
        if (age.compareTo(STALE) > 0) {
            return Verdict.unwell("the worker does not say how it is for " + seconds(age));
        }
        if (health.sinceAnswer().compareTo(mostSilent) > 0) {
            return Verdict.unwell("the store has not answered for " + seconds(health.sinceAnswer()));
        }
        if (!health.isLeaseFit()) {
            return Verdict.unwell("the lease is lost, and " + health.attempts()
                    + " handlers that it covered have not returned");
        }
        return Verdict.well(health.holdsLease() ? "holds a lease" : "idle, needs no lease yet");
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%d s", time.toSeconds());
    }

    /** Asks no more. */
    @Override
    public void close() {
        Strand running = strand;
        if (running != null) {
            running.interrupt();
        }
    }
}
