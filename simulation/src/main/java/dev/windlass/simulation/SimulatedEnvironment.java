package dev.windlass.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.environment.ProcessName;
import dev.windlass.environment.Strand;

/** The environment of one actor: its clocks, its threads, its randomness. */
final class SimulatedEnvironment implements Environment {
    private final Scheduler scheduler;
    private final Actor actor;

    SimulatedEnvironment(Scheduler scheduler, Actor actor) {
        this.scheduler = scheduler;
        this.actor = actor;
    }

    @Override
    public Instant wallTime() {
        scheduler.checkCaller(actor);
        return actor.wallTime();
    }

    @Override
    public long nanoTime() {
        scheduler.checkCaller(actor);
        return actor.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        SimulatedThread me = scheduler.caller();
        scheduler.check(me, actor);
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before sleep");
        }
        if (duration.isNegative() || duration.isZero()) {
            scheduler.takeTurn(me, actor);
            return;
        }
        if (scheduler.block(me, actor, true, "the end of a sleep of", duration,
                scheduler.deadline(duration)) == Wake.INTERRUPT) {
            Thread.interrupted();
            throw new InterruptedException("interrupted in sleep");
        }
    }

    @Override
    public Strand start(String name, Runnable body) {
        scheduler.checkCaller(actor);
        return scheduler.newThread(actor, name, body::run);
    }

    @Override
    public Strand current() {
        scheduler.checkCaller(actor);
        return scheduler.caller();
    }

    @Override
    public Monitor newMonitor() {
        scheduler.checkCaller(actor);
        return new SimulatedMonitor(scheduler, actor);
    }

    @Override
    public RandomGenerator random() {
        scheduler.checkCaller(actor);
        return actor.random;
    }

    @Override
    public ProcessName process() {
        return new ProcessName(actor.name(), 1);
    }
}
