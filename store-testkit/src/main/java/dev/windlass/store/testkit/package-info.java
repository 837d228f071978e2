/**
 * For authors of storage backends, and for tests of what stands on one:
 * {@link dev.windlass.store.testkit.ObjectStoreContract} is what every {@link dev.windlass.store.ObjectStore} must do,
 * {@link dev.windlass.store.testkit.FaultyStore} loses requests and answers as a script says.
 */
@NullMarked
package dev.windlass.store.testkit;

import org.jspecify.annotations.NullMarked;
