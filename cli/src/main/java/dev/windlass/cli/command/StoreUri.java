package dev.windlass.cli.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Which store a command works on. */
public final class StoreUri {
    /** What help says of it. */
    public static final String HELP = "file:DIRECTORY or s3://BUCKET/PREFIX. Default: WINDLASS_STORE, windlass.toml, or file:.windlass; windlass config --explain shows it.";

    private StoreUri() {
    }

    /** The option if it was given, else what the environment or windlass.toml says, else the default. */
    public static String of(CommandSpec spec, @Nullable String option) {
        return RootCommand.configuration(spec).store(option).text();
    }
}
