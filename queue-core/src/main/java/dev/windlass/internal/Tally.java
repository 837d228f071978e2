package dev.windlass.internal;

import java.util.concurrent.atomic.AtomicLong;

/** Counts what became of a worker's attempts. */
final class Tally {
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong requeued = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong leasesLost = new AtomicLong();
    private final AtomicLong storeFailures = new AtomicLong();

    void ended(TaskState state) {
        (switch (state) {
            case COMPLETED -> completed;
            case FAILED -> failed;
            case PENDING -> requeued;
            default -> cancelled;
        }).incrementAndGet();
    }

    void leaseLost() {
        leasesLost.incrementAndGet();
    }

    void storeFailed() {
        storeFailures.incrementAndGet();
    }

    dev.windlass.queue.WorkerStats snapshot(int running, long poison) {
        return new dev.windlass.queue.WorkerStats(running, completed.get(), failed.get(), requeued.get(),
                cancelled.get(), leasesLost.get(), storeFailures.get(), poison);
    }
}
