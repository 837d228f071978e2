package dev.windlass.simulation;

import java.util.PriorityQueue;

import org.jspecify.annotations.Nullable;

/** What is due, and when; of two things due at one instant, the one noted first comes first. */
final class Agenda {
    private static final int STALE_BEFORE_SWEEP = 4_096;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long number;
    private int stale;

    /** The end of a thread's present wait. */
    void add(long at, SimulatedThread thread) {
        events.add(new Event(at, ++number, thread));
    }

    /** Something that happens to the world. */
    void add(long at, Runnable happening) {
        events.add(new Event(at, ++number, happening));
    }

    /** A wait with a limit has ended before it: now and then such leftovers are swept out. */
    void oneIsStale() {
        if (++stale > STALE_BEFORE_SWEEP) {
            events.removeIf(Event::isStale);
            stale = 0;
        }
    }

    /** The next event that still means something; null if there is none. It stays. */
    @Nullable
    Event next() {
        Event next = events.peek();
        while (next != null && next.isStale()) {
            events.remove();
            next = events.peek();
        }
        return next;
    }

    /** Takes the next event that still means something, if it is due by then. */
    @Nullable
    Event takeDue(long now) {
        Event next = next();
        return next != null && next.at <= now ? events.poll() : null;
    }
}
