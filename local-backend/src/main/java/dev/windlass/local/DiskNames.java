package dev.windlass.local;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How segments of keys become names on disk.
 *
 * <p>{@code ^} is the escape: an upper-case letter is {@code ^} and the lower-case one, so that a file system that does
 * not tell cases apart does no harm; {@code ^} itself is {@code ^^}. What begins with {@code ^} and no letter is not a
 * segment:
 * <ul>
 * <li>{@code name^}: a directory of keys, so that a listing tells directories from objects without asking</li>
 * <li>{@code ^+chunk}: a directory for names that are too long for the disk; the names in it go on where the chunk
 * ended</li>
 * <li>{@code ^-prefix}: a directory for the objects whose names begin with that prefix; see {@link Buckets}</li>
 * <li>{@code ^!}: says that, and how, a directory is divided into such buckets</li>
 * <li>{@code ^~}: never a name, only ever the target of a symbolic link</li>
 * </ul>
 */
final class DiskNames {

    static final String CONTINUED = "^+";
    static final String BUCKET = "^-";
    static final String PIVOT = "^!";
    static final String DIRECTORY = "^";

    private static final int MAX_NAME = 255;
    private static final int CHUNK = 250;

    private DiskNames() {
    }

    /** The path of a directory of keys, relative to the root of objects: empty, or ends with a slash. */
    static String directory(String prefix) {
        StringBuilder path = new StringBuilder(prefix.length() + 16);
        int start = 0;
        for (int slash = prefix.indexOf('/'); slash >= 0; slash = prefix.indexOf('/', start)) {
            append(path, encode(prefix.substring(start, slash)) + DIRECTORY);
            path.append('/');
            start = slash + 1;
        }
        return path.toString();
    }

    /** The path of an object within the directory or bucket that holds it. */
    static String leaf(String name) {
        String encoded = encode(name);
        if (encoded.length() <= MAX_NAME) {
            return encoded;
        }
        StringBuilder path = new StringBuilder(encoded.length() + 8);
        append(path, encoded);
        return path.toString();
    }

    static String bucket(String prefix) {
        return BUCKET + encode(prefix);
    }

    private static void append(StringBuilder path, String encoded) {
        String rest = encoded;
        while (rest.length() > MAX_NAME) {
            int cut = CHUNK;
            int carets = 0;
            while (rest.charAt(cut - 1 - carets) == '^') {
                carets++;
            }
            cut -= carets % 2; // never between an escape and what it escapes
            path.append(CONTINUED).append(rest, 0, cut).append('/');
            rest = rest.substring(cut);
        }
        path.append(rest);
    }

    private static String encode(String text) {
        int length = text.length();
        int plain = 0;
        while (plain < length && isPlain(text.charAt(plain))) {
            plain++;
        }
        if (plain == length) {
            return text;
        }
        StringBuilder encoded = new StringBuilder(length + 16).append(text, 0, plain);
        for (int i = plain; i < length; i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                encoded.append(c);
            } else {
                encoded.append('^').append(c == '^' ? c : (char) (c + ('a' - 'A')));
            }
        }
        return encoded.toString();
    }

    private static boolean isPlain(char c) {
        return c != '^' && (c < 'A' || c > 'Z');
    }

    /** Undoes the encoding of a name, or of its beginning. */
    static String decode(String encoded) {
        if (encoded.indexOf('^') < 0) {
            return encoded;
        }
        StringBuilder text = new StringBuilder(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '^' && i + 1 < encoded.length()) {
                char escaped = encoded.charAt(++i);
                text.append(escaped == '^' ? escaped : (char) (escaped - ('a' - 'A')));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** What a name on disk stands for. */
    enum Kind {
        OBJECT, DIRECTORY, CONTINUED, BUCKET, OTHER;

        static Kind of(String name) {
            if (name.charAt(0) == '^' && name.length() > 1) {
                switch (name.charAt(1)) {
                    case '+' -> {
                        return CONTINUED;
                    }
                    case '-' -> {
                        return BUCKET;
                    }
                    case '!', '~' -> {
                        return OTHER;
                    }
                    default -> {
                        // an escaped character
                    }
                }
            }
            int carets = 0;
            while (carets < name.length() && name.charAt(name.length() - 1 - carets) == '^') {
                carets++;
            }
            return carets % 2 == 1 ? DIRECTORY : OBJECT;
        }
    }

    /**
     * How a directory with many objects is divided. All names that share the pivot's beginning up to some character, and
     * then differ, are in the bucket of that beginning and that character: no bucket's prefix begins another's, and there
     * are few of them, whatever the names are.
     */
    static final class Buckets {
        private static final int MAX_PIVOT = 60;

        private Buckets() {
        }

        /** The prefix of the bucket that holds a name, or null if the name stays in the directory itself. */
        static @Nullable String prefixFor(String pivot, String name) {
            int common = common(pivot, name);
            return common < name.length() ? name.substring(0, common + 1) : null;
        }

        /** A pivot that divides these names well, or null if they are too much alike. */
        static @Nullable String pivotFor(List<String> names) {
            List<String> sorted = new ArrayList<>(names);
            sorted.sort(null);
            String low = sorted.get(sorted.size() / 4);
            String high = sorted.get(sorted.size() * 3 / 4);
            int common = common(low, high);
            return common <= MAX_PIVOT ? low.substring(0, common) : null;
        }

        private static int common(String left, String right) {
            int limit = Math.min(left.length(), right.length());
            int common = 0;
            while (common < limit && left.charAt(common) == right.charAt(common)) {
                common++;
            }
            return common;
        }
    }
}
