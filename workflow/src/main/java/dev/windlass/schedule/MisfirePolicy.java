package dev.windlass.schedule;

import dev.windlass.InvalidInputException;

/**
 * What becomes of fire times that nobody fired in time, since no scheduler was running or the store was away. It counts
 * as missed what is later than {@link ScheduleOptions#misfireAfter()}.
 *
 * @param catchUp how many of the missed fire times are fired afterwards, the latest ones; 0 to 100
 */
public record MisfirePolicy(int catchUp) {
    private static final int MOST = 100;

    /** Checks the number. */
    public MisfirePolicy {
        if (catchUp < 0 || catchUp > MOST) {
            throw new InvalidInputException(
                    "The number of fire times to catch up is " + catchUp + ". Use 0 to " + MOST + ".");
        }
    }

    /** None of them is fired. */
    public static MisfirePolicy skip() {
        return new MisfirePolicy(0);
    }

    /** The latest of them is fired. */
    public static MisfirePolicy fireOnce() {
        return new MisfirePolicy(1);
    }

    /**
     * The latest ones of them are fired, in order.
     *
     * @param most how many at most, 0 to 100
     */
    public static MisfirePolicy catchUp(int most) {
        return new MisfirePolicy(most);
    }
}
