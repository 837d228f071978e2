package dev.windlass.internal;

import java.time.Duration;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;

/** The slots of a lane: how many handlers may run at once, and who waits for one. */
final class Slots {
    private final Environment environment;
    private final Monitor monitor;
    private final int size;
    private int free;
    /** Written under the monitor; read without it by {@link #isFull}. */
    private volatile boolean full;
    private boolean nudged;

    Slots(Environment environment, int size) {
        this.environment = environment;
        this.monitor = environment.newMonitor();
        this.size = size;
        this.free = size;
    }

    /**
     * Takes slots: waits for the first one as long as it takes, and for more of them for a while, so that one claim
     * serves many.
     *
     * @param wanted at most so many
     * @param linger how long to wait for more than one
     */
    int take(int wanted, Duration linger) throws InterruptedException {
        monitor.lock();
        try {
            while (free == 0) {
                monitor.await();
            }
            int most = Math.min(wanted, size);
            long end = environment.nanoTime() + linger.toNanos();
            while (free < most) {
                long left = end - environment.nanoTime();
                if (left <= 0) {
                    break;
                }
                monitor.await(Duration.ofNanos(left));
            }
            int taken = Math.min(free, most);
            free -= taken;
            full = free == 0;
            return taken;
        } finally {
            monitor.unlock();
        }
    }

    void giveBack(int count) {
        if (count == 0) {
            return;
        }
        monitor.lock();
        try {
            free += count;
            full = free == 0;
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    /** Whether no slot is free. Takes no lock. */
    boolean isFull() {
        return full;
    }

    /** Ends a {@link #rest} early: there is something to do. */
    void nudge() {
        monitor.lock();
        try {
            nudged = true;
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    /** Waits for a while, or until {@link #nudge}. */
    void rest(Duration limit) throws InterruptedException {
        monitor.lock();
        try {
            long end = environment.nanoTime() + limit.toNanos();
            while (!nudged) {
                long left = end - environment.nanoTime();
                if (left <= 0) {
                    return;
                }
                monitor.await(Duration.ofNanos(left));
            }
            nudged = false;
        } finally {
            monitor.unlock();
        }
    }

    /** Waits until all slots are free, but not for ever. */
    boolean awaitAllFree(Duration limit) throws InterruptedException {
        monitor.lock();
        try {
            long end = environment.nanoTime() + limit.toNanos();
            while (free < size) {
                long left = end - environment.nanoTime();
                if (left <= 0) {
                    return false;
                }
                monitor.await(Duration.ofNanos(left));
            }
            return true;
        } finally {
            monitor.unlock();
        }
    }
}
