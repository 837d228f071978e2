package dev.windlass.doctor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at.
 *
 * @param name what: a short name in kebab case, which stays the same from version to version
 * @param verdict what it came to
 * @param found what was seen, in a sentence without a full stop
 * @param remedy what to do; null if there is nothing to do
 * @param figures what was measured, by name; the unit is part of the name, as in {@code putP99Millis}. Empty for most
 */
public record Check(String name, Verdict verdict, String found, @Nullable String remedy, Map<String, Double> figures) {

    /** Copies the figures, and keeps their order. */
    public Check {
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }

    static Check of(String name, Verdict verdict, String found, @Nullable String remedy) {
        return new Check(name, verdict, found, remedy, Map.of());
    }

    static Check good(String name, String found) {
        return of(name, Verdict.GOOD, found, null);
    }

    static Check skipped(String name, String found, @Nullable String remedy) {
        return of(name, Verdict.SKIPPED, found, remedy);
    }

    static Check note(String name, String found, @Nullable String remedy) {
        return of(name, Verdict.NOTE, found, remedy);
    }

    static Check bad(String name, String found, String remedy) {
        return of(name, Verdict.BAD, found, remedy);
    }

    Check with(Map<String, Double> measured) {
        return new Check(name, verdict, found, remedy, measured);
    }
}
