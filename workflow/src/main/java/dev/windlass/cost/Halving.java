package dev.windlass.cost;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which single settings would halve what a workload costs: found by working out the cost at other values, within what is
 * reasonable. What is to be done (tasks and runs a day, steps, delays) is left as it is.
 *
 * @param halving the settings that would, each at the value nearest to the present one that does it; best first
 * @param best what helps most, whether or not that is half
 */
public record Halving(List<Change> halving, Optional<Change> best) {
    private static final double SLOWEST_POLL = 300;
    private static final double LONGEST_LEASE = 600;
    private static final double MOST_SLOTS = 256;
    private static final double LARGEST_BURST = 1_000;
    private static final int STEPS = 24;
    private static final double WORTH_TELLING = 0.99;

    public Halving {
        halving = List.copyOf(halving);
    }

    /**
     * One setting at another value.
     *
     * @param setting which one
     * @param from its value now
     * @param to the other value
     * @param dollars what a month costs then
     * @param price what else it changes, for people
     */
    public record Change(Setting setting, double from, double to, double dollars, String price) {}

    private record Lever(Setting setting, double limit, String price) {}

    /** Looks for them. Takes some milliseconds for each setting. */
    public static Halving of(CostEstimate estimate) {
        Workload workload = estimate.workload();
        double half = estimate.dollars() / 2;
        var halving = new ArrayList<Change>();
        Optional<Change> best = Optional.empty();
        for (Lever lever : levers(workload)) {
            if (workload.get(lever.setting()) == lever.limit()
                    || !Workload.problems(changed(workload, lever.setting(), lever.limit())).isEmpty()) {
                continue;
            }
            Change most = change(estimate, lever, lever.limit());
            if (most.dollars() <= half) {
                halving.add(nearest(estimate, lever, most, half));
            }
            if (most.dollars() < estimate.dollars() * WORTH_TELLING
                    && (best.isEmpty() || most.dollars() < best.get().dollars())) {
                best = Optional.of(most);
            }
        }
        halving.sort(Comparator.comparingDouble(change -> Math.abs(Math.log(
                Math.max(change.to(), 1e-3) / Math.max(change.from(), 1e-3)))));
        return new Halving(halving, best);
    }

    private static Map<Setting, Double> changed(Workload workload, Setting setting, double value) {
        var values = new EnumMap<Setting, Double>(workload.values());
        values.put(setting, value);
        return values;
    }

    private static List<Lever> levers(Workload workload) {
        double needed = Math.max(1, Math.ceil(workload.get(Setting.WORKERS) * CostModel.busy(workload) / 0.9));
        double inline = QueueCosts.INLINE - QueueCosts.TASK_BYTES;
        var levers = new ArrayList<Lever>();
        lever(levers, workload, Setting.POLL_LONGEST, SLOWEST_POLL, true,
                "a task may wait that long for an idle worker");
        lever(levers, workload, Setting.POLL_SHORTEST, workload.get(Setting.POLL_LONGEST), true,
                "a task waits longer for a worker that was just busy");
        lever(levers, workload, Setting.BURST, LARGEST_BURST, true,
                "tasks have to be collected, and submitted together");
        lever(levers, workload, Setting.WORKERS, needed, false, "fewer processes to take over from each other");
        lever(levers, workload, Setting.SCHEDULERS, Math.min(1, workload.get(Setting.SCHEDULERS)), false,
                "nobody takes over from the one that fires");
        lever(levers, workload, Setting.QUEUES, 1, false, "queues have to be put together");
        lever(levers, workload, Setting.PRIORITIES, 1, false, "all tasks have one priority");
        lever(levers, workload, Setting.CONCURRENCY, MOST_SLOTS, true, "a worker needs the memory for it");
        lever(levers, workload, Setting.LEASE, LONGEST_LEASE, true, "tasks of a dead worker wait that long");
        if (workload.get(Setting.HEARTBEAT) > 0) {
            lever(levers, workload, Setting.HEARTBEAT, workload.get(Setting.LEASE) / 3, true,
                    "a cancel takes that long to be heard");
        }
        lever(levers, workload, Setting.RETRIED, 0, false, "handlers have to fail less");
        lever(levers, workload, Setting.FLEET_STEPS, 0, false, "steps of a run share one worker");
        lever(levers, workload, Setting.INPUT, inline, false, "inputs have to be smaller, or references");
        lever(levers, workload, Setting.OUTPUT, inline, false, "results have to be smaller, or references");
        lever(levers, workload, Setting.RESULT, 3 * 1024, false, "results of steps have to be smaller, or references");
        lever(levers, workload, Setting.KEPT_DAYS, 1, false, "what has ended can be looked at for a day only");
        return levers;
    }

    private static void lever(List<Lever> levers, Workload workload, Setting setting, double limit, boolean up,
            String price) {
        double now = workload.get(setting);
        if (up ? now < limit : now > limit) {
            levers.add(new Lever(setting, limit, price));
        }
    }

    private static Change change(CostEstimate estimate, Lever lever, double value) {
        Workload workload = estimate.workload();
        double dollars = CostModel.estimate(workload.with(lever.setting(), value), estimate.prices()).dollars();
        return new Change(lever.setting(), workload.get(lever.setting()), value, dollars, lever.price());
    }

    /** Halves the way between the present value and the limit, again and again; counts are whole numbers. */
    private static Change nearest(CostEstimate estimate, Lever lever, Change most, double half) {
        double dear = estimate.workload().get(lever.setting());
        Change cheap = most;
        for (int i = 0; i < STEPS && Math.abs(cheap.to() - dear) > 0.01 * Math.abs(cheap.to()); i++) {
            double middle = dear > 0 && cheap.to() > 0 ? Math.sqrt(dear * cheap.to()) : (dear + cheap.to()) / 2;
            if (lever.setting().unit() == Setting.Unit.NUMBER) {
                middle = Math.rint(middle);
                if (middle == dear || middle == cheap.to()) {
                    break;
                }
            }
            Change tried = change(estimate, lever, middle);
            if (tried.dollars() <= half) {
                cheap = tried;
            } else {
                dear = middle;
            }
        }
        return cheap;
    }
}
