package dev.windlass.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.windlass.InvalidInputException;
import dev.windlass.environment.ProcessName;
import dev.windlass.queue.TaskHandler;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.queue.WorkerListener;
import dev.windlass.queue.spi.EngineHandler;
import org.jspecify.annotations.Nullable;

/** Collects and checks a worker's settings. */
final class DefaultWorkerBuilder implements Worker.Builder {
    private static final int MOST = 10_000;
    private static final int MOST_WEIGHT = 1_000;
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(3653);

    private final Core core;
    private final Set<String> shared = new LinkedHashSet<>();
    private final List<WorkerSettings.LaneSettings> own = new ArrayList<>();
    private final Handlers handlers = new Handlers();
    private final Map<String, Integer> weights = new LinkedHashMap<>();
    private final Map<String, Integer> typeConcurrency = new LinkedHashMap<>();
    private final Map<String, Duration> typeTimeouts = new LinkedHashMap<>();
    private final List<WorkerListener> listeners = new ArrayList<>();
    private long maxTasks = Long.MAX_VALUE;
    private int concurrency = 16;
    private int batch = 1000;
    private Duration leaseTtl = Duration.ofSeconds(30);
    private Duration heartbeat = Duration.ofSeconds(10);
    private Duration shortestPoll = Duration.ofMillis(100);
    private Duration longestPoll = Duration.ofSeconds(5);
    private boolean strict;
    private boolean sweeper = true;
    private final List<Worker.Companion> companions = new ArrayList<>();
    private @Nullable String id;

    DefaultWorkerBuilder(Core core) {
        this.core = core;
    }

    @Override
    public Worker.Builder queue(String name) {
        checkNew(name);
        shared.add(name);
        return this;
    }

    @Override
    public Worker.Builder queue(String name, int slots) {
        checkNew(name);
        own.add(new WorkerSettings.LaneSettings(List.of(name), checkConcurrency(slots), List.of(1)));
        return this;
    }

    private void checkNew(String name) {
        Keys.segment("name of the queue", name);
        if (shared.contains(name) || own.stream().anyMatch(lane -> lane.queues().contains(name))) {
            throw new InvalidInputException("The worker has the queue \"" + name + "\" twice. Name it once.");
        }
    }

    @Override
    public Worker.Builder weight(String name, int weight) {
        if (weight < 1 || weight > MOST_WEIGHT) {
            throw new InvalidInputException("The weight of the queue \"" + name + "\" is " + weight + ". Use 1 to "
                    + MOST_WEIGHT + ".");
        }
        weights.put(name, weight);
        return this;
    }

    @Override
    public Worker.Builder typeConcurrency(String type, int slots) {
        typeConcurrency.put(type, checkConcurrency(slots));
        return this;
    }

    @Override
    public Worker.Builder typeTimeout(String type, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new InvalidInputException("The time-out of tasks of type \"" + type + "\" is " + timeout
                    + ". Use more than zero and at most ten years.");
        }
        typeTimeouts.put(type, timeout);
        return this;
    }

    @Override
    public Worker.Builder maxTasks(long limit) {
        if (limit < 1) {
            throw new InvalidInputException("The maximum of tasks is " + limit + ". Use 1 or more.");
        }
        this.maxTasks = limit;
        return this;
    }

    @Override
    public Worker.Builder listener(WorkerListener listener) {
        listeners.add(listener);
        return this;
    }

    @Override
    public Worker.Builder concurrency(int slots) {
        this.concurrency = checkConcurrency(slots);
        return this;
    }

    private static int checkConcurrency(int slots) {
        if (slots < 1 || slots > MOST) {
            throw new InvalidInputException("The concurrency is " + slots + ". Use 1 to " + MOST + ".");
        }
        return slots;
    }

    @Override
    public Worker.Builder batch(int limit) {
        if (limit < 1 || limit > 1000) {
            throw new InvalidInputException("The batch is " + limit + ". Use 1 to 1000.");
        }
        this.batch = limit;
        return this;
    }

    @Override
    @SuppressWarnings("unchecked") // the type says what goes in and comes out
    public <I, O> Worker.Builder handle(TaskType<I, O> type, TaskHandler<? super I, ? extends O> handler) {
        handlers.add(type.name(), new Handlers.Entry.Typed(type, (TaskHandler<Object, @Nullable Object>) handler));
        return this;
    }

    @Override
    @SuppressWarnings("unchecked") // the type says what goes in
    public <I> Worker.Builder handleVoid(TaskType<I, Void> type, TaskHandler.WithoutResult<? super I> handler) {
        handlers.add(type.name(), new Handlers.Entry.Typed(type, (task, input) -> {
            handler.handle(task, (I) input);
            return null;
        }));
        return this;
    }

    @Override
    public Worker.Builder engine(String type, EngineHandler handler) {
        handlers.add(type, new Handlers.Entry.Engine(handler));
        return this;
    }

    @Override
    public Worker.Builder lease(Duration ttl, Duration renewal) {
        if (ttl.compareTo(Duration.ofSeconds(1)) < 0 || ttl.compareTo(Duration.ofHours(1)) > 0) {
            throw new InvalidInputException("The lease's ttl is " + ttl + ". Use 1 second to 1 hour.");
        }
        if (renewal.isNegative() || renewal.isZero() || renewal.multipliedBy(3).compareTo(ttl) > 0) {
            throw new InvalidInputException("The heartbeat is " + renewal + " with a ttl of " + ttl
                    + ". Use more than zero and at most a third of the ttl.");
        }
        this.leaseTtl = ttl;
        this.heartbeat = renewal;
        return this;
    }

    @Override
    public Worker.Builder poll(Duration shortest, Duration longest) {
        if (shortest.compareTo(Duration.ofMillis(1)) < 0 || longest.compareTo(shortest) < 0) {
            throw new InvalidInputException("The poll interval is " + shortest + " to " + longest
                    + ". Use at least 1 ms, and a longest wait that is not below the shortest.");
        }
        this.shortestPoll = shortest;
        this.longestPoll = longest;
        return this;
    }

    @Override
    public Worker.Builder strictOrder() {
        this.strict = true;
        return this;
    }

    @Override
    public Worker.Builder sweeper(boolean on) {
        this.sweeper = on;
        return this;
    }

    @Override
    public Worker.Builder companion(Worker.Companion companion) {
        companions.add(companion);
        return this;
    }

    @Override
    public Worker.Builder id(@Nullable String name) {
        if (name != null) {
            Keys.segment("id of the worker", name);
        }
        this.id = name;
        return this;
    }

    @Override
    public Worker start() {
        if (shared.isEmpty() && own.isEmpty()) {
            throw new InvalidInputException("The worker has no queue. Name one by queue(\"…\").");
        }
        if (handlers.isEmpty()) {
            throw new InvalidInputException("The worker has no handler. Give it one by handle(type, …).");
        }
        checkRules();
        Duration uncertainty = core.clock().uncertainty();
        if (leaseTtl.compareTo(uncertainty.multipliedBy(2)) <= 0) {
            throw new InvalidInputException("The lease's ttl is " + leaseTtl + ", but the time of the store at "
                    + core.store().location() + " is known only to within " + uncertainty
                    + ". Use a ttl of more than twice that.");
        }
        core.startCheck().pass();
        var lanes = new ArrayList<WorkerSettings.LaneSettings>();
        if (!shared.isEmpty()) {
            lanes.add(new WorkerSettings.LaneSettings(List.copyOf(shared), concurrency,
                    shared.stream().map(queue -> weights.getOrDefault(queue, 1)).toList()));
        }
        lanes.addAll(own);
        String name = id == null ? newId() : id;
        return new DefaultWorker(core, new WorkerSettings(name, lanes, handlers, batch, leaseTtl, heartbeat,
                shortestPoll, longestPoll, strict, sweeper, companions,
                new WorkerSettings.TypeSettings(typeConcurrency, typeTimeouts), maxTasks, listeners)).start();
    }

    /** What is said of queues and types that the worker does not have would never have an effect. */
    private void checkRules() {
        for (String queue : weights.keySet()) {
            if (!shared.contains(queue)) {
                throw new InvalidInputException("The queue \"" + queue + "\" has a weight, but "
                        + (own.stream().anyMatch(lane -> lane.queues().contains(queue))
                                ? "slots of its own. Weights are for queues that share slots."
                                : "the worker does not have it. Name it by queue(\"" + queue + "\")."));
            }
        }
        var types = new LinkedHashSet<>(typeConcurrency.keySet());
        types.addAll(typeTimeouts.keySet());
        for (String type : types) {
            switch (handlers.get(type)) {
                case Handlers.Entry.Typed typed -> {
                    // as it should be
                }
                case Handlers.Entry.Engine engine -> throw new InvalidInputException(
                        "A concurrency or time-out is given for the type \"" + type
                                + "\", which belongs to an engine. Set it there.");
                case null -> throw new InvalidInputException("A concurrency or time-out is given for tasks of type \""
                        + type + "\", for which the worker has no handler. Give it one by handle(type, …).");
            }
        }
    }

    private String newId() {
        ProcessName process = core.environment().process();
        return process.host() + '-' + process.pid() + '-' + core.newWriteId().substring(0, 6);
    }
}
