package dev.windlass.local;

import dev.windlass.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** The rules for keys, prefixes and limits, checked alike by every local store. */
final class Keys {

    static final int MAX_KEY = 1024;
    static final int MAX_SEGMENT = 255;
    static final int MAX_BODY = 64 * 1024 * 1024;
    static final int MAX_PAGE = 1000;

    private Keys() {
    }

    static void checkKey(String key) {
        if (key.isEmpty() || key.length() > MAX_KEY) {
            throw new InvalidInputException(
                    "a key has 1 to " + MAX_KEY + " bytes, not " + key.length() + ": '" + key + "'");
        }
        checkSegments(key, key);
    }

    static void checkBody(String key, byte[] body) {
        if (body.length > MAX_BODY) {
            throw new InvalidInputException(
                    "the body for '" + key + "' has " + body.length + " bytes; at most " + MAX_BODY + " can be put");
        }
    }

    static void checkList(String prefix, @Nullable String startAfter, int limit) {
        if (!prefix.isEmpty()) {
            if (!prefix.endsWith("/") || prefix.length() > MAX_KEY) {
                throw new InvalidInputException(
                        "a prefix is empty or ends with '/', and has at most " + MAX_KEY + " bytes: '" + prefix + "'");
            }
            checkSegments(prefix, prefix.substring(0, prefix.length() - 1));
        }
        if (startAfter != null && startAfter.length() > MAX_KEY) {
            throw new InvalidInputException("startAfter has at most " + MAX_KEY + " bytes, not " + startAfter.length());
        }
        if (limit < 1 || limit > MAX_PAGE) {
            throw new InvalidInputException("a page has 1 to " + MAX_PAGE + " entries, not " + limit);
        }
    }

    private static void checkSegments(String whole, String text) {
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '/') {
                int length = i - start;
                boolean dots = text.startsWith(".", start)
                        && (length == 1 || (length == 2 && text.startsWith("..", start)));
                if (length < 1 || length > MAX_SEGMENT || dots) {
                    throw new InvalidInputException("each segment of a key has 1 to " + MAX_SEGMENT
                            + " bytes and is not '.' or '..': '" + whole + "'");
                }
                start = i + 1;
            } else if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                throw new InvalidInputException("a key is printable ASCII, but '" + whole + "' has the character U+"
                        + String.format("%04X", (int) text.charAt(i)) + "; percent-encode it");
            }
        }
    }
}
