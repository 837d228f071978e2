package dev.windlass.benchmarks.measure;

import java.time.Duration;

import dev.windlass.Windlass;
import dev.windlass.cli.bench.MeasuredStore;
import dev.windlass.environment.Environment;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.store.ObjectStore;

/** Tasks whose result is when their handler began, in microseconds of the host's time. */
public final class Stamped {
    static final TaskType<Integer, Long> TYPE = TaskType.of("windlass-stamped", Integer.class, Long.class);
    static final String QUEUE = "stamped";
    /** So that a poll interval is known. */
    static final Duration POLL = Duration.ofMillis(100);

    private Stamped() {
    }

    /** A worker that does them. */
    public static Worker start(Windlass windlass, Environment environment) {
        return windlass.worker().queue(QUEUE).poll(POLL, POLL)
                .handle(TYPE, (task, input) -> MeasuredStore.micros(environment)).start();
    }

    /** A connection over the store, each of whose requests is delayed. */
    public static Windlass connect(ObjectStore store, Duration latency, Environment environment) {
        return Windlass.builder().environment(environment)
                .over(new MeasuredStore(store, latency, environment));
    }
}
