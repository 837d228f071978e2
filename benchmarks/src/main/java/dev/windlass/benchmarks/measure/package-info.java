/** The measures of docs/performance.md, each a class, and the table of their figures. */
@NullMarked
package dev.windlass.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
