/** Mutants: deliberate bugs of the protocol, as patches of its sources, which the simulation must catch. */
@NullMarked
package dev.windlass.simulation.mutant;

import org.jspecify.annotations.NullMarked;
