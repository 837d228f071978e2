package dev.windlass.workflow;

import java.time.Duration;
import java.util.function.UnaryOperator;

import dev.windlass.Windlass;
import dev.windlass.queue.Worker;
import org.jspecify.annotations.Nullable;

/** One process of a test: a connection of its own, and perhaps a worker. */
final class Node implements AutoCloseable {
    private final Bucket.View view;
    private final Windlass windlass;
    private final Workflows workflows;
    private @Nullable Worker worker;

    Node(Bucket bucket) {
        view = bucket.view();
        windlass = Windlass.builder().startCheck(false).over(view);
        workflows = Workflows.on(windlass.engine());
    }

    Node step(String kind, StepHandler handler) {
        workflows.stepType(kind, handler);
        return this;
    }

    Node work(UnaryOperator<WorkerOptions> options) {
        worker = workflows.worker(windlass.worker().poll(Duration.ofMillis(5), Duration.ofMillis(50)),
                options.apply(WorkerOptions.ofDefaults())).start();
        return this;
    }

    Node work() {
        return work(options -> options);
    }

    Bucket.View view() {
        return view;
    }

    Windlass windlass() {
        return windlass;
    }

    Workflows workflows() {
        return workflows;
    }

    String workerId() {
        if (worker == null) {
            throw new IllegalStateException("no worker");
        }
        return worker.id();
    }

    long finished() {
        return worker == null ? 0 : worker.stats().ended();
    }

    @Override
    public void close() {
        if (worker != null) {
            worker.close();
        }
        windlass.close();
    }
}
