package dev.windlass.cli.graph;

import java.util.Comparator;

/**
 * The byte order of task ids: the order of their UTF-8 forms, which is the order of code points. It differs from
 * {@link String#compareTo} where an id has characters outside the basic plane.
 */
public enum IdOrder implements Comparator<String> {
    /** The only one. */
    BYTES;

    @Override
    public int compare(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char left = a.charAt(i);
            char right = b.charAt(i);
            if (left != right) {
                boolean leftOutside = Character.isSurrogate(left);
                boolean rightOutside = Character.isSurrogate(right);
                if (leftOutside != rightOutside) {
                    return leftOutside ? 1 : -1;
                }
                return Character.compare(left, right);
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
