package dev.windlass.cli.command;

import java.time.Duration;
import java.util.Locale;

/** Durations as {@link DurationConverter} reads them. */
final class DurationText {
    private DurationText() {
    }

    /** Such as {@code 1h30m}, {@code 1.5s}. */
    static String of(Duration duration) {
        return duration.isZero() ? "0s" : duration.toString().substring(1).replace("T", "").toLowerCase(Locale.ROOT);
    }
}
