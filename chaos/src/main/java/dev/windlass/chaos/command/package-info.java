/** The command {@code windlass-chaos}, and the processes that it starts. */
@NullMarked
package dev.windlass.chaos.command;

import org.jspecify.annotations.NullMarked;
