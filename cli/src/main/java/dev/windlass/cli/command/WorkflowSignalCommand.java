package dev.windlass.cli.command;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** {@code windlass workflow signal}. */
@Command(name = "signal", description = {"Send a signal to a workflow, perhaps before it is started.",
    "It is delivered once: with --signal-id a repeat is the same signal. Prints the signal's id.",
    "Exit code 2 for a run of a graph, which waits for no signal."}, footerHeading = "%nExample:%n", footer = "  windlass workflow signal order-17 approved --value '{\"by\": \"ann\"}' --signal-id approval-1")
final class WorkflowSignalCommand extends ConnectedCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The workflow's id.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String id;

    @Parameters(index = "1", paramLabel = "NAME", description = "The signal's name, as the function waits for it.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String name;

    @Option(names = "--value", paramLabel = "JSON", defaultValue = "null", description = "Its value: JSON, @FILE, or - for standard input; at most 256 KiB (default: null).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private String value;

    @Option(names = "--signal-id", paramLabel = "ID", description = "Tells it from others of its name (default: a random one).")
    private @Nullable String signalId;

    private JsonNode read = NullNode.getInstance();

    @Override
    void prepare() {
        read = TaskInput.read("value", value);
    }

    @Override
    int run(Windlass windlass) {
        String given = signalId == null ? windlass.engine().newWriteId() : signalId;
        Workflows.on(windlass.engine()).signal(id, name, read, given);
        if (json()) {
            print(JsonText.object().put("id", id).put("name", name).put("signalId", given));
        } else {
            print(given);
        }
        return ExitCode.DONE;
    }
}
