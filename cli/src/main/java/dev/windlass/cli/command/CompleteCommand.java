package dev.windlass.cli.command;

import dev.windlass.queue.ClaimedTask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code windlass complete}. */
@Command(name = "complete", description = {
    "Complete a claimed task, with a result if there is one. Safe to repeat with the same result.",
    "Exit code 1 if the claim is lost; nothing is recorded then."}, footerHeading = "%nExample:%n", footer = "  windlass complete 01a0b1c2-3d4e-7f60-8a9b-0c1d2e3f4a5b --token 0png8g49q21f2rtg --output '{\"sent\":true}'")
final class CompleteCommand extends HeldTaskCommand {
    @Option(names = "--output", paramLabel = "JSON|@FILE|-", description = "The result: JSON, a file of JSON, or - for standard input (default: none).")
    private @Nullable String output;

    private @Nullable JsonNode tree;

    @Override
    void prepare() {
        tree = output == null ? null : TaskInput.read("output", output);
    }

    @Override
    int run(ClaimedTask task) {
        return done(task.complete(tree));
    }
}
