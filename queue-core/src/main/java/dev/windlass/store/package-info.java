/**
 * What a storage backend implements: an {@link dev.windlass.store.ObjectStore} knows bytes, keys and preconditions,
 * and nothing of tasks. For authors of backends.
 */
@NullMarked
package dev.windlass.store;

import org.jspecify.annotations.NullMarked;
