package dev.windlass.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.windlass.environment.Monitor;
import dev.windlass.store.GetResult;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoredObject;

/** How the store tells the time, how fast it answers, and how much it carries. */
final class Speed {
    /** A put for the task and one for its ready key, one to claim it, one to complete it, and the delete of the ready key. */
    private static final int WRITES_PER_TASK = 5;
    private static final int SAMPLES = 20;
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
        List<Long> puts = samples(() -> examination.put(key, Examination.bytes("latency")));
        List<Long> gets = samples(() -> store.get(key));
        List<Long> lists = samples(() -> store.list(examination.key(""), null, 1000));
        String found = "PUT " + millis(puts) + ", GET " + millis(gets) + ", LIST " + millis(lists)
                + " (median and slowest of " + SAMPLES + ")";
        return puts.getLast() > SLOW.toNanos()
                ? Check.note("latency", found,
                        "Raise the worker's lease time-to-live well above the slowest PUT, or look for what slows it.")
                : Check.good("latency", found);
    }

    private List<Long> samples(Runnable request) {
        var nanos = new ArrayList<Long>();
        for (int i = 0; i < SAMPLES; i++) {
            long start = examination.environment.nanoTime();
            request.run();
            nanos.add(examination.environment.nanoTime() - start);
        }
        nanos.sort(null);
        return nanos;
    }

    private static String millis(List<Long> sorted) {
        return String.format(Locale.ROOT, "%.1f and %.1f ms", sorted.get(sorted.size() / 2) / NANOS_PER_MILLI,
                sorted.getLast() / NANOS_PER_MILLI);
    }

    /** How many small writes the store takes, from all clients at once. */
    Check capacity() throws InterruptedException {
        long end = examination.environment.nanoTime() + examination.load.toNanos();
        Monitor monitor = examination.environment.newMonitor();
        long[] counts = new long[2];
        var body = new byte[1_000];
        examination.together(examination.clients, number -> {
            long done = 0;
            long unknown = 0;
            while (examination.environment.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
                String key = examination.key("load/" + number + "-" + done % 100);
                if (examination.connection(number).put(key, body, Precondition.none()) instanceof PutResult.Applied) {
                    done++;
                } else {
                    unknown++;
                }
            }
            monitor.lock();
            try {
                counts[0] += done;
                counts[1] += unknown;
            } finally {
                monitor.unlock();
            }
        });
        if (counts[0] == 0) {
            return Check.bad("capacity", "no write was answered under load", Examination.OVERLOADED);
        }
        double perSecond = counts[0] / (examination.load.toNanos() / NANOS_PER_SECOND);
        String found = String.format(Locale.ROOT,
                "%,.0f writes a second from %d clients here, so about %,.0f tasks a second",
                perSecond, examination.clients, perSecond / WRITES_PER_TASK);
        return counts[1] == 0
                ? Check.good("capacity", found)
                : Check.note("capacity", found + "; " + counts[1] + " writes were not answered",
                        Examination.OVERLOADED);
    }

    private static String text(Duration duration) {
        return duration.toMillis() < 10_000 ? duration.toMillis() + " ms" : duration.toSeconds() + " s";
    }
}
