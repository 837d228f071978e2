package dev.windlass.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.environment.Monitor;
import org.jspecify.annotations.Nullable;

/** A lock with one waiting room; who of several gets it next, the seed decides. */
final class SimulatedMonitor implements Monitor {
    private final Scheduler scheduler;
    private final Actor actor;
    private final List<SimulatedThread> entering = new ArrayList<>();
    private final List<SimulatedThread> waiting = new ArrayList<>();
    private @Nullable SimulatedThread owner;
    private int holds;

    SimulatedMonitor(Scheduler scheduler, Actor actor) {
        this.scheduler = scheduler;
        this.actor = actor;
    }

    @Override
    public void lock() {
        SimulatedThread me = scheduler.caller();
        if (owner == me) {
            scheduler.check(me, actor);
            holds++;
            return;
        }
        if (owner != null || scheduler.yields()) {
            scheduler.takeTurn(me, actor);
        } else {
            scheduler.check(me, actor);
        }
        enter(me, 1);
    }

    private void enter(SimulatedThread me, int times) {
        while (owner != null) {
            entering.add(me);
            try {
                scheduler.block(me, actor, false, "a monitor held by", owner.name, Long.MAX_VALUE);
            } finally {
                entering.remove(me);
            }
        }
        owner = me;
        holds = times;
    }

    @Override
    public void unlock() {
        SimulatedThread me = owning();
        if (--holds == 0) {
            leave();
        }
        scheduler.check(me, actor);
    }

    private void leave() {
        owner = null;
        for (SimulatedThread thread : entering) {
            scheduler.wake(thread, Wake.SIGNAL);
        }
    }

    private SimulatedThread owning() {
        SimulatedThread me = scheduler.caller();
        if (owner != me) {
            scheduler.check(me, actor);
            throw new IllegalMonitorStateException("thread " + me.name + " does not hold the monitor");
        }
        return me;
    }

    @Override
    public void await() throws InterruptedException {
        await(Long.MAX_VALUE);
    }

    @Override
    public boolean await(Duration limit) throws InterruptedException {
        return await(scheduler.deadline(limit));
    }

    private boolean await(long deadline) throws InterruptedException {
        SimulatedThread me = owning();
        scheduler.check(me, actor);
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before await");
        }
        int times = holds;
        long spurious = actor.spuriousWake();
        leave();
        waiting.add(me);
        Wake wake;
        try {
            wake = scheduler.block(me, actor, true, "a signal", "", Math.min(deadline, spurious));
        } finally {
            waiting.remove(me);
        }
        enter(me, times);
        if (wake == Wake.INTERRUPT) {
            Thread.interrupted();
            throw new InterruptedException("interrupted in await");
        }
        return wake == Wake.SIGNAL || scheduler.now() < deadline;
    }

    @Override
    public void signalAll() {
        SimulatedThread me = owning();
        scheduler.check(me, actor);
        for (SimulatedThread thread : waiting) {
            scheduler.wake(thread, Wake.SIGNAL);
        }
    }
}
