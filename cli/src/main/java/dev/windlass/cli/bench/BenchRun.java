package dev.windlass.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.windlass.WindlassException;
import dev.windlass.environment.Environment;
import dev.windlass.store.RequestCounts;

/** One measurement: everybody warms up, then all tasks are submitted, then the workers drain the queue. */
public final class BenchRun {
    private static final Duration LOOK = Duration.ofMillis(1);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Environment environment;
    private final BenchPlan plan;

    /**
     * @param environment time and threads
     * @param plan what to measure
     */
    public BenchRun(Environment environment, BenchPlan plan) {
        this.environment = environment;
        this.plan = plan;
    }

    /**
     * Measures. The tasks stay in the store, completed.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public BenchResult run() throws InterruptedException {
        List<Drainer> drainers = new ArrayList<>();
        try (var connection = new BenchConnection(environment, plan)) {
            try {
                startAll(connection, drainers);
                return measure(connection, drainers);
            } finally {
                drainers.forEach(Drainer::close);
            }
        }
    }

    private void startAll(BenchConnection connection, List<Drainer> drainers) throws InterruptedException {
        List<ProcessDrainer> processes = new ArrayList<>();
        if (plan.isLocal()) {
            drainers.add(new LocalDrainer(connection));
        } else {
            for (int i = 0; i < plan.processes(); i++) {
                var process = new ProcessDrainer(environment, plan);
                processes.add(process);
                drainers.add(process);
            }
            for (ProcessDrainer process : processes) {
                process.awaitReady();
            }
        }
        connection.warmUp();
    }

    private BenchResult measure(BenchConnection connection, List<Drainer> drainers) throws InterruptedException {
        String queue = BenchConnection.freshQueue(environment);
        long begun = MeasuredStore.micros(environment);
        connection.submit(queue, plan.tasks());
        long submitted = MeasuredStore.micros(environment);
        Map<String, MeasuredStore.Span> submissions = connection.spans();
        drainers.forEach(drainer -> drainer.begin(queue));
        awaitAll(drainers);

        Map<String, Long> completions = new HashMap<>();
        RequestCounts requests = RequestCounts.NONE;
        for (Drainer drainer : drainers) {
            Drainer.Drained drained = drainer.end();
            requests = requests.plus(drained.requests());
            drained.completed().forEach((id, time) -> completions.merge(id, time, Math::max));
        }
        requests = requests.plus(connection.requests());

        long[] latencies = new long[plan.tasks()];
        int i = 0;
        long end = submitted;
        for (Map.Entry<String, MeasuredStore.Span> submission : submissions.entrySet()) {
            Long completed = completions.get(submission.getKey());
            if (completed == null || i == latencies.length) {
                throw new WindlassException("The task " + submission.getKey()
                        + " of the bench was counted as completed, and no worker completed it.");
            }
            latencies[i++] = completed - submission.getValue().first();
            end = Math.max(end, completed);
        }
        if (i != latencies.length) {
            throw new WindlassException("The bench submitted " + plan.tasks() + " tasks and saw " + i + ".");
        }
        return BenchResult.of(plan, submitted - begun, end - submitted, latencies, requests);
    }

    private void awaitAll(List<Drainer> drainers) throws InterruptedException {
        var progress = new Progress(environment, PATIENCE.plus(plan.latency().multipliedBy(20)));
        while (true) {
            long completed = drainers.stream().mapToLong(Drainer::completed).sum();
            if (completed >= plan.tasks()) {
                return;
            }
            progress.check(completed, plan.tasks());
            environment.sleep(LOOK);
        }
    }
}
