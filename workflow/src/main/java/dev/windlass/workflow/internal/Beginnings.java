package dev.windlass.workflow.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Marks steps of an owned run as begun, of those that are begun at most once. Safe for use by any number of threads. */
final class Beginnings {
    private static final Logger LOG = LoggerFactory.getLogger(Beginnings.class);

    private final OwnedRun run;
    /** Write ids of marks whose put has begun, and may have landed; by step. */
    private final Map<String, String> writeIds = new ConcurrentHashMap<>();

    Beginnings(OwnedRun run) {
        this.run = run;
    }

    /**
     * Marks a step as begun. One put; repeated after a failure, it is the same beginning.
     *
     * @return false if it was begun before: how that ended is not known
     * @throws InterruptedException if its body may not begin any more: it was stopped, its time is over, or the claim is lost
     * @throws dev.windlass.store.StoreException if it is not known whether it is marked; repeat the call
     */
    boolean begin(LocalAttempt attempt) throws InterruptedException {
        String writeId = writeIds.computeIfAbsent(attempt.segment(), step -> run.engine().newWriteId());
        boolean first = run.records().begin(attempt.segment(), writeId);
        writeIds.remove(attempt.segment());
        if (first && run.claim().isLost() && attempt.stop()) {
            LOG.debug("{}: step {} does not begin, since the claim is lost", run.label(), attempt.name());
        }
        if (first && attempt.isCancelled()) {
            throw new InterruptedException("stopped before it began");
        }
        return first;
    }
}
