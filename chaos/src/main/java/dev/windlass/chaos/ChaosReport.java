package dev.windlass.chaos;

import java.util.List;
import java.util.Map;

import dev.windlass.chaos.check.Account;

/**
 * What a run did and found.
 *
 * @param seed of the run
 * @param store its family
 * @param seconds how long it took in all
 * @param faults how often each fault has really happened
 * @param proxied requests that went through the proxy
 * @param processes how many processes there were in all
 * @param account what came of holding ledgers and store against each other
 * @param remarks on processes that ended by themselves, or did not end well; no fault of the queue by itself
 */
public record ChaosReport(long seed, String store, double seconds, Map<Fault, Long> faults, long proxied, int processes,
        Account account, List<String> remarks) {

    /** Copies the collections. */
    public ChaosReport {
        faults = Map.copyOf(faults);
        remarks = List.copyOf(remarks);
    }

    /** Whether all adds up. */
    public boolean isSound() {
        return account.findings().isEmpty();
    }
}
