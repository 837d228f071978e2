package dev.windlass.cost;

/** What schedulers cost, as docs/schedules.md says; what they start is counted as tasks and runs. */
final class ScheduleCosts {
    /** Seconds between two looks. */
    private static final double LOOK = 10;
    /** A schedule that was written within so many seconds before a look is read again at the next one. */
    private static final double UNSETTLED = 5;
    private static final double LEASE_BYTES = 150;
    private static final double SCHEDULE_BYTES = 1_500;

    private ScheduleCosts() {
    }

    /** A second's worth. */
    static Tally tally(Workload workload, double free) {
        double schedulers = workload.get(Setting.SCHEDULERS);
        double schedules = workload.get(Setting.SCHEDULES);
        double firings = workload.get(Setting.FIRINGS) / 86_400;
        var tally = new Tally(free).put(1 / LOOK, LEASE_BYTES)
                .list(Math.max(1, Math.ceil(schedules / QueueCosts.LIST_PAGE)) / LOOK)
                .get((schedulers - 1) / LOOK, LEASE_BYTES);
        if (firings > 0) {
            double each = firings / Math.max(1, schedules);
            double read = Math.min(1, each * (LOOK + UNSETTLED));
            tally.put(firings, SCHEDULE_BYTES).get(Math.max(1, schedules) / LOOK * read, SCHEDULE_BYTES);
        }
        return tally;
    }
}
