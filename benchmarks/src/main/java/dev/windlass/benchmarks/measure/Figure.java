package dev.windlass.benchmarks.measure;

import java.util.Locale;

/**
 * One row of the table.
 *
 * @param what what was measured, and where
 * @param value the figure
 * @param unit its unit
 * @param target what it should be
 */
public record Figure(String what, double value, String unit, Target target) {

    static Figure of(String what, double value, String unit) {
        return new Figure(what, value, unit, Target.NONE);
    }

    /** The value as people read it: three digits or so. */
    public String text() {
        return number(value) + (unit.isEmpty() ? "" : " " + unit);
    }

    static String number(double value) {
        double size = Math.abs(value);
        if (value == Math.rint(value) || size >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", value);
    }
}
