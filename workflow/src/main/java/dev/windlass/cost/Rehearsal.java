package dev.windlass.cost;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.WindlassException;
import dev.windlass.environment.Environment;
import dev.windlass.queue.Worker;
import dev.windlass.schedule.Scheduler;
import dev.windlass.schedule.SchedulerOptions;
import dev.windlass.schedule.Schedules;
import dev.windlass.store.RequestCounts;

/**
 * Runs a workload for a while, with the real queue, workers and workflow engine, and counts the requests that it costs.
 * Tasks go into queues of their own, and stay in the store, ended. Used once, by one thread.
 *
 * <p>One connection submits, as another process would, and each worker has a connection of its own. First every worker
 * claims a task, so that all have a lease; then the counting begins.
 */
public final class Rehearsal {
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final Duration SETTLE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Workload workload;
    private final Function<String, Windlass> connect;
    private final List<Windlass> connections = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<Scheduler> schedulers = new ArrayList<>();
    private boolean used;

    /**
     * A run of a workload.
     *
     * @param workload what is run, as it is: who wants it smaller scales it before
     * @param connect a new connection to one store for the process of that name; closed by this class
     */
    public Rehearsal(Workload workload, Function<String, Windlass> connect) {
        this.workload = workload;
        this.connect = connect;
    }

    /**
     * What was run and counted.
     *
     * @param workload the workload at the rates at which it really ran
     * @param took from the beginning of the counting to the end of the last task
     * @param tasks how many tasks ended
     * @param runs how many runs of workflows ended
     * @param counted the requests of all connections
     */
    public record Outcome(Workload workload, Duration took, long tasks, long runs, RequestCounts counted) {}

    /**
     * Submits for a while, and waits until all has ended.
     *
     * @param length for how long to submit; a second or more
     * @return what it has cost
     * @throws WindlassException if nothing ends for two minutes longer than a task takes
     * @throws InterruptedException if the thread is interrupted; tasks may be left in the store, unfinished
     */
    public Outcome run(Duration length) throws InterruptedException {
        if (used) {
            throw new IllegalStateException("a rehearsal is used once");
        }
        used = true;
        if (length.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new InvalidInputException("A rehearsal of " + length + " is too short. Use a second or more.");
        }
        try {
            Windlass submitter = open("cost-submitter");
            var props = new Props(workload, submitter);
            int number = (int) workload.get(Setting.WORKERS);
            for (int i = 0; i < number; i++) {
                Windlass connection = open("cost-worker-" + i);
                workers.add(props.worker(connection, "cost-worker-" + i + '-' + props.tag()));
            }
            for (int i = 0; i < (int) workload.get(Setting.SCHEDULERS); i++) {
                schedulers.add(Schedules.on(open("cost-scheduler-" + i)).scheduler(SchedulerOptions.ofDefaults()));
            }
            Environment environment = submitter.engine().environment();
            warmUp(props, environment);
            return measure(props, environment, length);
        } finally {
            workers.forEach(Worker::close);
            schedulers.forEach(Scheduler::close);
            connections.forEach(Windlass::close);
        }
    }

    private Windlass open(String name) {
        Windlass connection = connect.apply(name);
        connections.add(connection);
        return connection;
    }

    private RequestCounts requests() {
        return connections.stream().map(Windlass::requests).reduce(RequestCounts.NONE, RequestCounts::plus);
    }

    private long ended() {
        return workers.stream().mapToLong(worker -> worker.stats().completed() + worker.stats().failed()).sum();
    }

    /** Each worker holds tasks until all of them hold one: whoever has no slot left leaves the rest to the others. */
    private void warmUp(Props props, Environment environment) throws InterruptedException {
        if (workers.isEmpty()) {
            return;
        }
        int tasks = props.beginWarmUp();
        await(environment, () -> workers.stream().allMatch(worker -> worker.stats().running() > 0), 1);
        props.endWarmUp();
        await(environment, () -> ended() >= tasks, tasks);
        environment.sleep(SETTLE);
    }

    private Outcome measure(Props props, Environment environment, Duration length) throws InterruptedException {
        long endedBefore = ended();
        RequestCounts before = requests();
        long begin = environment.nanoTime();
        Props.Submitted submitted = props.submit(length);
        if (!workers.isEmpty()) {
            await(environment, () -> ended() - endedBefore >= submitted.ends(), submitted.ends());
        }
        environment.sleep(Duration.ofNanos(Math.max(0, begin + length.toNanos() - environment.nanoTime())));
        RequestCounts counted = requests().minus(before);
        Duration took = Duration.ofNanos(environment.nanoTime() - begin);
        double perDay = 86_400e9 / took.toNanos();
        Workload asRun = workload.with(Setting.TASKS, submitted.tasks() * perDay).with(Setting.RUNS,
                submitted.runs() * perDay).with(Setting.FIRINGS, 0);
        return new Outcome(asRun, took, submitted.tasks(), submitted.runs(), counted);
    }

    /** Something that is looked at again and again, in memory. */
    private interface Condition {
        boolean holds();
    }

    private void await(Environment environment, Condition condition, long wanted) throws InterruptedException {
        long last = -1;
        long since = environment.nanoTime();
        double slowest = workload.get(Setting.HANDLER) + workload.get(Setting.STEP_TIME)
                + workload.get(Setting.RETRY_DELAY) + workload.get(Setting.DELAY)
                + 4 * workload.get(Setting.POLL_LONGEST) + 20 * workload.get(Setting.LATENCY);
        Duration patience = PATIENCE.plusMillis((long) (3e3 * slowest));
        while (!condition.holds()) {
            long now = environment.nanoTime();
            if (ended() != last) {
                last = ended();
                since = now;
            } else if (now - since > patience.toNanos()) {
                throw new WindlassException("The workload stands still: after " + patience + " without news, " + last
                        + " of " + wanted + " tasks have ended. Give it more workers or concurrency, or less to do.");
            }
            environment.sleep(LOOK);
        }
    }
}
