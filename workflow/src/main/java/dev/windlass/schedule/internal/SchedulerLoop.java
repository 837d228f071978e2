package dev.windlass.schedule.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

import dev.windlass.Windlass;
import dev.windlass.WindlassException;
import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.environment.Strand;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.schedule.Scheduler;
import dev.windlass.schedule.SchedulerOptions;
import dev.windlass.store.ListPage;
import dev.windlass.workflow.internal.Fanout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A scheduler: one thread, which sleeps until a look or a fire time is due. The holder of the lease keeps all schedules in
 * memory, and reads again those that a listing shows as written since. What it knows may be out of date: each decision is
 * a swap, which fails then.
 */
public final class SchedulerLoop implements Scheduler {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerLoop.class);
    private static final int AT_ONCE = 16;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    /** Two writes within it may look the same in a listing: the store tells the time in seconds, and late. */
    private static final Duration UNSETTLED = Duration.ofSeconds(5);
    /** How long a schedule is left alone that could not be fired; twice as long each time, up to 32 times. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int LONGEST_PAUSE_SHIFT = 5;
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(5);

    private final EngineAccess engine;
    private final Environment environment;
    private final ScheduleStore store;
    private final Targets targets;
    private final ScheduleListeners listeners;
    private final SchedulerOptions options;
    private final String id;
    private final SchedulerLease lease;
    private final Monitor monitor;
    private final Map<String, Known> known = new TreeMap<>();
    private final AtomicLong fired = new AtomicLong();
    private @Nullable Strand strand;
    private volatile boolean holding;
    private boolean stopping;
    private boolean nudged;
    private long nextLook;

    public SchedulerLoop(Windlass windlass, EngineAccess engine, SchedulerOptions options, @Nullable String id) {
        this.engine = engine;
        this.environment = engine.environment();
        this.store = new ScheduleStore(engine);
        this.targets = new Targets(windlass, engine);
        this.listeners = new ScheduleListeners(engine);
        this.options = options;
        this.id = id == null
                ? environment.process().host() + '-' + environment.process().pid() + '-'
                        + engine.newWriteId().substring(0, 6)
                : id;
        this.lease = new SchedulerLease(engine, this.id, options);
        this.monitor = environment.newMonitor();
        this.nextLook = environment.nanoTime();
    }

    /** A schedule as the last listing showed it. */
    private static final class Known {
        final Firing firing;
        Instant written;
        long size;
        boolean settled;
        int failures;
        long notBefore;

        Known(Firing firing, Instant written, long size) {
            this.firing = firing;
            this.written = written;
            this.size = size;
        }
    }

    /** Begins. */
    public SchedulerLoop start() {
        strand = environment.start("windlass-scheduler-" + id, this::run);
        return this;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean isHolding() {
        return holding;
    }

    @Override
    public long fired() {
        return fired.get();
    }

    /** Something was created or changed in this process: it looks at once. */
    public void nudge() {
        monitor.lock();
        try {
            nudged = true;
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    @Override
    public void close() {
        monitor.lock();
        try {
            stopping = true;
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
        Strand running = strand;
        if (running == null) {
            return;
        }
        try {
            if (!running.join(CLOSE_LIMIT)) {
                running.interrupt();
                running.join();
            }
        } catch (InterruptedException e) {
            running.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        LOG.info("scheduler {} started", id);
        try {
            while (sleep(turn())) {
                // does what is due
            }
            lease.release();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (WindlassException e) {
            LOG.warn("scheduler {}: its lease was not given up, and runs out by itself: {}", id, e.getMessage());
        } finally {
            hold(false);
            LOG.info("scheduler {} stopped after {} firings", id, fired.get());
        }
    }

    private void hold(boolean now) {
        if (holding != now) {
            holding = now;
            LOG.info("scheduler {} {}", id, now ? "fires from now on: it holds the lease" : "fires no longer");
            listeners.leaseChanged(id, now);
        }
    }

    /** Does what is due, and says how long there is nothing to do. */
    private Duration turn() throws InterruptedException {
        try {
            if (environment.nanoTime() >= nextLook || !lease.isHeld()) {
                look();
            }
            if (!holding) {
                return untilLook();
            }
            fire();
            return untilDue();
        } catch (WindlassException e) {
            LOG.warn("scheduler {}: it could not look, and tries again: {}", id, e.getMessage());
            return untilLook();
        } catch (RuntimeException e) {
            LOG.error("scheduler {}: it could not look, and tries again", id, e);
            return untilLook();
        }
    }

    private void look() throws InterruptedException {
        double jitter = 0.9 + environment.random().nextDouble() / 5;
        nextLook = environment.nanoTime() + (long) (options.look().toNanos() * jitter);
        boolean held = lease.look();
        if (!held) {
            known.clear();
        }
        hold(held);
        if (held) {
            refresh();
        }
    }

    /** Reads what is new, or has been written since. One list per thousand schedules, and a get for each of those. */
    private void refresh() throws InterruptedException {
        Instant now = engine.storeTime();
        var there = new HashSet<String>();
        var changed = new ArrayList<ListPage.Entry>();
        for (ListPage.Entry entry : store.list()) {
            there.add(entry.key());
            Known one = known.get(entry.key());
            if (one == null || !one.settled || one.size != entry.size()
                    || !one.written.equals(entry.lastModified())) {
                changed.add(entry);
            }
        }
        known.keySet().retainAll(there);
        Fanout.forEach(environment, "windlass-schedule-read", AT_ONCE, changed, entry -> read(entry, now));
    }

    private void read(ListPage.Entry entry, Instant now) {
        ScheduleStore.Version version;
        try {
            version = store.readKey(entry.key());
        } catch (WindlassException e) {
            LOG.warn("scheduler {}: {} is left alone: {}", id, entry.key(), e.getMessage());
            return;
        }
        if (version == null) {
            return;
        }
        monitor.lock();
        try {
            Known one = known.computeIfAbsent(entry.key(), key -> new Known(
                    new Firing(engine, store, targets, listeners, version), entry.lastModified(), entry.size()));
            one.firing.adopt(version);
            one.written = entry.lastModified();
            one.size = entry.size();
            one.settled = entry.lastModified().isBefore(now.minus(UNSETTLED));
        } finally {
            monitor.unlock();
        }
    }

    private void fire() throws InterruptedException {
        Instant now = engine.storeTime();
        List<Known> due = known.values().stream().filter(one -> isDue(one, now)).toList();
        Fanout.forEach(environment, "windlass-schedule-fire", AT_ONCE, due, this::fire);
    }

    private void fire(Known one) {
        Firing firing = one.firing;
        long before = firing.fired();
        try {
            firing.work();
            one.failures = 0;
        } catch (RuntimeException e) { // whatever it is, the other schedules fire
            one.failures++;
            Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(one.failures - 1, LONGEST_PAUSE_SHIFT));
            one.notBefore = environment.nanoTime() + pause.toNanos();
            listeners.fireFailed(firing.name());
            try (var schedule = LogContext.ofSchedule(firing.name()); var about = firing.about()) {
                if (e instanceof WindlassException) {
                    LOG.warn("schedule {}: a firing failed, and is tried again in {}: {}", firing.name(), pause,
                            e.getMessage());
                } else {
                    LOG.error("schedule {}: a firing failed, and is tried again in {}", firing.name(), pause, e);
                }
            }
        } finally {
            fired.addAndGet(firing.fired() - before);
        }
    }

    private boolean isDue(Known one, Instant now) {
        Instant due = one.firing.dueAt();
        return !isPausing(one) && (one.firing.isBuffering() || (due != null && !due.isAfter(now)));
    }

    /** Whether it has failed a moment ago. */
    private boolean isPausing(Known one) {
        return one.failures > 0 && environment.nanoTime() < one.notBefore;
    }

    private Duration untilLook() {
        return Duration.ofNanos(nextLook - environment.nanoTime());
    }

    private Duration untilDue() {
        Instant now = engine.storeTime();
        Duration wait = untilLook();
        for (Known one : known.values()) {
            Instant due = one.firing.dueAt();
            Duration left = due == null
                    ? wait
                    : isPausing(one)
                            ? Duration.ofNanos(one.notBefore - environment.nanoTime())
                            : Duration.between(now, due);
            wait = left.compareTo(wait) < 0 ? left : wait;
        }
        return wait;
    }

    /** Whether to go on. */
    private boolean sleep(Duration wait) throws InterruptedException {
        long end = environment.nanoTime() + Math.max(wait.toNanos(), SHORTEST_WAIT.toNanos());
        monitor.lock();
        try {
            while (!stopping && !nudged && environment.nanoTime() < end) {
                monitor.await(Duration.ofNanos(end - environment.nanoTime()));
            }
            if (nudged) {
                nudged = false;
                nextLook = environment.nanoTime();
            }
            return !stopping;
        } finally {
            monitor.unlock();
        }
    }
}
