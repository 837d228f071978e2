package dev.windlass.cli.bench;

import java.time.Duration;

import dev.windlass.WindlassException;
import dev.windlass.environment.Environment;

/** Notices that nothing moves any more. */
final class Progress {
    private final Environment environment;
    private final Duration patience;
    private long last = -1;
    private long since;

    Progress(Environment environment, Duration patience) {
        this.environment = environment;
        this.patience = patience;
        this.since = environment.nanoTime();
    }

    /**
     * To be called again and again.
     *
     * @throws WindlassException if the number has not changed for too long
     */
    void check(long completed, long tasks) {
        long now = environment.nanoTime();
        if (completed != last) {
            last = completed;
            since = now;
        } else if (now - since > patience.toNanos()) {
            throw new WindlassException("The bench stands still: " + completed + " of " + tasks
                    + " tasks are done, and no other for " + patience.toSeconds()
                    + " s. Look at the store, or run it with --verbose.");
        }
    }
}
