package dev.windlass.cli.command;

import dev.windlass.Windlass;
import dev.windlass.schema.Schemas;

/** What commands on the tasks of a store have in common: the connection, and that it is closed. */
abstract class ConnectedCommand extends StoreCommand {
    @Override
    final int work(String uri) throws Exception {
        prepare();
        Windlass.Builder builder = Windlass.builder().environment(environment()).concurrency(requestsAtOnce())
                .check(Schemas.check());
        configure(builder);
        try (Windlass windlass = builder.connect(uri)) {
            return run(windlass);
        }
    }

    /** Checks and reads what needs no store. */
    void prepare() {
        // nothing for most
    }

    /** Sets up what the connection needs beside the usual. */
    void configure(Windlass.Builder builder) {
        // nothing for most
    }

    /**
     * Does the work.
     *
     * @return the exit code
     */
    abstract int run(Windlass windlass) throws Exception;

    /** How many requests may be under way at once. */
    int requestsAtOnce() {
        return 64;
    }
}
