package dev.windlass.cli.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.environment.StopSignals;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskOutput;
import dev.windlass.queue.TaskProgress;
import dev.windlass.queue.TaskStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code windlass tail}. */
@Command(name = "tail", description = {
    "Follow a task until it has ended: the lines that its handler prints, on standard output, and how far it is, on standard error.",
    "What a handler says is written every 5 seconds. Exit code 1 if the task did not complete. Each look costs three gets, and one for new lines."}, footerHeading = "%nExample:%n", footer = "  windlass tail 01a0b1c2-3d4e-7f60-8a9b-0c1d2e3f4a5b")
final class TailCommand extends ConnectedCommand {
    @Parameters(paramLabel = "ID", description = "The task's id, as submit printed it.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String id;

    @Option(names = "--every", paramLabel = "D", defaultValue = "2s", converter = DurationConverter.class, description = "How often to look, 100ms or more (default: 2s).")
    private Duration every = Duration.ZERO;

    @Option(names = "--no-follow", description = "Print what there is, and leave.")
    private boolean noFollow;

    @Override
    void prepare() {
        if (every.compareTo(Duration.ofMillis(100)) < 0) {
            throw new InvalidInputException("--every is " + every + ". Use 100ms or more.");
        }
    }

    @Override
    int run(Windlass windlass) throws InterruptedException {
        TaskHandle<JsonNode> handle = Tasks.of(windlass).handle(Tasks.ANY, id);
        StopSignals signals = StopSignals.listen(environment());
        TaskOutput seen = null;
        TaskProgress said = null;
        String status = "";
        while (true) {
            TaskInfo task = handle.get(); // before its output: what an attempt says is written before its end
            TaskOutput more = handle.output(seen);
            printLines(more);
            seen = more;
            TaskProgress progress = more.attempt() == 0 ? null : handle.progress();
            if (progress != null && !progress.equals(said)) {
                printProgress(progress);
                said = progress;
            }
            String now = JsonText.word(task) + (task.attempt() > 1 ? ", attempt " + task.attempt() : "");
            if (!now.equals(status)) {
                printStatus(task, now);
                status = now;
            }
            if (task.status().isFinal()) {
                return task.status() == TaskStatus.COMPLETED ? ExitCode.DONE : ExitCode.FAILED;
            }
            if (noFollow) {
                return ExitCode.DONE;
            }
            if (signals.await(every)) {
                return ExitCode.INTERRUPTED;
            }
        }
    }

    private void printLines(TaskOutput output) {
        for (String line : output.lines()) {
            if (json()) {
                print(JsonText.object().put("event", "line").put("attempt", output.attempt()).put("line", line));
            } else {
                print(line);
            }
        }
    }

    private void printProgress(TaskProgress progress) {
        if (json()) {
            print(JsonText.of(progress).put("event", "progress"));
        } else {
            remark(text(progress));
        }
    }

    private void printStatus(TaskInfo task, String now) {
        if (json()) {
            print(JsonText.object().put("event", "status").put("status", task.status().name())
                    .put("attempt", task.attempt()));
        } else {
            remark(now);
        }
    }

    private void remark(String text) {
        err().println("-- " + text);
        err().flush();
    }

    /** As people read it. */
    static String text(TaskProgress progress) {
        List<String> parts = new ArrayList<>();
        Double percent = progress.percent();
        if (percent != null) {
            parts.add(String.format(Locale.ROOT, "%.0f %%", percent));
        }
        String message = progress.message();
        if (message != null) {
            parts.add(message);
        }
        new TreeMap<>(progress.counters()).forEach((name, count) -> parts.add(name + " " + count));
        if (progress.lines() > 0) {
            parts.add(progress.lines() + " lines");
        }
        if (progress.linesLeftOut() > 0) {
            parts.add(progress.linesLeftOut() + " lines left out");
        }
        return String.join(", ", parts);
    }
}
