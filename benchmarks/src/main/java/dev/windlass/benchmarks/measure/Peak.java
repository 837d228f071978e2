package dev.windlass.benchmarks.measure;

import java.time.Duration;

import dev.windlass.environment.Environment;

/** How far the heap goes above what it is at first, after full collections: looked at twice a second. */
final class Peak {
    private static final Duration EVERY = Duration.ofMillis(500);

    private final long before = used();
    private volatile long most;
    private volatile boolean over;

    Peak(Environment environment) {
        environment.start("windlass-peak", () -> {
            try {
                while (!over) {
                    most = Math.max(most, used() - before);
                    environment.sleep(EVERY);
                }
            } catch (InterruptedException e) {
                over = true;
            }
        });
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** The most that was seen; looking ends. */
    double mebibytes() {
        over = true;
        return Math.max(most, used() - before) / 1048576.0;
    }
}
