package dev.windlass.schedule.internal;

import java.text.ParseException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.windlass.InvalidInputException;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;

/** Reads cron expressions of all forms into Quartz's, and says in words how they were read. */
public final class CronReader {
    private static final int LONGEST = 500;
    private static final List<String> DAYS = List.of("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
            "Saturday");
    private static final List<String> ORDINALS = List.of("first", "second", "third", "fourth", "fifth");
    private static final Map<String, String> NAMED = Map.of("@YEARLY", "0 0 1 1 *", "@ANNUALLY", "0 0 1 1 *",
            "@MONTHLY", "0 0 1 * *", "@WEEKLY", "0 0 * * 0", "@DAILY", "0 0 * * *", "@MIDNIGHT", "0 0 * * *",
            "@HOURLY", "0 * * * *");
    private static final List<CronField> UNIX = List.of(CronField.MINUTE, CronField.HOUR, CronField.DAY_OF_MONTH,
            CronField.MONTH, CronField.UNIX_DAY_OF_WEEK);
    private static final List<CronField> QUARTZ = List.of(CronField.SECOND, CronField.MINUTE, CronField.HOUR,
            CronField.DAY_OF_MONTH, CronField.MONTH, CronField.DAY_OF_WEEK, CronField.YEAR);

    private final String text;
    private final List<String> says = new ArrayList<>();
    private final List<String> expressions = new ArrayList<>();
    private boolean repeats;

    private CronReader(String text) {
        this.text = text;
    }

    /**
     * What an expression means.
     *
     * @param expressions as Quartz's; two if Unix's has both fields of days: it fires when either does
     * @param repeats whether it goes on through an hour that occurs twice
     * @param fields how many fields were given
     * @param explanation in words, a line each
     */
    public record Reading(List<CronExpression> expressions, boolean repeats, int fields, List<String> explanation) {
        /** Copies the lists. */
        public Reading {
            expressions = List.copyOf(expressions);
            explanation = List.copyOf(explanation);
        }
    }

    /**
     * Reads an expression.
     *
     * @throws InvalidInputException naming what is wrong with it
     */
    public static Reading read(String text) {
        if (text.length() > LONGEST) {
            throw new InvalidInputException("The cron expression has " + text.length() + " characters; use at most "
                    + LONGEST + ".");
        }
        return new CronReader(text).read();
    }

    private Reading read() {
        String upper = text.strip().toUpperCase(Locale.ROOT);
        if (upper.startsWith("@")) {
            String named = NAMED.get(upper);
            if (named == null) {
                throw wrong("is no name of a schedule: use @hourly, @daily, @weekly, @monthly or @yearly, or fields");
            }
            says.add(text.strip().toLowerCase(Locale.ROOT) + " stands for " + named);
            upper = named;
        }
        String[] fields = upper.isEmpty() ? new String[0] : upper.split("\\s+");
        try {
            switch (fields.length) {
                case 5 -> unix(fields);
                case 6, 7 -> quartz(fields);
                default -> throw new InvalidInputException("it has " + fields.length
                        + " fields; use 5 (minute, hour, day of month, month, day of week), or Quartz's 6 (second in front)"
                        + " or 7 (year at the end)");
            }
        } catch (InvalidInputException e) {
            throw wrong("cannot be read: " + e.getMessage());
        }
        return new Reading(expressions.stream().map(this::compile).toList(), repeats, fields.length, says);
    }

    private void unix(String[] fields) {
        var items = new ArrayList<List<CronField.Item>>();
        for (int i = 0; i < fields.length; i++) {
            items.add(UNIX.get(i).read(fields[i], false));
        }
        says.add("5 fields, as Unix has them: minute, hour, day of month, month, day of week");
        repeats = isEveryHour(items.get(1)) || isStepped(items.get(0));
        boolean allDays = fields[2].equals("*");
        boolean allWeekdays = fields[4].equals("*");
        if (!allDays && !allWeekdays && (fields[2].startsWith("*") || fields[4].startsWith("*"))) {
            throw new InvalidInputException("both fields of days are set, and one of them is a step of *, which"
                    + " implementations of cron read differently. Write its days as a list or a range");
        }
        String days = weekdays(items.get(4));
        if (!allWeekdays) {
            says.add("day of week " + fields[4].toLowerCase(Locale.ROOT) + " is " + names(days)
                    + " (0 and 7 are Sunday, 1 is Monday)");
        }
        String time = "0 " + fields[0] + ' ' + fields[1] + ' ';
        if (!allDays || allWeekdays) {
            expressions.add(time + fields[2] + ' ' + fields[3] + " ?");
        }
        if (!allWeekdays) {
            expressions.add(time + "? " + fields[3] + ' ' + days);
        }
        if (expressions.size() == 2) {
            says.add("both fields of days are set: it fires on days that match either, as Unix cron does");
        }
        says.add("for Quartz: " + String.join(" and ", expressions));
    }

    /** The days as Quartz counts them, as a list. */
    private static String weekdays(List<CronField.Item> items) {
        var days = new TreeSet<Integer>();
        for (CronField.Item item : items) {
            int last = item.to() < item.from() ? item.to() + 7 : item.to();
            for (int day = item.from(); day <= last; day += Math.max(1, item.step())) {
                days.add(day % 7 + 1);
            }
        }
        return days.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static String names(String quartzDays) {
        return List.of(quartzDays.split(",", -1)).stream().map(day -> DAYS.get(Integer.parseInt(day) - 1))
                .collect(Collectors.joining(", "));
    }

    private void quartz(String[] fields) {
        String[] used = fields.clone();
        if (!used[3].equals("?") && used[5].equals("*")) {
            used[5] = "?";
        } else if (used[3].equals("*") && !used[5].equals("?")) {
            used[3] = "?";
        }
        var items = new ArrayList<List<CronField.Item>>();
        for (int i = 0; i < used.length; i++) {
            items.add(QUARTZ.get(i).read(used[i], true));
        }
        if (used[3].equals("?") == used[5].equals("?")) {
            throw new InvalidInputException(used[3].equals("?")
                    ? "both fields of days are ?. Put * in one of them"
                    : "both fields of days are set, which Quartz does not know. Put ? in one of them, or use the 5 fields"
                            + " of Unix, where it fires on days that match either");
        }
        says.add(fields.length + " fields, as Quartz has them: second, minute, hour, day of month, month, day of week"
                + (fields.length == 7 ? ", year" : ""));
        if (!used[3].equals(fields[3]) || !used[5].equals(fields[5])) {
            says.add("read as " + String.join(" ", used) + ": one of the fields of days is ?");
        }
        repeats = isEveryHour(items.get(2)) || isStepped(items.get(1)) || isStepped(items.get(0));
        if (!used[5].equals("?")) {
            says.add("day of week " + fields[5].toLowerCase(Locale.ROOT) + " is "
                    + items.get(5).stream().map(CronReader::weekday).collect(Collectors.joining(", "))
                    + " (1 is Sunday, 7 is Saturday)");
        }
        expressions.add(String.join(" ", used));
    }

    private static String weekday(CronField.Item item) {
        if (!item.special()) {
            return names(quartzDays(item));
        }
        if (item.text().equals("L")) {
            return "Saturday";
        }
        int hash = item.text().indexOf('#');
        String day = hash < 0 ? item.text().substring(0, item.text().length() - 1) : item.text().substring(0, hash);
        String name = DAYS.get(CronField.DAY_OF_WEEK.value(item.text(), day) - 1);
        return hash < 0
                ? "the last " + name + " of the month"
                : "the " + ORDINALS.get(item.text().charAt(hash + 1) - '1') + ' ' + name + " of the month";
    }

    private static String quartzDays(CronField.Item item) {
        var days = new ArrayList<String>();
        int last = item.to() < item.from() ? item.to() + 7 : item.to();
        for (int day = item.from(); day <= last; day += Math.max(1, item.step())) {
            days.add(String.valueOf((day - 1) % 7 + 1));
        }
        return String.join(",", days);
    }

    private static boolean isEveryHour(List<CronField.Item> hours) {
        return hours.stream().anyMatch(item -> item.from() == 0 && item.to() == 23 && item.step() <= 1);
    }

    private static boolean isStepped(List<CronField.Item> items) {
        return items.stream().anyMatch(item -> item.all() || item.step() > 0);
    }

    private CronExpression compile(String expression) {
        try {
            var compiled = new CronExpression(expression);
            compiled.setTimeZone(TimeZone.getTimeZone(ZoneOffset.UTC)); // local times are asked for as if they were UTC
            return compiled;
        } catch (ParseException | IllegalArgumentException e) {
            throw wrong("cannot be read: " + e.getMessage());
        }
    }

    private InvalidInputException wrong(String what) {
        String message = what.endsWith(".") ? what : what + '.';
        return new InvalidInputException("The cron expression \"" + text + "\" " + message);
    }

    /** The first local time after another at which one of the expressions matches, or null if none does any more. */
    @SuppressWarnings("JavaUtilDate") // Quartz's
    static @Nullable LocalDateTime nextLocal(List<CronExpression> expressions,
            LocalDateTime after) {
        Date from = Date.from(after.toInstant(ZoneOffset.UTC));
        LocalDateTime first = null;
        for (CronExpression expression : expressions) {
            Date match = expression.getNextValidTimeAfter(from);
            if (match != null) {
                LocalDateTime local = LocalDateTime.ofEpochSecond(Math.floorDiv(match.getTime(), 1000L), 0,
                        ZoneOffset.UTC);
                first = first == null || local.isBefore(first) ? local : first;
            }
        }
        return first;
    }
}
