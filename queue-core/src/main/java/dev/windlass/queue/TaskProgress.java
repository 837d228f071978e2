package dev.windlass.queue;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What an attempt has said of its work, as it was written last: see {@link TaskContext#progress}. Best effort, and some
 * seconds old while it runs. Immutable.
 *
 * @param attempt which attempt
 * @param workerId whose
 * @param at when it was written, by the store's time as the worker knew it
 * @param percent how much is done, 0 to 100; null if that was not said
 * @param message what is being done; null if that was not said
 * @param counters what was counted, by name
 * @param lines how many lines of output are kept
 * @param linesLeftOut how many more were printed, which are not kept, since there were too many
 */
public record TaskProgress(int attempt, String workerId, Instant at, @Nullable Double percent,
        @Nullable String message, Map<String, Long> counters, long lines, long linesLeftOut) {

    /** Copies the counters. */
    public TaskProgress {
        counters = Map.copyOf(counters);
    }
}
