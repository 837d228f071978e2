package dev.windlass.cli.command;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.windlass.InvalidInputException;
import dev.windlass.cli.ExitCode;
import dev.windlass.workflow.StepInfo;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.WorkflowInfo;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code windlass workflow tail}. */
@Command(name = "tail", description = {
    "Follow a workflow until it ends: a line for each step that ends, and for each change of its status.",
    "Exit code 0 if it is completed, 1 if it failed or was cancelled, or if --limit is over."}, footerHeading = "%nExample:%n", footer = "  windlass workflow tail order-17")
final class WorkflowTailCommand extends WorkflowIdCommand {
    @Option(names = "--interval", paramLabel = "D", defaultValue = "1s", converter = DurationConverter.class, description = "How often to look, 100ms to 1h (default: 1s).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private Duration interval;

    @Option(names = "--limit", paramLabel = "D", converter = DurationConverter.class, description = "Leave after so long, whether or not it has ended.")
    private @Nullable Duration limit;

    @Override
    void prepare() {
        if (interval.compareTo(Duration.ofMillis(100)) < 0 || interval.compareTo(Duration.ofHours(1)) > 0) {
            throw new InvalidInputException("The interval is " + interval + ". Use 100ms to 1h.");
        }
    }

    @Override
    int run(Workflows workflows, WorkflowHandle handle) throws InterruptedException {
        long begin = environment().nanoTime();
        Set<String> told = new HashSet<>();
        WorkflowStatus before = null;
        while (true) {
            WorkflowStatus status = handle.status();
            tellSteps(handle.steps(), told);
            if (status != before) {
                tellStatus(workflows.info(handle.id()), status);
                before = status;
            }
            if (status.isFinal()) {
                return status == WorkflowStatus.COMPLETED ? ExitCode.DONE : ExitCode.FAILED;
            }
            if (limit != null && environment().nanoTime() - begin >= limit.toNanos()) {
                return ExitCode.FAILED;
            }
            environment().sleep(interval);
        }
    }

    private void tellSteps(List<StepInfo> steps, Set<String> told) {
        for (StepInfo step : steps) {
            if (!told.add(step.name())) {
                continue;
            }
            if (json()) {
                print(WorkflowText.of(step).put("event", "step"));
            } else {
                print(step.finishedAt() + "  " + step.name() + "  "
                        + (step.error() == null ? "succeeded" : "failed: " + step.error().summary()));
            }
        }
    }

    private void tellStatus(WorkflowInfo info, WorkflowStatus status) {
        if (json()) {
            print(WorkflowText.of(info, status).put("event", "status"));
        } else {
            print(info.id() + "  " + WorkflowText.word(status)
                    + (info.pauseReason() == null ? "" : ": " + info.pauseReason())
                    + (info.error() == null ? "" : ": " + info.error().summary()));
        }
    }
}
