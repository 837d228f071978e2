package dev.windlass.queue;

/**
 * What a worker has done since its start.
 *
 * @param running handlers that run now
 * @param completed attempts that completed their task
 * @param failed attempts after which their task had failed for good
 * @param requeued attempts after which their task went back to its queue: to be retried, rescheduled, released, parked
 * @param cancelled attempts after which their task was cancelled
 * @param leasesLost attempts whose claim was lost to somebody else
 * @param storeFailures tries to record an end that the store did not answer
 * @param poison bodies met that nobody can read
 */
public record WorkerStats(int running, long completed, long failed, long requeued, long cancelled, long leasesLost,
        long storeFailures, long poison) {

    /** Attempts that have ended. */
    public long ended() {
        return completed + failed + requeued + cancelled + leasesLost;
    }
}
