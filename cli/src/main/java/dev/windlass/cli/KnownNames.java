package dev.windlass.cli;

import java.util.Comparator;
import java.util.List;

/** Names in files: says of one that is not known which was perhaps meant. */
public final class KnownNames {
    private static final int FAR = 4;

    private KnownNames() {
    }

    /**
     * What to say of a name that is not known.
     *
     * @param key the name
     * @param known all names that are
     */
    public static String unknown(String key, List<String> known) {
        String nearest = known.stream().min(Comparator.comparingInt(each -> distance(key, each))).orElse("");
        return Problems.quote(key) + " is not known"
                + (distance(key, nearest) <= FAR
                        ? "; did you mean " + nearest + '?'
                        : "; known are " + String.join(", ",
                                known));
    }

    /** How many letters have to be put, taken away or changed (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                row[j] = Math.min(Math.min(row[j], row[j - 1]) + 1,
                        corner + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
                corner = above;
            }
        }
        return row[b.length()];
    }
}
