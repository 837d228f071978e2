package dev.windlass.cli.command;

import org.jspecify.annotations.Nullable;

/** Which store a command works on. */
public final class StoreUri {
    /** What help says of it. */
    public static final String HELP = "file:DIRECTORY or s3://BUCKET/PREFIX. Default: WINDLASS_STORE, or file:.windlass.";

    private static final String DEFAULT = "file:.windlass";

    private StoreUri() {
    }

    /** The option if it was given, else the environment's, else the default. */
    public static String of(@Nullable String option) {
        if (option != null) {
            return option;
        }
        String environment = System.getenv("WINDLASS_STORE");
        return environment == null || environment.isEmpty() ? DEFAULT : environment;
    }
}
