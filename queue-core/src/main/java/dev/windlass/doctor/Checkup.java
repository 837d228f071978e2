package dev.windlass.doctor;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

import dev.windlass.store.RequestCounts;

/**
 * What an examination found.
 *
 * @param location the store
 * @param checks all that was looked at, in the order in which it was
 * @param requests what the examination cost
 * @param took how long it took
 */
public record Checkup(String location, List<Check> checks, RequestCounts requests, Duration took) {

    /** Copies the list. */
    public Checkup {
        checks = List.copyOf(checks);
    }

    /** The worst of all verdicts. */
    public Verdict verdict() {
        return checks.stream().map(Check::verdict).max(Comparator.naturalOrder()).orElse(Verdict.GOOD);
    }

    /** Whether tasks are safe on this store: no check is {@link Verdict#BAD}. */
    public boolean fit() {
        return verdict() != Verdict.BAD;
    }

    /**
     * One of the checks.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Check check(String name) {
        return checks.stream().filter(check -> check.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no check named " + name));
    }
}
