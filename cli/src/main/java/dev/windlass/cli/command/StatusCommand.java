package dev.windlass.cli.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

import dev.windlass.PayloadUnreadableException;
import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.PayloadCodec;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskProgress;
import dev.windlass.queue.TaskStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code windlass status}. */
@Command(name = "status", aliases = "show", description = "Show a task: where it stands, what its handler says of the work, its input, its result or failure.", footerHeading = "%nExample:%n", footer = "  windlass status 01a0b1c2-3d4e-7f60-8a9b-0c1d2e3f4a5b --json")
final class StatusCommand extends ConnectedCommand {
    private static final int SHOWN = 2_000;

    @Parameters(paramLabel = "ID", description = "The task's id, as submit printed it.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String id;

    @Override
    int run(Windlass windlass) throws InterruptedException {
        TaskInfo task = Tasks.get(windlass, id);
        JsonNode output = task.output();
        if (output == null && task.status() == TaskStatus.COMPLETED) {
            output = large(windlass, task);
        }
        TaskProgress progress = task.attempt() == 0 ? null : Tasks.of(windlass).handle(Tasks.ANY, id).progress();
        if (json()) {
            var json = JsonText.of(task);
            json.set("output", output);
            json.set("progress", progress == null ? null : JsonText.of(progress));
            print(json);
        } else {
            show(task, output, progress);
        }
        return ExitCode.DONE;
    }

    /** What stands beside the task; null if it is encoded in a way that is not known here. */
    private @Nullable JsonNode large(Windlass windlass, TaskInfo task) throws InterruptedException {
        try {
            return Tasks.of(windlass).handle(Tasks.ANY, id).await(Duration.ZERO);
        } catch (PayloadUnreadableException e) {
            if (task.outputCodec() == null) {
                throw e;
            }
            return null;
        }
    }

    private static String unread(@Nullable String codec) {
        return codec == null || codec.equals(PayloadCodec.gzip().name())
                ? "(over 256 KiB, stored beside the task)"
                : "(encoded by the codec \"" + codec + "\", which the command does not have)";
    }

    private void show(TaskInfo task, @Nullable JsonNode output, @Nullable TaskProgress progress) {
        PrintWriter out = out();
        row(out, "id", task.id());
        row(out, "queue", task.queue());
        row(out, "type", task.type());
        row(out, "status", JsonText.word(task));
        row(out, "priority", task.priority());
        row(out, "attempt", task.attempt() + " (" + task.failures() + " failed of " + task.maxAttempts() + " allowed)");
        row(out, "submitted", task.createdAt());
        if (!task.status().isFinal()) {
            row(out, "due", task.dueAt());
        }
        row(out, "started", task.startedAt());
        row(out, "finished", task.finishedAt());
        row(out, "worker", task.workerId());
        if (progress != null) {
            row(out, "progress", TailCommand.text(progress) + " (at " + progress.at() + ")");
        }
        JsonNode input = task.input();
        row(out, "input", input == null ? unread(task.inputCodec()) : cut(JsonText.write(input)));
        row(out, "result", output == null && task.outputCodec() != null
                ? unread(task.outputCodec())
                : output == null || output.isNull() ? null : cut(JsonText.write(output)));
        row(out, "error", task.error() == null ? null : cut(task.error().summary()));
        out.flush();
    }

    private static void row(PrintWriter out, String label, @Nullable Object value) {
        if (value != null) {
            out.println(String.format(Locale.ROOT, "%-9s  %s", label, value));
        }
    }

    private static String cut(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "… (--json shows all)";
    }
}
