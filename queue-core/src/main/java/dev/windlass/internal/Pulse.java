package dev.windlass.internal;

import java.time.Duration;

import dev.windlass.environment.Environment;

/** When a loop of a worker last turned over: for whoever asks whether the worker is alive. Takes no lock. */
final class Pulse {
    private final Environment environment;
    private volatile long turned;

    Pulse(Environment environment) {
        this.environment = environment;
        this.turned = environment.nanoTime();
    }

    /** The loop turns. */
    void turn() {
        turned = environment.nanoTime();
    }

    /** How long ago it last turned. */
    Duration age() {
        return Duration.ofNanos(environment.nanoTime() - turned);
    }

    /**
     * By how long it is late to turn; zero if it is not.
     *
     * @param rest how long it waits at most between two turns, if nothing holds it up
     */
    Duration overdue(Duration rest) {
        Duration late = age().minus(rest);
        return late.isNegative() ? Duration.ZERO : late;
    }
}
