package dev.windlass.benchmarks.measure;

import org.jspecify.annotations.Nullable;

/**
 * What a figure should be.
 *
 * @param least at least so much, or null
 * @param most at most so much, or null
 */
public record Target(@Nullable Double least, @Nullable Double most) {
    /** Nothing is aimed at: the figure is there to be known. */
    static final Target NONE = new Target(null, null);

    static Target atLeast(double value) {
        return new Target(value, null);
    }

    static Target atMost(double value) {
        return new Target(null, value);
    }

    /** Whether there is one. */
    public boolean exists() {
        return least != null || most != null;
    }

    /** Whether a value meets it. */
    public boolean isMetBy(double value) {
        return (least == null || value >= least) && (most == null || value <= most);
    }

    /** For people. */
    public String text() {
        if (least != null) {
            return "≥ " + Figure.number(least);
        }
        return most == null ? "" : "≤ " + Figure.number(most);
    }
}
