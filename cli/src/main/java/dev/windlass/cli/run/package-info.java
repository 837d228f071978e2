/** {@code windlass run}: a workflow graph over a fleet of worker processes. */
@NullMarked
package dev.windlass.cli.run;

import org.jspecify.annotations.NullMarked;
