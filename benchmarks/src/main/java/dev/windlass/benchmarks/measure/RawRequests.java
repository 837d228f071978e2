package dev.windlass.benchmarks.measure;

import java.util.List;
import java.util.stream.IntStream;

import dev.windlass.WindlassException;
import dev.windlass.environment.Environment;
import dev.windlass.store.CountingStore;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.RequestCounts;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a task without a queue around them: what the server answers in a second when nobody thinks. In the mix of
 * ours: two puts, a GET, a conditional put, a DELETE, a conditional put; and for each sixteenth a LIST and a put of a lease.
 */
final class RawRequests {
    private static final byte[] NOTHING = {};
    private static final int BATCH = 16;

    private RawRequests() {
    }

    /** Requests in a second, DELETE included, so many at once. */
    static double perSecond(ObjectStore opened, Environment environment, int atOnce, int tasks)
            throws InterruptedException {
        var store = new CountingStore(opened);
        List<Integer> items = IntStream.range(0, tasks).boxed().toList();
        long start = environment.nanoTime();
        NaiveWorker.inParallel(environment, atOnce, items, i -> one(store, i));
        double seconds = (environment.nanoTime() - start) / 1e9;
        RequestCounts counts = store.counts();
        return (counts.billed() + counts.delete()) / seconds;
    }

    private static void one(ObjectStore store, int i) {
        String task = "raw/tasks/" + Integer.toHexString(i & 0xff) + "/" + i + ".json";
        String ready = "raw/ready/" + i;
        put(store, task, NaiveWorker.body("pending", "" + i), Precondition.ifAbsent());
        put(store, ready, NOTHING, Precondition.none());
        if (i % BATCH == 0) {
            store.list("raw/ready/", null, 64);
            put(store, "raw/lease.json", NaiveWorker.body("lease", "" + i), Precondition.none());
        }
        String read = etag(store.get(task).object());
        String running = put(store, task, NaiveWorker.body("running", "" + i), Precondition.ifMatch(read));
        store.delete(ready);
        put(store, task, NaiveWorker.body("completed", "" + i), Precondition.ifMatch(running));
    }

    private static String etag(@Nullable StoredObject object) {
        if (object == null) {
            throw new WindlassException("An object that was put just now is gone.");
        }
        return object.etag();
    }

    private static String put(ObjectStore store, String key, byte[] body, Precondition precondition) {
        if (store.put(key, body, precondition) instanceof PutResult.Applied applied) {
            return applied.etag();
        }
        throw new WindlassException("A put of " + key + " did not succeed.");
    }
}
