package dev.windlass.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntToLongFunction;
import java.util.stream.Collectors;

import dev.windlass.store.GetResult;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreUnavailableException;
import dev.windlass.store.StoredObject;

/** How the store tells the time, how fast it answers, and how much it carries. */
final class Speed {
    /** How many tasks a worker with the default settings claims at a time. */
    private static final int BATCH = 16;
    /** PUT, GET, LIST, DELETE. */
    private static final int KINDS = 4;
    private static final int SAMPLES = 50;
    /** The last one is the slowest. */
    private static final int[] PERCENTILES = {50, 90, 99, 100};
    private static final Duration SLOW = Duration.ofSeconds(1);
    /** What requests to S3 may be signed off by is 15 minutes. */
    private static final Duration FAR_OFF = Duration.ofMinutes(5);
    private static final double NANOS_PER_MILLI = 1_000_000;
    private static final double NANOS_PER_SECOND = 1_000_000_000;

    private final Examination examination;
    private final ObjectStore store;

    Speed(Examination examination) {
        this.examination = examination;
        this.store = examination.connection(0);
    }

    /** The store's time goes on, and does so within what the backend says of it. */
    Check time() {
        Duration uncertainty = store.capabilities().timeUncertainty();
        String key = examination.key("time");
        Instant latest = Instant.MIN;
        Instant lastWrite = Instant.MIN;
        Duration off = Duration.ZERO;
        for (int i = 0; i < SAMPLES; i++) {
            examination.put(key, Examination.bytes("time " + i));
            Instant local = examination.environment.wallTime();
            GetResult read = store.get(key);
            StoredObject object = read.object();
            if (object == null) {
                return Check.bad("time", "an object that was just put is not there", Examination.LOSES);
            }
            if (object.lastModified().isBefore(lastWrite)) {
                return wrong("the time of a write is before that of an earlier one");
            }
            lastWrite = object.lastModified();
            Instant said = read.storeTime();
            Instant now = said == null ? lastWrite : said;
            if (now.plus(uncertainty).isBefore(latest) || now.plus(uncertainty).isBefore(lastWrite)) {
                return wrong("the store's time goes back by more than " + uncertainty);
            }
            latest = now.isAfter(latest) ? now : latest;
            off = Duration.between(now, local);
        }
        String found = "the store's time goes on, known to " + text(uncertainty) + "; this machine's clock is "
                + text(off.abs()) + (off.isNegative() ? " behind it" : " ahead of it");
        return off.abs().compareTo(FAR_OFF) > 0
                ? Check.note("time", found,
                        "Set this machine's clock: Windlass goes by the store's, but S3 refuses requests"
                                + " that are signed 15 minutes off.")
                : Check.good("time", found);
    }

    private static Check wrong(String found) {
        return Check.bad("time", found,
                "Do not keep tasks on this store: leases and due times go by its clock. If several servers answer, set"
                        + " their clocks.");
    }

    /** How long single requests take. */
    Check latency() {
        String key = examination.key("latency");
        long[] puts = samples(() -> examination.put(key, Examination.bytes("latency")));
        long[] gets = samples(() -> store.get(key));
        long[] lists = samples(() -> store.list(examination.key(""), null, 1000));
        var figures = new LinkedHashMap<String, Double>();
        figures(figures, "put", puts);
        figures(figures, "get", gets);
        figures(figures, "list", lists);
        String found = "PUT " + millis(puts) + ", GET " + millis(gets) + ", LIST " + millis(lists)
                + " (median, 90 %, 99 % and slowest of " + SAMPLES + ", one at a time)";
        return (puts[SAMPLES - 1] > SLOW.toNanos()
                ? Check.note("latency", found,
                        "Raise the worker's lease time-to-live well above the slowest PUT, or look for what slows it.")
                : Check.good("latency", found)).with(figures);
    }

    private long[] samples(Runnable request) {
        var nanos = new long[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            long start = examination.environment.nanoTime();
            request.run();
            nanos[i] = examination.environment.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos;
    }

    /** The smallest sample that so many per cent of all do not exceed. */
    static long percentile(long[] sorted, int percent) {
        return sorted[Math.max(0, Math.ceilDiv(sorted.length * percent, 100) - 1)];
    }

    private static void figures(Map<String, Double> figures, String kind, long[] sorted) {
        for (int percent : PERCENTILES) {
            figures.put(kind + (percent == 100 ? "Max" : "P" + percent) + "Millis",
                    percentile(sorted, percent) / NANOS_PER_MILLI);
        }
    }

    private static String millis(long[] sorted) {
        return Arrays.stream(PERCENTILES)
                .mapToObj(percent -> String.format(Locale.ROOT, "%.1f", percentile(sorted, percent) / NANOS_PER_MILLI))
                .collect(Collectors.joining("/")) + " ms";
    }

    /** How many requests of each kind the store takes from all clients at once, and what that comes to in tasks. */
    Check capacity() throws InterruptedException {
        var body = new byte[1_000];
        var unanswered = new LongAdder();
        var written = new AtomicLongArray(examination.clients);
        double puts = perSecond(unanswered, client -> Long.MAX_VALUE, (client, number) -> {
            if (!(examination.connection(client).put(loadKey(client, number), body,
                    Precondition.none()) instanceof PutResult.Applied)) {
                throw new StoreUnavailableException("a put was not answered", null);
            }
            written.set(client, number + 1);
        });
        if (puts == 0) {
            return Check.bad("capacity", "no write was answered under load", Examination.OVERLOADED);
        }
        double gets = perSecond(unanswered, client -> Long.MAX_VALUE, (client, number) -> examination
                .connection(client).get(loadKey(client, number % Math.max(1, written.get(client)))));
        double lists = perSecond(unanswered, client -> Long.MAX_VALUE, (client, number) -> examination
                .connection(client).list(examination.key("load/"), null, BATCH));
        // Each object once: to delete what is not there is cheap on some stores.
        double deletes = perSecond(unanswered, written::get, (client, number) -> examination.connection(client)
                .delete(loadKey(client, number)));
        double tasks = tasksPerSecond(puts, gets, lists, deletes);
        var figures = new LinkedHashMap<String, Double>();
        figures.put("putsPerSecond", puts);
        figures.put("getsPerSecond", gets);
        figures.put("listsPerSecond", lists);
        figures.put("deletesPerSecond", deletes);
        figures.put("tasksPerSecond", tasks);
        String found = String.format(Locale.ROOT,
                "%,.0f PUT, %,.0f GET, %,.0f LIST or %,.0f DELETE a second from %d clients here, so about %,.0f tasks a"
                        + " second, claimed %d at a time",
                puts, gets, lists, deletes, examination.clients, tasks, BATCH);
        return (unanswered.sum() == 0
                ? Check.good("capacity", found)
                : Check.note("capacity", found + "; " + unanswered.sum() + " requests were not answered",
                        Examination.OVERLOADED))
                .with(figures);
    }

    /**
     * What a store that is busy with one request after the other makes of tasks: 2 PUT to submit, 1 GET and 1 PUT to claim,
     * a LIST and a PUT of the lease for each batch, 1 PUT to complete, 1 DELETE of the ready key.
     */
    static double tasksPerSecond(double puts, double gets, double lists, double deletes) {
        return 1 / ((4 + 1.0 / BATCH) / puts + 1 / gets + 1.0 / BATCH / lists + 1 / deletes);
    }

    private String loadKey(int client, long number) {
        return examination.key("load/" + client + "-" + number);
    }

    /** One request of a client, by its number from 0. */
    private interface Request {
        void send(int client, long number);
    }

    private double perSecond(LongAdder unanswered, IntToLongFunction most, Request request)
            throws InterruptedException {
        long begin = examination.environment.nanoTime();
        long end = begin + examination.load.dividedBy(KINDS).toNanos();
        var answered = new LongAdder();
        examination.together(examination.clients, client -> {
            long limit = most.applyAsLong(client);
            // At least one each: on a busy machine a client may come to its turn only when the time is over.
            for (long i = 0; i < limit && (i == 0 || examination.environment.nanoTime() < end)
                    && !Thread.currentThread().isInterrupted(); i++) {
                try {
                    request.send(client, i);
                    answered.increment();
                } catch (StoreUnavailableException e) {
                    unanswered.increment();
                }
            }
        });
        // The last requests end after the time: they count, and so does what they take.
        return answered.sum() / ((examination.environment.nanoTime() - begin) / NANOS_PER_SECOND);
    }

    private static String text(Duration duration) {
        return duration.toMillis() < 10_000 ? duration.toMillis() + " ms" : duration.toSeconds() + " s";
    }
}
