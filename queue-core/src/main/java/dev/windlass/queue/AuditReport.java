package dev.windlass.queue;

import java.util.List;

/**
 * What an audit found.
 *
 * @param tasks how many tasks it read
 * @param readyKeys how many ready keys it saw
 * @param findings what is wrong, in the order found; at most 1,000
 * @param repaired how many findings it has repaired, those beyond the first 1,000 included
 */
public record AuditReport(long tasks, long readyKeys, List<Finding> findings, long repaired) {

    /** Copies the list. */
    public AuditReport {
        findings = List.copyOf(findings);
    }

    /**
     * One thing that is wrong.
     *
     * @param kind {@code no-ready-key}, {@code no-lease}, {@code orphan-key}, {@code poison}, {@code stale-dead-entry},
     *            {@code stale-pause-marker}
     * @param key the object that it is about
     * @param detail one sentence
     * @param repaired whether the audit has repaired it
     */
    public record Finding(String kind, String key, String detail, boolean repaired) {}
}
