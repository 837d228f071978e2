package dev.windlass.schedule;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.schedule.internal.CronReader;
import dev.windlass.schedule.internal.FireTimes;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;

/**
 * A cron expression: 5 fields as Unix has them, or 6 or 7 as Quartz has them.
 *
 * <ul>
 * <li>Unix: minute, hour, day of month, month, day of week, of which 0 and 7 are Sunday. If both fields of days are set, it
 * fires on days that match either. {@code @hourly}, {@code @daily}, {@code @weekly}, {@code @monthly} and {@code @yearly} may
 * stand for it.</li>
 * <li>Quartz: second, minute, hour, day of month, month, day of week, of which 1 is Sunday, and a year if wanted; one of the
 * fields of days is {@code ?}; {@code L}, {@code W} and {@code #} mean what they mean there.</li>
 * </ul>
 *
 * <p>Immutable, and safe for use by any number of threads. Two are equal if their texts are.
 */
public final class Cron {
    private final String text;
    private final CronReader.Reading reading;

    private Cron(String text) {
        this.text = text;
        this.reading = CronReader.read(text);
    }

    /**
     * Reads an expression.
     *
     * @param text the fields, separated by spaces
     * @throws dev.windlass.InvalidInputException if it cannot be read; the message names the field
     */
    public static Cron parse(String text) {
        return new Cron(String.join(" ", text.strip().split("\\s+")));
    }

    /** The expression as given, with single spaces. */
    public String text() {
        return text;
    }

    /** How many fields it has: 5, 6 or 7. */
    public int fields() {
        return reading.fields();
    }

    /** How it was read, in words for people: a line for the form, one for the days of the week, and more if need be. */
    public List<String> explanation() {
        return reading.explanation();
    }

    /** What it is for Quartz: one expression, or two of which either fires. */
    public List<String> quartz() {
        return reading.expressions().stream().map(CronExpression::getCronExpression).toList();
    }

    /**
     * The first fire time after an instant. A local time that the zone skips when its clocks go forward fires right after
     * the gap, once. One that occurs twice when they go back fires the first time, unless the expression is an interval (a
     * {@code *} or a step in the seconds or minutes, or every hour): then it goes on through the repeated hour.
     *
     * @param after the instant
     * @param zone where the expression's local times are
     * @return the fire time, in whole seconds; null if there is none any more
     */
    public @Nullable Instant next(Instant after, ZoneId zone) {
        return new FireTimes(reading, zone).after(after);
    }

    /**
     * The first fire times after an instant; fewer than asked for if there are no more.
     *
     * @param after the instant
     * @param zone where the expression's local times are
     * @param count how many at most
     */
    public List<Instant> next(Instant after, ZoneId zone, int count) {
        var times = new FireTimes(reading, zone);
        var all = new ArrayList<Instant>();
        Instant next = times.after(after);
        while (next != null && all.size() < count) {
            all.add(next);
            next = times.after(next);
        }
        return all;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cron cron && cron.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
