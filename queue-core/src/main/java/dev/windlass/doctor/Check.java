package dev.windlass.doctor;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at.
 *
 * @param name what: a short name in kebab case, which stays the same from version to version
 * @param verdict what it came to
 * @param found what was seen, in a sentence without a full stop
 * @param remedy what to do; null if there is nothing to do
 */
public record Check(String name, Verdict verdict, String found, @Nullable String remedy) {

    static Check good(String name, String found) {
        return new Check(name, Verdict.GOOD, found, null);
    }

    static Check note(String name, String found, @Nullable String remedy) {
        return new Check(name, Verdict.NOTE, found, remedy);
    }

    static Check bad(String name, String found, String remedy) {
        return new Check(name, Verdict.BAD, found, remedy);
    }
}
