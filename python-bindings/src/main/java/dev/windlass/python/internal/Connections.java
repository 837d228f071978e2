package dev.windlass.python.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.queue.TaskQueue;
import dev.windlass.queue.Worker;
import dev.windlass.schedule.Schedules;
import dev.windlass.schema.Schemas;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.ObjectStores;
import dev.windlass.store.StoreSettings;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open connections of this process and their workers, by number. Safe for use by any number of threads. */
public final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final Environment environment;
    private final Outbox outbox;
    private final Invocations invocations;
    private final Flows flows;
    private final Metrics metrics;
    private final Monitor monitor;
    private final Map<Long, Opened> connections = new HashMap<>();
    private final Map<Long, Worker> workers = new HashMap<>();
    private long last;

    /**
     * @param outbox where workers tell what they have done
     * @param invocations what workers hand their tasks to
     * @param flows what they hand their durable functions to
     * @param metrics what counts what they do
     */
    public Connections(Environment environment, Outbox outbox, Invocations invocations, Flows flows,
            Metrics metrics) {
        this.environment = environment;
        this.outbox = outbox;
        this.invocations = invocations;
        this.flows = flows;
        this.metrics = metrics;
        this.monitor = environment.newMonitor();
    }

    /**
     * A connection, and the store below it.
     *
     * @param latest the workflows of the worker that was started last: who waits there for a run sees its end at once
     */
    record Opened(long number, ObjectStore store, Windlass windlass, Schedules schedules,
            AtomicReference<Workflows> latest) {

        static Opened of(long number, ObjectStore store, Windlass windlass) {
            return new Opened(number, store, windlass, Schedules.on(windlass),
                    new AtomicReference<>(Workflows.on(windlass.engine())));
        }

        Workflows workflows() {
            return latest.get();
        }

        /** Tasks are found by their ids alone: any queue will do. */
        TaskQueue anyQueue() {
            return windlass.queue("default");
        }
    }

    Outbox outbox() {
        return outbox;
    }

    Invocations invocations() {
        return invocations;
    }

    Flows flows() {
        return flows;
    }

    Opened open(String url, Map<String, String> options, int concurrency) {
        ObjectStore store = ObjectStores.open(url, new StoreSettings(environment, concurrency, options));
        Windlass windlass;
        try {
            Windlass.Builder builder = Windlass.builder();
            metrics.addTo(builder);
            windlass = builder.check(Schemas.check()).over(store);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
        monitor.lock();
        try {
            last++;
            Opened opened = Opened.of(last, store, windlass);
            connections.put(last, opened);
            return opened;
        } finally {
            monitor.unlock();
        }
    }

    Opened get(long number) {
        monitor.lock();
        try {
            Opened opened = connections.get(number);
            if (opened == null) {
                throw new InvalidInputException("Connection " + number + " is closed.");
            }
            return opened;
        } finally {
            monitor.unlock();
        }
    }

    void close(long number) {
        Opened opened;
        monitor.lock();
        try {
            opened = connections.remove(number);
        } finally {
            monitor.unlock();
        }
        if (opened != null) {
            opened.windlass().close();
        }
    }

    void addWorker(long number, Worker worker) {
        monitor.lock();
        try {
            workers.put(number, worker);
        } finally {
            monitor.unlock();
        }
    }

    @Nullable
    Worker worker(long number) {
        monitor.lock();
        try {
            return workers.get(number);
        } finally {
            monitor.unlock();
        }
    }

    void removeWorker(long number) {
        monitor.lock();
        try {
            workers.remove(number);
        } finally {
            monitor.unlock();
        }
    }

    /** Gives back what workers still hold, and closes everything. */
    public void closeAll() {
        List<Worker> left;
        List<Opened> open;
        monitor.lock();
        try {
            left = new ArrayList<>(workers.values());
            open = new ArrayList<>(connections.values());
            workers.clear();
            connections.clear();
        } finally {
            monitor.unlock();
        }
        for (Worker worker : left) {
            close("worker " + worker.id(), () -> worker.drain(Duration.ZERO));
        }
        for (Opened opened : open) {
            close("the connection to " + opened.windlass().location(), opened.windlass()::close);
        }
    }

    private static void close(String what, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.warn("{} could not be closed: {}", what, e.getMessage());
        }
    }
}
