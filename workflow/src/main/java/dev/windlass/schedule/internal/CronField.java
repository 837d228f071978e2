package dev.windlass.schedule.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.windlass.InvalidInputException;

/**
 * A field of a cron expression, and what may stand in it. Stricter than Quartz, which takes {@code 0/0}, a step that is
 * longer than its field, and letters that it does not look at.
 */
enum CronField {
    /** Seconds. */
    SECOND("second", 0, 59, ""),
    /** Minutes. */
    MINUTE("minute", 0, 59, ""),
    /** Hours. */
    HOUR("hour", 0, 23, ""),
    /** Days of a month. */
    DAY_OF_MONTH("day of month", 1, 31, ""),
    /** Months. */
    MONTH("month", 1, 12,
            "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"),
    /** Days of a week as Quartz counts them: 1 is Sunday. */
    DAY_OF_WEEK("day of week", 1, 7, "SUN MON TUE WED THU FRI SAT"),
    /** Days of a week as Unix counts them: 0 and 7 are Sunday. */
    UNIX_DAY_OF_WEEK("day of week", 0, 7, "SUN MON TUE WED THU FRI SAT"),
    /** Years. */
    YEAR("year", 1970, 2199, "");

    private static final Pattern ITEM = Pattern.compile("(\\*|(\\w+)(?:-(\\w+))?)?(?:/(\\d{1,4}))?");
    private static final Pattern SPECIAL_DAY_OF_MONTH = Pattern.compile("L(-([0-9]|[12][0-9]|30))?W?|(\\d{1,2})W");
    private static final Pattern SPECIAL_DAY_OF_WEEK = Pattern.compile("L|(\\w{1,3})L|(\\w{1,3})#([1-5])");

    private final String title;
    private final int least;
    private final int most;
    private final String names;

    CronField(String title, int least, int most, String names) {
        this.title = title;
        this.least = least;
        this.most = most;
        this.names = names;
    }

    /**
     * A part of a field between commas.
     *
     * @param text as it was written, in capitals
     * @param special whether it is one of Quartz's: {@code ?}, {@code L}, {@code W}, {@code #}
     * @param all whether it begins with {@code *}
     * @param from the first value; of a special one 0
     * @param to the last value; below {@code from} where it goes round
     * @param step 0 if there is none
     */
    record Item(String text, boolean special, boolean all, int from, int to, int step) {}

    private List<String> names() {
        return names.isEmpty() ? List.of() : List.of(names.split(" ", -1));
    }

    /** What the field is called. */
    String title() {
        return title;
    }

    /**
     * Takes a field apart.
     *
     * @param text the field, in capitals
     * @param quartz whether Quartz's own forms may stand there
     * @throws InvalidInputException naming the field, if it is wrong
     */
    List<Item> read(String text, boolean quartz) {
        var items = new ArrayList<Item>();
        for (String part : text.split(",", -1)) {
            items.add(item(part, quartz));
        }
        if (items.size() > 1 && items.stream().anyMatch(item -> item.text().equals("?"))) {
            throw wrong(text, "has ? beside other values");
        }
        return items;
    }

    private Item item(String part, boolean quartz) {
        if (quartz && isSpecial(part)) {
            return new Item(part, true, false, 0, 0, 0);
        }
        if (!quartz && part.matches("\\?|\\d{0,2}(L|W|LW)|L-.*|.*#.*")) {
            throw wrong(part, "is of Quartz's form: it needs 6 fields, with the second in front");
        }
        Matcher matcher = ITEM.matcher(part);
        if (part.isEmpty() || !matcher.matches()) {
            throw wrong(part, "is no value, range, list or step");
        }
        int step = matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4));
        if (matcher.group(4) != null && (step < 1 || step > most - least + 1)) {
            throw wrong(part, "has a step that is not 1 to " + (most - least + 1));
        }
        if (matcher.group(1) == null || matcher.group(1).equals("*")) {
            return new Item(part, false, true, least, this == UNIX_DAY_OF_WEEK ? 6 : most, step);
        }
        int from = value(part, matcher.group(2));
        int to = matcher.group(3) != null ? value(part, matcher.group(3)) : step > 0 ? last() : from;
        if (to < from && !(quartz && this != YEAR) && this != UNIX_DAY_OF_WEEK) {
            throw wrong(part, "ends before it begins");
        }
        return new Item(part, false, false, from, to, step);
    }

    private int last() {
        return this == UNIX_DAY_OF_WEEK ? 6 : most;
    }

    private boolean isSpecial(String part) {
        if (part.equals("?")) {
            return this == DAY_OF_MONTH || this == DAY_OF_WEEK;
        }
        if (this == DAY_OF_MONTH) {
            Matcher matcher = SPECIAL_DAY_OF_MONTH.matcher(part);
            return matcher.matches() && (matcher.group(3) == null || value(part, matcher.group(3)) > 0);
        }
        if (this == DAY_OF_WEEK) {
            Matcher matcher = SPECIAL_DAY_OF_WEEK.matcher(part);
            if (!matcher.matches()) {
                return false;
            }
            String day = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            return day == null || value(part, day) > 0;
        }
        return false;
    }

    /** A number or a name. */
    int value(String part, String text) {
        int named = names().indexOf(text);
        if (named >= 0) {
            return this == UNIX_DAY_OF_WEEK ? named : named + least;
        }
        if (!text.matches("\\d{1,4}")) {
            throw wrong(part, "is no " + title + (names.isEmpty()
                    ? ""
                    : ": use a number or a name such as "
                            + names().get(1)));
        }
        int value = Integer.parseInt(text);
        if (value < least || value > most) {
            throw wrong(part, "is not " + least + " to " + most);
        }
        return value;
    }

    private InvalidInputException wrong(String part, String what) {
        return new InvalidInputException("the " + title + " \"" + part.toLowerCase(Locale.ROOT) + "\" " + what);
    }
}
