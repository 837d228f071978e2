package dev.windlass.examples;

import java.time.Duration;
import java.util.List;

import dev.windlass.Windlass;
import dev.windlass.metrics.WindlassMetrics;
import dev.windlass.queue.TaskType;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** What a worker does, in Micrometer's meters. */
public final class WatchedQueue {
    private static final TaskType<String, String> GREET = TaskType.of("greet", String.class, String.class);

    private WatchedQueue() {
    }

    /**
     * Works on a task, and prints how many handlers have run.
     *
     * @param args the store; default {@code file:./data}
     */
    public static void main(String[] args) throws InterruptedException {
        String store = args.length > 0 ? args[0] : "file:./data";
        MeterRegistry registry = new SimpleMeterRegistry(); // or a PrometheusMeterRegistry, or your framework's
        WindlassMetrics metrics = WindlassMetrics.of(registry);
        try (var windlass = Windlass.builder().observer(metrics).connect(store);
                var sampler = metrics.sampleQueues(windlass, Duration.ofMinutes(1), List.of("greetings"));
                var worker = windlass.worker().queue("greetings").handle(GREET, (task, name) -> "hello " + name)
                        .start()) {
            System.out.println(windlass.queue("greetings").submit(GREET, "Ada").await(Duration.ofSeconds(30)));
        }
        System.out.println("handlers run: " + registry.get("windlass.task.handler").timer().count());
    }
}
