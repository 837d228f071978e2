package dev.windlass.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.windlass.store.Capabilities;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.RequestCounts;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;

/**
 * The bucket of a simulation. Requests reach it through {@link #client(Actor)}; everything else here is for the
 * scenario, and costs no request and no time.
 */
public final class SimulatedStore {
    final Simulation simulation;
    final Scheduler scheduler;
    final StoreOptions options;
    final Capabilities capabilities;
    final Seeded random;
    private final StoredObjects objects;
    private final List<Rule> rules = new ArrayList<>();
    private final List<Consumer<String>> listeners = new ArrayList<>();
    private final List<Consumer<StoreRequest>> watchers = new ArrayList<>();
    private final Map<String, Tally> counts = new LinkedHashMap<>();
    private final Map<String, Tally> folders = new LinkedHashMap<>();
    private final Map<String, List<Lurker>> lurkers = new LinkedHashMap<>();
    private FaultMix faults;
    private boolean down;
    private long requests;

    SimulatedStore(Simulation simulation, Scheduler scheduler, StoreOptions options, FaultMix faults, Seeded random) {
        this.simulation = simulation;
        this.scheduler = scheduler;
        this.options = options;
        this.faults = faults;
        this.random = random;
        this.objects = new StoredObjects(options, random);
        this.capabilities = new Capabilities(options.orderedList, options.conditionalDelete,
                options.timeGranularity.plus(options.maxTimeLag));
    }

    /** A connection of that process. */
    public ObjectStore client(Actor actor) {
        return new StoreClient(this, actor);
    }

    /** From now on, faults are drawn from this mix. */
    public void setFaults(FaultMix mix) {
        scheduler.trace.add(scheduler.now(), "store", 0, mix.toString(), "", "");
        faults = mix;
    }

    /** From now on, and until told otherwise, every new request is answered 503, or again is served. */
    public void setDown(boolean isDown) {
        scheduler.trace.add(scheduler.now(), "store", 0, isDown ? "is down" : "is up", "", "");
        down = isDown;
    }

    /** One fault for the next request that the predicate accepts. Rules go before the mix, in the order given. */
    public void inject(Fault fault, Predicate<StoreRequest> which) {
        inject(1, fault, which);
    }

    /**
     * A fault for each of the next requests that the predicate accepts.
     *
     * @param times for how many of them
     */
    public void inject(int times, Fault fault, Predicate<StoreRequest> which) {
        rules.add(new Rule(fault, which, times));
    }

    /** No fault that was announced, and none by the mix, is met any more. */
    public void endFaults() {
        rules.clear();
        setFaults(FaultMix.none());
    }

    /** Whether every fault that {@link #inject} announced has been met. */
    public boolean injectedAll() {
        return rules.stream().allMatch(rule -> rule.times == 0);
    }

    /**
     * Called with the key right after each write or delete that took effect, before any thread goes on: the place to check
     * invariants of the state. What it throws fails the simulation.
     */
    public void onChange(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** Called with each request as it is sent, before anything can come of it. */
    public void onRequest(Consumer<StoreRequest> listener) {
        watchers.add(listener);
    }

    /** The object as it stands, without a request; null if there is none. */
    public @Nullable StoredObject peek(String key) {
        return objects.get(key);
    }

    /** Whether the object is there, without a request. */
    public boolean exists(String key) {
        return objects.exists(key);
    }

    /** The keys that begin so, ascending, without a request. */
    public List<String> keys(String prefix) {
        return objects.keys(prefix);
    }

    /** Writes an object directly, as by a hand from outside. */
    public void plant(String key, byte[] body) {
        StoredObjects.requireGoodKey(key);
        objects.write(key, body.clone(), simulation.now());
        scheduler.trace.add(scheduler.now(), "store", 0, "is planted", key, "");
        changed(key);
    }

    /** Removes an object directly, as by a hand from outside. */
    public void uproot(String key) {
        objects.delete(key);
        scheduler.trace.add(scheduler.now(), "store", 0, "is uprooted", key, "");
        changed(key);
    }

    /** All requests sent so far, by kind; what came of them is not counted here. */
    public RequestCounts counts() {
        return counts.values().stream().map(Tally::counts).reduce(RequestCounts.NONE, RequestCounts::plus);
    }

    /** The requests that this process, in this life, has sent so far. */
    public RequestCounts counts(Actor actor) {
        return counts.getOrDefault(actor.name(), Tally.NOTHING).counts();
    }

    /**
     * The requests sent so far for keys of one kind.
     *
     * @param folder the first segment of the keys with its slash, such as {@code tasks/}
     */
    public RequestCounts counts(String folder) {
        return folders.getOrDefault(folder, Tally.NOTHING).counts();
    }

    StoredObjects objects() {
        return objects;
    }

    /** Counts a request and numbers it. */
    StoreRequest sent(Actor actor, RequestKind kind, String key) {
        counts.computeIfAbsent(actor.name(), each -> new Tally()).add(kind);
        folders.computeIfAbsent(key.substring(0, key.indexOf('/') + 1), each -> new Tally()).add(kind);
        var request = new StoreRequest(actor.name(), kind, key, ++requests);
        watchers.forEach(watcher -> watcher.accept(request));
        return request;
    }

    @Nullable
    Fault fault(StoreRequest request) {
        for (Rule rule : rules) {
            if (rule.times > 0 && rule.which.test(request)) {
                rule.times--;
                return rule.fault;
            }
        }
        return down ? Fault.of(Fault.Kind.UNAVAILABLE_503) : faults.draw(random);
    }

    /** A write that lands once others have read the object a few times. */
    void lurk(Actor actor, String key, Runnable landing) {
        lurkers.computeIfAbsent(key, each -> new ArrayList<>()).add(new Lurker(actor, 1 + random.nextInt(3), landing));
    }

    /** A process is being told what the object is. */
    void read(Actor reader, String key) {
        List<Lurker> waiting = lurkers.get(key);
        if (waiting == null) {
            return;
        }
        for (Lurker lurker : List.copyOf(waiting)) {
            if (lurker.actor != reader && --lurker.reads == 0) {
                waiting.remove(lurker);
                scheduler.schedule(scheduler.now(), lurker.landing);
            }
        }
    }

    void changed(String key) {
        for (Consumer<String> listener : listeners) {
            listener.accept(key);
        }
    }

    /** What an answer says of the time: never later than the truth. */
    @Nullable
    Instant storeTime() {
        if (!options.answersTime) {
            return null;
        }
        Duration lag = Duration.ofNanos(random.between(0, options.maxTimeLag.toNanos()));
        return objects.cut(simulation.now().minus(lag));
    }

    private static final class Lurker {
        final Actor actor;
        final Runnable landing;
        int reads;

        Lurker(Actor actor, int reads, Runnable landing) {
            this.actor = actor;
            this.reads = reads;
            this.landing = landing;
        }
    }

    private static final class Rule {
        final Fault fault;
        final Predicate<StoreRequest> which;
        int times;

        Rule(Fault fault, Predicate<StoreRequest> which, int times) {
            this.fault = fault;
            this.which = which;
            this.times = times;
        }
    }

    /** Requests by kind. */
    private static final class Tally {
        static final Tally NOTHING = new Tally();
        private long put;
        private long get;
        private long list;
        private long delete;

        void add(RequestKind kind) {
            switch (kind) {
                case PUT -> put++;
                case GET -> get++;
                case LIST -> list++;
                case DELETE -> delete++;
            }
        }

        RequestCounts counts() {
            return new RequestCounts(put, get, list, delete, 0, 0);
        }
    }
}
