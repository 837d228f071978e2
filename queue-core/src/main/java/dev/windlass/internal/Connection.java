package dev.windlass.internal;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import dev.windlass.environment.Environment;
import dev.windlass.observer.Observer;
import dev.windlass.queue.AuditReport;
import dev.windlass.queue.SweepReport;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskQueue;
import dev.windlass.queue.Worker;
import dev.windlass.queue.WorkerInfo;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.PayloadCheck;
import dev.windlass.store.CountingStore;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.RequestCounts;
import dev.windlass.store.StoreRefusedException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A connection put together: what {@link dev.windlass.Windlass} stands on. */
public final class Connection {
    private static final Duration SHORTEST_TTL = Duration.ofSeconds(1);

    private final CountingStore counting;
    private final Core core;
    private final Sweeper sweeper;

    /**
     * Connects: reads the store's format, which is the first request.
     *
     * @param grace how long a ready key without a task that names it is left alone
     * @param patience how long a request is repeated before the store counts as unavailable
     * @param startCheck whether workers look at the store before they start
     * @param watching who is told of what happens
     * @param codecs how inputs and results are encoded
     * @param checks look at them before
     */
    public Connection(ObjectStore store, Environment environment, @Nullable JsonMapper mapper, Duration grace,
            Duration patience, boolean startCheck, List<? extends Observer> watching, Codecs codecs,
            List<PayloadCheck.Factory> checks) {
        var observers = new Observers(watching);
        this.counting = new CountingStore(
                observers.isEmpty() ? store : new ObservedStore(store, environment, observers));
        var clock = new StoreClock(environment, store.capabilities().timeUncertainty());
        var answers = new Pulse(environment);
        var sampled = new SampledStore(counting, clock, answers);
        var documents = new DefaultDocuments(sampled, environment, patience, observers);
        // The first request fails fast: a wrong address is the likeliest reason.
        var format = new StoreFormat(documents.withPatience(Duration.ofSeconds(2)), environment, store.location());
        if (!clock.isKnown()) {
            throw new StoreRefusedException("The store at " + store.location()
                    + " does not say its time: its answers have no Date. Leases and due times need it; use another server.");
        }
        this.core = new Core(environment, sampled, clock, documents, format, new TaskStore(documents, format),
                new ReadyIndex(documents, environment), new Payloads(documents, codecs), new Notices(environment),
                mapper == null ? Json.MAPPER : mapper,
                new StartCheck(sampled, documents, format, clock, environment, startCheck), grace, observers, answers,
                new Checks(checks));
        core.checks().start(new DefaultEngineAccess(core));
        this.sweeper = new Sweeper(core, SHORTEST_TTL);
    }

    /** The store's format. */
    public StoreFormat format() {
        return core.format();
    }

    /** A queue. */
    public TaskQueue queue(String name) {
        return new DefaultTaskQueue(core, name);
    }

    /** A worker to set up. */
    public Worker.Builder worker() {
        return new DefaultWorkerBuilder(core);
    }

    /** For engines. */
    public EngineAccess engine() {
        return new DefaultEngineAccess(core);
    }

    /** The requests so far. */
    public RequestCounts requests() {
        return counting.counts();
    }

    /** The names of all queues that have ready keys. */
    public List<String> queues() {
        return core.documents().names(Keys.READY).stream().map(Keys::name).toList();
    }

    /** Who works, and what he is doing. */
    public List<WorkerInfo> workers() {
        return new Census(core).workers();
    }

    /** The names of all queues that have dead letters. */
    public List<String> queuesWithDeadLetters() {
        return core.documents().names(Keys.DEAD).stream().map(Keys::name).toList();
    }

    /** Tasks that match. */
    public List<TaskInfo> find(Predicate<TaskInfo> wanted, int limit) {
        return Audit.find(core, wanted, limit);
    }

    /** Sweeps leases, and ready keys too if wanted. */
    public SweepReport sweep(boolean readyKeys) {
        SweepReport report = sweeper.sweep();
        return readyKeys ? report.plus(sweeper.sweepReadyKeys()) : report;
    }

    /** Recovers what a worker held that is known to have ended. */
    public SweepReport retire(String workerId) {
        SweepReport report = sweeper.retire(workerId);
        core.documents().delete(Keys.worker(workerId));
        return report;
    }

    /** Audits the store. */
    public AuditReport audit(boolean repair) {
        return new Audit(core, repair).run();
    }

    /** Waits for deletes under way, and closes the store. */
    public void close() {
        try {
            core.ready().flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            counting.close();
        }
    }
}
