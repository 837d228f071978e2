/** The commands, one class each, listed in {@link dev.windlass.cli.command.RootCommand}. */
@NullMarked
package dev.windlass.cli.command;

import org.jspecify.annotations.NullMarked;
