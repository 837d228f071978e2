package dev.windlass.store.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.store.Capabilities;
import dev.windlass.store.GetResult;
import dev.windlass.store.ListPage;
import dev.windlass.store.NamesPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * A store that fails as it is told, on top of one that works. Faults come from a script ({@link #next next},
 * {@link #always}) or from a seed ({@link #randomly}); with one caller the same script or seed gives the same faults.
 * A request takes the first fault that fits it, scripts first.
 *
 * <pre>{@code
 * var store = new FaultyStore(LocalStores.memory(), Environment.system());
 * store.next(Request.puts("tasks/"), Fault.LOST_AFTER); // the next put below tasks/ lands, and answers Unknown
 * }</pre>
 *
 * <p>Safe for use by any number of threads. Closing it closes the store below.
 */
public final class FaultyStore implements ObjectStore {

    /** What is asked of a store. */
    public enum Kind {
        /** {@link ObjectStore#get} */
        GET,
        /** {@link ObjectStore#put} */
        PUT,
        /** either {@code delete} */
        DELETE,
        /** {@link ObjectStore#list} */
        LIST,
        /** {@link ObjectStore#listNames} */
        LIST_NAMES
    }

    /**
     * One request.
     *
     * @param kind what is asked
     * @param key the key, or the prefix of a listing
     * @param precondition of a put; null for others
     */
    public record Request(Kind kind, String key, @Nullable Precondition precondition) {

        /** Fits every request. */
        public static Predicate<Request> any() {
            return request -> true;
        }

        /** Fits puts of keys that begin so. */
        public static Predicate<Request> puts(String prefix) {
            return of(Kind.PUT, prefix);
        }

        /** Fits requests of a kind whose key, or prefix, begins so. */
        public static Predicate<Request> of(Kind kind, String prefix) {
            return request -> request.kind == kind && request.key.startsWith(prefix);
        }
    }

    /** What goes wrong. */
    public enum Fault {
        /** The request never reaches the store. A put answers Unknown, everything else throws. */
        LOST_BEFORE,
        /** The request lands, its answer is lost. A put answers Unknown, everything else throws. */
        LOST_AFTER,
        /**
         * The put lands, and answers Conflict, as a client sees it that retries by itself after a lost answer. On others
         * like {@link #LOST_AFTER}.
         */
        CONFLICT_AFTER_LANDING,
        /** The store says that it cannot serve now; the request does not land. A put answers Unknown, others throw. */
        UNAVAILABLE,
        /** Nothing goes wrong, but it takes a while: {@link FaultyStore#delay}. */
        SLOW,
        /** Nothing goes wrong: for scripts that let some requests pass first. */
        NONE
    }

    private static final class Rule {
        final Predicate<Request> fits;
        final Fault fault;
        int times;

        Rule(Predicate<Request> fits, Fault fault, int times) {
            this.fits = fits;
            this.fault = fault;
            this.times = times;
        }
    }

    private record Chance(Predicate<Request> fits, Fault fault, double probability, RandomGenerator random) {}

    private final ObjectStore store;
    private final Environment environment;
    private final Monitor monitor;
    private final List<Rule> rules = new ArrayList<>();
    private final List<Chance> chances = new ArrayList<>();
    private final List<Request> struck = new ArrayList<>();
    private Duration delay = Duration.ofMillis(50);

    /**
     * @param store the one that works
     * @param environment sleeps for {@link Fault#SLOW}
     */
    public FaultyStore(ObjectStore store, Environment environment) {
        this.store = store;
        this.environment = environment;
        this.monitor = environment.newMonitor();
    }

    /** Strikes the next request that fits, once. Several such wait in line, and each request takes at most one. */
    public FaultyStore next(Predicate<Request> fits, Fault fault) {
        return next(fits, fault, 1);
    }

    /**
     * Strikes the next few requests that fit.
     *
     * @param times how many, 1 or more
     */
    public FaultyStore next(Predicate<Request> fits, Fault fault, int times) {
        if (times < 1) {
            throw new IllegalArgumentException("a fault strikes at least once, not " + times + " times");
        }
        return locked(() -> rules.add(new Rule(fits, fault, times)));
    }

    /** Strikes every request that fits, until {@link #heal()}. */
    public FaultyStore always(Predicate<Request> fits, Fault fault) {
        return next(fits, fault, Integer.MAX_VALUE);
    }

    /**
     * Strikes requests that fit now and then, until {@link #heal()}.
     *
     * @param probability 0 to 1
     * @param random decides; drawn from once for each request that fits and that no script takes
     */
    public FaultyStore randomly(Predicate<Request> fits, Fault fault, double probability, RandomGenerator random) {
        return locked(() -> chances.add(new Chance(fits, fault, probability, random)));
    }

    /** How long {@link Fault#SLOW} takes; 50 ms unless told. */
    public FaultyStore delay(Duration duration) {
        return locked(() -> delay = duration);
    }

    /** Forgets all faults that have not struck yet. */
    public FaultyStore heal() {
        return locked(() -> {
            rules.clear();
            chances.clear();
        });
    }

    /** The requests that a fault has struck so far, in order. */
    public List<Request> struck() {
        List<Request> copy = new ArrayList<>();
        locked(() -> copy.addAll(struck));
        return copy;
    }

    private FaultyStore locked(Runnable change) {
        monitor.lock();
        try {
            change.run();
        } finally {
            monitor.unlock();
        }
        return this;
    }

    private Fault strike(Request request) {
        Duration pause = Duration.ZERO;
        Fault fault;
        monitor.lock();
        try {
            fault = draw(request);
            if (fault != Fault.NONE) {
                struck.add(request);
            }
            if (fault == Fault.SLOW) {
                pause = delay;
            }
        } finally {
            monitor.unlock();
        }
        if (fault == Fault.SLOW) {
            try {
                environment.sleep(pause);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return Fault.LOST_BEFORE;
            }
        }
        return fault;
    }

    private Fault draw(Request request) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.fits.test(request)) {
                if (rule.times != Integer.MAX_VALUE && --rule.times == 0) {
                    rules.remove(i);
                }
                return rule.fault;
            }
        }
        for (Chance chance : chances) {
            if (chance.fits.test(request) && chance.random.nextDouble() < chance.probability) {
                return chance.fault;
            }
        }
        return Fault.NONE;
    }

    private static StoreUnavailableException failure(Fault fault, Request request) {
        String what = switch (fault) {
            case LOST_BEFORE -> "the request was lost";
            case UNAVAILABLE -> "the store cannot serve now";
            default -> "the answer was lost";
        };
        return new StoreUnavailableException("injected: " + what + ": " + request.kind + " " + request.key, null);
    }

    private <T> T through(Request request, Supplier<T> call) {
        Fault fault = strike(request);
        if (fault == Fault.LOST_BEFORE || fault == Fault.UNAVAILABLE) {
            throw failure(fault, request);
        }
        T answer = call.get();
        if (fault == Fault.LOST_AFTER || fault == Fault.CONFLICT_AFTER_LANDING) {
            throw failure(fault, request);
        }
        return answer;
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public Capabilities capabilities() {
        return store.capabilities();
    }

    @Override
    public GetResult get(String key) {
        return through(new Request(Kind.GET, key, null), () -> store.get(key));
    }

    @Override
    public PutResult put(String key, byte[] body, Precondition precondition) {
        Request request = new Request(Kind.PUT, key, precondition);
        Fault fault = strike(request);
        if (fault == Fault.LOST_BEFORE || fault == Fault.UNAVAILABLE) {
            return new PutResult.Unknown(failure(fault, request));
        }
        PutResult result = store.put(key, body, precondition);
        return switch (fault) {
            case LOST_AFTER -> new PutResult.Unknown(failure(fault, request));
            case CONFLICT_AFTER_LANDING -> result instanceof PutResult.Applied applied
                    ? new PutResult.Conflict(applied.storeTime())
                    : result;
            default -> result;
        };
    }

    @Override
    public void delete(String key) {
        through(new Request(Kind.DELETE, key, null), () -> {
            store.delete(key);
            return true;
        });
    }

    @Override
    public boolean delete(String key, String etag) {
        return through(new Request(Kind.DELETE, key, null), () -> store.delete(key, etag));
    }

    @Override
    public ListPage list(String prefix, @Nullable String startAfter, int limit) {
        return through(new Request(Kind.LIST, prefix, null), () -> store.list(prefix, startAfter, limit));
    }

    @Override
    public NamesPage listNames(String prefix, @Nullable String startAfter, int limit) {
        return through(new Request(Kind.LIST_NAMES, prefix, null), () -> store.listNames(prefix, startAfter, limit));
    }

    @Override
    public void close() {
        store.close();
    }
}
