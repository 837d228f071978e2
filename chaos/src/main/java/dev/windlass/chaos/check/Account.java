package dev.windlass.chaos.check;

import java.util.List;
import java.util.Map;

/**
 * What came of holding ledgers and store against each other.
 *
 * @param counts how much there was of what, by name
 * @param findings what does not add up; empty if all does
 */
public record Account(Map<String, Long> counts, List<Finding> findings) {

    /** Copies both. */
    public Account {
        counts = Map.copyOf(counts);
        findings = List.copyOf(findings);
    }
}
