package dev.windlass.chaos.workload;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * A task's input.
 *
 * @param name names the submission; of keyed ones, the key
 * @param failures how many attempts are to fail first
 * @param millis how long the handler takes, or how long the task is delayed
 * @param filler more text, to make it large
 */
public record Job(String name, int failures, long millis, String filler) {
    private static final int LARGE = 320_000;

    /** Draws the input of a task of a kind. */
    static Job draw(Kind kind, String name, RandomGenerator random) {
        return switch (kind) {
            case RETRIED, RESCHEDULED -> new Job(name, 1 + random.nextInt(3), random.nextInt(2_000), "");
            case TIMED_OUT -> new Job(name, 1, random.nextInt(100), "");
            case DELAYED -> new Job(name, 0, 2_000 + random.nextInt(6_000), "");
            case CANCELLED -> new Job(name, 0, 8_000 + random.nextInt(6_000), "");
            case STOPPED -> new Job(name, 0, 3_000 + random.nextInt(5_000), "");
            case LARGE -> new Job(name, 0, random.nextInt(100), pad(name, LARGE));
            case KEYED -> keyed(name);
            // Some take long enough for whatever is done to their worker to meet them.
            default -> new Job(name, 0, random.nextBoolean() ? 1_000 + random.nextInt(5_000) : random.nextInt(300), "");
        };
    }

    /** The same for everyone who knows the key. */
    static Job keyed(String key) {
        return new Job(key, 0, Math.floorMod(key.hashCode(), 200), "");
    }

    /** The result that its handler must yield. */
    public String result() {
        String digest = digest(name + '/' + failures + '/' + millis + '/' + filler);
        return filler.isEmpty() ? digest : pad(digest, filler.length());
    }

    /** Repeats a text until it is long. */
    static String pad(String text, int length) {
        return (text + ' ').repeat(length / (text.length() + 1) + 1).substring(0, length);
    }

    /** A short digest of a text. */
    public static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
