package dev.windlass.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

import dev.windlass.Windlass;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/**
 * What metrics cost: tasks a second from submission to result on {@code mem:}, where nothing but the processor is waited for,
 * with and without them in turn; and the processor's time for each task, which other processes disturb less. Prints each
 * round and the medians. Arguments: rounds of each, tasks a round.
 */
final class OverheadMain {
    private static final TaskType<String, String> ECHO = TaskType.of("echo", String.class, String.class);

    private OverheadMain() {
    }

    public static void main(String[] args) throws InterruptedException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 7;
        int tasks = args.length > 1 ? Integer.parseInt(args[1]) : 20_000;
        round(false, tasks); // until it is compiled
        round(true, tasks);
        var without = new ArrayList<Round>();
        var with = new ArrayList<Round>();
        for (int i = 0; i < rounds; i++) {
            without.add(round(false, tasks));
            with.add(round(true, tasks));
            System.out.printf(Locale.ROOT, "round %d: %s without, %s with%n", i + 1, without.getLast(), with.getLast());
        }
        compare("tasks/s", without, with, Round::rate);
        compare("us of processor a task", without, with, Round::micros);
    }

    /** What a round took. */
    private record Round(double rate, double micros) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.0f tasks/s (%.1f us)", rate, micros);
        }
    }

    private static void compare(String what, List<Round> without, List<Round> with, ToDoubleFunction<Round> value) {
        double before = median(without.stream().mapToDouble(value).toArray());
        double after = median(with.stream().mapToDouble(value).toArray());
        System.out.printf(Locale.ROOT, "median %s: %.1f without, %.1f with: %+.1f %%%n", what, before, after,
                100 * (after - before) / before);
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    private static Round round(boolean measured, int tasks) throws InterruptedException {
        Windlass.Builder builder = Windlass.builder();
        if (measured) {
            builder.observer(WindlassMetrics.of(new SimpleMeterRegistry()));
        }
        try (Windlass windlass = builder.connect("mem:");
                var worker = windlass.worker().queue("q").concurrency(64).handle(ECHO, (task, input) -> input)
                        .start()) {
            long cpu = cpuNanos();
            long begin = System.nanoTime();
            List<TaskHandle<String>> all = windlass.queue("q").submitAll(ECHO, Collections.nCopies(tasks, "x"),
                    SubmitOptions.ofDefaults());
            for (TaskHandle<String> task : all) {
                task.await(Duration.ofMinutes(5));
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (!worker.isRunning()) {
                throw new IllegalStateException("the worker has stopped");
            }
            return new Round(tasks / seconds, (cpuNanos() - cpu) / 1e3 / tasks);
        }
    }

    private static double median(double[] values) {
        return Arrays.stream(values).sorted().skip(values.length / 2).findFirst().orElse(0);
    }
}
