package dev.windlass.cli.command;

import java.time.Duration;
import java.util.List;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.ClaimOptions;
import dev.windlass.queue.ClaimedTask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** {@code windlass claim}. */
@Command(name = "claim", description = {
    "Claim tasks for a program that is no Windlass worker, and print each as JSON on a line of its own, with the token that extend, complete, fail and requeue ask for.",
    "A claim lasts as long as --lease says, unless it is extended; then the attempt counts as failed, and the task may be claimed again.",
    "Exit code 10: nothing to claim, and the queue is drained. 11: nothing can be claimed now, but there are tasks: running, due later, or of other types."}, footerHeading = "%nExample:%n", footer = {
        "  task=$(windlass claim --queue emails --lease 5m) || exit",
        "  id=$(echo \"$task\" | jq -r .id) token=$(echo \"$task\" | jq -r .token)",
        "  send-it \"$task\" && windlass complete $id --token $token --output '{\"sent\":true}' \\",
        "    || windlass fail $id --token $token --error \"exit code $?\""})
final class ClaimCommand extends ConnectedCommand {
    @Option(names = "--queue", paramLabel = "Q", required = true, description = "The queue.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String queue;

    @Option(names = "--lease", paramLabel = "D", defaultValue = "5m", converter = DurationConverter.class, description = "How long the claim lasts, 1s to 1h (default: 5m).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private Duration lease;

    @Option(names = "--type", paramLabel = "T", description = "Only tasks of this type (default: any).")
    private @Nullable String type;

    @Option(names = "--count", paramLabel = "N", defaultValue = "1", description = "At most so many tasks, 1 to 1000 (default: 1).")
    private int count;

    @Option(names = "--worker", paramLabel = "ID", description = "Who claims, for the tasks' histories (default: host and process).")
    private @Nullable String worker;

    private ClaimOptions options = ClaimOptions.ofDefaults();

    @Override
    void prepare() {
        options = options.withLease(lease).withType(type).withCount(count).withWorker(worker);
    }

    @Override
    int run(Windlass windlass) {
        List<ClaimedTask> claimed = windlass.queue(queue).claim(options);
        claimed.forEach(task -> print(json(task)));
        if (!claimed.isEmpty()) {
            return ExitCode.DONE;
        }
        if (windlass.queue(queue).isDrained()) {
            err().println("windlass: the queue \"" + queue + "\" is drained");
            return ExitCode.DRAINED;
        }
        err().println("windlass: nothing can be claimed in the queue \"" + queue + "\" now, but there are tasks");
        return ExitCode.NOTHING_NOW;
    }

    private static ObjectNode json(ClaimedTask task) {
        ObjectNode json = JsonText.object().put("id", task.id()).put("token", task.token());
        ClaimedTask.Lease until = task.lease();
        json.put("leaseUntil", until == null ? null : JsonText.time(until.until()));
        json.setAll(JsonText.of(task.info()));
        json.set("input", task.input());
        return json;
    }
}
