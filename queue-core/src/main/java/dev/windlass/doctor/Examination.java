package dev.windlass.doctor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.windlass.WindlassException;
import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.environment.Strand;
import dev.windlass.store.CountingStore;
import dev.windlass.store.ListPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.RequestCounts;
import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoreUnavailableException;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One examination: what its checks share. */
final class Examination {
    static final String LOSES = "Do not keep tasks on this store: it loses updates. docs/protocol.md, section 2 says what it must do;"
            + " Amazon S3 does.";
    static final String OVERLOADED = "See whether the store, or what stands before it, is overloaded.";
    private static final String FOLDER = "doctor/";
    private static final String REFUSED = "refused: ";
    private static final Duration LEFTOVER = Duration.ofHours(1);
    private static final int PAGE = 1000;
    static final Logger LOG = LoggerFactory.getLogger(Examination.class);

    final Environment environment;
    final int clients;
    final int rounds;
    final Duration load;
    private final CountingStore store;
    private final List<CountingStore> connections;
    private final String prefix;

    /** Looks at one thing. */
    interface Look {
        Check look() throws InterruptedException;
    }

    /** One of several who do something at the same time. */
    interface Member {
        void run(int number);
    }

    Examination(List<ObjectStore> connections, Environment environment, int clients, int rounds, Duration load) {
        this.connections = connections.stream().map(CountingStore::new).toList();
        this.store = this.connections.getFirst();
        this.environment = environment;
        this.clients = clients;
        this.rounds = rounds;
        this.load = load;
        this.prefix = FOLDER + Long.toString(environment.random().nextLong() >>> 1, 36) + '/';
    }

    Checkup run() throws InterruptedException {
        long start = environment.nanoTime();
        var checks = new ArrayList<Check>();
        for (Map.Entry<String, Look> look : looks().entrySet()) {
            Check reach = checks.isEmpty() ? null : checks.getFirst();
            checks.add(reach == null || reach.verdict() != Verdict.BAD
                    ? look(look.getKey(), look.getValue())
                    : Check.skipped(look.getKey(), "the store could not be used", null));
        }
        if (checks.getFirst().verdict() != Verdict.BAD || checks.getFirst().found().startsWith(REFUSED)) {
            var permissions = new Permissions(this);
            boolean safe = checks.stream().noneMatch(
                    check -> check.name().equals("conditions") && check.verdict() == Verdict.BAD);
            checks.addAll(safe ? permissions.roles() : permissions.leftOut("puts do not heed their condition"));
            var rules = new Rules(store.rules());
            checks.add(look("versions", rules::versions));
            checks.add(look("expiry", rules::expiry));
        } else {
            checks.addAll(new Permissions(this).leftOut("the store could not be used"));
            List.of("versions", "expiry").forEach(name -> checks.add(Check.skipped(name, "the store could not be used",
                    null)));
        }
        return checkup(checks, start);
    }

    /** What one role may do, and no more. */
    Checkup role(Role role) throws InterruptedException {
        long start = environment.nanoTime();
        return checkup(List.of(new Permissions(this).demand(role)), start);
    }

    /** The result so far. */
    Checkup checkup(List<Check> checks, long start) {
        RequestCounts requests = connections.stream().map(CountingStore::counts).reduce(RequestCounts.NONE,
                RequestCounts::plus);
        return new Checkup(store.location(), checks, requests, Duration.ofNanos(environment.nanoTime() - start));
    }

    private Map<String, Look> looks() {
        var conditions = new Conditions(this);
        var races = new Races(this);
        var listings = new Listings(this);
        var speed = new Speed(this);
        var looks = new LinkedHashMap<String, Look>();
        looks.put("reach", conditions::reach);
        looks.put("conditions", conditions::conditions);
        looks.put("etags", conditions::etags);
        looks.put("own-writes", conditions::ownWrites);
        looks.put("delete", conditions::deletes);
        looks.put("create-race", races::creates);
        looks.put("swap-race", races::swaps);
        looks.put("lost-updates", races::updates);
        looks.put("fresh-reads", listings::fresh);
        looks.put("listing", listings::pages);
        looks.put("names", listings::names);
        looks.put("keys", listings::awkwardKeys);
        looks.put("bodies", conditions::bodies);
        looks.put("time", speed::time);
        looks.put("latency", speed::latency);
        if (!load.isZero()) {
            looks.put("capacity", speed::capacity);
        }
        looks.put("clean-up", this::cleanUp);
        return looks;
    }

    private Check look(String name, Look look) throws InterruptedException {
        Check check;
        try {
            check = look.look();
        } catch (StoreRefusedException e) {
            check = Check.bad(name, REFUSED + e.getMessage(),
                    "Give these credentials the right to put, get and delete objects and to list the bucket, below the"
                            + " store's prefix.");
        } catch (StoreUnavailableException e) {
            check = Check.bad(name, "no answer: " + e.getMessage(),
                    "Check the address and the network, and whether the server is up; then examine it again.");
        } catch (WindlassException | UnsupportedOperationException e) {
            check = Check.bad(name, "failed: " + e.getMessage(), LOSES);
        }
        LOG.debug("{}: {} {}: {}", store.location(), check.verdict(), name, check.found());
        return check;
    }

    /** A name that no other examination has. */
    String id() {
        return prefix.substring(FOLDER.length(), prefix.length() - 1);
    }

    /** A key of this examination. */
    String key(String name) {
        return prefix + name;
    }

    /** The connections in turn. */
    ObjectStore connection(int number) {
        return connections.get(number % connections.size());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(@Nullable StoredObject object) {
        return object == null ? "" : new String(object.body(), StandardCharsets.UTF_8);
    }

    /** Puts unconditionally, and returns the ETag. */
    String put(String key, byte[] body) {
        if (store.put(key, body, Precondition.none()) instanceof PutResult.Applied applied) {
            return applied.etag();
        }
        throw new StoreUnavailableException("what came of a put of " + key + " is not known", null);
    }

    /**
     * Runs all members at once: none begins before all have come. Throws what the first of them threw, when all have
     * ended.
     */
    void together(int count, Member member) throws InterruptedException {
        Monitor monitor = environment.newMonitor();
        var thrown = new ArrayList<RuntimeException>();
        int[] waiting = {count};
        List<Strand> strands = IntStream.range(0, count)
                .mapToObj(number -> environment.start("windlass-doctor-" + number, () -> {
                    monitor.lock();
                    try {
                        waiting[0]--;
                        monitor.signalAll();
                        while (waiting[0] > 0) {
                            monitor.await();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return;
                    } finally {
                        monitor.unlock();
                    }
                    try {
                        member.run(number);
                    } catch (RuntimeException e) {
                        monitor.lock();
                        try {
                            thrown.add(e);
                        } finally {
                            monitor.unlock();
                        }
                    }
                })).toList();
        try {
            for (Strand strand : strands) {
                strand.join();
            }
        } catch (InterruptedException e) {
            strands.forEach(Strand::interrupt);
            throw e;
        }
        if (!thrown.isEmpty()) {
            throw thrown.getFirst();
        }
    }

    /** Removes all of this examination, and what earlier ones that were broken off have left. */
    private Check cleanUp() throws InterruptedException {
        Instant now = mark();
        var left = new ArrayList<String>();
        String after = null;
        while (true) {
            ListPage page = store.list(FOLDER, after, PAGE);
            page.entries().stream().filter(entry -> entry.key().startsWith(prefix)
                    || Duration.between(entry.lastModified(), now).compareTo(LEFTOVER) > 0)
                    .forEach(entry -> left.add(entry.key()));
            if (!page.more() || page.entries().isEmpty()) {
                break;
            }
            after = page.entries().getLast().key();
        }
        together(Math.min(clients, Math.max(1, left.size())), member -> {
            for (int i = member; i < left.size(); i += Math.min(clients, left.size())) {
                store.delete(left.get(i));
            }
        });
        long others = left.stream().filter(key -> !key.startsWith(prefix)).count();
        return Check.good("clean-up", "all of its objects are removed"
                + (others == 0 ? "" : ", and " + others + " that an earlier examination had left"));
    }

    private Instant mark() {
        put(key("mark"), bytes("now"));
        StoredObject mark = store.get(key("mark")).object();
        return mark == null ? Instant.EPOCH : mark.lastModified();
    }
}
