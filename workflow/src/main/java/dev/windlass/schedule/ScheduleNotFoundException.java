package dev.windlass.schedule;

import dev.windlass.WindlassException;

/** There is no schedule of that name: it was never created, or has been deleted. */
public final class ScheduleNotFoundException extends WindlassException {
    private static final long serialVersionUID = 1L;

    private final String name;

    /**
     * @param name the schedule
     * @param message what was asked for, and what to do
     */
    public ScheduleNotFoundException(String name, String message) {
        super(message);
        this.name = name;
    }

    /** The schedule it is about. */
    public String name() {
        return name;
    }
}
