package dev.windlass.internal;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A key below {@code ready/}, taken apart.
 *
 * @param key the whole key
 * @param due when the task that it names may start; of a wake key, a time for order only
 * @param taskId the task
 * @param gen the generation that it makes claimable; 0 for a wake key
 * @param wake whether it is a wake key
 */
record ReadyKey(String key, Instant due, String taskId, long gen, boolean wake) {
    private static final int MILLIS = 13;

    /** Takes a key apart; null if it is not of this form. */
    static @Nullable ReadyKey parse(String key) {
        String name = key.substring(key.lastIndexOf('/') + 1);
        int dot = name.indexOf('.');
        if (name.length() < MILLIS + 2 || name.charAt(MILLIS) != '-' || dot < MILLIS + 2) {
            return null;
        }
        long millis = number(name.substring(0, MILLIS));
        String taskId = name.substring(MILLIS + 1, dot);
        String rest = name.substring(dot + 1);
        if (millis < 0 || rest.isEmpty()) {
            return null;
        }
        if (rest.charAt(0) == 'w') {
            return new ReadyKey(key, Instant.ofEpochMilli(millis), taskId, 0, true);
        }
        int second = rest.indexOf('.');
        long gen = second < 0 ? -1 : number(rest.substring(0, second));
        return gen < 0 ? null : new ReadyKey(key, Instant.ofEpochMilli(millis), taskId, gen, false);
    }

    private static long number(String digits) {
        if (digits.isEmpty() || digits.length() > 18) {
            return -1;
        }
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return -1;
            }
        }
        return Long.parseLong(digits);
    }
}
