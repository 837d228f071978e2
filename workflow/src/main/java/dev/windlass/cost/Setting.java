package dev.windlass.cost;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/** One number that describes a workload, the fleet that works on it, or the store. Times are in seconds, sizes in bytes. */
public enum Setting {
    /** Tasks submitted a day, those of workflows not counted. */
    TASKS("tasks-per-day", Unit.NUMBER, 0, 1e10, 100_000, "tasks submitted a day"),
    /** How many tasks are submitted together. */
    BURST("burst", Unit.NUMBER, 1, 1e7, 1, "tasks that come together; 1: they come steadily"),
    /** The share of the tasks that fail once and are tried again. */
    RETRIED("retried", Unit.SHARE, 0, 1, 0, "share of the tasks that fail once and are tried again"),
    /** How long the second try waits. */
    RETRY_DELAY("retry-delay", Unit.TIME, 0, 86_400, 1, "how long the second try waits"),
    /** The share of the tasks that fail for good, each in one attempt. */
    FAILED("failed", Unit.SHARE, 0, 1, 0, "share of the tasks that fail for good"),
    /** The share of the tasks that are submitted for later. */
    DELAYED("delayed", Unit.SHARE, 0, 1, 0, "share of the tasks that are submitted for later"),
    /** How much later. */
    DELAY("delay", Unit.TIME, 0, 315_360_000, 3_600, "how much later"),
    /** A task's input as JSON. */
    INPUT("input-size", Unit.BYTES, 0, 64 * Unit.MIB, 500, "a task's input as JSON"),
    /** A task's result as JSON. */
    OUTPUT("output-size", Unit.BYTES, 0, 64 * Unit.MIB, 200, "a task's result as JSON"),
    /** How long a handler takes. */
    HANDLER("handler-time", Unit.TIME, 0, 86_400, 0.1, "how long a handler takes"),
    /** Workflow runs started a day. */
    RUNS("runs-per-day", Unit.NUMBER, 0, 1e9, 0, "workflow runs started a day"),
    /** The steps of a run. */
    STEPS("steps", Unit.NUMBER, 1, 1e5, 10, "steps of a run"),
    /** How many steps of a run can go on at once. */
    WIDTH("width", Unit.NUMBER, 1, 1e5, 1, "steps of a run that can go on at once; 1: a chain"),
    /** The share of the steps that are sent to other workers. */
    FLEET_STEPS("fleet-steps", Unit.SHARE, 0, 1, 0, "share of the steps that are sent to other workers"),
    /** How long a step takes. */
    STEP_TIME("step-time", Unit.TIME, 0, 86_400, 0.1, "how long a step takes"),
    /** A step's result as JSON. */
    RESULT("result-size", Unit.BYTES, 0, 64 * Unit.MIB, 200, "a step's result as JSON"),
    /** Processes that run a scheduler. */
    SCHEDULERS("schedulers", Unit.NUMBER, 0, 100_000, 0,
            "processes that run a scheduler: one fires, the others wait for their turn"),
    /** Cron schedules that are there. */
    SCHEDULES("schedules", Unit.NUMBER, 0, 1e6, 1, "cron schedules that are there"),
    /** Fire times of all schedules a day. */
    FIRINGS("firings-per-day", Unit.NUMBER, 0, 1e9, 0,
            "fire times of all schedules a day; what they start counts as tasks and runs"),
    /** Worker processes. */
    WORKERS("workers", Unit.NUMBER, 0, 100_000, 2, "worker processes"),
    /** How many tasks a worker runs at once. */
    CONCURRENCY("concurrency", Unit.NUMBER, 1, 10_000, 16, "tasks that a worker runs at once"),
    /** How many tasks one claim takes at most. */
    BATCH("batch", Unit.NUMBER, 1, 1_000, 1_000, "tasks that one claim takes at most"),
    /** How many queues a worker polls, those of workflows not counted. */
    QUEUES("queues", Unit.NUMBER, 1, 10_000, 1, "queues that a worker polls, those of workflows not counted"),
    /** In how many priority levels of a queue tasks wait. */
    PRIORITIES("priorities", Unit.NUMBER, 1, 10, 1, "priority levels of a queue in which tasks wait"),
    /** The first wait of a worker that found nothing. */
    POLL_SHORTEST("poll-shortest", Unit.TIME, 0.001, 86_400, 0.1, "a worker's first wait when it found nothing"),
    /** The longest wait of a worker that finds nothing. */
    POLL_LONGEST("poll-longest", Unit.TIME, 0.001, 86_400, 5, "its longest wait"),
    /** How long a worker may be silent. */
    LEASE("lease", Unit.TIME, 1, 3_600, 30, "how long a worker may be silent"),
    /** How often a worker's lease is renewed; zero for a third of it. */
    HEARTBEAT("heartbeat", Unit.TIME, 0, 1_200, 0, "how often its lease is renewed; 0s: a third of the lease"),
    /** Whether workers look for dead ones: 1 or 0. */
    SWEEPER("sweeper", Unit.SWITCH, 0, 1, 1, "1: workers look for dead ones; 0: they do not"),
    /** How long a request takes. */
    LATENCY("latency", Unit.TIME, 0, 60, 0.03, "how long a request takes"),
    /** For how many days objects stay. */
    KEPT_DAYS("kept-days", Unit.NUMBER, 0, 36_500, 30, "days for which what has ended stays in the store");

    /** What a setting counts. */
    public enum Unit {
        /** A number. */
        NUMBER,
        /** A part of a whole, 0 to 1. */
        SHARE,
        /** Bytes. */
        BYTES,
        /** Seconds. */
        TIME,
        /** 1 for on, 0 for off. */
        SWITCH;

        static final double MIB = 1024 * 1024;
    }

    private final String key;
    private final Unit unit;
    private final double least;
    private final double most;
    private final double standard;
    private final String meaning;

    Setting(String key, Unit unit, double least, double most, double standard, String meaning) {
        this.key = key;
        this.unit = unit;
        this.least = least;
        this.most = most;
        this.standard = standard;
        this.meaning = meaning;
    }

    /** Its name in files and, behind two dashes, on the command line. */
    public String key() {
        return key;
    }

    /** What it counts. */
    public Unit unit() {
        return unit;
    }

    /** The least value that is taken. */
    public double least() {
        return least;
    }

    /** The largest value that is taken. */
    public double most() {
        return most;
    }

    /** What holds if nothing is said. */
    public double standard() {
        return standard;
    }

    /** What it means, in a few words. */
    public String meaning() {
        return meaning;
    }

    /** The setting of that name, if there is one. */
    public static Optional<Setting> of(String key) {
        return Stream.of(values()).filter(setting -> setting.key.equals(key)).findFirst();
    }

    /**
     * What is wrong with a value.
     *
     * @return null if nothing is
     */
    public @Nullable String problem(double value) {
        if (!(value >= least && value <= most)) { // NaN too
            return key + " is " + show(value) + "; use " + show(least) + " to " + show(most);
        }
        if (unit == Unit.SWITCH && value != 0 && value != 1) {
            return key + " is " + show(value) + "; use 0 or 1";
        }
        return null;
    }

    /** A value as people read it, and the command takes it: {@code 1.5s}, {@code 256KiB}, {@code 12.5%}. */
    public String show(double value) {
        return switch (unit) {
            case NUMBER, SWITCH -> plain(value);
            case SHARE -> plain(value * 100) + '%';
            case BYTES -> value >= Unit.MIB
                    ? plain(value / Unit.MIB) + "MiB"
                    : value >= 1024 ? plain(value / 1024) + "KiB" : plain(value) + "B";
            case TIME -> value != 0 && Math.abs(value) < 1
                    ? plain(value * 1e3) + "ms"
                    : value >= 86_400
                            ? plain(value / 86_400) + "d"
                            : value >= 3_600 ? plain(value / 3_600) + "h" : plain(value) + "s";
        };
    }

    private static String plain(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return String.valueOf(value);
        }
        double rounded = Math.abs(value) >= 100
                ? Math.rint(value)
                : Double.parseDouble(
                        String.format(Locale.ROOT, "%.3g", value));
        return rounded == Math.rint(rounded) && Math.abs(rounded) < 1e15
                ? String.format(Locale.ROOT, "%d", (long) rounded)
                : String.valueOf(rounded);
    }
}
