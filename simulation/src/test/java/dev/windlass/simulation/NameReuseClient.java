package dev.windlass.simulation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import dev.windlass.environment.Environment;
import dev.windlass.store.GetResult;
import dev.windlass.store.ListPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreUnavailableException;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;

/**
 * What a process of the model does at the store: own writes are recognised as the production classes do it, the store's
 * time is known from its answers, and the process may be paused, suspended or killed before each request.
 */
final class NameReuseClient {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Duration UNTIL_KNOWN = Duration.ofDays(1);

    final Actor actor;
    final Environment environment;
    private final Simulation sim;
    private final ObjectStore store;
    private final Weather weather;
    private final boolean distinctTries;
    private long offsetMillis = Long.MIN_VALUE;
    private int writes;

    /**
     * What happens to this process.
     *
     * @param pause how probable a pause is before a request, with a running or a standing monotonic clock
     * @param longest the longest pause
     * @param crash how probable its death is before a request
     */
    record Weather(double pause, Duration longest, double crash) {}

    /**
     * How a conditional write ended.
     *
     * @param end won, lost, or not known
     * @param version what stands there; null if nothing does, or if the outcome is not known
     * @param seen whether the version was read, so that its time of last write is known
     * @param answered the store's time in the answer of a write that was applied at once, or null
     * @param tries how many puts were sent
     */
    record Outcome(End end, @Nullable StoredObject version, boolean seen, @Nullable Instant answered, int tries) {
        boolean won() {
            return end == End.WON;
        }

        /** What stands there, where something does. */
        StoredObject current() {
            if (version == null) {
                throw new IllegalStateException("nothing stands there");
            }
            return version;
        }
    }

    enum End {
        WON, LOST, UNKNOWN
    }

    NameReuseClient(Simulation sim, String name, Weather weather, boolean distinctTries) {
        this.sim = sim;
        this.actor = sim.actor(name);
        this.environment = actor.environment();
        this.store = actor.store();
        this.weather = weather;
        this.distinctTries = distinctTries;
    }

    RandomGenerator random() {
        return environment.random();
    }

    String newWriteId() {
        return actor.name() + "w" + ++writes + "w";
    }

    /** Waits, by a time that the seed draws. */
    void sleep(Duration least, Duration most) throws InterruptedException {
        long span = most.minus(least).toMillis();
        environment.sleep(least.plusMillis((long) (random().nextDouble() * span)));
    }

    /** The store's time: perhaps early, without bound after a suspension, and never late. */
    long now() {
        while (offsetMillis == Long.MIN_VALUE) {
            get("meta/clock");
        }
        return offsetMillis + Math.floorDiv(environment.nanoTime(), 1_000_000L);
    }

    private void sample(@Nullable Instant time) {
        if (time != null) {
            offsetMillis = Math.max(offsetMillis,
                    time.toEpochMilli() - Math.floorDiv(environment.nanoTime(), 1_000_000L) - 1);
        }
    }

    /** Pauses, suspends or kills this process, if the seed says so. */
    private void weather() {
        double draw = random().nextDouble();
        if (draw < weather.crash) {
            actor.crash();
        } else if (draw < weather.crash + weather.pause && !actor.isPaused()) {
            double exponent = random().nextDouble();
            long millis = (long) (5_000 * Math.pow(weather.longest.toMillis() / 5_000.0, exponent));
            sim.driver().start("resume " + actor.name(), () -> {
                sim.sleep(Duration.ofMillis(millis));
                actor.resume();
            });
            if (random().nextBoolean()) {
                actor.suspend();
            } else {
                actor.pause();
            }
            turn();
        }
    }

    private void turn() {
        try {
            environment.sleep(Duration.ZERO);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts", e);
        }
    }

    @Nullable
    StoredObject get(String key) {
        return retry(PATIENCE, () -> tryGet(key)).object();
    }

    private GetResult tryGet(String key) {
        weather();
        GetResult result = store.get(key);
        sample(result.storeTime());
        return result;
    }

    List<ListPage.Entry> list(String prefix) {
        return retry(PATIENCE, () -> {
            weather();
            ListPage page = store.list(prefix, null, 1_000);
            sample(page.storeTime());
            return page.entries();
        });
    }

    void put(String key) {
        retry(PATIENCE, () -> {
            weather();
            PutResult result = store.put(key, new byte[0], Precondition.none());
            if (result instanceof PutResult.Applied applied) {
                sample(applied.storeTime());
                return true;
            }
            throw new StoreUnavailableException("no usable answer", null);
        });
    }

    /** Deletes, and is content not to know. */
    void delete(String key) {
        try {
            retry(PATIENCE, () -> {
                weather();
                store.delete(key);
                return true;
            });
        } catch (StoreUnavailableException e) {
            actor.note("does not know whether it deleted " + key);
        }
    }

    /** Deletes that very version, and is content not to know. */
    void deleteVersion(StoredObject version) {
        try {
            retry(PATIENCE, () -> {
                weather();
                return store.delete(version.key(), version.etag());
            });
        } catch (StoreUnavailableException e) {
            actor.note("does not know whether it deleted " + version.key());
        }
    }

    /** One conditional write, resolved as the production classes do it. */
    Outcome write(String key, @Nullable StoredObject base, NameReuseTask task, Duration patience) {
        long start = environment.nanoTime();
        @Nullable
        StoredObject expected = base;
        int tries = 0;
        while (true) {
            byte[] body = task.bytes(expected == null && distinctTries ? tries : 0);
            weather();
            PutResult result = store.put(key, body,
                    expected == null ? Precondition.ifAbsent() : Precondition.ifMatch(expected.etag()));
            tries++;
            if (result instanceof PutResult.Applied applied) {
                sample(applied.storeTime());
                return new Outcome(End.WON, new StoredObject(key, body, applied.etag(), Instant.EPOCH), false,
                        applied.storeTime(), tries);
            }
            @Nullable
            StoredObject current;
            try {
                if (result instanceof PutResult.Unknown) {
                    pause(start, patience);
                }
                current = tryGet(key).object();
                if (current != null && contains(current, task.writeId())) {
                    return new Outcome(End.WON, current, true, null, tries);
                }
                boolean stillBase = current == null
                        ? expected == null
                        : expected != null && Arrays.equals(current.body(), expected.body());
                if (!stillBase) {
                    return new Outcome(End.LOST, current, true, null, tries);
                }
                expected = current;
                if (result instanceof PutResult.Conflict) {
                    pause(start, patience);
                }
            } catch (StoreUnavailableException e) {
                if (environment.nanoTime() - start >= patience.toNanos()) {
                    return new Outcome(End.UNKNOWN, null, false, null, tries);
                }
            }
        }
    }

    private static boolean contains(StoredObject object, String writeId) {
        return new String(object.body(), StandardCharsets.UTF_8).contains(writeId);
    }

    private <T> T retry(Duration patience, Supplier<T> request) {
        long start = environment.nanoTime();
        while (true) {
            try {
                return request.get();
            } catch (StoreUnavailableException e) {
                pause(start, patience);
            }
        }
    }

    private void pause(long start, Duration patience) {
        if (environment.nanoTime() - start >= patience.toNanos()) {
            throw new StoreUnavailableException("no usable answer in time", null);
        }
        try {
            sleep(Duration.ofMillis(50), Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts", e);
        }
    }
}
