import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;

import dev.windlass.Windlass;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskType;

/** What measure.py does with tasks, in Java: `java -cp jars JavaTasks.java store count`. */
final class JavaTasks {
    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[1]);
        TaskType<Integer, Integer> type = TaskType.of("t", Integer.class, Integer.class);
        try (Windlass windlass = Windlass.connect(args[0])) {
            long begin = System.nanoTime();
            windlass.queue("java").submitAll(type, Collections.nCopies(count, 1), SubmitOptions.ofDefaults());
            long submitted = System.nanoTime();
            var left = new CountDownLatch(count);
            try (var worker = windlass.worker().queue("java").concurrency(256)
                    .poll(Duration.ofMillis(100), Duration.ofSeconds(5)).handle(type, (task, input) -> {
                        left.countDown();
                        return input;
                    }).start()) {
                left.await();
                worker.drain(Duration.ofSeconds(60));
            }
            long ended = System.nanoTime();
            System.out.printf("%.0f %.0f%n", count / ((submitted - begin) / 1e9), count / ((ended - submitted) / 1e9));
        }
    }
}
