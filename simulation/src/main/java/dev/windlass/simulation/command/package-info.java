/** The {@code windlass-sim} command: plays seeds for as long as wanted, and replays one that failed. */
@NullMarked
package dev.windlass.simulation.command;

import org.jspecify.annotations.NullMarked;
