package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.windlass.WindlassException;
import dev.windlass.environment.Monitor;
import dev.windlass.environment.Strand;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.queue.spi.Written;
import dev.windlass.store.StoreUnavailableException;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's lease: one object, {@code leases/{leaseId}.json}, renewed by one put per heartbeat however many claims it
 * covers (docs/protocol.md, "Leases").
 *
 * <p>Invariants kept here: a claim is listed before its task turns Running and until the write that ends it is known to
 * have landed (L1); after the worker has fenced itself, that lease is never renewed: the next one has a fresh id.
 *
 * <p>Writes are serialised: whoever needs one either becomes the writer, or waits for the write that carries his entries
 * too. So any number of claims at once cost one put.
 */
final class LeaseKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    private final Core core;
    private final DefaultDocuments documents;
    private final String workerId;
    private final Duration ttl;
    private final Duration heartbeat;
    private final Consumer<String> onLost;
    private final Consumer<LeaseDocument.Message> onMessage;
    private final Pulse beats;
    private final Pulse looks;

    private final Monitor monitor;
    private final Map<String, LeaseDocument.Claim> claims = new LinkedHashMap<>();
    private @Nullable String leaseId;
    private @Nullable StoredObject written;
    private long changes;
    private long landed;
    private boolean writing;
    private boolean stopped;
    private long renewedAt;

    /**
     * A lease for one worker.
     *
     * @param onLost called with the id of a lease that is lost, without the monitor
     * @param onMessage called with each message of the mailbox
     */
    LeaseKeeper(Core core, String workerId, Duration ttl, Duration heartbeat, Consumer<String> onLost,
            Consumer<LeaseDocument.Message> onMessage) {
        this.core = core;
        this.documents = core.documents().withPatience(ttl.dividedBy(2));
        this.workerId = workerId;
        this.ttl = ttl;
        this.heartbeat = heartbeat;
        this.onLost = onLost;
        this.onMessage = onMessage;
        this.beats = new Pulse(core.environment());
        this.looks = new Pulse(core.environment());
        this.monitor = core.environment().newMonitor();
    }

    List<Strand> start() {
        return List.of(core.environment().start("windlass-heartbeat-" + workerId, this::beat),
                core.environment().start("windlass-fence-" + workerId, this::watch));
    }

    /** When the loop that renews the lease last turned. */
    Pulse beats() {
        return beats;
    }

    /** When the loop that watches over the lease's time last turned. */
    Pulse looks() {
        return looks;
    }

    /**
     * A claim that was covered.
     *
     * @param leaseId by which lease
     * @param nanos not after the write that covers it, by the monotonic clock
     * @param time the same by the store's clock
     */
    record Coverage(String leaseId, long nanos, Instant time) {}

    /**
     * Lists claims in the lease. On return the store has them.
     *
     * @return the lease that covers them
     * @throws StoreUnavailableException if it could not be written in time; none of the claims may be made
     */
    Coverage cover(Collection<LeaseDocument.Claim> entries) {
        String covering;
        boolean complete = false;
        long nanos = core.environment().nanoTime();
        Instant time = core.clock().now();
        monitor.lock();
        try {
            if (leaseId == null) {
                leaseId = core.newWriteId();
                written = null;
                renewedAt = core.environment().nanoTime();
                monitor.signalAll();
            }
            covering = leaseId;
            entries.forEach(claim -> claims.put(claim.claimWriteId(), claim));
            changes++;
        } finally {
            monitor.unlock();
        }
        try {
            flush(covering);
            complete = true;
        } finally {
            if (!complete) {
                uncover(entries.stream().map(LeaseDocument.Claim::claimWriteId).toList());
            }
        }
        return new Coverage(covering, nanos, time);
    }

    /** The claims are resolved: they go from the lease with its next write. */
    void uncover(Collection<String> claimWriteIds) {
        monitor.lock();
        try {
            claimWriteIds.forEach(claims::remove);
        } finally {
            monitor.unlock();
        }
    }

    /** The attempt's time is over then: noted with the next write. */
    void deadline(String claimWriteId, Instant deadline) {
        monitor.lock();
        try {
            claims.computeIfPresent(claimWriteId,
                    (id, claim) -> new LeaseDocument.Claim(claim.taskId(), id, deadline));
        } finally {
            monitor.unlock();
        }
    }

    /** Whether the lease lists the claim, or will with its next write. */
    boolean covers(String claimWriteId) {
        monitor.lock();
        try {
            return claims.containsKey(claimWriteId) && !stopped;
        } finally {
            monitor.unlock();
        }
    }

    /** Whether it covers no claim, nor one that is being tried. */
    boolean isEmpty() {
        monitor.lock();
        try {
            return claims.isEmpty();
        } finally {
            monitor.unlock();
        }
    }

    /** The key of the lease as it is now; empty while there is none. */
    String currentKey() {
        monitor.lock();
        try {
            return leaseId == null ? "" : Keys.lease(leaseId);
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Whether no sweeper can have judged the lease dead by now. By both clocks: the monotonic one stands still while the
     * machine is suspended, the store's is as late as its last answer. What was read before this says yes is older than
     * any sweeper's fence, so a write that depends on it cannot pass the fence.
     */
    boolean surelyStands(Coverage coverage) {
        Duration patience = ttl.dividedBy(5).multipliedBy(4);
        // A lease may look older to a sweeper than it is, by what the store's time is uncertain.
        Duration surely = ttl.minus(core.clock().uncertainty());
        return holds(coverage.leaseId())
                && core.environment().nanoTime() - coverage.nanos() < patience.toNanos()
                && Duration.between(coverage.time(), core.clock().now())
                        .compareTo(surely.compareTo(patience) < 0 ? surely : patience) < 0;
    }

    /** Whether the lease still is the worker's. */
    boolean holds(String coveringLease) {
        monitor.lock();
        try {
            return coveringLease.equals(leaseId);
        } finally {
            monitor.unlock();
        }
    }

    /** Ends the heartbeat, and deletes the lease if every claim is resolved; otherwise a sweeper will. */
    void stop() {
        StoredObject last;
        boolean empty;
        boolean interrupted = false;
        monitor.lock();
        try {
            stopped = true;
            monitor.signalAll();
            while (writing) {
                try {
                    monitor.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            last = written;
            empty = claims.isEmpty();
            leaseId = null;
            written = null;
        } finally {
            monitor.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (last != null && empty) {
            documents.delete(last.key());
        }
    }

    /** Returns when everything that the claims map held at the call is in the store. */
    private void flush(String covering) {
        monitor.lock();
        try {
            long needed = changes;
            while (landed < needed) {
                requireHeld(covering);
                if (writing) {
                    awaitUninterruptibly();
                    continue;
                }
                writing = true;
                monitor.unlock();
                try {
                    write(covering);
                } finally {
                    monitor.lock();
                    writing = false;
                    monitor.signalAll();
                }
            }
            requireHeld(covering);
        } finally {
            monitor.unlock();
        }
    }

    private void awaitUninterruptibly() {
        try {
            monitor.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException(
                    "The thread was interrupted while its claims were being written to the lease"
                            + " of worker " + workerId + ". None of them was made.",
                    e);
        }
    }

    private void requireHeld(String covering) {
        if (!covering.equals(leaseId) || stopped) {
            throw new StoreUnavailableException("The lease " + covering + " of worker " + workerId
                    + " was lost while claims were being written to it. None of them was made.", null);
        }
    }

    /** One renewal, by the only writer. */
    private void write(String covering) {
        LeaseDocument document;
        StoredObject base;
        long carried;
        String writeId = core.newWriteId();
        monitor.lock();
        try {
            if (!covering.equals(leaseId)) {
                return; // fenced since: without a version to replace, this would create the lease anew
            }
            base = written;
            carried = changes;
            document = new LeaseDocument(covering, workerId, writeId, writeId, false, ttl, null,
                    new ArrayList<>(claims.values()), List.of());
        } finally {
            monitor.unlock();
        }
        byte[] body = document.bytes();
        long sent = core.environment().nanoTime();
        Written result = base == null ? create(covering, body, writeId) : documents.replace(base, body, writeId);
        switch (result) {
            case Written.Won won -> renewed(covering, won.current(), body, sent, carried);
            case Written.Lost lost -> conflict(covering, lost.current());
        }
    }

    /** The first write of a lease, whose id is never tried twice: what is not known to have landed is given up. */
    private Written create(String covering, byte[] body, String writeId) {
        try {
            return documents.createOnce(Keys.lease(covering), body, writeId);
        } catch (WindlassException e) {
            fence(covering, "it is not known whether it was created");
            throw e;
        }
    }

    private void renewed(String covering, StoredObject current, byte[] body, long sent, long carried) {
        boolean own;
        Duration margin = null;
        monitor.lock();
        try {
            own = covering.equals(leaseId);
            if (own) {
                if (written != null) { // a lease's first write renews nothing
                    margin = Duration.ofNanos(renewedAt + patience() - core.environment().nanoTime());
                }
                written = current;
                landed = Math.max(landed, carried);
                renewedAt = sent;
            }
        } finally {
            monitor.unlock();
        }
        if (margin != null) {
            core.observers().leaseRenewed(workerId, margin);
        }
        if (!own || Arrays.equals(current.body(), body)) {
            return; // nobody has written since
        }
        LeaseDocument document = LeaseDocument.parse(current.body());
        if (document != null) {
            readMailbox(covering, document, current);
        }
    }

    /** Somebody else wrote: a message, or a sweeper that has taken the lease over. */
    private void conflict(String covering, @Nullable StoredObject current) {
        LeaseDocument document = current == null ? null : LeaseDocument.parse(current.body());
        if (current == null || document == null || document.isDead()) {
            fence(covering, current == null ? "it is not there" : "a sweeper has taken it over");
            return;
        }
        monitor.lock();
        try {
            if (covering.equals(leaseId)) {
                written = current; // the next try goes on from here
            }
        } finally {
            monitor.unlock();
        }
        readMailbox(covering, document, current);
    }

    private void readMailbox(String covering, LeaseDocument document, StoredObject current) {
        if (document.isDead()) {
            fence(covering, "a sweeper has taken it over");
            return;
        }
        for (LeaseDocument.Message message : document.mailbox()) {
            try (var context = LogContext.ofWorker(workerId)) {
                LOG.debug("lease {}: a message of kind {} was read from version {}", covering, message.kind(),
                        current.etag());
                onMessage.accept(message);
            }
        }
    }

    /** Gives the lease up for good: it is never renewed, and the next one has another id. */
    private void fence(String covering, String why) {
        int orphans;
        monitor.lock();
        try {
            if (!covering.equals(leaseId)) {
                return;
            }
            leaseId = null;
            written = null;
            orphans = claims.size();
            claims.clear();
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
        try (var context = LogContext.ofWorker(workerId)) {
            LOG.warn("worker {}: lease {} is lost ({}); {} claims are given up, their tasks will run again", workerId,
                    covering, why, orphans);
        }
        core.observers().leaseLost(workerId, orphans);
        onLost.accept(covering);
    }

    /** Renews the lease once per heartbeat, unless a claim has done so meanwhile. */
    private void beat() {
        try (var context = LogContext.ofWorker(workerId)) {
            beatAgainAndAgain();
        }
    }

    private void beatAgainAndAgain() {
        while (true) {
            String current;
            beats.turn();
            monitor.lock();
            try {
                if (stopped) {
                    return;
                }
                long wait = renewedAt + heartbeat.toNanos() - core.environment().nanoTime();
                if (leaseId == null || writing || wait > 0) {
                    monitor.await(leaseId == null || writing ? heartbeat : Duration.ofNanos(wait));
                    continue;
                }
                current = leaseId;
                changes++;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                monitor.unlock();
            }
            try {
                flush(current);
            } catch (StoreUnavailableException e) {
                core.observers().renewalFailed(workerId);
                LOG.warn("worker {}: the heartbeat of lease {} failed, and is tried again: {}", workerId, current,
                        e.getMessage());
                if (!pause()) {
                    return;
                }
            } catch (WindlassException e) {
                core.observers().renewalFailed(workerId);
                LOG.error("worker {}: the store refuses the heartbeat of lease {}: {}", workerId, current,
                        e.getMessage());
                if (!pause()) {
                    return;
                }
            }
        }
    }

    /** How long after a renewal was sent the worker gives its lease up, unless another has landed; in nanoseconds. */
    private long patience() {
        return ttl.toNanos() / 5 * 4;
    }

    private boolean pause() {
        try {
            core.environment().sleep(heartbeat.dividedBy(4));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Fences the worker before its lease can be judged dead, also while a renewal hangs. */
    private void watch() {
        long patience = patience();
        while (true) {
            String covering = null;
            looks.turn();
            monitor.lock();
            try {
                if (stopped) {
                    return;
                }
                long left = renewedAt + patience - core.environment().nanoTime();
                if (leaseId == null) {
                    monitor.await(ttl);
                } else if (left > 0) {
                    monitor.await(Duration.ofNanos(left));
                } else {
                    covering = leaseId;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                monitor.unlock();
            }
            if (covering != null) {
                fence(covering, "it could not be renewed for " + Duration.ofNanos(patience).toMillis() + " ms");
            }
        }
    }
}
