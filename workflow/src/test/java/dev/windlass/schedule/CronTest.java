package dev.windlass.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.windlass.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cron expressions mean, and when they fire in zones whose clocks change. */
class CronTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final ZoneId UTC = ZoneOffset.UTC;

    private static List<String> fires(String cron, ZoneId zone, String after, int count) {
        return Cron.parse(cron).next(Instant.parse(after), zone, count).stream().map(Instant::toString).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // 2030-01-01 is a Tuesday
        "*/15 * * * *        | 2030-01-01T00:15:00Z",
        "0 9 * * 1-5         | 2030-01-01T09:00:00Z",
        "0 9 * * 0           | 2030-01-06T09:00:00Z",
        "0 9 * * 7           | 2030-01-06T09:00:00Z",
        "0 9 * * sat         | 2030-01-05T09:00:00Z",
        "0 9 * * 5-7         | 2030-01-04T09:00:00Z",
        "0 9 * * fri-mon     | 2030-01-04T09:00:00Z",
        "0 9 * * */2         | 2030-01-01T09:00:00Z",
        "0 0 13 * 5          | 2030-01-04T00:00:00Z",
        "5/20 * * * *        | 2030-01-01T00:05:00Z",
        "0 0 1 feb *         | 2030-02-01T00:00:00Z",
        "0 0 29 2 *          | 2032-02-29T00:00:00Z",
        "@hourly             | 2030-01-01T01:00:00Z",
        "@weekly             | 2030-01-06T00:00:00Z",
        "0 0 9 ? * 2-6       | 2030-01-01T09:00:00Z",
        "0 0 9 ? * 1         | 2030-01-06T09:00:00Z",
        "0 0 9 * * MON       | 2030-01-07T09:00:00Z",
        "0 0 0 L * ?         | 2030-01-31T00:00:00Z",
        "0 0 0 LW * ?        | 2030-01-31T00:00:00Z",
        "0 0 0 ? * 6#3       | 2030-01-18T00:00:00Z",
        "0 0 0 ? * 6L        | 2030-01-25T00:00:00Z",
        "0/30 * * * * ?      | 2030-01-01T00:00:30Z",
        "0 0 0 1 1 ? 2035    | 2035-01-01T00:00:00Z",
        "0 0 22-2 * * *      | 2030-01-01T01:00:00Z"})
    void next_eachForm_firstMatchAfter(String cron, String first) {
        assertThat(fires(cron, UTC, "2030-01-01T00:00:00Z", 1)).containsExactly(first);
    }

    @Test
    void next_unixWithBothDays_eitherFires() {
        assertThat(fires("0 0 13 * 5", UTC, "2030-01-05T00:00:00Z", 4)).containsExactly("2030-01-11T00:00:00Z",
                "2030-01-13T00:00:00Z", "2030-01-18T00:00:00Z", "2030-01-25T00:00:00Z");
    }

    @Test
    void next_isAfterAndNeverAt() {
        assertThat(fires("0 0 * * *", UTC, "2030-01-01T00:00:00Z", 1)).containsExactly("2030-01-02T00:00:00Z");
        assertThat(fires("0 0 * * *", UTC, "2029-12-31T23:59:59.999Z", 1)).containsExactly("2030-01-01T00:00:00Z");
    }

    @Test
    void next_gap_skippedTimesFireOnceRightAfterIt() {
        // Berlin, 2030-03-31: 02:00 becomes 03:00, which is 01:00Z
        assertThat(fires("30 2 * * *", BERLIN, "2030-03-30T12:00:00Z", 2)).containsExactly("2030-03-31T01:00:00Z",
                "2030-04-01T00:30:00Z");
        assertThat(fires("*/20 2 * * *", BERLIN, "2030-03-30T12:00:00Z", 2)).containsExactly("2030-03-31T01:00:00Z",
                "2030-04-01T00:00:00Z");
        assertThat(fires("0 2,3 * * *", BERLIN, "2030-03-30T12:00:00Z", 2)).containsExactly("2030-03-31T01:00:00Z",
                "2030-04-01T00:00:00Z");
        assertThat(fires("0 * * * *", BERLIN, "2030-03-31T00:00:00Z", 2)).containsExactly("2030-03-31T01:00:00Z",
                "2030-03-31T02:00:00Z");
    }

    @Test
    void next_gapOfADay_firesOnceRightAfterIt() {
        // Apia left out 2011-12-30 as a whole
        assertThat(fires("0 12 * * *", ZoneId.of("Pacific/Apia"), "2011-12-29T22:30:00Z", 2))
                .containsExactly("2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z");
    }

    @Test
    void next_overlap_fixedTimesFireOnceIntervalsGoOn() {
        // Berlin, 2030-10-27: 03:00 becomes 02:00, at 01:00Z
        assertThat(fires("30 2 * * *", BERLIN, "2030-10-26T12:00:00Z", 2)).containsExactly("2030-10-27T00:30:00Z",
                "2030-10-28T01:30:00Z");
        assertThat(fires("0/30 * * * *", BERLIN, "2030-10-26T23:45:00Z", 6)).containsExactly("2030-10-27T00:00:00Z",
                "2030-10-27T00:30:00Z", "2030-10-27T01:00:00Z", "2030-10-27T01:30:00Z", "2030-10-27T02:00:00Z",
                "2030-10-27T02:30:00Z");
        assertThat(fires("0 * * * *", BERLIN, "2030-10-26T23:45:00Z", 3)).containsExactly("2030-10-27T00:00:00Z",
                "2030-10-27T01:00:00Z", "2030-10-27T02:00:00Z");
        assertThat(fires("0 30 0/2 * * ?", BERLIN, "2030-10-26T23:45:00Z", 2)).containsExactly("2030-10-27T00:30:00Z",
                "2030-10-27T03:30:00Z");
        // in the middle of the repeated hour, a fixed time of it has been
        assertThat(fires("30 2 * * *", BERLIN, "2030-10-27T01:10:00Z", 1)).containsExactly("2030-10-28T01:30:00Z");
    }

    /** Beside a way of its own: every minute is looked at, as the rules say it. */
    @Test
    void next_manyUnixExpressionsAcrossChanges_asMinuteByMinute() {
        var random = new Random(17);
        String[] zones = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "UTC",
            "Asia/Kathmandu", "Africa/Casablanca"};
        for (int i = 0; i < 300; i++) {
            ZoneId zone = ZoneId.of(zones[random.nextInt(zones.length)]);
            ZoneOffsetTransition change = zone.getRules().nextTransition(Instant.parse("2026-01-01T00:00:00Z")
                    .plusSeconds(random.nextInt(86_400 * 600)));
            Instant begin = (change == null ? Instant.parse("2026-05-05T11:00:00Z") : change.getInstant())
                    .minusSeconds(3600L * (2 + random.nextInt(30)));
            Instant end = begin.plusSeconds(86_400 * 2);
            Fields fields = Fields.draw(random);
            var cron = Cron.parse(fields.text());
            var found = new ArrayList<Instant>();
            for (Instant next = cron.next(begin, zone); next != null
                    && !next.isAfter(end); next = cron.next(next, zone)) {
                found.add(next);
            }
            assertThat(found).as(fields.text() + " in " + zone + " from " + begin)
                    .isEqualTo(List.copyOf(fields.firings(zone, begin, end)));
        }
    }

    /** An expression as sets of numbers. */
    private record Fields(String minutes, Set<Integer> minuteSet, String hours, Set<Integer> hourSet, String days,
            Set<Integer> daySet, boolean repeats) {

        static Fields draw(Random random) {
            Set<Integer> minutes = range(0, 59, 1);
            String minuteText = "*";
            boolean interval = true;
            switch (random.nextInt(3)) {
                case 0 -> {
                    int step = 1 + random.nextInt(40);
                    minutes = range(0, 59, step);
                    minuteText = "*/" + step;
                }
                case 1 -> {
                    minutes = Set.of(random.nextInt(58), 59 - random.nextInt(2));
                    minuteText = text(minutes);
                    interval = false;
                }
                default -> {
                }
            }
            Set<Integer> hours = range(0, 23, 1);
            String hourText = "*";
            boolean everyHour = true;
            if (random.nextInt(4) > 0) {
                hours = Set.of(random.nextInt(5), 5 + random.nextInt(18));
                hourText = text(hours);
                everyHour = false;
            }
            Set<Integer> days = range(0, 6, 1);
            String dayText = "*";
            if (random.nextBoolean()) {
                days = Set.of(random.nextInt(3), 3 + random.nextInt(3), 6);
                dayText = text(days);
            }
            return new Fields(minuteText, minutes, hourText, hours, dayText, days, interval || everyHour);
        }

        private static Set<Integer> range(int from, int to, int step) {
            return IntStream.rangeClosed(from, to).filter(n -> (n - from) % step == 0).boxed()
                    .collect(Collectors.toSet());
        }

        private static String text(Set<Integer> values) {
            return values.stream().map(String::valueOf).collect(Collectors.joining(","));
        }

        String text() {
            return minutes + ' ' + hours + " * * " + days;
        }

        private boolean matches(LocalDateTime local) {
            return minuteSet.contains(local.getMinute()) && hourSet.contains(local.getHour())
                    && daySet.contains(local.getDayOfWeek().getValue() % 7);
        }

        /** After the first, up to the second instant. */
        TreeSet<Instant> firings(ZoneId zone, Instant begin, Instant end) {
            var all = new TreeSet<Instant>();
            for (Instant at = Instant.ofEpochSecond(Math.floorDiv(begin.getEpochSecond(), 60) * 60); !at
                    .isAfter(end); at = at.plusSeconds(60)) {
                LocalDateTime local = LocalDateTime.ofInstant(at, zone);
                boolean second = zone.getRules().getValidOffsets(local).size() == 2
                        && !zone.getRules().getValidOffsets(local).getFirst().equals(zone.getRules().getOffset(at));
                ZoneOffsetTransition change = zone.getRules().getTransition(local.minusSeconds(1));
                boolean afterGap = change != null && change.isGap() && change.getInstant().equals(at);
                boolean fires = matches(local) && (repeats || !second);
                ZoneOffsetTransition last = zone.getRules().previousTransition(at.plusNanos(1));
                if (last != null && last.isGap() && last.getInstant().equals(at)) {
                    afterGap = true;
                    change = last;
                }
                if (afterGap && change != null) {
                    for (LocalDateTime lost = change.getDateTimeBefore(); lost
                            .isBefore(change.getDateTimeAfter()); lost = lost.plusMinutes(1)) {
                        fires |= matches(lost);
                    }
                }
                if (fires && at.isAfter(begin)) {
                    all.add(at);
                }
            }
            return all;
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "* * * *             | has 4 fields; use 5",
        "''                  | has 0 fields",
        "60 * * * *          | the minute \"60\" is not 0 to 59",
        "* 24 * * *          | the hour \"24\" is not 0 to 23",
        "* * 0 * *           | the day of month \"0\" is not 1 to 31",
        "* * * 13 *          | the month \"13\" is not 1 to 12",
        "* * * foo *         | the month \"foo\" is no month: use a number or a name such as FEB",
        "* * * * 8           | the day of week \"8\" is not 0 to 7",
        "*/0 * * * *         | has a step that is not 1 to 60",
        "*/90 * * * *        | has a step that is not 1 to 60",
        "1,,2 * * * *        | the minute \"\" is no value",
        "30-10 * * * *       | ends before it begins",
        "0 0 L * *           | is of Quartz's form: it needs 6 fields",
        "0 0 */2 * 1         | implementations of cron read differently",
        "0 0 0 1 * 1         | both fields of days are set, which Quartz does not know",
        "0 0 0 ? * ?         | both fields of days are ?",
        "0 0 0 ? * 8         | the day of week \"8\" is not 1 to 7",
        "0 0 0 ? * 6#6       | the day of week \"6#6\"",
        "0 0 0 32W * ?       | the day of month \"32w\" is not 1 to 31",
        "0 0 0 1 1 ? 20350   | the year \"20350\"",
        "@reboot             | is no name of a schedule",
        "@never              | use @hourly, @daily"})
    void parse_wrong_namesTheField(String cron, String message) {
        assertThatThrownBy(() -> Cron.parse(cron)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void next_dateThatNeverComes_null() {
        assertThat(Cron.parse("0 0 30 2 *").next(Instant.parse("2030-01-01T00:00:00Z"), UTC)).isNull();
        assertThat(Cron.parse("0 0 0 1 1 ? 2029").next(Instant.parse("2030-01-01T00:00:00Z"), BERLIN)).isNull();
    }

    @Test
    void explanation_eachForm_tellsFieldsAndDaysOfWeek() {
        assertThat(Cron.parse("0  9 * * 1-5").explanation()).containsExactly(
                "5 fields, as Unix has them: minute, hour, day of month, month, day of week",
                "day of week 1-5 is Monday, Tuesday, Wednesday, Thursday, Friday (0 and 7 are Sunday, 1 is Monday)",
                "for Quartz: 0 0 9 ? * 2,3,4,5,6");
        assertThat(Cron.parse("0 0 13 * fri").explanation()).contains(
                "both fields of days are set: it fires on days that match either, as Unix cron does",
                "for Quartz: 0 0 0 13 * ? and 0 0 0 ? * 6");
        assertThat(Cron.parse("0 0 9 * * 2-6").explanation()).containsExactly(
                "6 fields, as Quartz has them: second, minute, hour, day of month, month, day of week",
                "read as 0 0 9 ? * 2-6: one of the fields of days is ?",
                "day of week 2-6 is Monday, Tuesday, Wednesday, Thursday, Friday (1 is Sunday, 7 is Saturday)");
        assertThat(Cron.parse("0 0 9 ? * 6#3 2031").explanation()).containsExactly(
                "7 fields, as Quartz has them: second, minute, hour, day of month, month, day of week, year",
                "day of week 6#3 is the third Friday of the month (1 is Sunday, 7 is Saturday)");
        assertThat(Cron.parse("0 0 9 ? * 2L").explanation()).last().asString()
                .startsWith("day of week 2l is the last Monday of the month");
        assertThat(Cron.parse("@daily").explanation()).first().isEqualTo("@daily stands for 0 0 * * *");
    }

    @Test
    void of_unknownZone_namesTheNearest() {
        assertThat(TimeZones.of("Europe/Berlin")).isEqualTo(BERLIN);
        assertThatThrownBy(() -> TimeZones.of("Europe/Berlim")).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("There is no time zone \"Europe/Berlim\"").hasMessageContaining("Europe/Berlin");
        assertThatThrownBy(() -> TimeZones.of("new york")).hasMessageContaining("America/New_York");
        assertThatThrownBy(() -> TimeZones.of("")).hasMessageContaining("nearest names");
    }
}
