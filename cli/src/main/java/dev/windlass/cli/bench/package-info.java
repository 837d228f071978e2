/** Measures how fast a store, and the queue on it, is: behind {@code windlass bench}. */
@NullMarked
package dev.windlass.cli.bench;

import org.jspecify.annotations.NullMarked;
