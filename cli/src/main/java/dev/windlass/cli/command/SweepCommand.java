package dev.windlass.cli.command;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.SweepReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code windlass sweep}. */
@Command(name = "sweep", description = {"Recover the tasks of dead workers, as every worker does now and then.",
    "A worker counts as dead when its lease has not been renewed for longer than its time to live."}, footerHeading = "%nExample:%n", footer = "  windlass sweep --ready-keys")
final class SweepCommand extends ConnectedCommand {
    @Option(names = "--ready-keys", description = "Walk all ready keys too, and remove those that no task names.")
    private boolean readyKeys;

    @Override
    int run(Windlass windlass) {
        SweepReport report = windlass.sweep(readyKeys);
        if (json()) {
            print(JsonText.object().put("leases", report.leases()).put("deadLeases", report.deadLeases())
                    .put("requeued", report.requeued()).put("failed", report.failed())
                    .put("timedOut", report.timedOut()).put("removedKeys", report.removedKeys()));
        } else {
            print("leases seen " + report.leases() + ", dead " + report.deadLeases() + "; tasks requeued "
                    + report.requeued() + ", failed for good " + report.failed() + ", timed out " + report.timedOut()
                    + (readyKeys ? "; ready keys removed " + report.removedKeys() : ""));
        }
        return ExitCode.DONE;
    }
}
