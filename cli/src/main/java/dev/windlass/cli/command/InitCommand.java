package dev.windlass.cli.command;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code windlass init}. */
@Command(name = "init", description = {"Initialise a store. The first write does it otherwise, with the defaults.",
    "A store that was initialised before stays as it is."}, footerHeading = "%nExample:%n", footer = "  windlass init --store file:./data")
final class InitCommand extends ConnectedCommand {
    @Option(names = "--shard-width", paramLabel = "N", defaultValue = "2", description = "Hexadecimal digits that spread the keys of tasks, 1 to 4 (default: 2).")
    private int shardWidth;

    @Override
    int run(Windlass windlass) {
        boolean done = windlass.initialise(shardWidth);
        if (json()) {
            print(JsonText.object().put("store", windlass.location()).put("initialised", done).put("format",
                    Windlass.formatVersion()));
        } else if (done) {
            print("initialised " + windlass.location() + " (format " + Windlass.formatVersion() + ", shard width "
                    + shardWidth + ")");
        } else {
            print(windlass.location() + " was initialised before; nothing changed, its shard width included");
        }
        return ExitCode.DONE;
    }
}
