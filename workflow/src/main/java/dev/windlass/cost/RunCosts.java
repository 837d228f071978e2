package dev.windlass.cost;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What runs of workflows cost: those requests of runs and steps that are not their claims'. A second's worth. */
final class RunCosts {
    /** Above this, a graph is an object of its own. */
    private static final double INLINE_GRAPH = 16 * 1024;
    private static final double INLINE_PARENTS = 64 * 1024;
    /** Above this, a result is read again by the steps that need it. */
    private static final double HELD = 4 * 1024;
    private static final double MOST_HELD = 16 * 1024 * 1024;
    private static final int BETWEEN_CHECKPOINTS = 100;
    private static final double GRAPH_STEP_BYTES = 150;
    private static final double STEP_BYTES = 250;
    private static final double STATE_BYTES = 400;
    private static final double SHORTEST_LOOK = 0.02;
    private static final double LONGEST_LOOK = 1;
    private static final double STATE_LOOK = 2;
    private static final double PARK_AFTER = 10;
    private static final double LONGEST_PARK = 300;
    private static final int WAVES = 500;
    /** What a worker runs at once of the steps of a run that it owns, and of those that were sent out. */
    private static final double LOCAL_SLOTS = 16;
    private static final double FLEET_SLOTS = 64;
    private static final double AT_FIRST = 1.25;
    private static final double SELDOM = 0.15;

    private final Workload workload;
    private final double free;
    private final double steps;
    private final double fleet;
    private final double result;
    private final double rate;

    RunCosts(Workload workload, double free) {
        this.workload = workload;
        this.free = free;
        this.steps = Math.floor(workload.get(Setting.STEPS));
        this.fleet = Math.floor(steps * workload.get(Setting.FLEET_STEPS) + 1e-9);
        this.result = workload.get(Setting.RESULT);
        this.rate = workload.get(Setting.RUNS) / 86_400;
    }

    /** Steps that are sent out, a second. */
    double sent() {
        return rate * fleet;
    }

    /** What comes to the pollers of the queue of runs, with the runs that are woken. */
    List<Lane.Stream> runs() {
        return List.of(Lane.Stream.atOnce(rate, 1, 0, Lane.Notice.NONE));
    }

    /** What comes to the pollers of the queue of steps: those that can go on at once come together. */
    List<Lane.Stream> steps() {
        double together = wave();
        return fleet == 0
                ? List.of()
                : List.of(Lane.Stream.atOnce(sent() / together, together, workload.get(Setting.STEP_TIME),
                        Lane.Notice.OWN));
    }

    /** How many steps are out at once. */
    private double wave() {
        return Math.max(1, Math.min(fleet, workload.get(Setting.WIDTH) * workload.get(Setting.FLEET_STEPS)));
    }

    /**
     * All but the LISTs of pollers and the writes of leases.
     */
    Map<Activity, Tally> tallies() {
        var tallies = new EnumMap<Activity, Tally>(Activity.class);
        double graph = steps * GRAPH_STEP_BYTES;
        double task = QueueCosts.TASK_BYTES + Math.min(graph, INLINE_GRAPH);
        boolean worked = workload.get(Setting.WORKERS) > 0;
        var run = new Tally(free);
        // Begin: state, task, ready key.
        run.put(rate, STATE_BYTES).put(rate, task).put(rate, 0);
        if (graph > INLINE_GRAPH) {
            run.put(rate, graph);
        }
        tallies.put(Activity.RUN, run);
        if (!worked) {
            return tallies;
        }
        // Claim: its task; then the owner reads the state.
        run.get(rate, task).put(rate, task).delete(rate).get(rate, STATE_BYTES);
        run.get(rate * looksAtState(), STATE_BYTES);
        if (graph > INLINE_GRAPH) {
            run.get(rate, graph);
        }
        double held = result > HELD ? 0 : Math.min(steps * (STEP_BYTES + result), MOST_HELD);
        for (double size : checkpoints()) {
            run.put(rate, size * (STEP_BYTES + (held > 0 ? result : 0)));
        }
        // End: result, state, task.
        run.put(rate, steps * STEP_BYTES + held).put(rate, STATE_BYTES).put(rate, task);

        double local = rate * (steps - fleet);
        tallies.put(Activity.STEP, new Tally(free));
        record(tallies, Activity.STEP, local);
        double needing = Math.max(0, steps - workload.get(Setting.WIDTH)) / steps;
        readAgain(tallies, Activity.STEP, local * needing);
        if (fleet > 0) {
            sendOut(tallies, task, needing);
        }
        return tallies;
    }

    /** How often an owner looks whether somebody has cancelled or paused its run. */
    private double looksAtState() {
        double width = Math.min(workload.get(Setting.WIDTH), steps);
        double time = workload.get(Setting.STEP_TIME);
        double local = Math.max(1, width * (1 - workload.get(Setting.FLEET_STEPS)) / LOCAL_SLOTS) * time;
        double away = fleet == 0 ? 0 : Math.max(1, wave() / (FLEET_SLOTS * workload.get(Setting.WORKERS))) * time;
        double lasts = steps / width * (Math.max(local, away) + workload.get(Setting.LATENCY));
        return Math.floor(lasts / STATE_LOOK);
    }

    /** The step's object, and the result's where it is large. */
    private void record(Map<Activity, Tally> tallies, Activity activity, double times) {
        Tally tally = tallies.computeIfAbsent(activity, each -> new Tally(free));
        boolean large = result + STEP_BYTES > QueueCosts.INLINE;
        tally.put(times, STEP_BYTES + (large ? 0 : result));
        if (large) {
            tally.put(times, result);
        }
    }

    /** A result that is not held is read from its step, or, where it is an object of its own, from both. */
    private void readAgain(Map<Activity, Tally> tallies, Activity activity, double times) {
        if (result + STEP_BYTES <= HELD) {
            return;
        }
        Tally tally = tallies.computeIfAbsent(activity, each -> new Tally(free));
        boolean large = result + STEP_BYTES > QueueCosts.INLINE;
        if (large) {
            tally.get(times, result);
        } else {
            tally.get(times, STEP_BYTES + result);
        }
    }

    private void sendOut(Map<Activity, Tally> tallies, double runTask, double needing) {
        double sent = sent();
        double task = QueueCosts.TASK_BYTES + (result > INLINE_PARENTS ? 0 : result);
        double elsewhere = elsewhere();
        double step = STEP_BYTES + (result + STEP_BYTES > QueueCosts.INLINE ? 0 : result);
        Tally tally = tallies.computeIfAbsent(Activity.FLEET_STEP, each -> new Tally(free));
        // Submitted and claimed like any task; then the run's state is read; at its end the run's task, to see whether
        // its owner is live; and the owner reads the step's object.
        tally.put(sent, task).put(sent, 0).get(sent, task).put(sent, task).delete(sent).get(sent, STATE_BYTES)
                .put(sent, task).get(sent * elsewhere, runTask).get(sent * elsewhere, step);
        record(tallies, Activity.FLEET_STEP, sent);
        if (result + STEP_BYTES > HELD) {
            // Not with the task: from the step that it needs.
            tally.get(sent * needing, STEP_BYTES + result);
        }
        waitForFleet(tally);
    }

    /**
     * The part of the steps sent out that another process than the owner's gets: it hears of them first, if it has slots, of which
     * some are free again before others have looked.
     */
    private double elsewhere() {
        return (1 - 1 / workload.get(Setting.WORKERS)) * Math.max(SELDOM, 1 - AT_FIRST * FLEET_SLOTS / wave());
    }

    /** The owner lists the steps' objects, ever more seldom; after a while without news it parks the run. */
    private void waitForFleet(Tally tally) {
        double latency = workload.get(Setting.LATENCY);
        double waves = fleet / wave();
        double least = Math.max(SHORTEST_LOOK, latency);
        double step = workload.get(Setting.STEP_TIME);
        double pages = Math.ceil(steps / QueueCosts.LIST_PAGE);
        int counted = (int) Math.min(WAVES, Math.ceil(waves));
        double rounds = wave() / (FLEET_SLOTS * workload.get(Setting.WORKERS));
        boolean many = wave() > FLEET_SLOTS;
        double lasts = many ? (rounds + 0.5) * (step + 4 * latency) : step + 6 * latency;
        double between = (steps - fleet) / workload.get(Setting.WIDTH) / waves * (step + latency);
        boolean parks = workload.get(Setting.WIDTH) * (1 - workload.get(Setting.FLEET_STEPS)) < 1;
        double every = least;
        double now = 0;
        double next = 0;
        double looks = 0;
        for (int i = 0; i < counted; i++) {
            double end = now + (parks ? Math.min(lasts, PARK_AFTER) : lasts);
            for (next = Math.max(next, now); next < end; next += latency + every) {
                looks++;
                // While results keep coming back, it looks as often as it may.
                every = many ? least : Math.min(LONGEST_LOOK, every * 1.5);
            }
            now = end + between;
        }
        tally.list(rate * looks * waves / counted * pages);
        if (lasts > PARK_AFTER && parks) {
            park(tally, rate * waves, lasts - PARK_AFTER, pages);
        }
    }

    /** Announced, looked once more, a checkpoint, put back; woken by each step that ends; claimed; read again. */
    private void park(Tally tally, double times, double parked, double pages) {
        double wakes = 1 + Math.floor(parked / LONGEST_PARK);
        double task = QueueCosts.TASK_BYTES;
        tally.put(3 * times * wakes, task).put(times * wakes, steps * STEP_BYTES).list(times * wakes * pages)
                .put(times * wave(), 0).get(times * wakes, task).put(times * wakes, task)
                .get(times * wakes, STATE_BYTES)
                .get(times * wakes, steps * STEP_BYTES).list(times * wakes * pages).delete(2 * times * wakes);
    }

    /** What a run leaves in the store, in bytes. */
    double bytesLeft() {
        double held = result > HELD ? 0 : result;
        return STATE_BYTES + QueueCosts.TASK_BYTES + steps * (GRAPH_STEP_BYTES + 2 * STEP_BYTES + result + held)
                + fleet * QueueCosts.TASK_BYTES
                + checkpoints().stream().mapToDouble(size -> size * (STEP_BYTES + held)).max().orElse(0);
    }

    /** How many outcomes each checkpoint of a run holds. */
    private List<Double> checkpoints() {
        var sizes = new ArrayList<Double>();
        double done = 0;
        while (true) {
            done += Math.max(BETWEEN_CHECKPOINTS, Math.floor(done / 10));
            if (done >= steps) {
                return sizes;
            }
            sizes.add(done);
        }
    }
}
