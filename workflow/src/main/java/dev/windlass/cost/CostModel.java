package dev.windlass.cost;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Turns a workload and prices into requests and dollars.
 *
 * <p>What each operation costs is what docs/protocol.md, "Protocols" says. How often workers look, find and race is
 * worked out as if tasks came by chance (Poisson) and workers looked independently of each other. Not counted are clients
 * that wait for results or list tasks, audits, and what faults cost: retries of requests, and dead workers.
 */
public final class CostModel {
    /** How many of those who look at a task that another one is claiming find out by a conflict only. */
    private static final double TOO_LATE = 0.4;
    /** The same while several work off many. */
    private static final double SELDOM_TOO_LATE = 0.1;
    private static final double DAY = 86_400;
    private static final double MONTH = 30;
    private static final double BUSY = 0.9;
    /** Slots for runs, and for the steps of others' runs, of each worker. */
    private static final double RUN_SLOTS = 16;
    private static final double REQUESTS_PER_TASK = 4;

    private CostModel() {
    }

    /** What a month costs. */
    public static CostEstimate estimate(Workload workload, PriceTable prices) {
        var loads = new EnumMap<Activity, RequestLoad>(Activity.class);
        tallies(workload, prices.freeBytes(), prices.orderedList()).forEach((activity, tally) -> {
            RequestLoad load = tally.times(MONTH * DAY);
            if (load.billed() + load.delete() > 0) {
                loads.put(activity, load);
            }
        });
        double stored = workload.get(Setting.KEPT_DAYS) * (workload.get(Setting.TASKS)
                * new QueueCosts(workload, 0, true).bytesLeft()
                + workload.get(Setting.RUNS) * new RunCosts(workload, 0).bytesLeft());
        return new CostEstimate(workload, prices, loads, stored, notes(workload));
    }

    /**
     * The requests of so many seconds, on a store that lists in order.
     *
     * @param seconds how long
     */
    public static RequestLoad requests(Workload workload, double seconds) {
        return tallies(workload, 0, true).values().stream().map(tally -> tally.times(seconds)).reduce(RequestLoad.NONE,
                RequestLoad::plus);
    }

    private static Map<Activity, Tally> tallies(Workload workload, double free, boolean ordered) {
        var queue = new QueueCosts(workload, free, ordered);
        var runs = new RunCosts(workload, free);
        Map<Activity, Tally> tallies = queue.tallies();
        if (workload.hasRuns()) {
            tallies.putAll(runs.tallies());
        }
        double workers = workload.get(Setting.WORKERS);
        if (workers > 0) {
            Lane.Fleet fleet = queue.fleet();
            var lanes = new ArrayList<Lane>();
            lanes.add(Lane.of(fleet, queue.streams()));
            if (workload.hasRuns()) {
                var alone = new Lane.Fleet(workers, 1, 1, 1, false, RUN_SLOTS, RUN_SLOTS, fleet.shortest(),
                        fleet.longest(), fleet.latency());
                lanes.add(Lane.of(alone, runs.runs()));
                lanes.add(Lane.of(alone, runs.steps()));
            }
            addFleet(tallies, workload, free, lanes);
        }
        if (workload.get(Setting.SCHEDULERS) > 0) {
            tallies.put(Activity.SCHEDULE, ScheduleCosts.tally(workload, free));
        }
        return tallies;
    }

    /** What the workers do beside the tasks. */
    private static void addFleet(Map<Activity, Tally> tallies, Workload workload, double free, List<Lane> lanes) {
        double workers = workload.get(Setting.WORKERS);
        var poll = new Tally(free);
        var race = new Tally(free);
        double claims = 0;
        for (Lane lane : lanes) {
            poll.list(lane.lists());
            double conflicts = lane.beaten() + TOO_LATE * lane.late() + SELDOM_TOO_LATE * lane.drained();
            race.get(lane.beaten() + lane.late() + lane.drained() + conflicts, QueueCosts.TASK_BYTES).put(conflicts,
                    QueueCosts.TASK_BYTES);
            claims += lane.claims();
        }
        tallies.put(Activity.POLL, poll);
        tallies.put(Activity.RACE, race);
        double beats = workers * Upkeep.heartbeats(claims / workers, workload.heartbeat());
        tallies.put(Activity.LEASE, new Tally(free).put(claims + beats, QueueCosts.LEASE_BYTES
                + QueueCosts.CLAIM_BYTES * busy(workload) * workload.get(Setting.CONCURRENCY)));
        if (workload.get(Setting.SWEEPER) == 1) {
            double lease = workload.get(Setting.LEASE);
            tallies.put(Activity.SWEEP, new Tally(free)
                    .list(workers / Upkeep.sweepEvery(lease) * Math.max(1, Math.ceil(workers / QueueCosts.LIST_PAGE)))
                    .get(workers * workers / Upkeep.lookEvery(lease, workers), QueueCosts.LEASE_BYTES));
        }
    }

    /** What part of the slots tasks need, on average; above 1 if there are too few. */
    static double busy(Workload workload) {
        double slots = workload.get(Setting.WORKERS) * workload.get(Setting.CONCURRENCY);
        double each = workload.get(Setting.HANDLER) + REQUESTS_PER_TASK * workload.get(Setting.LATENCY);
        return slots == 0 ? 0 : workload.get(Setting.TASKS) / DAY * (1 + workload.get(Setting.RETRIED)) * each / slots;
    }

    private static List<String> notes(Workload workload) {
        var notes = new ArrayList<String>();
        double busy = busy(workload);
        if (busy > BUSY) {
            notes.add(String.format(Locale.ROOT, "the tasks need %.0f%% of all slots: use %,.0f workers, or more "
                    + "concurrency", busy * 100, Math.ceil(workload.get(Setting.WORKERS) * busy / BUSY)));
        }
        if (workload.get(Setting.WORKERS) == 0) {
            notes.add("there are no workers: tasks are submitted, and wait");
        }
        if (workload.get(Setting.FIRINGS) > 0 && workload.get(Setting.SCHEDULERS) == 0) {
            notes.add("there are no schedulers: nothing is fired");
        }
        return notes;
    }
}
