package dev.windlass.internal;

import java.time.Duration;
import java.util.List;

/** A worker's settings, checked. */
record WorkerSettings(String id, List<LaneSettings> lanes, Handlers handlers, int batch, Duration leaseTtl,
        Duration heartbeat, Duration shortestPoll, Duration longestPoll, boolean strictOrder, boolean sweeper) {

    /** Queues that share slots. */
    record LaneSettings(List<String> queues, int concurrency) {}
}
