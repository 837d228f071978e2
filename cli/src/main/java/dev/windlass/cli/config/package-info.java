/** Settings of the command from windlass.toml and the environment. */
@NullMarked
package dev.windlass.cli.config;

import org.jspecify.annotations.NullMarked;
