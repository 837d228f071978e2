package dev.windlass.chaos.network;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;

import dev.windlass.chaos.Fault;
import org.jspecify.annotations.Nullable;

/** Draws what is to happen to each request, by a seed: more to writes, where it does most harm. Safe for use by any number of threads. */
public final class Troubles {
    private static final double OF_READS = 0.05;
    private static final double OF_WRITES = 0.2;

    private final ReentrantLock lock = new ReentrantLock();
    private final SplittableRandom random;
    private final Duration clientTimeout;

    /**
     * What is to happen to a request.
     *
     * @param fault what, or null for nothing
     * @param delay for how long, where it is a delay
     */
    public record Trouble(@Nullable Fault fault, Duration delay) {
        /** Nothing. */
        public static final Trouble NONE = new Trouble(null, Duration.ZERO);
    }

    /**
     * Draws.
     *
     * @param seed what from
     * @param clientTimeout after which clients give up a request
     */
    public Troubles(long seed, Duration clientTimeout) {
        this.random = new SplittableRandom(seed);
        this.clientTimeout = clientTimeout;
    }

    /**
     * Draws for the next request.
     *
     * @param method its method
     */
    public Trouble next(String method) {
        lock.lock();
        try {
            if (random.nextDouble() >= (method.equals("GET") ? OF_READS : OF_WRITES)) {
                return Trouble.NONE;
            }
            return switch (random.nextInt(14)) {
                case 0, 1, 2 -> new Trouble(Fault.DELAY, Duration.ofMillis(50 + random.nextInt(1_200)));
                case 3 -> new Trouble(Fault.LATE, clientTimeout.plusMillis(300 + random.nextInt(6_000)));
                case 4, 5 -> new Trouble(Fault.DROP_BEFORE, Duration.ZERO);
                case 6, 7, 8 -> new Trouble(Fault.DROP_AFTER, Duration.ZERO);
                case 9, 10 -> new Trouble(Fault.TRUNCATE_RESPONSE, Duration.ZERO);
                case 11 -> new Trouble(Fault.TRUNCATE_REQUEST, Duration.ZERO);
                default -> new Trouble(Fault.RESET, Duration.ZERO);
            };
        } finally {
            lock.unlock();
        }
    }
}
