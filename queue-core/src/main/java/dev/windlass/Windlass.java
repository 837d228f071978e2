package dev.windlass;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import dev.windlass.environment.Environment;
import dev.windlass.internal.Codecs;
import dev.windlass.internal.Connection;
import dev.windlass.internal.StoreFormat;
import dev.windlass.observer.Observer;
import dev.windlass.queue.AuditReport;
import dev.windlass.queue.PayloadCodec;
import dev.windlass.queue.SweepReport;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskQueue;
import dev.windlass.queue.Worker;
import dev.windlass.queue.WorkerInfo;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.PayloadCheck;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.ObjectStores;
import dev.windlass.store.RequestCounts;
import dev.windlass.store.StoreSettings;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A connection to a store, and the way to all else: queues, workers, maintenance. Safe for use by any number of threads;
 * one per process and store is enough.
 *
 * <pre>{@code
 * try (var windlass = Windlass.connect("file:./data")) {
 *     windlass.queue("emails").submit(SEND, new Email("a@b.c", "hello"));
 * }
 * }</pre>
 */
public final class Windlass implements AutoCloseable {
    private final Connection connection;
    private final String location;

    private Windlass(Connection connection, String location) {
        this.connection = connection;
        this.location = location;
    }

    /**
     * Connects to a store. One GET; writes nothing: an empty place is initialised by the first write.
     *
     * @param uri {@code file:directory}, {@code s3://bucket/prefix} or {@code mem:}, which is private to the connection
     * @throws InvalidInputException if no backend knows the URI
     * @throws dev.windlass.store.StoreRefusedException if the place cannot be used: permission, format
     * @throws dev.windlass.store.StoreUnavailableException if the store does not answer
     */
    public static Windlass connect(String uri) {
        return builder().connect(uri);
    }

    /**
     * Connects over a store object, which several connections may share.
     *
     * @param store the store; closed with the connection
     */
    public static Windlass over(ObjectStore store) {
        return builder().over(store);
    }

    /** A connection with settings other than the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where it is connected to, as a URI for people; never a secret. */
    public String location() {
        return location;
    }

    /**
     * A queue. No request: a queue is there once a task is in it.
     *
     * @param name any text of at most 200 bytes once percent-encoded
     * @throws InvalidInputException if the name is empty or too long
     */
    public TaskQueue queue(String name) {
        return connection.queue(name);
    }

    /** A worker to set up and start. */
    public Worker.Builder worker() {
        return connection.worker();
    }

    /** The connection as an engine sees it. For authors of engines. */
    public EngineAccess engine() {
        return connection.engine();
    }

    /** The requests of this connection so far, each try counted. */
    public RequestCounts requests() {
        return connection.requests();
    }

    /** The names of the queues in which something waits, or is paused. One LIST per thousand. */
    public List<String> queues() {
        return connection.queues();
    }

    /** The names of the queues that have dead letters: {@link TaskQueue#deadLetters}. One LIST per thousand. */
    public List<String> queuesWithDeadLetters() {
        return connection.queuesWithDeadLetters();
    }

    /**
     * Who works on tasks of this store, and which he holds: all workers that have registered, also those that were killed and
     * whose leases are not yet swept, and who claims by hand. Two LISTs per thousand, and one GET for each worker and lease.
     *
     * @return by id
     */
    public List<WorkerInfo> workers() {
        return connection.workers();
    }

    /**
     * Reads tasks, in no order, until enough of them match: one LIST per thousand tasks and one GET per task, so this is for
     * people and small stores.
     *
     * @param wanted which tasks; asked of one task at a time, on threads of this connection
     * @param limit at most so many
     * @return the tasks that it met first, those oldest first
     */
    public List<TaskInfo> find(Predicate<TaskInfo> wanted, int limit) {
        return connection.find(wanted, limit);
    }

    /**
     * Recovers the tasks of dead workers, as every worker does by itself now and then. Safe to repeat, and for several at
     * once.
     *
     * @param readyKeys whether to walk all ready keys too, and remove those that no task names
     */
    public SweepReport sweep(boolean readyKeys) {
        return connection.sweep(readyKeys);
    }

    /**
     * Recovers the tasks of a worker at once, without waiting for its lease to end. Only for one who knows that the
     * worker's process has ended, such as its supervisor: of a worker that lives, handlers would run twice at a time.
     *
     * @param workerId the worker
     */
    public SweepReport retire(String workerId) {
        return connection.retire(workerId);
    }

    /**
     * Checks the whole store against the invariants of the protocol. One LIST per thousand keys; one GET per task, one more for
     * each that waits or runs, and one for each older key of an index.
     *
     * @param repair whether to repair what can be
     */
    public AuditReport audit(boolean repair) {
        return connection.audit(repair);
    }

    /**
     * Initialises the store, if it is not: the first write does it otherwise.
     *
     * @param shardWidth hexadecimal digits of the shard that leads the keys of tasks, 1 to 4; default 2
     * @return whether this call initialised it
     */
    public boolean initialise(int shardWidth) {
        return connection.format().initialise(shardWidth);
    }

    /** Closes the store. Workers must have been closed before. A second call does nothing. */
    @Override
    public void close() {
        connection.close();
    }

    /**
     * Settings of a connection. Not safe for use by several threads.
     *
     * <ul>
     * <li>concurrency: 256 requests at once</li>
     * <li>patience with a store that does not answer: 30 seconds</li>
     * <li>grace for orphan ready keys: 10 minutes</li>
     * <li>a look at the store before the first worker starts: yes</li>
     * <li>codec: none; values are stored as JSON</li>
     * <li>checks of inputs and results: none</li>
     * <li>mapper: Jackson 3 with {@code java.time}, decimal fractions exact</li>
     * <li>observers: none</li>
     * </ul>
     */
    public static final class Builder {
        private Environment environment = Environment.system();
        private final Map<String, String> options = new HashMap<>();
        private @Nullable JsonMapper mapper;
        private int concurrency = 256;
        private Duration grace = Duration.ofMinutes(10);
        private Duration patience = Duration.ofSeconds(30);
        private boolean startCheck = true;
        private @Nullable PayloadCodec codec;
        private final List<PayloadCodec> readable = new ArrayList<>();
        private final List<PayloadCheck.Factory> checks = new ArrayList<>();
        private final List<Observer> observers = new ArrayList<>();

        private Builder() {
        }

        /**
         * Time, threads and randomness; for tests.
         *
         * @param value default {@link Environment#system()}
         */
        public Builder environment(Environment value) {
            this.environment = value;
            return this;
        }

        /**
         * A setting of the backend, such as {@code endpoint} of {@code s3:}. The same name in the URI wins.
         *
         * @param name its name
         * @param value its value
         */
        public Builder option(String name, String value) {
            options.put(name, value);
            return this;
        }

        /**
         * The mapper for inputs and results.
         *
         * @param value an immutable mapper
         */
        public Builder mapper(JsonMapper value) {
            this.mapper = value;
            return this;
        }

        /**
         * Encodes the inputs and results that this connection stores from now on, and reads those that it has stored.
         *
         * @param value compresses or encrypts; default: none, values are stored as JSON
         */
        public Builder codec(PayloadCodec value) {
            this.codec = value;
            return this;
        }

        /**
         * Reads inputs and results that this codec has stored, and stores none: for one that goes out of use, or is about to
         * come into use. May be called several times. {@link PayloadCodec#gzip} can always be read.
         *
         * @param value decodes
         */
        public Builder readableBy(PayloadCodec value) {
            readable.add(value);
            return this;
        }

        /**
         * Looks at the inputs and results of tasks before they are stored, as the module {@code windlass-schemas} does by JSON
         * Schema. May be called several times; each sees what the one before it has accepted. Default: none.
         *
         * @param value makes the check
         */
        public Builder check(PayloadCheck.Factory value) {
            checks.add(value);
            return this;
        }

        /**
         * How many requests may be under way at once.
         *
         * @param value 1 to 10,000; default 256
         */
        public Builder concurrency(int value) {
            if (value < 1 || value > 10_000) {
                throw new InvalidInputException("The concurrency is " + value + ". Use 1 to 10000.");
            }
            this.concurrency = value;
            return this;
        }

        /**
         * How long a ready key without a task that names it is left alone, since its author may be slow. All clients of a
         * store should use the same.
         *
         * @param value more than a second; default 10 minutes
         */
        public Builder grace(Duration value) {
            if (value.compareTo(Duration.ofSeconds(1)) <= 0) {
                throw new InvalidInputException("The grace period is " + value + ". Use more than a second.");
            }
            this.grace = value;
            return this;
        }

        /**
         * How long a request that the store does not answer is repeated, before {@code StoreUnavailableException} says so;
         * 30 seconds unless said otherwise. Renewals of a worker's lease have a shorter one of their own.
         *
         * @param value 1 second to 1 hour
         */
        public Builder patience(Duration value) {
            if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(Duration.ofHours(1)) > 0) {
                throw new InvalidInputException("The patience is " + value + ". Use 1 second to 1 hour.");
            }
            this.patience = value;
            return this;
        }

        /**
         * Whether a worker looks at the store before it starts, and refuses one that loses updates: 1 GET where the store
         * was found good within the last day, else {@link dev.windlass.doctor.Doctor#GLANCE_REQUESTS} billed requests and
         * two more. Once per connection. Leave it on; it is off in simulations and measurements of what comes after.
         *
         * @param value default true
         */
        public Builder startCheck(boolean value) {
            this.startCheck = value;
            return this;
        }

        /**
         * Somebody who is told of what the connection and its workers do, such as the metrics of {@code windlass-metrics}.
         * Engines on the connection tell those that implement their listeners, too.
         *
         * @param observer told beside those given before
         */
        public Builder observer(Observer observer) {
            observers.add(observer);
            return this;
        }

        /**
         * Connects; see {@link Windlass#connect(String)}.
         *
         * @param uri the place
         */
        public Windlass connect(String uri) {
            ObjectStore store = ObjectStores.open(uri, new StoreSettings(environment, concurrency, options));
            try {
                return over(store);
            } catch (RuntimeException e) {
                store.close();
                throw e;
            }
        }

        /**
         * Connects over a store object; see {@link Windlass#over(ObjectStore)}.
         *
         * @param store the store
         */
        public Windlass over(ObjectStore store) {
            return new Windlass(
                    new Connection(store, environment, mapper, grace, patience, startCheck, observers,
                            new Codecs(codec, readable), checks),
                    store.location());
        }
    }

    /** The format of the stores that this version writes. */
    public static int formatVersion() {
        return StoreFormat.VERSION;
    }
}
