/** Runs the examples, and what the documents show. */
@NullMarked
package dev.windlass.examples;

import org.jspecify.annotations.NullMarked;
