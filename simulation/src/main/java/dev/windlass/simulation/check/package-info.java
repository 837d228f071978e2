/** What judges a history: the invariants, by id. */
@NullMarked
package dev.windlass.simulation.check;

import org.jspecify.annotations.NullMarked;
