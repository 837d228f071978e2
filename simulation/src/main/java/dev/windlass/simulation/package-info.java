/**
 * A deterministic world for the production classes: one seed decides which thread goes on, how long a request takes,
 * which of them fail, and what every random draw yields. Time is virtual. For tests of the queue and of engines above
 * it; {@link dev.windlass.simulation.Simulation} is the way in.
 */
@NullMarked
package dev.windlass.simulation;

import org.jspecify.annotations.NullMarked;
