/** Meters of a real queue in memory, and the page that lists them. */
@NullMarked
package dev.windlass.metrics;

import org.jspecify.annotations.NullMarked;
