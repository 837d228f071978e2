package dev.windlass.queue.spi;

import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;

/** How a conditional write of {@link Documents} ended. Never unknown. */
public sealed interface Written {

    /**
     * The write has landed.
     *
     * @param current the version to go on with: the one just written, or a later one that descends from it
     */
    record Won(StoredObject current) implements Written {}

    /**
     * The write has not landed and never will.
     *
     * @param current what stands under the key now, or null if nothing does
     */
    record Lost(@Nullable StoredObject current) implements Written {}
}
