/** Histories that seeds draw, and the command that plays them. */
@NullMarked
package dev.windlass.simulation.workload;

import org.jspecify.annotations.NullMarked;
