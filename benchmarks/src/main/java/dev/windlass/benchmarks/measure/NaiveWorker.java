package dev.windlass.benchmarks.measure;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import dev.windlass.WindlassException;
import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.environment.Strand;
import dev.windlass.store.ListPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;

/**
 * The obvious queue on a bucket, to compare with: a task object, a ready marker, and a lease object for each task, twelve
 * requests one after the other (5 PUT, 5 GET, 2 DELETE), and a LIST for each thousand. It looks at what it has written, and
 * at the lease before it completes, but survives no crash: it would need more for that.
 */
final class NaiveWorker {
    private static final byte[] NOTHING = {};
    private static final int BODY = 700;

    private final ObjectStore store;
    private final Environment environment;
    private final int atOnce;

    /** @param atOnce how many tasks at once, each with its requests one after the other */
    NaiveWorker(ObjectStore store, Environment environment, int atOnce) {
        this.store = store;
        this.environment = environment;
        this.atOnce = atOnce;
    }

    /** Submits tasks and runs them; returns how many it ran in a second. */
    double run(int tasks) throws InterruptedException {
        long start = environment.nanoTime();
        inParallel(environment, atOnce, IntStream.range(0, tasks).mapToObj(i -> "task-" + i).toList(), this::submit);
        var ready = new ArrayList<String>();
        @Nullable
        String after = null;
        while (true) {
            ListPage page = store.list("naive/ready/", after, 1000);
            page.entries().forEach(entry -> ready.add(entry.key().substring("naive/ready/".length())));
            if (!page.more()) {
                break;
            }
            after = page.entries().getLast().key();
        }
        inParallel(environment, atOnce, ready, this::work);
        if (ready.size() != tasks) {
            throw new WindlassException("The naive worker found " + ready.size() + " of " + tasks + " tasks.");
        }
        return tasks / ((environment.nanoTime() - start) / 1e9);
    }

    private void submit(String id) {
        put(taskKey(id), body("pending", id), Precondition.ifAbsent());
        put("naive/ready/" + id, NOTHING, Precondition.none());
    }

    private void work(String id) {
        String lease = "naive/leases/" + id + ".json";
        StoredObject task = get(taskKey(id));
        put(lease, body("lease", id), Precondition.ifAbsent());
        get(lease);
        put(taskKey(id), body("running", id), Precondition.ifMatch(task.etag()));
        store.delete("naive/ready/" + id);
        // here the handler runs
        get(lease);
        StoredObject running = get(taskKey(id));
        put(taskKey(id), body("completed", id), Precondition.ifMatch(running.etag()));
        get(taskKey(id));
        store.delete(lease);
    }

    private static String taskKey(String id) {
        return "naive/tasks/" + id + ".json";
    }

    /** As long as a task of ours. */
    static byte[] body(String state, String id) {
        byte[] head = ("{\"status\":\"" + state + "\",\"id\":\"" + id + "\",\"filler\":\"").getBytes(
                StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(head, BODY);
        Arrays.fill(body, head.length, BODY - 2, (byte) 'x');
        body[BODY - 2] = '"';
        body[BODY - 1] = '}';
        return body;
    }

    private StoredObject get(String key) {
        StoredObject object = store.get(key).object();
        if (object == null) {
            throw new WindlassException("The object " + key + " of the naive worker is gone.");
        }
        return object;
    }

    private void put(String key, byte[] body, Precondition precondition) {
        if (!(store.put(key, body, precondition) instanceof PutResult.Applied)) {
            throw new WindlassException("A put of " + key + " by the naive worker did not succeed.");
        }
    }

    /** Does something for each item, so many at once; throws the first failure. */
    static <T> void inParallel(Environment environment, int atOnce, List<T> items, Consumer<T> body)
            throws InterruptedException {
        Iterator<T> left = items.iterator();
        Monitor monitor = environment.newMonitor();
        var failures = new ArrayList<RuntimeException>();
        List<Strand> strands = IntStream.range(0, atOnce).mapToObj(i -> environment.start("windlass-bench-" + i, () -> {
            while (true) {
                T item;
                monitor.lock();
                try {
                    if (!left.hasNext() || !failures.isEmpty()) {
                        return;
                    }
                    item = left.next();
                } finally {
                    monitor.unlock();
                }
                try {
                    body.accept(item);
                } catch (RuntimeException e) {
                    monitor.lock();
                    try {
                        failures.add(e);
                    } finally {
                        monitor.unlock();
                    }
                }
            }
        })).toList();
        for (Strand strand : strands) {
            strand.join();
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }
}
