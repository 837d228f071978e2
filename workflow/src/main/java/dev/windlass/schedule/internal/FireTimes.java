package dev.windlass.schedule.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;

/**
 * The instants at which a cron expression fires in a zone. Quartz enumerates local times, without any zone; what becomes
 * of them is decided here, from one change of the zone's offset to the next:
 * <ul>
 * <li>local times that a gap skips fire once, all together, right after the gap</li>
 * <li>local times that occur twice fire the first time; those of an interval fire both times</li>
 * </ul>
 *
 * <p>Immutable, and safe for use by any number of threads.
 */
public final class FireTimes {
    private static final Duration FIRST_WINDOW = Duration.ofMinutes(2);

    private final List<CronExpression> expressions;
    private final boolean repeats;
    private final ZoneRules rules;

    /**
     * The fire times of an expression.
     *
     * @param reading the expression
     * @param zone where its local times are
     */
    public FireTimes(CronReader.Reading reading, ZoneId zone) {
        this.expressions = reading.expressions();
        this.repeats = reading.repeats();
        this.rules = zone.getRules();
    }

    /** The first one after an instant, or null if there is none any more. */
    public @Nullable Instant after(Instant instant) {
        LocalDateTime floor = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), 0, rules.getOffset(instant));
        ZoneOffsetTransition last = rules.previousTransition(instant.plusNanos(1));
        if (!repeats && last != null && last.isOverlap() && floor.isBefore(last.getDateTimeBefore())) {
            floor = last.getDateTimeBefore().minusSeconds(1); // what comes until then has occurred before
        }
        Instant at = instant;
        LocalDateTime match = CronReader.nextLocal(expressions, floor);
        while (match != null) {
            ZoneOffsetTransition change = rules.nextTransition(at);
            if (change == null || match.isBefore(change.getDateTimeBefore())) {
                return match.toInstant(rules.getOffset(at));
            }
            if (change.isGap()) {
                if (match.isBefore(change.getDateTimeAfter())) {
                    return change.getInstant();
                }
            } else if (repeats) {
                match = CronReader.nextLocal(expressions, change.getDateTimeAfter().minusSeconds(1));
            }
            at = change.getInstant();
        }
        return null;
    }

    /** The first one at or after an instant, or null. */
    @Nullable
    Instant from(Instant instant) {
        return after(instant.minusNanos(1));
    }

    /** Those from one instant, inclusive, to another, exclusive; at most so many. */
    public List<Instant> between(Instant from, Instant to, int limit) {
        var times = new ArrayList<Instant>();
        Instant next = from(from);
        while (next != null && next.isBefore(to) && times.size() < limit) {
            times.add(next);
            next = after(next);
        }
        return times;
    }

    /** The last ones from an instant, inclusive, to another, exclusive, in order; at most so many. */
    List<Instant> last(Instant from, Instant to, int count) {
        if (count == 0) {
            return List.of();
        }
        Duration window = FIRST_WINDOW;
        while (true) {
            Instant begin = to.minus(window).isBefore(from) ? from : to.minus(window);
            Deque<Instant> kept = new ArrayDeque<>();
            for (Instant next = from(begin); next != null && next.isBefore(to); next = after(next)) {
                kept.addLast(next);
                if (kept.size() > count) {
                    kept.removeFirst();
                }
            }
            if (kept.size() == count || begin.equals(from)) {
                return List.copyOf(kept);
            }
            window = window.multipliedBy(2);
        }
    }
}
