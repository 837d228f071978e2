package dev.windlass.schedule;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

import dev.windlass.InvalidInputException;

/** Time zones by their IANA names, such as {@code Europe/Berlin}. */
public final class TimeZones {
    private static final int SUGGESTED = 3;
    private static final int LONGEST = 100;

    private TimeZones() {
    }

    /**
     * The zone of a name.
     *
     * @param name an IANA name, {@code UTC}, or an offset such as {@code +02:00}
     * @throws InvalidInputException if there is none; the message has the nearest names
     */
    public static ZoneId of(String name) {
        String wanted = name.strip();
        try {
            return ZoneId.of(wanted);
        } catch (DateTimeException e) {
            throw new InvalidInputException("There is no time zone \"" + (wanted.length() > LONGEST
                    ? wanted.substring(0, LONGEST) + "…"
                    : wanted) + "\". The nearest names are " + String.join(", ", nearest(wanted)) + ".", e);
        }
    }

    private static List<String> nearest(String name) {
        String wanted = name.substring(0, Math.min(LONGEST, name.length())).toLowerCase(Locale.ROOT).replace(' ', '_');
        return new TreeSet<>(ZoneId.getAvailableZoneIds()).stream()
                .filter(id -> !id.startsWith("SystemV/") && !id.startsWith("Etc/"))
                .sorted(Comparator.comparingInt(id -> distance(wanted, id.toLowerCase(Locale.ROOT)))).limit(SUGGESTED)
                .toList();
    }

    /** To the whole name, or to its last part: people leave the continent out. */
    private static int distance(String wanted, String id) {
        int whole = edits(wanted, id);
        String city = id.substring(id.lastIndexOf('/') + 1);
        return Math.min(whole, edits(wanted.substring(wanted.lastIndexOf('/') + 1), city) + (id.equals(city) ? 0 : 1));
    }

    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
