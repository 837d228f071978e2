/** Tests of the measurements: that each runs, and that the soak finds what grows. */
@NullMarked
package dev.windlass.benchmarks;

import org.jspecify.annotations.NullMarked;
