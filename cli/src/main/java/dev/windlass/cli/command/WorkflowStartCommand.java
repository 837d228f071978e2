package dev.windlass.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.StartOptions;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** {@code windlass workflow start}. */
@Command(name = "start", description = {"Start a workflow: a durable function by its type, or a graph from a file.",
    "It waits for a worker that knows the type, or the kinds of the graph's steps. Prints the workflow's id."}, footerHeading = "%nExamples:%n", footer = {
        "  windlass workflow start --type checkout --id order-17 --input @order.json",
        "  windlass workflow start graph.json --id nightly"})
final class WorkflowStartCommand extends ConnectedCommand {
    /** What to do about an id that exists. */
    enum Existing {
        RETURN, REJECT, NEW_RUN
    }

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "A graph: {\"name\": …, \"steps\": [{\"name\": …, \"kind\": …, \"needs\": […]}]}.")
    private @Nullable String file;

    @Option(names = "--type", paramLabel = "T", description = "The type of a durable function.")
    private @Nullable String type;

    @Option(names = "--version-of-type", paramLabel = "N", defaultValue = "1", description = "The version of the type (default: 1).")
    private int version;

    @Option(names = "--id", paramLabel = "ID", description = "The workflow's id (default: a random one).")
    private @Nullable String id;

    @Option(names = "--input", paramLabel = "JSON", defaultValue = "null", description = "The function's input: JSON, @FILE, or - for standard input (default: null).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private String input;

    @Option(names = "--existing", paramLabel = "P", defaultValue = "RETURN", description = "If the id exists: return (its run, if it is the same), reject, or new_run (once it has ended); default: return.")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private Existing existing;

    @Option(names = "--priority", paramLabel = "N", defaultValue = "5", description = "0 (first) to 9 (default: 5).")
    private int priority;

    private StartOptions options = StartOptions.ofDefaults();
    private @Nullable DagDefinition dag;
    private @Nullable JsonNode value;

    @Override
    void prepare() {
        if ((file == null) == (type == null)) {
            throw new InvalidInputException("Name either a graph's file or --type, so that it is clear what to start.");
        }
        options = options.withPriority(priority).withExistingId(switch (existing) {
            case RETURN -> StartOptions.ExistingId.RETURN;
            case REJECT -> StartOptions.ExistingId.REJECT;
            case NEW_RUN -> StartOptions.ExistingId.NEW_RUN_AFTER_END;
        });
        if (file != null) {
            dag = read(file);
        } else {
            value = TaskInput.read("input", input);
        }
    }

    private static DagDefinition read(String name) {
        try {
            JsonNode json = JsonText.MAPPER.readTree(Files.readString(Path.of(name)));
            if (json.at("/workflow/specification").isObject()) {
                throw new InvalidInputException(
                        "its steps have no kind that a worker could know. Play it by windlass run "
                                + name);
            }
            return DagDefinition.fromJson(json);
        } catch (InvalidInputException e) {
            throw new InvalidInputException("the graph file " + name + ": " + e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new InvalidInputException("the graph file " + name + " does not exist", e);
        } catch (InvalidPathException | IOException e) {
            throw new InvalidInputException("the graph file " + name + " cannot be read: " + e.getMessage(), e);
        } catch (JacksonException e) {
            throw new InvalidInputException("the graph file " + name + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    int run(Windlass windlass) {
        Workflows workflows = Workflows.on(windlass.engine());
        String workflowId = id == null
                ? String.format(Locale.ROOT, "w%016x", environment().random().nextLong())
                : id;
        WorkflowHandle handle = start(workflows, workflowId);
        if (json()) {
            print(JsonText.object().put("id", handle.id()).put("run", handle.run()));
        } else {
            print(handle.id());
        }
        return ExitCode.DONE;
    }

    private WorkflowHandle start(Workflows workflows, String workflowId) {
        DagDefinition graph = dag;
        if (graph != null) {
            return workflows.start(graph, workflowId, options);
        }
        return workflows.start(WorkflowType.of(String.valueOf(type), JsonNode.class, JsonNode.class)
                .withVersion(version), workflowId, value, options).run();
    }
}
