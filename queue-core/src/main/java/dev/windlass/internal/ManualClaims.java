package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.windlass.InvalidInputException;
import dev.windlass.WindlassException;
import dev.windlass.environment.Monitor;
import dev.windlass.environment.ProcessName;
import dev.windlass.observer.ClaimOutcome;
import dev.windlass.queue.ClaimOptions;
import dev.windlass.queue.ClaimedTask;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.queue.spi.Written;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims of one queue by programs that are no workers (docs/protocol.md, "Manual claims"): each claim has a lease of its own,
 * which is there before the task turns Running (L1), and goes after the claim has ended (L2). Whoever claims also sweeps, so
 * that what such a program leaves comes back where no worker runs.
 */
final class ManualClaims {
    private static final Logger LOG = LoggerFactory.getLogger(ManualClaims.class);
    private static final Duration SKIP_SHORT = Duration.ofMillis(500);
    private static final Duration SKIP_LONG = Duration.ofMinutes(1);
    private static final Duration THOROUGH = Duration.ofSeconds(1);
    private static final Duration THOROUGH_EVERY = Duration.ofSeconds(10);
    private static final int PARALLEL = 32;
    private static final int READ_BY_TYPE = 32;
    private static final int FINDERS_KEPT = 64;
    private static final int SKIPPED_KEYS = 50_000;

    private final Core core;
    private final String queue;
    private final ReadyKeyJudge judge;
    private final ClaimSwap swap;
    private final Expiry expiry;
    private final Quarantine quarantine;
    private final Monitor monitor;
    /** By the type wanted; what one passes over, another may want. */
    private final Map<String, Look> looks = new HashMap<>();
    private @Nullable Long sweptAt;
    private @Nullable Long sweptThoroughlyAt;

    ManualClaims(Core core, String queue) {
        this.core = core;
        this.queue = queue;
        this.judge = new ReadyKeyJudge(core);
        this.swap = new ClaimSwap(core);
        this.expiry = new Expiry(core);
        this.quarantine = new Quarantine(core);
        this.monitor = core.environment().newMonitor();
    }

    /** Where to look for tasks of a type; its finder is for one thread at a time. */
    private record Look(CandidateFinder finder, SkipCache skips, Contention contention, Monitor monitor) {}

    /** A key that may be claimable, and its task as read since. */
    private record Candidate(ReadyKey key, TaskVersion version, TaskDocument document) {}

    private record Found(ReadyKey key, Instant put) {}

    List<ClaimedTask> claim(ClaimOptions options) {
        Duration uncertainty = core.clock().uncertainty();
        if (options.lease().compareTo(uncertainty.multipliedBy(2)) <= 0) {
            throw new InvalidInputException("The lease is " + options.lease() + ", but the time of the store at "
                    + core.store().location() + " is known only to within " + uncertainty
                    + ". Use a lease of more than twice that.");
        }
        String worker = options.worker() == null ? processName() : options.worker();
        Keys.segment("id of the worker", worker);
        core.startCheck().pass();
        sweepNowAndThen(options.lease());
        List<ClaimedTask> claimed = claimOnce(options, worker);
        if (!claimed.isEmpty()) {
            return claimed;
        }
        boolean recovered = hasRecovered();
        return forgetsLevels(options) || recovered ? claimOnce(options, worker) : claimed;
    }

    private String processName() {
        ProcessName process = core.environment().process();
        return process.host() + '-' + process.pid();
    }

    /** As workers do, by half a lease; what is younger than a whole one is not read. */
    private void sweepNowAndThen(Duration lease) {
        monitor.lock();
        try {
            long now = core.environment().nanoTime();
            if (sweptAt != null && now - sweptAt < lease.toNanos() / 2) {
                return;
            }
            sweptAt = now;
        } finally {
            monitor.unlock();
        }
        new Sweeper(core, lease).sweep();
    }

    /** With nothing else to do, every lease is looked at; true if that has brought a task back. */
    private boolean hasRecovered() {
        monitor.lock();
        try {
            long now = core.environment().nanoTime();
            if (sweptThoroughlyAt != null && now - sweptThoroughlyAt < THOROUGH_EVERY.toNanos()) {
                return false;
            }
            sweptThoroughlyAt = now;
        } finally {
            monitor.unlock();
        }
        return new Sweeper(core, THOROUGH).sweep().requeued() > 0;
    }

    /** Before it says that there is nothing, it looks for levels that have come into use. */
    private boolean forgetsLevels(ClaimOptions options) {
        Look look = look(options);
        look.monitor().lock();
        try {
            return look.finder().forgetLevels();
        } finally {
            look.monitor().unlock();
        }
    }

    private Look look(ClaimOptions options) {
        String type = options.type() == null ? "" : options.type();
        monitor.lock();
        try {
            if (looks.size() >= FINDERS_KEPT && !looks.containsKey(type)) {
                looks.clear();
            }
            return looks.computeIfAbsent(type, wanted -> {
                var skips = new SkipCache(core.environment(), SKIPPED_KEYS);
                var contention = new Contention(core, false, new Sweeper(core, options.lease()), () -> "");
                return new Look(new CandidateFinder(core, queue, skips, contention, Duration.ZERO), skips, contention,
                        core.environment().newMonitor());
            });
        } finally {
            monitor.unlock();
        }
    }

    private List<ClaimedTask> claimOnce(ClaimOptions options, String worker) {
        Look look = look(options);
        var claimed = new ArrayList<ClaimedTask>();
        WindlassException failure = null;
        while (claimed.size() < options.count() && failure == null) {
            int wanted = options.count() - claimed.size();
            List<Found> found = next(look, options.type() == null ? wanted : Math.max(wanted, READ_BY_TYPE));
            if (found.isEmpty()) {
                break;
            }
            List<Candidate> candidates = read(look, found, options.type());
            for (Candidate beyond : candidates.subList(Math.min(wanted, candidates.size()), candidates.size())) {
                look.skips().forget(beyond.key().key());
            }
            List<Candidate> tried = candidates.subList(0, Math.min(wanted, candidates.size()));
            var won = new ArrayList<@Nullable ClaimedTask>();
            tried.forEach(candidate -> won.add(null));
            try {
                Fork.forEach(core.environment(), "windlass-claim", indices(tried.size()), PARALLEL,
                        i -> won.set(i, tryClaim(look, tried.get(i), options.lease(), worker)));
            } catch (WindlassException e) {
                failure = e;
            }
            int before = claimed.size();
            for (ClaimedTask task : won) {
                if (task != null) {
                    claimed.add(task);
                }
            }
            look.contention().learn(tried.size(), tried.size() - (claimed.size() - before));
        }
        if (failure != null && claimed.isEmpty()) {
            throw failure;
        }
        return claimed;
    }

    private static List<Integer> indices(int size) {
        var indices = new ArrayList<Integer>();
        for (int i = 0; i < size; i++) {
            indices.add(i);
        }
        return indices;
    }

    private List<Found> next(Look look, int wanted) {
        look.monitor().lock();
        try {
            return look.finder().next(wanted).stream().map(key -> new Found(key, look.finder().lastModified(key)))
                    .toList();
        } finally {
            look.monitor().unlock();
        }
    }

    /** Reads the tasks; those that can be claimed here, in the order found. */
    private List<Candidate> read(Look look, List<Found> found, @Nullable String type) {
        var read = new ArrayList<@Nullable Candidate>();
        found.forEach(key -> read.add(null));
        Fork.forEach(core.environment(), "windlass-claim-read", indices(found.size()), PARALLEL,
                i -> read.set(i, judge(look, found.get(i), type)));
        var candidates = new ArrayList<Candidate>();
        for (Candidate candidate : read) {
            if (candidate != null) {
                candidates.add(candidate);
            }
        }
        return candidates;
    }

    private @Nullable Candidate judge(Look look, Found found, @Nullable String type) {
        ReadyKey key = found.key();
        TaskVersion version = core.tasks().read(key.taskId());
        ReadyKeyJudge.Judgement judgement = judge.judge(key, found.put(), version);
        if (judgement == ReadyKeyJudge.Judgement.UNUSABLE && version != null) {
            quarantine.add(key, queue, version);
        }
        TaskDocument document = version == null ? null : version.document();
        if (judgement != ReadyKeyJudge.Judgement.CLAIMABLE || version == null || document == null) {
            look.skips().skip(key.key(),
                    judgement == ReadyKeyJudge.Judgement.UNUSABLE ? SKIP_LONG : SKIP_SHORT);
        } else if (document.isExpired(core.clock())) {
            look.skips().skip(key.key(), SKIP_SHORT);
            expiry.tryExpire(version, document);
        } else if (look.finder().pauses().isPaused(document.type())) {
            look.skips().skip(key.key(), SKIP_LONG);
        } else if (document.isEngine() || (type != null && !type.equals(document.type()))
                || !core.payloads().codecs().canRead(document)) {
            look.skips().skip(key.key(), SKIP_LONG);
        } else if (document.dueAt().isAfter(core.clock().now())) {
            look.skips().skip(key.key(), SKIP_SHORT);
        } else {
            return new Candidate(key, version, document);
        }
        return null;
    }

    /** One claim: its lease first, then the task. */
    private @Nullable ClaimedTask tryClaim(Look look, Candidate candidate, Duration length, String worker) {
        String id = candidate.document().id();
        String claim = core.newWriteId();
        try (var context = LogContext.task(id, queue).worker(worker)) {
            ClaimOutcome outcome = ClaimOutcome.FAILED;
            try {
                ClaimedTask claimed = cover(candidate, claim, length, worker);
                outcome = claimed == null ? ClaimOutcome.LOST : ClaimOutcome.WON;
                if (claimed == null) {
                    look.skips().skip(candidate.key().key(), SKIP_SHORT);
                } else {
                    LOG.debug("task {}: attempt {} was claimed by {} for {}", id, claimed.info().attempt(), worker,
                            length);
                }
                return claimed;
            } catch (WindlassException e) {
                look.skips().forget(candidate.key().key());
                LOG.warn("task {}: the manual claim by {} gave up; if it was made, it ends with its lease: {}", id,
                        worker, e.getMessage());
                throw e;
            } finally {
                core.observers().claimDecided(queue, outcome);
            }
        }
    }

    private @Nullable ClaimedTask cover(Candidate candidate, String claim, Duration length, String worker) {
        long nanos = core.environment().nanoTime();
        Instant now = core.clock().now();
        String writeId = core.newWriteId();
        String leaseId = Keys.manualLeaseId(writeId);
        var lease = new LeaseDocument(leaseId, worker, writeId, writeId, false, length, null,
                List.of(new LeaseDocument.Claim(candidate.document().id(), claim, null)), List.of());
        if (!(core.documents().createOnce(Keys.lease(leaseId), lease.bytes(),
                writeId) instanceof Written.Won covered)) {
            return null; // it may still land, and is swept then; the claim is not made
        }
        if (!surelyStands(nanos, now, length)) {
            core.documents().delete(Keys.lease(leaseId)); // no claim was sent
            return null;
        }
        TaskStore.Outcome.Won won = swap.swap(candidate.version(), candidate.document(), claim, leaseId, worker,
                core.clock().now(), null);
        if (won == null) {
            core.documents().delete(Keys.lease(leaseId)); // the claim can never land
            return null;
        }
        return new DefaultClaimedTask(core, won.version(), won.document(), claim, covered.current(),
                now.plus(length));
    }

    /** Whether no sweeper can have judged the lease dead by now, by both clocks. */
    private boolean surelyStands(long nanos, Instant time, Duration length) {
        Duration surely = length.minus(core.clock().uncertainty());
        return core.environment().nanoTime() - nanos < length.toNanos() / 5 * 4
                && Duration.between(time, core.clock().now()).compareTo(surely) < 0;
    }
}
