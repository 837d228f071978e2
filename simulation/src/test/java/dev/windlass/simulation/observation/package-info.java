/** What an observer is told of, and what log lines say, when all kinds of things go wrong. */
@NullMarked
package dev.windlass.simulation.observation;

import org.jspecify.annotations.NullMarked;
