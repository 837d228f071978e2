package dev.windlass.cli.command;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations such as {@code 500ms}, {@code 10s}, {@code 1.5s}, {@code 1h30m}, {@code 2d} and ISO-8601's. */
public final class DurationConverter implements ITypeConverter<Duration> {
    private static final Duration LONGEST = Duration.ofDays(3660);
    private static final Pattern PART = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)(ms|s|m|h|d)");

    /** For picocli. */
    public DurationConverter() {
        // no state
    }

    @Override
    public Duration convert(String text) {
        return parse(text);
    }

    /**
     * Reads a duration.
     *
     * @param text as a user wrote it
     * @return zero to ten years
     * @throws TypeConversionException if it is none
     */
    public static Duration parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        Duration duration = lower.startsWith("p") || lower.startsWith("-p") ? iso(text.strip()) : parts(text, lower);
        if (duration.isNegative()) {
            throw new TypeConversionException("'" + text + "' is negative; use zero or more");
        }
        if (duration.compareTo(LONGEST) > 0) {
            throw new TypeConversionException("'" + text + "' is longer than ten years");
        }
        return duration;
    }

    private static Duration iso(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException | ArithmeticException e) {
            throw unreadable(text);
        }
    }

    private static Duration parts(String text, String lower) {
        if (lower.startsWith("-")) {
            throw new TypeConversionException("'" + text + "' is negative; use zero or more");
        }
        if (lower.matches("\\d+(\\.\\d+)?")) {
            throw new TypeConversionException(
                    "'" + text + "' has no unit; write " + lower + "s for seconds, or ms, m, h, d");
        }
        Matcher part = PART.matcher(lower);
        BigDecimal nanos = BigDecimal.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(nanosPer(part.group(2)))));
            end = part.end();
        }
        if (end == 0 || end != lower.length()) {
            throw unreadable(text);
        }
        BigDecimal longest = BigDecimal.valueOf(LONGEST.toSeconds()).multiply(BigDecimal.valueOf(1_000_000_000));
        return nanos.compareTo(longest) > 0 ? LONGEST.plusNanos(1) : Duration.ofNanos(nanos.longValue());
    }

    private static long nanosPer(String unit) {
        return switch (unit) {
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 86_400_000_000_000L;
        };
    }

    private static TypeConversionException unreadable(String text) {
        return new TypeConversionException(
                "'" + text + "' is no duration; write one such as 500ms, 10s, 5m, 1h30m, 2d or PT1M30S");
    }
}
