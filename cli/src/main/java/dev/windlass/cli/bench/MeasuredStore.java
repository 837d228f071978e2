package dev.windlass.cli.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.windlass.environment.Environment;
import dev.windlass.store.Capabilities;
import dev.windlass.store.GetResult;
import dev.windlass.store.ListPage;
import dev.windlass.store.NamesPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Delays each request to a store, and notes when the first put of each task's object began and when the last one was
 * answered: submission and completion, as who waits for them sees them. Times are the host's, in microseconds, so that
 * processes of one host can compare them.
 */
public final class MeasuredStore implements ObjectStore {
    private static final String TASKS = "tasks/";
    private static final String SUFFIX = ".json";

    /**
     * When a task was written.
     *
     * @param first when its first put began
     * @param last when its last put was answered
     */
    public record Span(long first, long last) {}

    private final ObjectStore store;
    private final Duration latency;
    private final Environment environment;
    private final Map<String, Span> spans = new ConcurrentHashMap<>();

    /**
     * @param store the store to measure; closed with this one
     * @param latency by how much each request is delayed
     * @param environment time
     */
    public MeasuredStore(ObjectStore store, Duration latency, Environment environment) {
        this.store = store;
        this.latency = latency;
        this.environment = environment;
    }

    /** Forgets what was noted. */
    void reset() {
        spans.clear();
    }

    /** What was noted, by the task's id. */
    Map<String, Span> spans() {
        return new HashMap<>(spans);
    }

    /**
     * The host's time in microseconds.
     *
     * @param environment whose time
     */
    public static long micros(Environment environment) {
        var now = environment.wallTime();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    @Override
    public PutResult put(String key, byte[] body, Precondition precondition) {
        String task = taskOf(key);
        long begun = task == null ? 0 : micros(environment);
        try {
            delay();
        } catch (StoreUnavailableException e) {
            return new PutResult.Unknown(e);
        }
        PutResult result = store.put(key, body, precondition);
        if (task != null && result instanceof PutResult.Applied) {
            long ended = micros(environment);
            spans.merge(task, new Span(begun, ended),
                    (old, now) -> new Span(Math.min(old.first(), now.first()), Math.max(old.last(), now.last())));
        }
        return result;
    }

    /** The layout of keys is part of the storage protocol: {@code tasks/{shard}/{id}.json}. */
    private static @Nullable String taskOf(String key) {
        return key.startsWith(TASKS) && key.endsWith(SUFFIX)
                ? key.substring(key.lastIndexOf('/') + 1, key.length() - SUFFIX.length())
                : null;
    }

    private void delay() {
        if (latency.isZero()) {
            return;
        }
        try {
            environment.sleep(latency);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("interrupted while a request was delayed", e);
        }
    }

    @Override
    public GetResult get(String key) {
        delay();
        return store.get(key);
    }

    @Override
    public void delete(String key) {
        delay();
        store.delete(key);
    }

    @Override
    public boolean delete(String key, String etag) {
        delay();
        return store.delete(key, etag);
    }

    @Override
    public ListPage list(String prefix, @Nullable String startAfter, int limit) {
        delay();
        return store.list(prefix, startAfter, limit);
    }

    @Override
    public NamesPage listNames(String prefix, @Nullable String startAfter, int limit) {
        delay();
        return store.listNames(prefix, startAfter, limit);
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public Capabilities capabilities() {
        return store.capabilities();
    }

    @Override
    public void close() {
        store.close();
    }
}
