package dev.windlass.cli.bench;

import java.util.Map;

import dev.windlass.store.RequestCounts;

/** One worker that empties the queue, in this process or in another. */
interface Drainer extends AutoCloseable {

    /** Starts to work on the queue. */
    void begin(String queue);

    /** How many tasks it has completed. */
    long completed();

    /** Stops it and tells what it did. */
    Drained end() throws InterruptedException;

    @Override
    void close();

    /**
     * What a worker did.
     *
     * @param requests its requests since the warm-up
     * @param completed when its last put of each task was answered, in microseconds, by the task's id
     */
    record Drained(RequestCounts requests, Map<String, Long> completed) {}
}
