package dev.windlass.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.windlass.environment.Strand;
import dev.windlass.simulation.NameReuseClient.End;
import dev.windlass.simulation.NameReuseClient.Outcome;
import dev.windlass.simulation.NameReuseClient.Weather;
import dev.windlass.simulation.NameReuseTask.Status;
import dev.windlass.store.ListPage;
import dev.windlass.store.StoreUnavailableException;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;

/**
 * A model of what makes names come back to life: submitters, runners that also judge ready keys, janitors that also audit,
 * redrivers, on a store whose writes land late, with processes that pause, are suspended, or die between any two requests.
 * It is written by the rules of docs/protocol.md, and each {@link NameReuseRule} can be left out.
 */
final class NameReuseWorld {
    static final Duration GRACE = Duration.ofMinutes(1);
    static final Duration BOUND = Duration.ofMinutes(5);
    private static final Duration RETENTION = Duration.ofSeconds(40);
    private static final Duration TURMOIL = Duration.ofMinutes(30);
    private static final Duration CALM = Duration.ofMinutes(10);
    private static final Duration UNCERTAINTY = Duration.ofSeconds(3);

    private final Simulation sim;
    private final Kind kind;
    private final Set<NameReuseRule> rules;
    private final NameReuseLedger ledger;
    private final Weather weather;
    private final List<Actor> redrivers = new ArrayList<>();
    private boolean open = true;

    /** What is in the world, beside submitters and runners. */
    enum Kind {
        /** Names that are used once; ended tasks are removed. */
        RETENTION(false, true, false, false, true),
        /** The same, where no request lands, and no process sleeps, longer than the bound. */
        RETENTION_WITHIN_BOUND(false, true, false, false, false),
        /** Names that are used once; tombstones are removed; submitters sleep often, and every delete takes effect late. */
        TOMBSTONES(false, false, true, false, true),
        /** Names that are used again, after their retention. */
        KEYS(true, true, true, false, true),
        /** Names that are used once; ended tasks are removed, and redriven. */
        REDRIVES(false, true, true, true, true),
        /** Names that are used once; ended tasks are redriven, and not removed. */
        REDRIVES_ONLY(false, false, true, true, true);

        final boolean keys;
        final boolean retention;
        final boolean tombstones;
        final boolean redrives;
        final boolean wild;

        Kind(boolean keys, boolean retention, boolean tombstones, boolean redrives, boolean wild) {
            this.keys = keys;
            this.retention = retention;
            this.tombstones = tombstones;
            this.redrives = redrives;
            this.wild = wild;
        }
    }

    private NameReuseWorld(Simulation sim, Kind kind, Set<NameReuseRule> rules) {
        this.sim = sim;
        this.kind = kind;
        this.rules = rules;
        this.ledger = new NameReuseLedger(sim);
        this.weather = kind.wild
                ? new Weather(kind == Kind.TOMBSTONES ? 0.12 : 0.03, Duration.ofMinutes(15), 0.004)
                : new Weather(0.03, Duration.ofSeconds(20), 0.004);
    }

    /** Plays one history; the same for the same arguments. */
    static NameReuseLedger.Verdict play(long seed, Kind kind, Set<NameReuseRule> rules) {
        List<NameReuseLedger.Verdict> verdict = new ArrayList<>();
        StoreOptions store = StoreOptions.defaults()
                .withMaxLateness(kind.wild ? Duration.ofMinutes(15) : Duration.ofMinutes(2));
        Simulation.run(seed, SimulationOptions.defaults().withStore(store).withTraceLimit(2_000), sim -> {
            NameReuseWorld world = new NameReuseWorld(sim, kind, rules);
            world.play();
            verdict.add(world.ledger.verdict());
        });
        return verdict.getFirst();
    }

    private void play() throws InterruptedException {
        sim.store().setFaults(FaultMix.none().with(Fault.Kind.LANDS_LATE, 0.12).with(Fault.Kind.LOST_BEFORE, 0.06)
                .with(Fault.Kind.LOST_AFTER, 0.06).with(Fault.Kind.FALSE_412, 0.03).with(Fault.Kind.ERROR_500, 0.03)
                .with(Fault.Kind.CONFLICT_409, 0.02).with(Fault.Kind.SLOW, 0.02));
        if (kind.redrives || kind == Kind.TOMBSTONES) {
            sim.store().inject(Integer.MAX_VALUE, Fault.landsLate(Duration.ofMinutes(kind == Kind.TOMBSTONES ? 3 : 1)),
                    request -> request.is(RequestKind.DELETE, "tasks/")
                            && (kind == Kind.TOMBSTONES || request.number() % 2 == 0));
        }
        if (kind == Kind.TOMBSTONES) {
            sim.store().inject(3, Fault.of(Fault.Kind.LOST_BEFORE), request -> request.is(RequestKind.PUT, "tasks/")
                    && request.actor().startsWith("s") && request.number() % 2 == 0);
        }
        Weather still = new Weather(0, Duration.ofSeconds(5), 0);
        Weather steady = new Weather(0.01, weather.longest(), 0);
        int submitters = kind.keys ? 7 : 3;
        for (int i = 0; i < submitters; i++) {
            submitter("s" + i, kind.keys ? "k" + i % 2 : "u" + i, weather);
        }
        if (kind.redrives) {
            for (int i = 0; i < 4; i++) {
                redriver("r" + i, "u" + i % 3);
            }
        }
        for (int i = 0; i < 2; i++) {
            NameReuseClient runner = client("w" + i, steady);
            runner.actor.start(() -> loop(runner, Duration.ofSeconds(10), () -> runOnce(runner)));
            NameReuseClient janitor = client("j" + i, steady);
            janitor.actor.start(() -> loop(janitor, Duration.ofSeconds(20), () -> cleanOnce(janitor)));
        }
        sim.sleep(TURMOIL);
        sim.store().setFaults(FaultMix.none());
        sim.sleep(kind.wild ? Duration.ofMinutes(16) : Duration.ofMinutes(3));
        open = false;
        redrivers.forEach(Actor::crash);
        // all that was late has landed; now others clean up
        NameReuseClient last = client("last", still);
        Instant end = sim.now().plus(CALM);
        while (sim.now().isBefore(end)) {
            cleanOnce(last);
            runOnce(last);
            last.sleep(Duration.ofSeconds(20), Duration.ofSeconds(40));
        }
    }

    private NameReuseClient client(String name, Weather around) {
        return new NameReuseClient(sim, name, around, has(NameReuseRule.DISTINCT_TRIES));
    }

    private boolean has(NameReuseRule rule) {
        return rules.contains(rule);
    }

    private void loop(NameReuseClient client, Duration every, ActorBody body) throws Exception {
        while (open) {
            client.sleep(every, every.multipliedBy(4));
            try {
                body.run();
            } catch (StoreUnavailableException e) {
                client.actor.note("looks again later");
            }
        }
    }

    // submitters

    private void submitter(String actor, String name, Weather around) {
        NameReuseClient client = client(actor, around);
        client.actor.start(() -> {
            client.sleep(Duration.ZERO, kind.keys ? Duration.ofMinutes(20) : Duration.ofMinutes(4));
            try {
                submit(client, name);
            } catch (StoreUnavailableException e) {
                client.actor.note("does not know whether it has submitted");
            }
        });
    }

    private void submit(NameReuseClient client, String wanted) {
        String name = wanted;
        @Nullable
        StoredObject over = null;
        for (int i = 0; i < 5; i++) {
            long start = client.environment.nanoTime();
            @Nullable
            NameReuseTask before = over == null ? null : NameReuseTask.parse(over.body());
            long gen = before == null ? 1 : before.gen() + 1;
            String writeId = client.newWriteId();
            String readyKey = readyKey(name, gen, writeId);
            NameReuseTask task = NameReuseTask.submission(gen, readyKey, writeId, client.now(),
                    historyOf(client, over));
            ledger.stamped(writeId);
            boolean[] readyLanded = new boolean[1];
            Strand ready = client.environment.start("ready", () -> {
                try {
                    client.put(readyKey);
                    readyLanded[0] = true;
                } catch (StoreUnavailableException e) {
                    client.actor.note("does not know of " + readyKey);
                }
            });
            if (over != null) {
                join(ready); // index before state
                if (!readyLanded[0]) {
                    return;
                }
            }
            Outcome outcome = client.write(taskKey(name), over, task, NameReuseClient.PATIENCE);
            join(ready);
            if (outcome.end() == End.UNKNOWN) {
                return;
            }
            if (outcome.won()) {
                if (!readyLanded[0]) {
                    return;
                }
                StoredObject landed = outcome.current();
                if (has(NameReuseRule.CHECK)) {
                    StoredObject kept = landedInTime(client, task, outcome);
                    if (kept == null) {
                        if (outcome.tries() > 1) {
                            return; // an earlier try may have had a life of its own: its outcome is not known
                        }
                        name = kind.keys ? wanted : wanted + "n" + i;
                        over = null;
                        continue;
                    }
                    landed = kept;
                }
                acknowledge(client, name, landed, task, start);
                return;
            }
            client.delete(readyKey);
            over = outcome.version();
            if (over == null) {
                // it was there, and is gone: where deletes have no condition, one may still be on its way
                name = kind.keys || !has(NameReuseRule.ABSORBING) ? name : wanted + "n" + i;
                continue;
            }
            NameReuseTask there = NameReuseTask.parse(over.body());
            if (there.isGone() && !kind.keys && has(NameReuseRule.ABSORBING)) {
                name = wanted + "n" + i;
                over = null;
            } else if (!there.isGone() && there.status() != Status.TOMBSTONE && !isVoid(over, there)) {
                duplicate(client, name, there);
                return;
            }
        }
    }

    /** What the history of a life begins with that is swapped over this version. */
    private String historyOf(NameReuseClient client, @Nullable StoredObject over) {
        if (over == null) {
            return "";
        }
        NameReuseTask before = NameReuseTask.parse(over.body());
        return isVoid(over, before) ? before.buried(client.newWriteId()).history() : before.history();
    }

    /** The version to acknowledge, if the submission landed within the bound; otherwise null, and it is buried. */
    private @Nullable StoredObject landedInTime(NameReuseClient client, NameReuseTask task, Outcome outcome) {
        Instant answered = outcome.answered();
        if (answered != null
                && answered.toEpochMilli() + UNCERTAINTY.toMillis() - task.createdAt() <= BOUND.toMillis()) {
            return outcome.current();
        }
        @Nullable
        StoredObject version = outcome.seen() ? outcome.current() : client.get(outcome.current().key());
        if (version == null) {
            return null;
        }
        NameReuseTask there = NameReuseTask.parse(version.body());
        if (isVoid(version, there)) {
            bury(client, version, there);
            return null;
        }
        return there.hasKept(task.writeId()) ? version : null;
    }

    /** Acknowledges, and before that makes the task claimable anew if its ready key may have been judged an orphan. */
    private void acknowledge(NameReuseClient client, String name, StoredObject landed, NameReuseTask submitted,
            long start) {
        StoredObject version = landed;
        while (has(NameReuseRule.REQUEUE)
                && client.environment.nanoTime() - start > GRACE.multipliedBy(3).dividedBy(4).toNanos()) {
            NameReuseTask task = NameReuseTask.parse(version.body());
            if (task.status() != Status.PENDING || task.gen() != submitted.gen()) {
                break;
            }
            String writeId = client.newWriteId();
            String key = readyKey(name, task.gen() + 1, writeId);
            client.put(key);
            Outcome outcome = client.write(version.key(), version, task.pendingAgain(key, writeId, task.turn()),
                    NameReuseClient.PATIENCE);
            if (outcome.end() == End.UNKNOWN) {
                return;
            }
            if (outcome.won()) {
                client.delete(task.readyKey());
                break;
            }
            client.delete(key);
            if (outcome.version() == null) {
                break;
            }
            version = outcome.current();
        }
        ledger.acknowledged(name, submitted.submitted());
    }

    private void duplicate(NameReuseClient client, String name, NameReuseTask there) {
        if (there.status() == Status.PENDING) {
            client.put(there.readyKey());
        }
        ledger.acknowledged(name, there.turn());
    }

    private static void join(Strand strand) {
        try {
            strand.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts", e);
        }
    }

    // redrivers

    private void redriver(String actor, String name) {
        NameReuseClient client = client(actor, weather);
        redrivers.add(client.actor);
        client.actor.start(() -> {
            for (int i = 0; i < 10; i++) {
                client.sleep(Duration.ofSeconds(5), Duration.ofMinutes(4));
                try {
                    redrive(client, name);
                } catch (StoreUnavailableException e) {
                    client.actor.note("does not know whether it has redriven");
                }
            }
        });
    }

    private void redrive(NameReuseClient client, String name) {
        StoredObject version = client.get(taskKey(name));
        NameReuseTask task = version == null ? null : NameReuseTask.parse(version.body());
        if (version == null || task == null || task.status() != Status.DONE) {
            return;
        }
        String writeId = client.newWriteId();
        String key = readyKey(name, task.gen() + 1, writeId);
        client.put(key);
        Outcome outcome = client.write(version.key(), version, task.pendingAgain(key, writeId, writeId),
                NameReuseClient.PATIENCE);
        if (outcome.won()) {
            ledger.acknowledged(name, writeId);
        } else if (outcome.end() == End.LOST) {
            client.delete(key);
        }
    }

    // runners, who judge ready keys

    private void runOnce(NameReuseClient client) throws InterruptedException {
        for (ListPage.Entry entry : client.list("ready/")) {
            String rest = entry.key().substring("ready/q/".length());
            String name = rest.substring(0, rest.indexOf('.'));
            String tail = rest.substring(name.length() + 1);
            int dot = tail.indexOf('.');
            long gen = Long.parseLong(dot < 0 ? tail : tail.substring(0, dot));
            judge(client, entry, name, gen);
        }
    }

    private void judge(NameReuseClient client, ListPage.Entry entry, String name, long gen)
            throws InterruptedException {
        String key = entry.key();
        StoredObject version = client.get(taskKey(name));
        long age = client.now() - entry.lastModified().toEpochMilli();
        boolean old = age > GRACE.toMillis();
        if (version == null) {
            if (old) {
                NameReuseTask tombstone = NameReuseTask.tombstone(gen, client.newWriteId(), client.now());
                if (client.write(taskKey(name), null, tombstone, NameReuseClient.PATIENCE).won()) {
                    client.delete(key);
                }
            }
            return;
        }
        NameReuseTask task = NameReuseTask.parse(version.body());
        if (isVoid(version, task)) {
            bury(client, version, task);
        } else if (task.status() == Status.PENDING && task.readyKey().equals(key)) {
            execute(client, version, task);
        } else if (gen <= task.gen()) {
            boolean mayBeNamed = kind.keys && task.isOver() && has(NameReuseRule.KEYS_OUTLAST_STUBS)
                    && !has(NameReuseRule.STUB_KEPT);
            if (!mayBeNamed || isPastBound(age)) {
                client.delete(key);
            }
        } else if (old && client
                .write(version.key(), version, task.touched(client.newWriteId()), NameReuseClient.PATIENCE).won()) {
            client.delete(key);
        }
    }

    private static void execute(NameReuseClient client, StoredObject version, NameReuseTask task)
            throws InterruptedException {
        Outcome claim = client.write(version.key(), version, task.to(Status.RUNNING, client.newWriteId()),
                NameReuseClient.UNTIL_KNOWN);
        if (!claim.won()) {
            return;
        }
        client.delete(task.readyKey());
        client.sleep(Duration.ZERO, Duration.ofSeconds(10));
        StoredObject running = claim.current();
        client.write(version.key(), running,
                NameReuseTask.parse(running.body()).to(Status.DONE, client.newWriteId()), NameReuseClient.UNTIL_KNOWN);
    }

    // janitors, who audit

    private void cleanOnce(NameReuseClient client) {
        for (ListPage.Entry entry : client.list("tasks/")) {
            StoredObject version = client.get(entry.key());
            if (version != null) {
                clean(client, version, NameReuseTask.parse(version.body()));
            }
        }
    }

    private void clean(NameReuseClient client, StoredObject version, NameReuseTask task) {
        long age = client.now() - version.lastModified().toEpochMilli();
        boolean pastBound = !has(NameReuseRule.BOUND) || isPastBound(age);
        if (isVoid(version, task)) {
            bury(client, version, task);
            return;
        }
        switch (task.status()) {
            case PENDING -> repair(client, version, task);
            case RUNNING -> {
                // its runner lives
            }
            case DONE, TOMBSTONE -> {
                boolean over = task.status() == Status.TOMBSTONE
                        ? kind.tombstones
                        : kind.retention && age > RETENTION.toMillis();
                if (over && has(NameReuseRule.REMOVED_FIRST)) {
                    client.write(version.key(), version, task.to(Status.REMOVED, client.newWriteId()),
                            NameReuseClient.PATIENCE);
                } else if (over && pastBound) {
                    delete(client, version);
                }
            }
            case BURIED, REMOVED -> {
                if (pastBound) {
                    delete(client, version);
                }
            }
        }
    }

    private void delete(NameReuseClient client, StoredObject version) {
        if (kind.keys && has(NameReuseRule.STUB_KEPT)) {
            return;
        }
        if (kind.keys && has(NameReuseRule.CONDITIONAL_DELETE)) {
            client.deleteVersion(version);
        } else {
            client.delete(version.key());
        }
    }

    /** Puts the ready key of a task that waits without one; the state stands, so the index may follow it. */
    private static void repair(NameReuseClient client, StoredObject version, NameReuseTask task) {
        if (client.get(task.readyKey()) == null) {
            StoredObject again = client.get(version.key());
            if (again != null && NameReuseTask.parse(again.body()).writeId().equals(task.writeId())) {
                client.put(task.readyKey());
            }
        }
    }

    // what all of them know

    /** Whether it is a submission that landed later than the bound after it was stamped. */
    private boolean isVoid(StoredObject version, NameReuseTask task) {
        return has(NameReuseRule.CHECK) && task.isUntouched()
                && version.lastModified().toEpochMilli() - task.createdAt() > BOUND.toMillis();
    }

    /** Whether what was stamped before something of this age, in milliseconds by its time of last write, is void by now. */
    private static boolean isPastBound(long age) {
        return age > BOUND.plus(UNCERTAINTY.multipliedBy(2)).toMillis();
    }

    private static void bury(NameReuseClient client, StoredObject version, NameReuseTask task) {
        if (client.write(version.key(), version, task.buried(client.newWriteId()), NameReuseClient.PATIENCE)
                .won()) {
            client.delete(task.readyKey());
        }
    }

    private String readyKey(String name, long gen, String writeId) {
        return "ready/q/" + name + "." + gen + (has(NameReuseRule.UNIQUE_READY_KEYS) ? "." + writeId : "");
    }

    private static String taskKey(String name) {
        return "tasks/" + name;
    }

    // counts

    /** All rules but those named; what is said of names that are used again does not hold for others, and costs nothing. */
    static Set<NameReuseRule> without(NameReuseRule... left) {
        Set<NameReuseRule> rules = EnumSet.allOf(NameReuseRule.class);
        rules.remove(NameReuseRule.STUB_KEPT);
        rules.removeAll(List.of(left));
        return rules;
    }

    /** How many of the seeds end with a violation. */
    static String count(Kind kind, Set<NameReuseRule> rules, long from, long to) {
        int[] seeds = new int[7];
        long first = -1;
        for (long seed = from; seed < to; seed++) {
            NameReuseLedger.Verdict verdict = play(seed, kind, rules);
            first = first < 0 && verdict.isViolation() ? seed : first;
            int[] counts = {verdict.isViolation() ? 1 : 0, verdict.ranAgain(), verdict.ranUnasked(), verdict.lost(),
                verdict.withoutKey(), verdict.leftOver(), verdict.resurrections()};
            for (int i = 0; i < counts.length; i++) {
                seeds[i] += counts[i] > 0 ? 1 : 0;
            }
        }
        return String.format(Locale.ROOT,
                "%d of %d seeds: ran again %d, ran unasked %d, lost %d, without key %d, left over %d; names won %d; first %d",
                seeds[0], to - from, seeds[1], seeds[2], seeds[3], seeds[4], seeds[5], seeds[6], first);
    }

    /**
     * Prints counts.
     *
     * @param args first seed, the one after the last, kind, and the rules to do without, {@code +} before one to add
     */
    public static void main(String[] args) {
        Set<NameReuseRule> rules = without();
        for (String rule : List.of(args).subList(3, args.length)) {
            if (rule.startsWith("+")) {
                rules.add(NameReuseRule.valueOf(rule.substring(1)));
            } else {
                rules.remove(NameReuseRule.valueOf(rule));
            }
        }
        System.out.println(args[2] + " " + String.join(" ", List.of(args).subList(3, args.length)) + ": "
                + count(Kind.valueOf(args[2]), rules, Long.parseLong(args[0]), Long.parseLong(args[1])));
    }
}
