package dev.windlass.schedule;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A schedule as it stood when it was read. Times are the store's. Immutable.
 *
 * @param name its name
 * @param cron when it fires
 * @param zone where the expression's local times are
 * @param target what it starts
 * @param options how it fires, as given at its creation
 * @param paused whether it is paused now
 * @param createdAt when it was created
 * @param lastFireTime the fire time that was fired last, or null
 * @param lastId the id of the task or workflow that was started last, or null
 * @param nextFireTime the fire time that comes next, without jitter; null if there is none any more. Kept while it is
 *            paused, but not fired
 * @param counts how many fire times came to what
 * @param history its last events, oldest first; at most 20
 */
public record Schedule(String name, Cron cron, ZoneId zone, ScheduleTarget target, ScheduleOptions options,
        boolean paused, Instant createdAt, @Nullable Instant lastFireTime, @Nullable String lastId,
        @Nullable Instant nextFireTime, Counts counts, List<ScheduleEvent> history) {

    /** Copies the history. */
    public Schedule {
        history = List.copyOf(history);
    }

    /**
     * How many fire times came to what, since the creation.
     *
     * @param fired something was started; triggers by hand included
     * @param missed nobody fired them in time, and the misfire policy leaves them out
     * @param skipped what was started before had not ended
     * @param refused they were too old to be fired safely
     */
    public record Counts(long fired, long missed, long skipped, long refused) {}

    /**
     * The fire times that come next, from {@link #nextFireTime()} on, without jitter; fewer than asked for if there are no
     * more. No request.
     *
     * @param count how many at most
     */
    public List<Instant> upcoming(int count) {
        var times = new ArrayList<Instant>();
        Instant end = options.endAt();
        Instant next = nextFireTime;
        while (next != null && times.size() < count && (end == null || next.isBefore(end))) {
            times.add(next);
            next = cron.next(next, zone);
        }
        return times;
    }
}
