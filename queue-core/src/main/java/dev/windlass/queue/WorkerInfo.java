package dev.windlass.queue;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A worker as it stands in the store, and what it is doing. Immutable.
 *
 * @param id its id
 * @param host its host, or of a claim by hand, empty
 * @param pid its process, or 0
 * @param startedAt when it started, by the store's time, or null if that is not known
 * @param queues what it takes tasks from
 * @param types what it can do
 * @param byHand whether it is no worker, but a program that claims by hand
 * @param leaseSeenAt when its lease was last renewed; null if it has none, since it has done nothing yet or has lost it
 * @param alive whether its lease stands; a worker without a lease holds nothing, and may be idle or gone
 * @param tasks the ids of the tasks that it holds
 */
public record WorkerInfo(String id, String host, long pid, @Nullable Instant startedAt, List<String> queues,
        List<String> types, boolean byHand, @Nullable Instant leaseSeenAt, boolean alive, List<String> tasks) {

    /** Copies the lists. */
    public WorkerInfo {
        queues = List.copyOf(queues);
        types = List.copyOf(types);
        tasks = List.copyOf(tasks);
    }
}
