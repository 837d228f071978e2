package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.windlass.WindlassException;
import dev.windlass.environment.Monitor;
import dev.windlass.observer.ClaimOutcome;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns candidates into claims (docs/protocol.md, "claim"): in parallel, one write of the lease that covers them all, and a
 * GET of each; then a compare-and-swap of each that can be claimed, to Running; then its ready key goes, off the critical
 * path. A task's strand goes straight on to its handler.
 */
final class Claimer {
    private static final Logger LOG = LoggerFactory.getLogger(Claimer.class);
    private static final Duration SKIP_SHORT = Duration.ofMillis(100);
    private static final Duration SKIP_LATER = Duration.ofSeconds(30);
    private static final Duration SKIP_LONG = Duration.ofMinutes(1);
    /** A worker's handlers never change; so long that a cycle through very many such keys ends before it begins anew. */
    private static final Duration SKIP_UNHANDLED = Duration.ofMinutes(15);
    private static final Duration RESOLVE_PAUSE = Duration.ofSeconds(1);

    private final Core core;
    private final String workerId;
    private final LeaseKeeper leases;
    private final Handlers handlers;
    private final SkipCache skips;
    private final Contention contention;
    private final ReadyKeyJudge judge;
    private final Quarantine quarantine;
    private final ClaimResolver resolver;
    private final ClaimSwap swap;
    private final Expiry expiry;
    private final Unhandled unhandled;
    private final Budget budget;
    private final TypeRules rules;
    private final Runnable nudge;

    Claimer(Core core, String workerId, LeaseKeeper leases, Handlers handlers, SkipCache skips, Contention contention,
            Quarantine quarantine, Unhandled unhandled, Budget budget, TypeRules rules, Runnable nudge) {
        this.core = core;
        this.workerId = workerId;
        this.leases = leases;
        this.handlers = handlers;
        this.skips = skips;
        this.contention = contention;
        this.judge = new ReadyKeyJudge(core);
        this.quarantine = quarantine;
        this.resolver = new ClaimResolver(core);
        this.swap = new ClaimSwap(core);
        this.expiry = new Expiry(core);
        this.unhandled = unhandled;
        this.budget = budget;
        this.rules = rules;
        this.nudge = nudge;
    }

    /** Candidates tried together. */
    private final class Batch {
        private final Monitor monitor = core.environment().newMonitor();
        private final long start = core.environment().nanoTime();
        private final int size;
        private final Consumer<Duration> onDone;
        private int open;
        private int tried;
        private int lost;

        Batch(int size, Consumer<Duration> onDone) {
            this.size = size;
            this.open = size;
            this.onDone = onDone;
        }

        void done(boolean wasTried, boolean wasLost) {
            monitor.lock();
            try {
                open--;
                tried += wasTried ? 1 : 0;
                lost += wasLost ? 1 : 0;
                if (open > 0) {
                    return;
                }
            } finally {
                monitor.unlock();
            }
            contention.learn(tried, lost);
            LOG.debug("claim of {} candidates: {} tried, {} lost to others", size, tried, lost);
            onDone.accept(Duration.ofNanos(core.environment().nanoTime() - start));
        }
    }

    /**
     * Claims what can be claimed, each on a strand of its own, and returns at once.
     *
     * @param run works on a claim; called on its strand
     * @param giveBack called once for each candidate that is done with, claimed or not
     * @param onDone called with the time that it took until the last claim was decided
     */
    void claim(List<ReadyKey> keys, CandidateFinder finder, Consumer<Attempt> run, Runnable giveBack,
            Consumer<Duration> onDone) {
        var claims = new ArrayList<LeaseDocument.Claim>();
        for (ReadyKey key : keys) {
            claims.add(new LeaseDocument.Claim(key.taskId(), core.newWriteId(), null));
        }
        Fork<LeaseKeeper.Coverage> coverage = Fork.start(core.environment(), "windlass-cover",
                () -> leases.cover(claims));
        var batch = new Batch(keys.size(), onDone);
        for (int i = 0; i < keys.size(); i++) {
            ReadyKey key = keys.get(i);
            Instant put = finder.lastModified(key);
            String claim = claims.get(i).claimWriteId();
            core.environment().start("windlass-task-" + key.taskId(), () -> {
                Attempt attempt = null;
                try (var context = LogContext.task(key.taskId(), finder.queue()).worker(workerId)) {
                    attempt = tryClaim(key, finder, put, claim, coverage, batch);
                    if (attempt != null) {
                        work(attempt, run);
                    }
                } finally {
                    if (attempt == null) {
                        budget.giveBack(1);
                    }
                    giveBack.run();
                }
            });
        }
    }

    private void work(Attempt attempt, Consumer<Attempt> run) {
        try {
            run.accept(attempt);
        } finally {
            leave(attempt.document().type());
        }
    }

    private void leave(String type) {
        if (rules.leave(type)) {
            nudge.run();
        }
    }

    private @Nullable Attempt tryClaim(ReadyKey key, CandidateFinder finder, Instant put, String claim,
            Fork<LeaseKeeper.Coverage> coverage, Batch batch) {
        String queue = finder.queue();
        ClaimOutcome outcome = ClaimOutcome.FAILED;
        Attempt attempt = null;
        boolean tried = false;
        boolean lost = false;
        boolean covered = true;
        String entered = null;
        try {
            TaskVersion version;
            LeaseKeeper.Coverage covering;
            try {
                version = core.tasks().read(key.taskId());
            } finally {
                covering = coverage.join();
            }
            ReadyKeyJudge.Judgement judgement = judge.judge(key, put, version);
            tried = judgement == ReadyKeyJudge.Judgement.CLAIMABLE || judgement == ReadyKeyJudge.Judgement.GARBAGE;
            lost = judgement == ReadyKeyJudge.Judgement.GARBAGE;
            TaskDocument document = version == null ? null : version.document();
            if (judgement == ReadyKeyJudge.Judgement.UNUSABLE && version != null) {
                quarantine.add(key, queue, version);
            }
            outcome = lost ? ClaimOutcome.LOST : ClaimOutcome.SKIPPED;
            if (judgement != ReadyKeyJudge.Judgement.CLAIMABLE || version == null || document == null) {
                skips.skip(key.key(), judgement == ReadyKeyJudge.Judgement.UNUSABLE ? SKIP_LONG : age(put));
            } else if (document.isExpired(core.clock())) {
                tried = false;
                outcome = ClaimOutcome.EXPIRED;
                skips.skip(key.key(), SKIP_SHORT);
                expiry.tryExpire(version, document);
            } else if (finder.pauses().isPaused(document.type())) {
                tried = false;
                skips.skip(key.key(), SKIP_UNHANDLED); // all are forgotten when something is resumed
            } else if (!handlers.accept(document) || !core.payloads().codecs().canRead(document)) {
                tried = false;
                outcome = ClaimOutcome.UNHANDLED;
                unhandled.add(document);
                skips.skip(key.key(), document.isEngine() ? SKIP_LONG : SKIP_UNHANDLED);
            } else if (!key.wake() && document.dueAt().isAfter(core.clock().now())) {
                tried = false;
                skips.skip(key.key(), SKIP_SHORT);
            } else if (!rules.tryEnter(document.type(), key.key(),
                    () -> skips.skip(key.key(), TypeRules.HELD), () -> skips.forget(key.key()))) {
                tried = false;
            } else if (!leases.surelyStands(covering)) {
                entered = document.type();
                tried = false; // a sweeper may have resolved the claim before the task was read
                skips.forget(key.key());
            } else {
                entered = document.type();
                covered = false; // from here on, a CAS may be on its way
                outcome = ClaimOutcome.FAILED;
                attempt = swap(key, version, document, claim, covering.leaseId());
                outcome = attempt == null ? ClaimOutcome.LOST : ClaimOutcome.WON;
                lost = attempt == null;
                if (lost) {
                    skips.skip(key.key(), SKIP_SHORT.multipliedBy(5));
                }
                covered = attempt == null;
            }
        } catch (StoreUnavailableException e) {
            outcome = ClaimOutcome.FAILED;
            skips.forget(key.key());
            LOG.warn("task {}: claim by worker {} gave up: {}", key.taskId(), workerId, e.getMessage());
        } catch (WindlassException e) {
            outcome = ClaimOutcome.FAILED;
            skips.skip(key.key(), SKIP_LONG);
            LOG.error("task {}: claim by worker {} failed: {}", key.taskId(), workerId, e.getMessage(), e);
        } finally {
            if (covered) {
                leases.uncover(List.of(claim)); // no CAS is on its way
            } else if (attempt == null) { // whatever was thrown, it may have landed
                core.environment().start("windlass-resolve-" + key.taskId(), () -> resolve(key, queue, claim));
            }
            if (attempt == null && entered != null) {
                leave(entered);
            }
            core.observers().claimDecided(queue, outcome);
            batch.done(tried, lost);
        }
        return attempt;
    }

    /** What may be under way is looked at again after as long as it has been so. */
    private Duration age(Instant put) {
        Duration age = Duration.between(put, core.clock().now());
        return age.compareTo(SKIP_SHORT) < 0 ? SKIP_SHORT : age.compareTo(SKIP_LATER) > 0 ? SKIP_LATER : age;
    }

    private @Nullable Attempt swap(ReadyKey key, TaskVersion version, TaskDocument document, String claim,
            String lease) {
        Instant now = core.clock().now();
        long nanos = core.environment().nanoTime();
        TaskStore.Outcome.Won won = swap.swap(version, document, claim, lease, workerId, now, rules.timeout(document));
        if (won == null) {
            return null;
        }
        Instant deadline = won.document().deadlineAt();
        if (deadline != null) {
            leases.deadline(claim, deadline);
        }
        return new Attempt(core, won.version(), won.document(), claim, lease, key, workerId,
                key.wake() || core.observers().isEmpty()
                        ? null
                        : Long.valueOf(nanos - Duration.between(readySince(document), now).toNanos()));
    }

    /** Since when the task could have been claimed: it was due, and written as it stands. */
    private static Instant readySince(TaskDocument document) {
        Instant due = document.dueAt();
        Instant written = document.lastTransition();
        return written.isAfter(due) ? written : due;
    }

    /** A claim whose outcome is not known is fenced before its coverage goes, however long that takes. */
    private void resolve(ReadyKey key, String queue, String claim) {
        try (var context = LogContext.task(key.taskId(), queue).worker(workerId)) {
            resolve(key, claim);
        }
    }

    private void resolve(ReadyKey key, String claim) {
        while (true) {
            try {
                resolver.resolve(key.taskId(), claim, workerId, new Settlement.Verdict.Again(Duration.ZERO, "released",
                        "it was not known whether the claim had landed"));
                leases.uncover(List.of(claim));
                return;
            } catch (WindlassException e) {
                LOG.warn("task {}: its claim is still not resolved: {}", key.taskId(), e.getMessage());
                if (!leases.covers(claim)) {
                    return; // the lease is lost or given up: a sweeper resolves what it lists
                }
            }
            try {
                core.environment().sleep(RESOLVE_PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
