package dev.windlass.queue;

/**
 * What a sweep did.
 *
 * @param leases how many leases it saw
 * @param deadLeases how many of them were dead, or were declared so
 * @param requeued how many tasks went back to their queues
 * @param failed how many tasks failed for good, since their attempts were used up
 * @param timedOut how many attempts were ended since their time was over and their worker did not end them
 * @param removedKeys how many ready keys that no task names were removed; only by a sweep of ready keys
 */
public record SweepReport(int leases, int deadLeases, int requeued, int failed, int timedOut, int removedKeys) {

    /** Nothing done. */
    public static final SweepReport NONE = new SweepReport(0, 0, 0, 0, 0, 0);

    /**
     * Both together.
     *
     * @param other another report
     */
    public SweepReport plus(SweepReport other) {
        return new SweepReport(leases + other.leases, deadLeases + other.deadLeases, requeued + other.requeued,
                failed + other.failed, timedOut + other.timedOut, removedKeys + other.removedKeys);
    }
}
