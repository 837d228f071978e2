/** Benchmarks of the hot paths by JMH, through the public API. */
@NullMarked
package dev.windlass.benchmarks.hot;

import org.jspecify.annotations.NullMarked;
