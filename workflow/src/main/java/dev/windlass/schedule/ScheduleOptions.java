package dev.windlass.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;

import dev.windlass.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * How a schedule fires. Immutable; every {@code with} gives a changed copy; two are equal if all their values are.
 *
 * <ul>
 * <li>misfires: {@link MisfirePolicy#fireOnce()}</li>
 * <li>missed after: a minute</li>
 * <li>overlap: {@link OverlapPolicy#ALLOW}</li>
 * <li>jitter: none</li>
 * <li>start and end: none; it fires from its creation on, for ever</li>
 * <li>paused: no</li>
 * </ul>
 */
public final class ScheduleOptions {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
    private static final ScheduleOptions DEFAULTS = new ScheduleOptions();

    private MisfirePolicy misfire = MisfirePolicy.fireOnce();
    private Duration misfireAfter = Duration.ofMinutes(1);
    private OverlapPolicy overlap = OverlapPolicy.ALLOW;
    private Duration jitter = Duration.ZERO;
    private @Nullable Instant startAt;
    private @Nullable Instant endAt;
    private boolean paused;

    private ScheduleOptions() {
    }

    private ScheduleOptions with(Consumer<ScheduleOptions> change) {
        var copy = new ScheduleOptions();
        copy.misfire = misfire;
        copy.misfireAfter = misfireAfter;
        copy.overlap = overlap;
        copy.jitter = jitter;
        copy.startAt = startAt;
        copy.endAt = endAt;
        copy.paused = paused;
        change.accept(copy);
        return copy;
    }

    /** The defaults listed above. */
    public static ScheduleOptions ofDefaults() {
        return DEFAULTS;
    }

    /**
     * What becomes of fire times that were missed.
     *
     * @param misfire default: the latest of them is fired
     */
    public ScheduleOptions withMisfire(MisfirePolicy misfire) {
        return with(copy -> copy.misfire = misfire);
    }

    /**
     * How late a firing may be before it counts as missed. A killed scheduler is replaced within about 45 s, so less than
     * that makes misfires of it.
     *
     * @param misfireAfter 1 second to a day; default a minute
     */
    public ScheduleOptions withMisfireAfter(Duration misfireAfter) {
        if (misfireAfter.compareTo(Duration.ofSeconds(1)) < 0 || misfireAfter.compareTo(LONGEST) > 0) {
            throw new InvalidInputException("The time after which a firing counts as missed is " + misfireAfter
                    + ". Use 1 second to a day.");
        }
        return with(copy -> copy.misfireAfter = Duration.ofMillis(misfireAfter.toMillis()));
    }

    /**
     * What becomes of a fire time while what was started before has not ended.
     *
     * @param overlap default: it is fired
     */
    public ScheduleOptions withOverlap(OverlapPolicy overlap) {
        return with(copy -> copy.overlap = overlap);
    }

    /**
     * Fires each time later by an amount from zero to this, so that many schedules of one minute spread. The amount is made
     * from the schedule's name and the fire time: it is the same whoever fires.
     *
     * @param jitter zero to a day; default zero
     */
    public ScheduleOptions withJitter(Duration jitter) {
        if (jitter.isNegative() || jitter.compareTo(LONGEST) > 0) {
            throw new InvalidInputException("The jitter is " + jitter + ". Use zero to a day.");
        }
        return with(copy -> copy.jitter = Duration.ofMillis(jitter.toMillis()));
    }

    /**
     * Fires no earlier than this, by the store's clock.
     *
     * @param startAt a time from 1970 to 2199; null for no start
     */
    public ScheduleOptions withStartAt(@Nullable Instant startAt) {
        check("start", startAt);
        return with(copy -> copy.startAt = startAt == null ? null : Instant.ofEpochMilli(startAt.toEpochMilli()));
    }

    /**
     * Fires only before this, by the store's clock.
     *
     * @param endAt a time from 1970 to 2199, and after the start; null for no end
     */
    public ScheduleOptions withEndAt(@Nullable Instant endAt) {
        check("end", endAt);
        return with(copy -> copy.endAt = endAt == null ? null : Instant.ofEpochMilli(endAt.toEpochMilli()));
    }

    private static void check(String what, @Nullable Instant time) {
        if (time != null && (time.isBefore(Instant.EPOCH) || !time.isBefore(LATEST))) {
            throw new InvalidInputException("The " + what + " is " + time + ". Use a time from 1970 to 2199.");
        }
    }

    /**
     * Whether it begins paused.
     *
     * @param paused default false
     */
    public ScheduleOptions withPaused(boolean paused) {
        return with(copy -> copy.paused = paused);
    }

    /** What becomes of fire times that were missed. */
    public MisfirePolicy misfire() {
        return misfire;
    }

    /** How late a firing may be before it counts as missed. */
    public Duration misfireAfter() {
        return misfireAfter;
    }

    /** What becomes of a fire time while what was started before has not ended. */
    public OverlapPolicy overlap() {
        return overlap;
    }

    /** By how much a firing is late on purpose, at most. */
    public Duration jitter() {
        return jitter;
    }

    /** The earliest fire time, or null. */
    public @Nullable Instant startAt() {
        return startAt;
    }

    /** All fire times are before this; or null. */
    public @Nullable Instant endAt() {
        return endAt;
    }

    /** Whether it begins paused. */
    public boolean paused() {
        return paused;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ScheduleOptions options && misfire.equals(options.misfire)
                && misfireAfter.equals(options.misfireAfter) && overlap == options.overlap
                && jitter.equals(options.jitter) && Objects.equals(startAt, options.startAt)
                && Objects.equals(endAt, options.endAt) && paused == options.paused;
    }

    @Override
    public int hashCode() {
        return Objects.hash(misfire, misfireAfter, overlap, jitter, startAt, endAt, paused);
    }
}
