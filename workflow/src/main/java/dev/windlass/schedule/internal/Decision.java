package dev.windlass.schedule.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import dev.windlass.schedule.OverlapPolicy;
import dev.windlass.schedule.ScheduleListener.Reason;
import dev.windlass.schedule.ScheduleOptions;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the fire times of a schedule that have come: which are fired, and which are passed over. It is written
 * down by one swap of the schedule before anything is started, so that whoever else decided at the same time starts
 * nothing, and whoever comes later starts what was decided and no more. Makes no request but the look at what runs.
 */
final class Decision {
    /**
     * A fire time that is older is refused: what it once started may have been removed by retention, so that its id would
     * start it again. A day less than the shortest retention, which is more than a request may be late.
     */
    static final Duration OLDEST = Duration.ofDays(6);
    /** So many firings in one write. */
    private static final int BATCH = 100;
    /** Missed ones are counted up to here. */
    private static final int COUNTED = 10_000;

    private final ScheduleDocument document;
    private final ScheduleOptions options;
    private final FireTimes times;
    private final Instant now;
    private final Launcher launcher;
    private final BooleanSupplier previousRuns;
    private final ScheduleDocument.Edit edit;
    private final List<ScheduleDocument.Open> fired = new ArrayList<>();
    private final List<Passed> passed = new ArrayList<>();
    private @Nullable Instant next;
    private @Nullable String lastId;
    private boolean changed;

    private Decision(ScheduleDocument document, Instant now, Launcher launcher, BooleanSupplier previousRuns) {
        this.document = document;
        this.options = document.options();
        this.times = document.times();
        this.now = now;
        this.launcher = launcher;
        this.previousRuns = previousRuns;
        this.edit = document.edit();
        this.next = document.nextAt();
        this.lastId = document.lastId();
    }

    /** Fire times that were passed over. */
    record Passed(Reason reason, long count) {}

    /**
     * What was decided.
     *
     * @param edit the change to write
     * @param fired the firings to carry out once it is written
     * @param passed the fire times that are passed over
     */
    record Made(ScheduleDocument.Edit edit, List<ScheduleDocument.Open> fired, List<Passed> passed) {}

    /**
     * Decides on what has come.
     *
     * @param now the store's time, never late
     * @param undone the firings decided before that have not been carried out
     * @param previousRuns whether what was started last has not ended; asked only where the policy needs it
     * @return null if nothing has come
     */
    static @Nullable Made make(ScheduleDocument document, Instant now, Launcher launcher,
            List<ScheduleDocument.Open> undone, BooleanSupplier previousRuns) {
        if (document.status() != ScheduleDocument.Status.ACTIVE) {
            return null;
        }
        return new Decision(document, now, launcher, previousRuns).make(undone);
    }

    private @Nullable Made make(List<ScheduleDocument.Open> undone) {
        Instant buffered = document.bufferedAt();
        if (buffered != null && !previousRuns.getAsBoolean()) {
            edit.time("bufferedAt", null);
            fire(buffered, null);
        } else {
            passOverMissed();
            if (options.overlap() == OverlapPolicy.ALLOW) {
                for (Instant due = due(); due != null && fired.size() < BATCH; due = due()) {
                    fire(due, null);
                    advance(due);
                }
            } else {
                Instant due = due();
                if (due != null) {
                    decideOverlap(due, buffered != null);
                    advance(due);
                }
            }
        }
        if (!changed) {
            return null;
        }
        var open = new ArrayList<>(undone);
        open.addAll(fired);
        edit.open(open).time("nextAt", next);
        return new Made(edit, fired, passed);
    }

    private @Nullable Instant due() {
        Instant time = next;
        return time != null && !dueAt(document, time).isAfter(now) ? time : null;
    }

    /** When a fire time is due: later by its jitter, which is the same whoever asks. */
    static Instant dueAt(ScheduleDocument document, Instant time) {
        long jitter = document.options().jitter().toMillis();
        if (jitter == 0) {
            return time;
        }
        long mixed = document.name().hashCode() * 0x9E3779B97F4A7C15L + time.toEpochMilli();
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return time.plusMillis(Math.floorMod(mixed ^ (mixed >>> 31), jitter + 1));
    }

    /** Of those that are late, the latest ones are kept; that they are is written down, so that it is decided once. */
    private void passOverMissed() {
        Instant cutoff = now.minus(options.misfireAfter()).minus(options.jitter());
        Instant from = next;
        Instant decided = document.lateUntil();
        if (decided != null && from != null && from.isBefore(decided)) {
            return;
        }
        if (decided != null) {
            edit.time("lateUntil", null);
        }
        if (from == null || !from.isBefore(cutoff)) {
            return;
        }
        Instant end = options.endAt() != null && options.endAt().isBefore(cutoff) ? options.endAt() : cutoff;
        List<Instant> first = times.between(from, end, COUNTED);
        List<Instant> kept = times.last(from, end, options.misfire().catchUp());
        long dropped = (long) first.size() - kept.size();
        if (dropped > 0) {
            passOver(Reason.MISSED, "missed", from, dropped,
                    first.size() == COUNTED
                            ? "at least so many: nobody fired them in time"
                            : "nobody fired them in time");
        }
        edit.time("lateUntil", kept.isEmpty() ? null : end);
        next = kept.isEmpty() ? within(times.from(end)) : kept.getFirst();
        changed = true;
    }

    private @Nullable Instant within(@Nullable Instant time) {
        return time == null || (options.endAt() != null && !time.isBefore(options.endAt())) ? null : time;
    }

    private void advance(Instant from) {
        next = within(times.after(from));
    }

    private void decideOverlap(Instant due, boolean isBuffered) {
        boolean runs = lastId != null && previousRuns.getAsBoolean();
        if (!runs) {
            fire(due, null);
            return;
        }
        switch (options.overlap()) {
            case SKIP -> passOver(Reason.SKIPPED, "skipped", due, 1, lastId + " has not ended");
            case BUFFER_ONE -> {
                if (isBuffered) {
                    passOver(Reason.SKIPPED, "skipped", due, 1, lastId + " has not ended, and another one waits");
                } else {
                    edit.time("bufferedAt", due).event(now, "buffered", due, 1, null, lastId + " has not ended");
                    changed = true;
                }
            }
            case CANCEL_PREVIOUS -> fire(due, lastId);
            case ALLOW -> fire(due, null);
        }
    }

    private void fire(Instant time, @Nullable String cancels) {
        if (time.isBefore(now.minus(OLDEST))) {
            passOver(Reason.REFUSED, "refused", time, 1,
                    "it is older than " + OLDEST.toDays() + " days: what it may have started is not known any more");
            return;
        }
        String id = launcher.id(document.name(), time, "");
        fired.add(new ScheduleDocument.Open(time, id, cancels));
        edit.last(time, id).count("fired", 1).event(now, "fired", time, 1, id, null);
        lastId = id;
        changed = true;
    }

    private void passOver(Reason reason, String event, Instant time, long count, String cause) {
        passed.add(new Passed(reason, count));
        edit.count(event, count).event(now, event, time, count, null, cause);
        changed = true;
    }
}
