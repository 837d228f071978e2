package dev.windlass.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import dev.windlass.Windlass;
import dev.windlass.WindlassException;
import dev.windlass.environment.Environment;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.ObjectStores;
import dev.windlass.store.RequestCounts;
import dev.windlass.store.StoreSettings;

/** A connection whose requests are delayed, timed and counted, and the tasks that are measured on it. */
final class BenchConnection implements AutoCloseable {
    private static final TaskType<Integer, Integer> TYPE = TaskType.of("windlass-bench", Integer.class, Integer.class);
    private static final Duration LOOK = Duration.ofMillis(1);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Environment environment;
    private final BenchPlan plan;
    private final MeasuredStore store;
    private final Windlass windlass;
    private RequestCounts before = RequestCounts.NONE;

    BenchConnection(Environment environment, BenchPlan plan) {
        this.environment = environment;
        this.plan = plan;
        int requests = Math.clamp(plan.concurrency() + 64L, 256, 10_000);
        ObjectStore opened = ObjectStores.open(plan.store(), new StoreSettings(environment, requests, Map.of()));
        this.store = new MeasuredStore(opened, plan.latency(), environment);
        try {
            this.windlass = Windlass.builder().environment(environment).startCheck(false).over(store);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    String location() {
        return windlass.location();
    }

    /** A queue's name that nobody has used before. */
    static String freshQueue(Environment environment) {
        return "bench-" + HexFormat.of().toHexDigits(environment.random().nextLong());
    }

    /** Submits and runs tasks in a queue of their own, so that what comes next runs warm; then counts from zero. */
    void warmUp() throws InterruptedException {
        if (plan.warmUp() > 0) {
            String queue = freshQueue(environment);
            submit(queue, plan.warmUp());
            try (Worker worker = startWorker(queue)) {
                awaitCompleted(worker, plan.warmUp());
            }
        }
        store.reset();
        before = windlass.requests();
    }

    private void awaitCompleted(Worker worker, long tasks) throws InterruptedException {
        var progress = new Progress(environment, PATIENCE.plus(plan.latency().multipliedBy(20)));
        while (true) {
            long completed = worker.stats().completed();
            if (completed >= tasks) {
                return;
            }
            progress.check(completed, tasks);
            environment.sleep(LOOK);
        }
    }

    void submit(String queue, int tasks) {
        List<Integer> inputs = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            inputs.add(i);
        }
        int submitted = windlass.queue(queue).submitAll(TYPE, inputs, SubmitOptions.ofDefaults()).size();
        if (submitted != tasks) {
            throw new WindlassException("Only " + submitted + " of " + tasks + " tasks were submitted.");
        }
    }

    Worker startWorker(String queue) {
        Worker.Builder builder = windlass.worker().queue(queue).concurrency(plan.concurrency()).handle(TYPE,
                (task, input) -> input);
        return (plan.batch() == 0 ? builder : builder.batch(plan.batch())).start();
    }

    /** The requests since the warm-up. */
    RequestCounts requests() {
        return windlass.requests().minus(before);
    }

    /** When tasks were written since the warm-up. */
    Map<String, MeasuredStore.Span> spans() {
        return store.spans();
    }

    @Override
    public void close() {
        windlass.close();
    }
}
