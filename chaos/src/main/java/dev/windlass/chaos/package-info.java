/**
 * Chaos on real processes: producers and workers in processes of their own, killed, stopped and cut off from their store,
 * and afterwards an account of every task and run that was acknowledged.
 */
@NullMarked
package dev.windlass.chaos;

import org.jspecify.annotations.NullMarked;
