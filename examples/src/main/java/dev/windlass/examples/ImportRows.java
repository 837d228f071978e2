package dev.windlass.examples;

import java.time.Duration;
import java.util.List;

import dev.windlass.Windlass;
import dev.windlass.queue.TaskContext;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskProgress;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.WorkerListener;

/** A worker with rules: how many imports at once, for how long, and who is told; and imports that say how far they are. */
public final class ImportRows {
    static final TaskType<Integer, Integer> IMPORT = TaskType.of("import-rows", Integer.class, Integer.class);
    static final TaskType<String, Void> NOTIFY = TaskType.of("notify", String.class, Void.class);

    private ImportRows() {
    }

    /** Says on standard error what fails for good. */
    private static final class Alarm implements WorkerListener {
        @Override
        public void failed(TaskContext task, TaskError error, boolean again) {
            if (!again) {
                System.err.println("task " + task.id() + " has failed for good: " + error.summary());
            }
        }
    }

    private static int importRows(TaskContext task, int rows) {
        for (int row = 0; row < rows; row++) {
            // … a row is imported here
            task.progress(100.0 * (row + 1) / rows, "importing");
            task.count("rows", 1);
            if (row % 100 == 0) {
                task.print("at row " + row);
            }
        }
        return rows;
    }

    /**
     * Runs it.
     *
     * @param args the store; default {@code mem:}
     */
    public static void main(String[] args) throws InterruptedException {
        try (var windlass = Windlass.connect(args.length > 0 ? args[0] : "mem:");
                var worker = windlass.worker().queue("imports").queue("mails").weight("mails", 3).concurrency(32)
                        .handle(IMPORT, ImportRows::importRows).typeConcurrency("import-rows", 4)
                        .typeTimeout("import-rows", Duration.ofMinutes(30)).handleVoid(NOTIFY, (task, to) -> {})
                        .listener(new Alarm()).maxTasks(10_000).start()) {
            TaskHandle<Integer> handle = windlass.queue("imports").submit(IMPORT, 250);
            System.out.println(handle.await(Duration.ofSeconds(30)) + " rows imported by " + worker.id());
            TaskProgress progress = handle.progress();
            List<String> lines = handle.output().lines();
            System.out.println(progress + " " + lines);
        }
    }
}
