package dev.windlass.local;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.windlass.InvalidInputException;
import dev.windlass.store.StoreSettings;
import org.jspecify.annotations.Nullable;

/**
 * A {@code file:} URI, read.
 *
 * @param directory as given, perhaps relative to the working directory
 * @param fsync whether puts are durable against power loss
 * @param allowNetworkFileSystem whether a network file system is accepted
 */
record LocalUri(Path directory, boolean fsync, boolean allowNetworkFileSystem) {

    private static final String FSYNC = "fsync";
    private static final String ALLOW_NETWORK = "allowNetworkFileSystem";
    private static final List<String> KNOWN = List.of(ALLOW_NETWORK, FSYNC);

    static LocalUri parse(URI uri, StoreSettings settings) {
        if (uri.getRawFragment() != null) {
            throw new InvalidInputException(
                    "'" + uri + "' has a '#' part, which a file: store does not know; write '%23' if the"
                            + " directory's name has a '#'");
        }
        String rest = afterScheme(uri);
        int question = rest.indexOf('?');
        String path = question < 0 ? rest : rest.substring(0, question);
        Map<String, String> options = options(uri, settings, KNOWN);
        if (path.startsWith("//")) {
            int slash = path.indexOf('/', 2);
            String authority = slash < 0 ? path.substring(2) : path.substring(2, slash);
            if (!authority.isEmpty() && !authority.equals("localhost")) {
                throw new InvalidInputException("'" + uri + "' names the host '" + authority
                        + "', but a file: store is on this host; write file:" + authority
                        + " for a directory below the working"
                        + " directory, or file:///" + authority + " for an absolute one");
            }
            path = slash < 0 ? "" : path.substring(slash);
        }
        path = decode(uri, path);
        if (path.isEmpty()) {
            throw new InvalidInputException("'" + uri + "' names no directory; write one, such as file:.windlass");
        }
        try {
            return new LocalUri(Path.of(path), flag(uri, options, FSYNC, true),
                    flag(uri, options, ALLOW_NETWORK, false));
        } catch (InvalidPathException failure) {
            throw new InvalidInputException("'" + uri + "' is no path on this system: " + failure.getReason(), failure);
        }
    }

    static void refuseOptions(URI uri, StoreSettings settings) {
        options(uri, settings, List.of());
    }

    private static String afterScheme(URI uri) {
        String text = uri.toString();
        return text.substring(text.indexOf(':') + 1);
    }

    private static Map<String, String> options(URI uri, StoreSettings settings, List<String> known) {
        Map<String, String> options = new LinkedHashMap<>(settings.options());
        String rest = afterScheme(uri);
        int question = rest.indexOf('?');
        if (question >= 0) {
            for (String pair : rest.substring(question + 1).split("&", -1)) {
                if (!pair.isEmpty()) {
                    int equals = pair.indexOf('=');
                    options.put(decode(uri, equals < 0 ? pair : pair.substring(0, equals)),
                            equals < 0 ? "true" : decode(uri, pair.substring(equals + 1)));
                }
            }
        }
        for (String name : options.keySet()) {
            if (!known.contains(name)) {
                throw new InvalidInputException(unknownOption(uri, name, known));
            }
        }
        return options;
    }

    private static String unknownOption(URI uri, String name, List<String> known) {
        String head = "'" + uri + "': unknown option '" + name + "'";
        if (known.isEmpty()) {
            return head + "; a " + uri.getScheme() + ": store has no options";
        }
        String nearest = nearest(name, known);
        return head + (nearest == null ? "" : ", did you mean '" + nearest + "'?") + "; a " + uri.getScheme()
                + ": store has "
                + String.join(", ", known);
    }

    private static boolean flag(URI uri, Map<String, String> options, String name, boolean otherwise) {
        String value = options.get(name);
        if (value == null) {
            return otherwise;
        }
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidInputException(
                    "'" + uri + "': option " + name + " is '" + value + "', but must be true or false");
        };
    }

    private static String decode(URI uri, String text) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%') {
                int high = digit(in, i + 1);
                int low = digit(in, i + 2);
                if (high < 0 || low < 0) {
                    throw new InvalidInputException(
                            "'" + uri + "' has a '%' without two hexadecimal digits after it; write '%25'");
                }
                out[length++] = (byte) ((high << 4) | low);
                i += 2;
            } else {
                out[length++] = in[i];
            }
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }

    private static int digit(byte[] bytes, int index) {
        return index < bytes.length ? Character.digit(bytes[index], 16) : -1;
    }

    /** The known name that is at most two edits away, or null. */
    private static @Nullable String nearest(String name, List<String> known) {
        String best = null;
        int bestDistance = 3;
        for (String candidate : known) {
            int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                int substitute = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(substitute, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[right.length()];
    }
}
