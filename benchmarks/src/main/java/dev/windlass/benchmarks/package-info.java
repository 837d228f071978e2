/** Measures the project itself: behind {@code ./windlass-bench}. An application: nothing here is meant for other modules. */
@NullMarked
package dev.windlass.benchmarks;

import org.jspecify.annotations.NullMarked;
