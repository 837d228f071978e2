package dev.windlass.cli.bench;

import java.util.HashMap;

import dev.windlass.WindlassException;
import dev.windlass.queue.Worker;
import dev.windlass.store.RequestCounts;
import org.jspecify.annotations.Nullable;

/** A worker on this process's own connection, whose requests that connection counts. */
final class LocalDrainer implements Drainer {
    private final BenchConnection connection;
    private @Nullable Worker worker;

    LocalDrainer(BenchConnection connection) {
        this.connection = connection;
    }

    @Override
    public void begin(String queue) {
        worker = connection.startWorker(queue);
    }

    @Override
    public long completed() {
        Worker started = worker;
        if (started == null) {
            return 0;
        }
        if (!started.isRunning()) {
            throw new WindlassException("The worker " + started.id() + " of the bench has stopped by itself.");
        }
        return started.stats().completed();
    }

    @Override
    public Drained end() {
        close();
        var completed = new HashMap<String, Long>();
        connection.spans().forEach((id, span) -> completed.put(id, span.last()));
        return new Drained(RequestCounts.NONE, completed);
    }

    @Override
    public void close() {
        Worker started = worker;
        if (started != null) {
            started.close();
        }
    }
}
