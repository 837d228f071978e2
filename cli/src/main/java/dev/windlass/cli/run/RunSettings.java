package dev.windlass.cli.run;

import java.time.Duration;

import dev.windlass.Windlass;
import dev.windlass.queue.Worker;

/** How the workers of a run are set up: livelier than the defaults, since a run is short and somebody watches. */
final class RunSettings {
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration HEARTBEAT = Duration.ofSeconds(3);
    private static final Duration SHORTEST_POLL = Duration.ofMillis(20);
    private static final Duration LONGEST_POLL = Duration.ofMillis(500);

    private RunSettings() {
    }

    static Worker.Builder worker(Windlass windlass, String id) {
        return windlass.worker().id(id).lease(LEASE, HEARTBEAT).poll(SHORTEST_POLL, LONGEST_POLL);
    }
}
