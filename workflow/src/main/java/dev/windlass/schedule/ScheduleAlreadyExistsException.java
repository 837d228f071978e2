package dev.windlass.schedule;

import dev.windlass.WindlassException;

/** There is a schedule of that name already, with another expression, zone, target or other options. It is left as it is. */
public final class ScheduleAlreadyExistsException extends WindlassException {
    private static final long serialVersionUID = 1L;

    private final String name;

    /**
     * @param name the schedule
     * @param message what stands there, and what to do
     */
    public ScheduleAlreadyExistsException(String name, String message) {
        super(message);
        this.name = name;
    }

    /** The schedule it is about. */
    public String name() {
        return name;
    }
}
