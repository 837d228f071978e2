package dev.windlass.internal;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.windlass.queue.Worker;
import dev.windlass.queue.WorkerListener;

/** A worker's settings, checked. */
record WorkerSettings(String id, List<LaneSettings> lanes, Handlers handlers, int batch, Duration leaseTtl,
        Duration heartbeat, Duration shortestPoll, Duration longestPoll, boolean strictOrder, boolean sweeper,
        List<Worker.Companion> companions, TypeSettings types, long maxTasks, List<WorkerListener> listeners) {

    /** Copies what the builder holds: it may be used again. */
    WorkerSettings {
        companions = List.copyOf(companions);
        listeners = List.copyOf(listeners);
    }

    /**
     * Queues that share slots.
     *
     * @param weights of the queues, in their order
     */
    record LaneSettings(List<String> queues, int concurrency, List<Integer> weights) {}

    /**
     * What the worker allows for types of tasks.
     *
     * @param concurrency how many run at once, by type
     * @param timeouts how long an attempt may take, by type
     */
    record TypeSettings(Map<String, Integer> concurrency, Map<String, Duration> timeouts) {

        /** Copies the maps. */
        TypeSettings {
            concurrency = Map.copyOf(concurrency);
            timeouts = Map.copyOf(timeouts);
        }
    }
}
