/** Tests of the soak. */
@NullMarked
package dev.windlass.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
