package dev.windlass.cost;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What tasks and the workers of their queues cost. A second's worth. */
final class QueueCosts {
    /** Above this, a payload is an object of its own. */
    static final double INLINE = 256 * 1024;
    /** A task's object without its input and result, at a medium age. */
    static final double TASK_BYTES = 1_100;
    static final double LEASE_BYTES = 250;
    static final double CLAIM_BYTES = 100;
    static final double LIST_PAGE = 1000;
    private static final double DEAD_BYTES = 300;

    private final Workload workload;
    private final double free;
    private final boolean ordered;
    private final Map<Activity, Tally> tallies = new EnumMap<>(Activity.class);

    QueueCosts(Workload workload, double free, boolean ordered) {
        this.workload = workload;
        this.free = free;
        this.ordered = ordered;
    }

    private Tally on(Activity activity) {
        return tallies.computeIfAbsent(activity, each -> new Tally(free));
    }

    Map<Activity, Tally> tallies() {
        double tasks = workload.get(Setting.TASKS) / 86_400;
        double input = workload.get(Setting.INPUT);
        double output = workload.get(Setting.OUTPUT);
        double inlineInput = input > INLINE ? 0 : input;
        double body = TASK_BYTES + inlineInput;
        double again = workload.get(Setting.RETRIED);
        double failed = workload.get(Setting.FAILED);
        double attempts = tasks * (1 + again);
        boolean worked = workload.get(Setting.WORKERS) > 0;

        Tally submit = on(Activity.SUBMIT).put(tasks, body).put(tasks, 0);
        if (input > INLINE) {
            submit.put(tasks, input);
        }
        if (!worked) {
            return tallies;
        }
        Tally claim = on(Activity.CLAIM).get(attempts, body).put(attempts, body).delete(attempts);
        if (input > INLINE) {
            claim.get(attempts, input);
        }
        double good = tasks * (1 - failed);
        double result = output > INLINE ? 0 : output;
        Tally finish = on(Activity.FINISH).put(good, body + result);
        if (output > INLINE) {
            finish.put(good, output);
        }
        on(Activity.FAIL).put(tasks * again, 0).put(tasks * again, body).put(tasks * failed, DEAD_BYTES).put(
                tasks * failed, body);
        return tallies;
    }

    /** What a task leaves in the store, in bytes. */
    double bytesLeft() {
        return TASK_BYTES + workload.get(Setting.INPUT) + workload.get(Setting.OUTPUT);
    }

    /** What comes to the queues' pollers. */
    List<Lane.Stream> streams() {
        double tasks = workload.get(Setting.TASKS) / 86_400;
        double burst = workload.get(Setting.BURST);
        double events = tasks / burst;
        double later = workload.get(Setting.DELAYED);
        double again = workload.get(Setting.RETRIED);
        double time = workload.get(Setting.HANDLER);
        var streams = new ArrayList<Lane.Stream>();
        if (later < 1) {
            streams.add(Lane.Stream.atOnce(events * Math.min(1, burst * (1 - later)), Math.max(1, burst * (1 - later)),
                    time, Lane.Notice.NONE));
        }
        if (later > 0) {
            streams.add(Lane.Stream.atOnce(events * Math.min(1, burst * later), Math.max(1, burst * later), time,
                    Lane.Notice.TIME));
        }
        if (again > 0) {
            // Those of one burst come back spread over half the delay, since no two wait equally long.
            boolean single = burst * again <= 1;
            streams.add(
                    new Lane.Stream(single ? tasks * again : events, single ? 1 : burst * again, time, Lane.Notice.TIME,
                            single ? 0 : Math.max(1e-3, workload.get(Setting.RETRY_DELAY) / 2)));
        }
        return streams;
    }

    Lane.Fleet fleet() {
        double waiting = workload.get(Setting.TASKS) / 86_400 * workload.get(Setting.DELAYED)
                * workload.get(Setting.DELAY);
        double levels = workload.get(Setting.PRIORITIES);
        double each = waiting / workload.get(Setting.QUEUES) / levels;
        return new Lane.Fleet(workload.get(Setting.WORKERS), workload.get(Setting.QUEUES), levels,
                ordered ? 1 : Math.max(1, Math.ceil(each / LIST_PAGE)), each >= 1, workload.get(Setting.CONCURRENCY),
                workload.get(Setting.BATCH), workload.get(Setting.POLL_SHORTEST),
                workload.get(Setting.POLL_LONGEST), workload.get(Setting.LATENCY));
    }
}
