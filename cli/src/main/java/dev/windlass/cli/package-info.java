/** The entry point of the command, and how it ends. */
@NullMarked
package dev.windlass.cli;

import org.jspecify.annotations.NullMarked;
