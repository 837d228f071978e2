/** A steady load for a long time, and the rule that says whether what it holds stays flat. */
@NullMarked
package dev.windlass.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
