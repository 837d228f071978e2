/** What {@code windlass cost} reads and plays: files of workloads and prices, and rehearsals of them. */
@NullMarked
package dev.windlass.cli.cost;

import org.jspecify.annotations.NullMarked;
