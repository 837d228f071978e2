package dev.windlass.cli.cost;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.windlass.InvalidInputException;
import dev.windlass.cli.Problems;
import dev.windlass.cli.command.DurationConverter;
import dev.windlass.cost.Setting;
import picocli.CommandLine.TypeConversionException;

/** Reads a setting's value as users write it: {@code 100000}, {@code 0.1} or {@code 10%}, {@code 300KiB}, {@code 1.5s}. */
final class SettingText {
    private static final Pattern SIZE = Pattern.compile("([^a-z]+?)\\s*(b|kib|mib|gib|)");

    private SettingText() {
    }

    /**
     * Reads it; whether it is in range is not looked at.
     *
     * @throws InvalidInputException if it is none; the message names the setting
     */
    static double parse(Setting setting, String text) {
        String given = text.strip().toLowerCase(Locale.ROOT);
        try {
            return switch (setting.unit()) {
                case TIME -> DurationConverter.parse(text).toNanos() / 1e9;
                case SHARE -> given.endsWith("%")
                        ? number(given.substring(0, given.length() - 1)) / 100
                        : number(given);
                case BYTES -> bytes(given);
                case NUMBER, SWITCH -> number(given);
            };
        } catch (TypeConversionException e) {
            throw new InvalidInputException(setting.key() + ": " + e.getMessage(), e);
        } catch (ArithmeticException e) {
            throw new InvalidInputException(setting.key() + ": " + Problems.quote(text) + " is too long", e);
        } catch (NumberFormatException e) {
            throw new InvalidInputException(setting.key() + ": " + Problems.quote(text) + " is no " + switch (setting
                    .unit()) {
                case SHARE -> "share; write one such as 0.1 or 10%";
                case BYTES -> "size; write one such as 500, 300KiB or 1MiB";
                default -> "number";
            }, e);
        }
    }

    private static double bytes(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new NumberFormatException();
        }
        return number(matcher.group(1)) * switch (matcher.group(2)) {
            case "kib" -> 1024.0;
            case "mib" -> 1024.0 * 1024;
            case "gib" -> 1024.0 * 1024 * 1024;
            default -> 1.0;
        };
    }

    /** Digits only, so that no value is one by accident, as NaN or 1f would be. */
    private static double number(String text) {
        return new BigDecimal(text.strip()).doubleValue();
    }
}
