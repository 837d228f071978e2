package dev.windlass.cli;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.InvalidInputException;

/**
 * What is wrong with one input, gathered so that a user mends it in one go: the first ten are told, the rest are
 * counted. Not safe for use by several threads.
 */
public final class Problems {
    private static final int TOLD = 10;
    private static final int ID_LENGTH_SHOWN = 100;

    private final String subject;
    private final List<String> told = new ArrayList<>();
    private int count;

    /** @param subject what the input is called in messages, such as a file's name */
    public Problems(String subject) {
        this.subject = subject;
    }

    /** Adds one. */
    public void add(String problem) {
        count++;
        if (told.size() < TOLD) {
            told.add(problem);
        }
    }

    /** Whether nothing is wrong. */
    public boolean none() {
        return count == 0;
    }

    /** @throws InvalidInputException with all problems, if there are any */
    public void throwIfAny() {
        if (count > 0) {
            throw new InvalidInputException(message());
        }
    }

    private String message() {
        if (count == 1) {
            return subject + ": " + told.getFirst();
        }
        var message = new StringBuilder(subject).append(": ").append(count).append(" problems");
        told.forEach(problem -> message.append("\n  ").append(problem));
        if (count > told.size()) {
            message.append("\n  and ").append(count - told.size()).append(" more");
        }
        return message.toString();
    }

    /** An id as messages show it: in quotes, without control characters, and not endlessly long. */
    public static String quote(String id) {
        var quoted = new StringBuilder("\"");
        int shown = Math.min(id.length(), ID_LENGTH_SHOWN);
        for (int i = 0; i < shown; i++) {
            char c = id.charAt(i);
            if (Character.isISOControl(c)) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append(shown < id.length() ? "…\"" : "\"").toString();
    }
}
