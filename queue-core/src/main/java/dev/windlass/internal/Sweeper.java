package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.windlass.environment.Monitor;
import dev.windlass.observer.AttemptOutcome;
import dev.windlass.observer.AttemptRef;
import dev.windlass.queue.SweepReport;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.queue.spi.Written;
import dev.windlass.store.ListPage;
import dev.windlass.store.StoreUnavailableException;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what dead workers held (docs/protocol.md, "The sweeper"). Any worker runs it; several at once are harmless.
 * A lease is deleted only after every claim that it lists has been resolved (L2).
 */
final class Sweeper {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final int PARALLEL = 32;
    private static final int PAGE = 1000;
    private static final Duration DEADLINE_LOOK = Duration.ofMinutes(1);
    /** How many sweepers read a live lease each minute. In a larger fleet each of them reads it more seldom, by chance. */
    private static final int LOOKERS = 4;

    private final Core core;
    private final ReadyKeyJudge judge;
    private final ClaimResolver resolver;
    private final Duration shortestTtl;
    private final Pulse pulse;
    private final Monitor monitor;
    /** When each live lease was last read, by the monotonic clock. */
    private final Map<String, Long> looks = new LinkedHashMap<>();
    /** Until when each lease of a manual claim stands that was read, if nobody has written it since. */
    private final Map<String, Standing> standing = new LinkedHashMap<>();
    private List<String> liveLeases = List.of();

    /** @param shortestTtl younger leases than this are not read */
    Sweeper(Core core, Duration shortestTtl) {
        this.core = core;
        this.judge = new ReadyKeyJudge(core);
        this.resolver = new ClaimResolver(core);
        this.shortestTtl = shortestTtl;
        this.monitor = core.environment().newMonitor();
        this.pulse = new Pulse(core.environment());
    }

    /** Turns with every step of a sweep. */
    Pulse pulse() {
        return pulse;
    }

    /** The keys of the leases that the last look saw and did not find dead, in order. */
    List<String> liveLeases() {
        monitor.lock();
        try {
            return liveLeases;
        } finally {
            monitor.unlock();
        }
    }

    /** Learns which leases are live from one LIST, by their ages alone. */
    void learnLiveLeases() {
        ListPage page = core.documents().list(Keys.LEASES, null, PAGE);
        var live = page.entries().stream()
                .filter(entry -> age(entry.lastModified()).compareTo(shortestTtl.plus(core.clock().uncertainty())) <= 0)
                .map(ListPage.Entry::key).filter(key -> !Keys.isManualLeaseKey(key)).sorted().toList();
        monitor.lock();
        try {
            liveLeases = live;
        } finally {
            monitor.unlock();
        }
    }

    /** Looks at every lease once. */
    SweepReport sweep() {
        return sweepKnowing(null);
    }

    /** The same, and takes the leases of this worker for dead whatever their age: the caller knows that it has ended. */
    SweepReport retire(String workerId) {
        return sweepKnowing(workerId);
    }

    private SweepReport sweepKnowing(@Nullable String ended) {
        SweepReport report = SweepReport.NONE;
        var live = new ArrayList<String>();
        var seen = new ArrayList<ListPage.Entry>();
        String after = null;
        while (true) {
            ListPage page = core.documents().list(Keys.LEASES, after, PAGE);
            seen.addAll(page.entries());
            if (!page.more() || page.entries().isEmpty()) {
                break;
            }
            after = page.entries().getLast().key();
        }
        long fleet = seen.stream().filter(entry -> !Keys.isManualLeaseKey(entry.key())).count();
        for (ListPage.Entry entry : seen) {
            Outcome outcome;
            pulse.turn();
            try {
                outcome = look(entry, ended, fleet);
            } catch (StoreUnavailableException e) {
                throw e; // the others would fare no better
            } catch (RuntimeException e) {
                core.observers().sweepFailed();
                LOG.error("lease {} could not be swept; the others are", entry.key(), e);
                continue;
            }
            report = report.plus(outcome.report());
            if (outcome.live()) {
                live.add(entry.key());
            }
        }
        monitor.lock();
        try {
            liveLeases = live.stream().filter(key -> !Keys.isManualLeaseKey(key)).sorted().toList();
            looks.keySet().retainAll(live);
            standing.keySet().retainAll(live);
        } finally {
            monitor.unlock();
        }
        return report;
    }

    private record Outcome(boolean live, SweepReport report) {}

    private record Standing(Instant written, Instant until) {}

    private static SweepReport seen(int dead) {
        return new SweepReport(1, dead, 0, 0, 0, 0);
    }

    private Outcome look(ListPage.Entry entry, @Nullable String ended, long fleet) {
        boolean suspect = age(entry.lastModified()).compareTo(shortestTtl) > 0;
        boolean manual = Keys.isManualLeaseKey(entry.key());
        if (ended == null
                && (manual ? !suspect || isKnownToStand(entry) : !suspect && !isLookDue(entry.key(), fleet))) {
            return new Outcome(true, seen(0));
        }
        StoredObject object = core.documents().read(entry.key());
        LeaseDocument lease = object == null ? null : LeaseDocument.parse(object.body());
        if (object == null) {
            return new Outcome(false, seen(0));
        }
        if (lease == null) {
            core.observers().sweepFailed();
            LOG.warn("lease {} cannot be read; it is left alone", entry.key());
            return new Outcome(false, seen(0));
        }
        if (!lease.isDead()) {
            // Judged by the age and the ETag of one and the same read.
            Instant alive = lease.aliveAt() == null ? object.lastModified() : lease.aliveAt();
            boolean expired = age(alive).compareTo(lease.ttl().plus(core.clock().uncertainty())) > 0;
            if (!expired && !lease.workerId().equals(ended)) {
                if (manual) {
                    stands(entry, alive.plus(lease.ttl()).plus(core.clock().uncertainty()));
                }
                return new Outcome(true, seen(0).plus(enforceDeadlines(lease)));
            }
            String writeId = core.newWriteId();
            LeaseDocument dead = lease.asDead(alive, writeId);
            Written written = core.documents().replace(object, dead.bytes(), writeId);
            if (!(written instanceof Written.Won)) {
                return new Outcome(true, seen(0)); // it lives, or another sweeper has it
            }
            try (var context = LogContext.ofWorker(lease.workerId())) {
                LOG.info("lease {} of worker {} is dead: {} claims to resolve", lease.leaseId(), lease.workerId(),
                        lease.claims().size());
            }
            core.observers().leaseTakenOver(lease.workerId(), lease.claims().size());
            lease = dead;
        }
        return new Outcome(false, seen(1).plus(resolve(lease, entry.key())));
    }

    private Duration age(Instant since) {
        return Duration.between(since, core.clock().now());
    }

    /**
     * A live lease is read now and then, for the deadlines in it: once a minute by each of a few sweepers. Many sweepers
     * share that, since each would cost a read for each lease else: a sweep reads it with the probability that makes it
     * as many reads a minute in all, without a word between them.
     */
    private boolean isLookDue(String key, long fleet) {
        if (fleet > LOOKERS) {
            double sweepsPerLook = DEADLINE_LOOK.toNanos() / (shortestTtl.toNanos() / 2.0);
            return core.environment().random().nextDouble() * sweepsPerLook * fleet < LOOKERS;
        }
        long now = core.environment().nanoTime();
        monitor.lock();
        try {
            Long last = looks.putIfAbsent(key, now);
            if (last == null || now - last < DEADLINE_LOOK.toNanos()) {
                return false;
            }
            looks.put(key, now);
            return true;
        } finally {
            monitor.unlock();
        }
    }

    /** Nobody renews the lease of a manual claim, so that it may be old and stand: it is not read again for nothing. */
    private boolean isKnownToStand(ListPage.Entry entry) {
        monitor.lock();
        try {
            Standing known = standing.get(entry.key());
            return known != null && known.written().equals(entry.lastModified())
                    && !core.clock().now().isAfter(known.until());
        } finally {
            monitor.unlock();
        }
    }

    private void stands(ListPage.Entry entry, Instant until) {
        monitor.lock();
        try {
            standing.put(entry.key(), new Standing(entry.lastModified(), until));
        } finally {
            monitor.unlock();
        }
    }

    private SweepReport resolve(LeaseDocument lease, String leaseKey) {
        var counts = new Counts(core);
        Fork.forEach(core.environment(), "windlass-sweep", lease.claims(), PARALLEL,
                claim -> resolveClaim(lease, claim, "lease-lost",
                        new TaskError("lease-lost", "the lease of worker " + lease.workerId() + " ended", null),
                        counts));
        core.documents().delete(leaseKey); // only now: every claim is resolved
        return counts.report(0);
    }

    private void resolveClaim(LeaseDocument lease, LeaseDocument.Claim claim, String event, TaskError error,
            Counts counts) {
        TaskDocument after = resolver.resolve(claim.taskId(), claim.claimWriteId(), lease.workerId(),
                new Settlement.Verdict.Failed(error, false, event));
        pulse.turn();
        if (after != null) {
            counts.add(after.state());
            var attempt = new AttemptRef(after.id(), after.queue(), after.type(), after.attempt(), lease.workerId());
            try (var context = LogContext.task(attempt.taskId(), attempt.queue()).attempt(attempt.attempt())
                    .worker(attempt.workerId())) {
                LOG.warn("task {}: attempt {} by worker {} ended ({}); it is {} now", claim.taskId(), after.attempt(),
                        lease.workerId(), event, after.state());
            }
            core.observers().takenOver(attempt,
                    event.equals("timed-out") ? AttemptOutcome.TIMED_OUT : AttemptOutcome.LOST, after.status());
        }
    }

    /** Ends attempts whose time is long over and whose worker, though alive, has not ended them. */
    private SweepReport enforceDeadlines(LeaseDocument lease) {
        Duration slack = lease.ttl().plus(core.clock().uncertainty());
        var overdue = lease.claims().stream().filter(claim -> {
            Instant deadline = claim.deadline();
            return deadline != null && core.clock().now().isAfter(deadline.plus(slack));
        }).toList();
        if (overdue.isEmpty()) {
            return SweepReport.NONE;
        }
        var counts = new Counts(core);
        Fork.forEach(core.environment(), "windlass-sweep", overdue, PARALLEL, claim -> {
            TaskVersion version = core.tasks().read(claim.taskId());
            TaskDocument document = version == null ? null : version.document();
            if (document != null && document.isOwnedBy(claim.claimWriteId())) {
                resolveClaim(lease, claim, "timed-out",
                        new TaskError("timeout", "the time-out was over, and worker " + lease.workerId()
                                + " had not ended the attempt", null),
                        counts);
            }
        });
        return counts.report(overdue.size());
    }

    /** Walks all ready keys, and removes those that no task names: one LIST per thousand, one GET per old key. */
    SweepReport sweepReadyKeys() {
        int removed = 0;
        String after = null;
        while (true) {
            ListPage page = core.documents().list(Keys.READY, after, PAGE);
            var old = page.entries().stream().filter(entry -> age(entry.lastModified()).compareTo(core.grace()) > 0)
                    .toList();
            var counts = new Counts(core);
            Fork.forEach(core.environment(), "windlass-sweep", old, PARALLEL, entry -> {
                ReadyKey key = ReadyKey.parse(entry.key());
                if (key != null) {
                    try (var context = LogContext.task(key.taskId(), Keys.queueOf(key.key()))) {
                        if (judge.judge(key, entry.lastModified(),
                                core.tasks().read(key.taskId())) == ReadyKeyJudge.Judgement.GARBAGE) {
                            counts.add(TaskState.REMOVED);
                        }
                    }
                }
            });
            removed += counts.other();
            if (!page.more() || page.entries().isEmpty()) {
                return new SweepReport(0, 0, 0, 0, 0, removed);
            }
            after = page.entries().getLast().key();
        }
    }

    /** Counts from several strands. */
    private static final class Counts {
        private final Monitor monitor;
        private int pending;
        private int failed;
        private int other;

        Counts(Core core) {
            this.monitor = core.environment().newMonitor();
        }

        void add(@Nullable TaskState state) {
            monitor.lock();
            try {
                if (state == TaskState.PENDING) {
                    pending++;
                } else if (state == TaskState.FAILED) {
                    failed++;
                } else {
                    other++;
                }
            } finally {
                monitor.unlock();
            }
        }

        int other() {
            monitor.lock();
            try {
                return other;
            } finally {
                monitor.unlock();
            }
        }

        SweepReport report(int timedOut) {
            monitor.lock();
            try {
                return new SweepReport(0, 0, pending, failed, timedOut, 0);
            } finally {
                monitor.unlock();
            }
        }
    }
}
