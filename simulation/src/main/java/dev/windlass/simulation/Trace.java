package dev.windlass.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** What happened, in order: the last lines as text, and a hash of all. */
final class Trace {
    private static final long NANOS = 1_000_000_000L;

    private final Line[] ring;
    private long lines;
    private long hash = 1;

    Trace(int limit) {
        this.ring = new Line[Math.max(1, limit)];
    }

    /**
     * @param at nanoseconds since the beginning
     * @param who an actor's name
     * @param number of the request, or 0
     * @param what such as PUT, or a word for what happened
     * @param key what it is about, or empty
     * @param outcome what came of it, or empty
     */
    void add(long at, String who, long number, String what, String key, String outcome) {
        mix(at);
        mix(number * 31 + who.hashCode());
        mix(what.hashCode() * 31L + key.hashCode());
        mix(outcome.hashCode());
        ring[(int) (lines++ % ring.length)] = new Line(at, who, number, what, key, outcome);
    }

    void mix(long value) {
        hash = Seeded.mix(hash * 31 + value);
    }

    long hash() {
        return hash;
    }

    List<String> last(int most) {
        int count = (int) Math.min(Math.min(lines, ring.length), most);
        List<String> text = new ArrayList<>(count);
        for (long i = lines - count; i < lines; i++) {
            @Nullable
            Line line = ring[(int) (i % ring.length)];
            if (line != null) {
                text.add(line.text());
            }
        }
        return text;
    }

    private record Line(long at, String who, long number, String what, String key, String outcome) {
        String text() {
            return String.format(Locale.ROOT, "+%d.%09d %s%s %s%s%s", at / NANOS, at % NANOS, who,
                    number == 0 ? "" : "/" + number, what, key.isEmpty() ? "" : " " + key,
                    outcome.isEmpty() ? "" : ": " + outcome);
        }
    }
}
