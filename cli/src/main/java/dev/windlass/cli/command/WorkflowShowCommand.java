package dev.windlass.cli.command;

import java.io.PrintWriter;
import java.util.Locale;

import dev.windlass.cli.ExitCode;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.WorkflowInfo;
import dev.windlass.workflow.WorkflowProgress;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code windlass workflow show}. */
@Command(name = "show", description = "Show a workflow: where its latest run stands, how far it is, why it failed or is paused.", footerHeading = "%nExample:%n", footer = "  windlass workflow show order-17 --json")
final class WorkflowShowCommand extends WorkflowIdCommand {
    @Override
    int run(Workflows workflows, WorkflowHandle handle) {
        WorkflowInfo info = workflows.info(handle.id());
        WorkflowProgress progress = handle.progress();
        if (json()) {
            print(WorkflowText.of(info, progress.status()).put("finishedSteps", progress.finished()));
            return ExitCode.DONE;
        }
        PrintWriter out = out();
        row(out, "id", info.id());
        row(out, "run", info.run());
        row(out, info.function() ? "function" : "graph", info.name());
        row(out, "status", WorkflowText.word(progress.status()));
        row(out, "steps", progress.finished() + (info.function() ? "" : " of " + progress.total()));
        row(out, "started", info.startedAt());
        row(out, "ended", info.endedAt());
        row(out, "paused", info.pauseReason());
        row(out, "cancel", info.cancelReason());
        row(out, "error", info.error() == null ? null : info.error().summary());
        out.flush();
        return ExitCode.DONE;
    }

    private static void row(PrintWriter out, String label, @Nullable Object value) {
        if (value != null) {
            out.println(String.format(Locale.ROOT, "%-9s  %s", label, value));
        }
    }
}
