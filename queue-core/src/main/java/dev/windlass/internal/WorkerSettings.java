package dev.windlass.internal;

import java.time.Duration;
import java.util.List;

import dev.windlass.queue.Worker;

/** A worker's settings, checked. */
record WorkerSettings(String id, List<LaneSettings> lanes, Handlers handlers, int batch, Duration leaseTtl,
        Duration heartbeat, Duration shortestPoll, Duration longestPoll, boolean strictOrder, boolean sweeper,
        List<Worker.Companion> companions) {

    /** Copies the companions: the builder may be used again. */
    WorkerSettings {
        companions = List.copyOf(companions);
    }

    /** Queues that share slots. */
    record LaneSettings(List<String> queues, int concurrency) {}
}
