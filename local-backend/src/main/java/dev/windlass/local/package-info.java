/**
 * Stores on this machine. {@code file:} keeps objects in one directory that many processes share; {@code mem:} keeps
 * them in memory. For users by way of a URI; {@link dev.windlass.local.LocalStores} for tests that want one in code.
 */
@NullMarked
package dev.windlass.local;

import org.jspecify.annotations.NullMarked;
