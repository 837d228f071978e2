package dev.windlass.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import org.jspecify.annotations.Nullable;

/**
 * What a worker allows for types of tasks: how many of one run at once, and how long. The type of a task is known once it has
 * been read; one whose type has no room is held: its key is left alone, so that it holds up nobody and is not read again
 * and again, until there is room. Without limits it takes no lock.
 */
final class TypeRules {
    /** So long a key is left alone at the most; longer than there is no room, as a rule. */
    static final Duration HELD = Duration.ofMinutes(15);
    private static final int MOST_HELD = 50_000;
    /** Long enough for those that were let go to be claimed, or not. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Environment environment;
    private final Monitor monitor;
    private final Map<String, Room> rooms = new HashMap<>();
    private final Map<String, Duration> timeouts;

    /** The room of one type. */
    private static final class Room {
        private final Map<String, Runnable> held = new LinkedHashMap<>();
        private int free;
        /** How many were let go at once the last time, if none of them has come to anything yet: others may have them. */
        private int burst;
        private long lastBurst;

        private Room(int free) {
            this.free = free;
        }
    }

    TypeRules(Environment environment, Map<String, Integer> concurrency, Map<String, Duration> timeouts) {
        this.environment = environment;
        this.monitor = environment.newMonitor();
        this.timeouts = Map.copyOf(timeouts);
        concurrency.forEach((type, most) -> rooms.put(type, new Room(most)));
    }

    /** How long an attempt of the task may take here: what the task says or the worker, whichever is shorter. */
    @Nullable
    Duration timeout(TaskDocument document) {
        Duration own = document.timeout();
        Duration here = document.isEngine() ? null : timeouts.get(document.type());
        return own == null || (here != null && here.compareTo(own) < 0) ? here : own;
    }

    /**
     * Takes room for a task of a type, or holds its key if there is none.
     *
     * @param hold sees that the key is left alone; called if there is no room
     * @param release what lets it be tried again; kept then
     * @return whether there was room
     */
    boolean tryEnter(String type, String key, Runnable hold, Runnable release) {
        Room room = rooms.get(type);
        if (room == null) {
            return true;
        }
        monitor.lock();
        try {
            room.burst = 0;
            if (room.free == 0) {
                hold.run();
                room.held.put(key, release);
                if (room.held.size() > MOST_HELD) {
                    room.held.remove(room.held.keySet().iterator().next());
                }
                return false;
            }
            room.free--;
            return true;
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Gives the room back.
     *
     * @return whether something is held that wants it
     */
    boolean leave(String type) {
        Room room = rooms.get(type);
        if (room == null) {
            return false;
        }
        monitor.lock();
        try {
            room.free++;
            return !room.held.isEmpty();
        } finally {
            monitor.unlock();
        }
    }

    /**
     * As many of what is held as there is room for may be tried again, the longest held first; twice as many each time as
     * long as that leads to nothing.
     *
     * @return whether there were any
     */
    boolean releaseHeld() {
        if (rooms.isEmpty()) {
            return false;
        }
        List<Runnable> released = new ArrayList<>();
        monitor.lock();
        try {
            for (Room room : rooms.values()) {
                long now = environment.nanoTime();
                if (room.free == 0 || room.held.isEmpty()
                        || (room.burst > 0 && now - room.lastBurst < PATIENCE.toNanos())) {
                    continue;
                }
                room.lastBurst = now;
                room.burst = Math.clamp(room.burst * 2L, room.free, MOST_HELD);
                var longest = room.held.values().iterator();
                for (int i = 0; i < room.burst && longest.hasNext(); i++) {
                    released.add(longest.next());
                    longest.remove();
                }
            }
        } finally {
            monitor.unlock();
        }
        released.forEach(Runnable::run);
        return !released.isEmpty();
    }
}
