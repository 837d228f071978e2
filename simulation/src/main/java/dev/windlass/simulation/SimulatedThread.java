package dev.windlass.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.environment.Strand;
import org.jspecify.annotations.Nullable;

/** One thread of a simulation. Everything but the body runs with the baton in hand. */
final class SimulatedThread implements Strand, Runnable {
    final Actor actor;
    final long number;
    final String name;
    final Thread thread;
    private final Scheduler scheduler;
    private final ActorBody body;
    private final List<SimulatedThread> joiners = new ArrayList<>();

    boolean started;
    boolean alive = true;
    boolean blocked;
    boolean interruptible;
    boolean interruptPending;
    long waitNumber;
    int dooms;
    Wake wake = Wake.SIGNAL;
    String waitsFor = "start";
    Object waitsForName = "";
    @Nullable
    Actor waitsThrough;
    private String answeredKey = "";
    private long answeredAt;

    SimulatedThread(Scheduler scheduler, Actor actor, long number, String name, ActorBody body) {
        this.scheduler = scheduler;
        this.actor = actor;
        this.number = number;
        this.name = name;
        this.body = body;
        this.thread = scheduler.carrier.newThread(actor.name() + ":" + name, this);
    }

    @Override
    @SuppressWarnings("CatchingUnchecked") // whatever leaves a thread's body ends up in the simulation's report
    public void run() {
        scheduler.arrive(this);
        try {
            if (!scheduler.isDoomed(this, actor)) {
                body.run();
            }
        } catch (SimulatedCrash crash) {
            scheduler.crashLeft(this, crash);
        } catch (Throwable failure) {
            scheduler.uncaught(this, failure);
        } finally {
            for (SimulatedThread joiner : joiners) {
                scheduler.wake(joiner, Wake.SIGNAL);
            }
            scheduler.exit(this);
        }
    }

    @Override
    public void join() throws InterruptedException {
        join(Long.MAX_VALUE);
    }

    @Override
    public boolean join(Duration limit) throws InterruptedException {
        return join(scheduler.deadline(limit));
    }

    private boolean join(long deadline) throws InterruptedException {
        SimulatedThread me = scheduler.caller();
        scheduler.takeTurn(me, me.actor);
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted in join");
            }
            if (!alive) {
                return true;
            }
            if (scheduler.now() >= deadline) {
                return false;
            }
            joiners.add(me);
            try {
                scheduler.block(me, me.actor, true, "end of", name, deadline);
            } finally {
                joiners.remove(me);
            }
        }
    }

    @Override
    public void interrupt() {
        scheduler.interrupt(this);
    }

    @Override
    public boolean isAlive() {
        return alive;
    }

    /** A request of this thread has been answered: the last one counts. */
    void answered(String key, long landedAt) {
        answeredKey = key;
        answeredAt = landedAt;
    }

    /** When the last request landed that was answered, if it was for that key; -1 if not. */
    long answeredAt(String key) {
        return answeredKey.equals(key) ? answeredAt : -1;
    }

    String where() {
        StringBuilder text = new StringBuilder(actor.name()).append(':').append(name).append(" #").append(number);
        text.append(actor.isPaused() ? " (paused)" : "").append(started ? " waits for " : " has not begun, waits for ");
        text.append(waitsFor).append("".equals(waitsForName) ? "" : " ").append(waitsForName);
        int shown = 0;
        for (StackTraceElement frame : thread.getStackTrace()) {
            String type = frame.getClassName();
            boolean simulator = type.startsWith("dev.windlass.simulation.") && !type.endsWith("Test")
                    && !type.contains("Test$");
            if (shown < 4 && type.startsWith("dev.windlass.") && !simulator) {
                text.append("\n        at ").append(frame);
                shown++;
            }
        }
        return text.toString();
    }
}
