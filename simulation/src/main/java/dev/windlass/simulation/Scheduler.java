package dev.windlass.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Passes one baton among the threads of a simulation, and owns its clock.
 *
 * <p>Only the thread {@link #current} runs. When it comes to a scheduling point it chooses its successor itself, by the
 * seed, hands the baton over and parks; if it chose itself, it just goes on. If no thread can go on, the chooser
 * moves the clock to the next due event. All state here is touched by the holder of the baton alone; handing over is a
 * volatile write, so the next holder sees everything.
 *
 * <p>The interrupt flag of a parked thread is kept aside, since the platform's park does not wait while it is set.
 */
final class Scheduler {
    private static final int DOOMS_BEFORE_ABANDONED = 200;
    private static final int CALLS_BEFORE_SPINNING = 1_000_000;

    final Carrier carrier = new Carrier();
    final Trace trace;
    private final long seed;
    private final SimulationOptions options;
    private final Seeded random;
    private final Agenda agenda = new Agenda();
    private final List<SimulatedThread> living = new ArrayList<>();
    private SimulatedThread[] runnable = new SimulatedThread[16];
    private int runnableCount;
    private volatile @Nullable SimulatedThread current;
    private @Nullable SimulatedThread driver;
    private @Nullable BooleanSupplier condition;
    private @Nullable SimulationFailure failure;
    private boolean ending;
    private boolean choosing;
    private long now;
    private long steps;
    private long threads;
    private int callsInThisStep;

    Scheduler(long seed, SimulationOptions options) {
        this.seed = seed;
        this.options = options;
        this.trace = new Trace(options.traceLimit);
        this.random = Seeded.stream(seed, 1);
    }

    /** Runs the driver and all that it starts, to the end. Called from outside. */
    void run(Actor nobody, ActorBody body) {
        SimulatedThread first = newThread(nobody, "driver", body);
        driver = first;
        current = first;
        runnableCount = 0;
        first.started = true;
        first.thread.start();
        carrier.run();
        if (failure != null) {
            throw failure;
        }
    }

    long now() {
        return now;
    }

    long steps() {
        return steps;
    }

    /** Where each living thread is, one line or more for each. */
    List<String> whereabouts() {
        return living.stream().map(thread -> (thread == current ? "(running) " : "") + thread.where()).toList();
    }

    /** The thread that calls: the one with the baton. */
    SimulatedThread caller() {
        SimulatedThread me = current;
        if (me == null || !me.thread.equals(Thread.currentThread())) {
            throw new IllegalStateException("this thread is not one of the simulation: " + Thread.currentThread()
                    + "; start threads through the environment");
        }
        if (choosing) {
            throw new IllegalStateException("a condition or a check of the simulation must not wait or make requests");
        }
        return me;
    }

    /** The instant at which a wait of that length is over. */
    long deadline(Duration limit) {
        if (limit.isNegative() || limit.isZero()) {
            return now;
        }
        long nanos = limit.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE : limit.toNanos();
        return nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + nanos;
    }

    SimulatedThread newThread(Actor actor, String name, ActorBody body) {
        SimulatedThread thread = new SimulatedThread(this, actor, ++threads, name, body);
        living.add(thread);
        makeRunnable(thread);
        return thread;
    }

    /** Something that happens to the world, whoever runs. */
    void schedule(long at, Runnable happening) {
        agenda.add(Math.max(at, now), happening);
    }

    boolean isDoomed(SimulatedThread me, Actor through) {
        return ending || me.actor.isCrashed() || through.isCrashed();
    }

    /** Throws what unwinds a thread whose process is gone. */
    void check(SimulatedThread me, Actor through) {
        if (isDoomed(me, through)) {
            throw doom(me, through);
        }
    }

    /** The same for calls that do not wait; a check of the scenario may make them too. */
    void checkCaller(Actor through) {
        SimulatedThread me = current;
        if (me != null && !choosing) {
            if (++callsInThisStep == CALLS_BEFORE_SPINNING) {
                fail(null, "thread " + me.actor.name() + ":" + me.name + " looks at the clock for ever and never waits",
                        null);
            }
            check(me, through);
        }
    }

    /** Throws only if the calling thread's own process is gone. */
    void unwindOwn(Actor through) {
        SimulatedThread me = current;
        if (me != null && !choosing && me.actor == through) {
            check(me, through);
        }
    }

    private Error doom(SimulatedThread me, Actor through) {
        if (++me.dooms > DOOMS_BEFORE_ABANDONED) {
            abandon(me);
        }
        if (me == driver && failure != null) {
            return failure;
        }
        return new SimulatedCrash(through.isCrashed() ? through.name() : me.actor.name());
    }

    /** A thread that swallows its crash again and again never gets the baton back. */
    private void abandon(SimulatedThread me) {
        trace.add(now, me.actor.name(), 0, "thread " + me.name + " swallows its crash, and is parked for good", "", "");
        me.blocked = false;
        exit(me);
        while (true) {
            LockSupport.park(this);
            me.interruptPending = Thread.interrupted();
        }
    }

    /** Whether the taking of a free lock is a point at which another thread may go first. */
    boolean yields() {
        return options.yields >= 1 || random.nextDouble() < options.yields;
    }

    /** Lets others go first, if the seed says so. */
    void takeTurn(SimulatedThread me, Actor through) {
        check(me, through);
        me.waitsFor = "its turn";
        me.waitsForName = "";
        makeRunnable(me);
        pass(me);
        check(me, through);
    }

    /**
     * Waits until woken.
     *
     * @param through the actor whose environment or store it waits in
     * @param deadline the instant at which to wake at the latest
     */
    Wake block(SimulatedThread me, Actor through, boolean interruptible, String what, Object name, long deadline) {
        check(me, through);
        me.blocked = true;
        me.interruptible = interruptible;
        me.waitNumber++;
        me.waitsFor = what;
        me.waitsForName = name;
        me.waitsThrough = through;
        if (deadline != Long.MAX_VALUE) {
            agenda.add(Math.max(deadline, now), me);
        }
        pass(me);
        if (deadline != Long.MAX_VALUE && me.wake != Wake.TIME) {
            agenda.oneIsStale();
        }
        check(me, through);
        return me.wake;
    }

    /** Ends a wait; does nothing to a thread that does not wait. */
    void wake(SimulatedThread thread, Wake why) {
        if (thread.blocked) {
            thread.blocked = false;
            thread.wake = why;
            makeRunnable(thread);
        }
    }

    void interrupt(SimulatedThread thread) {
        if (!thread.alive) {
            return;
        }
        if (thread == current) {
            thread.thread.interrupt();
            return;
        }
        thread.interruptPending = true;
        if (thread.interruptible) {
            wake(thread, Wake.INTERRUPT);
        }
    }

    /** Waits until the condition, which is looked at after every step, holds; false if the time was over before. */
    boolean blockUntil(SimulatedThread me, BooleanSupplier wanted, long deadline) {
        check(me, me.actor);
        boolean holds = wanted.getAsBoolean();
        while (!holds && now < deadline) { // another thread may undo it before this one gets its turn
            condition = wanted;
            try {
                block(me, me.actor, false, "a condition", "", deadline);
                holds = wanted.getAsBoolean();
            } finally {
                condition = null;
            }
        }
        return holds;
    }

    /** The threads of a crashed actor go on, to be unwound. */
    void crashed(Actor actor) {
        for (SimulatedThread thread : List.copyOf(living)) {
            if (thread.actor == actor || thread.waitsThrough == actor) {
                wake(thread, Wake.DOOM);
            }
        }
    }

    void makeRunnable(SimulatedThread thread) {
        if (thread.actor.holds(thread)) {
            return;
        }
        if (runnableCount == runnable.length) {
            runnable = Arrays.copyOf(runnable, runnableCount * 2);
        }
        runnable[runnableCount++] = thread;
    }

    /** The first thing a new thread does, once it has been chosen. */
    void arrive(SimulatedThread me) {
        if (me.interruptPending) {
            me.interruptPending = false;
            me.thread.interrupt();
        }
    }

    /** Gives the baton to whom the seed chooses; returns when it comes back. */
    private void pass(SimulatedThread me) {
        SimulatedThread next = choose();
        if (next == null) {
            throw new IllegalStateException("nobody is left to go on, though a thread still waits");
        }
        if (next != me) {
            boolean interrupted = Thread.interrupted();
            handTo(next);
            while (current != me) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (me.interruptPending) {
            me.interruptPending = false;
            Thread.currentThread().interrupt();
        }
    }

    private void handTo(SimulatedThread next) {
        boolean begins = !next.started;
        next.started = true;
        current = next;
        if (begins) {
            next.thread.start();
        } else {
            LockSupport.unpark(next.thread);
        }
    }

    /** The last thing a thread does. */
    void exit(SimulatedThread me) {
        me.alive = false;
        living.remove(me);
        if (me == driver) {
            end();
        }
        SimulatedThread next = choose();
        if (next == null) {
            current = null;
            carrier.finish();
        } else {
            handTo(next);
        }
    }

    /** An exception has left a thread. */
    void uncaught(SimulatedThread me, Throwable thrown) {
        if (thrown == failure) {
            return;
        }
        trace.add(now, me.actor.name(), 0, "thread " + me.name + " ended by", "", thrown.toString());
        boolean dying = me.actor.isCrashed();
        if (!ending && !dying && (me == driver || !options.toleratesUncaught)) {
            fail(null, "thread " + me.actor.name() + ":" + me.name + " was ended by " + thrown, thrown);
        }
    }

    /** A crash has left a thread's body: right if its process is gone; the driver has no process. */
    void crashLeft(SimulatedThread me, SimulatedCrash crash) {
        if (!ending && !me.actor.isCrashed()) {
            fail(null,
                    "thread " + me.actor.name() + ":" + me.name + " used what belongs to a crashed process: " + crash,
                    crash);
        }
    }

    /** Ends the simulation as failed: the driver gets the failure, all other threads are unwound. */
    void fail(@Nullable Invariant invariant, String reason, @Nullable Throwable cause) {
        if (failure == null && !ending) {
            failure = SimulationFailure.of(seed, invariant, reason, cause, this);
            end();
        }
    }

    private void end() {
        ending = true;
        for (SimulatedThread thread : List.copyOf(living)) {
            thread.actor.release();
            wake(thread, Wake.DOOM);
        }
    }

    /** Whose turn it is; null if no thread is left. */
    private @Nullable SimulatedThread choose() {
        while (true) {
            if (!ending) {
                fireDue();
                checkCondition();
            }
            if (runnableCount > 0) {
                if (++steps > options.maxSteps) {
                    fail(null, "more than " + options.maxSteps + " steps: SimulationOptions.withMaxSteps allows more",
                            null);
                }
                int index = runnableCount == 1 ? 0 : random.nextInt(runnableCount);
                SimulatedThread chosen = runnable[index];
                runnable[index] = runnable[--runnableCount];
                if (chosen.actor.holds(chosen)) {
                    continue;
                }
                trace.mix(chosen.number);
                callsInThisStep = 0;
                return chosen;
            }
            if (ending) {
                return null;
            }
            advance();
        }
    }

    /** Moves the clock to the next event. */
    private void advance() {
        Event next = agenda.next();
        if (next == null) {
            fail(null, "deadlock: every thread waits, and nothing is due", null);
        } else if (next.at > options.maxVirtualTime.toNanos()) {
            fail(null, "more than " + options.maxVirtualTime
                    + " of virtual time: SimulationOptions.withMaxVirtualTime allows more", null);
        } else {
            now = next.at;
        }
    }

    private void fireDue() {
        for (Event due = agenda.takeDue(now); due != null; due = agenda.takeDue(now)) {
            if (due.happening != null) {
                guard(due.happening);
            } else if (due.thread != null) {
                wake(due.thread, Wake.TIME);
            }
        }
    }

    private void checkCondition() {
        BooleanSupplier wanted = condition;
        SimulatedThread waiting = driver;
        if (wanted != null && waiting != null && waiting.blocked) {
            guard(() -> {
                if (wanted.getAsBoolean()) {
                    wake(waiting, Wake.SIGNAL);
                }
            });
        }
    }

    /** Runs what belongs to no thread. */
    private void guard(Runnable part) {
        choosing = true;
        try {
            part.run();
        } catch (RuntimeException | Error thrown) {
            fail(null, thrown.toString(), thrown);
        } finally {
            choosing = false;
        }
    }
}
