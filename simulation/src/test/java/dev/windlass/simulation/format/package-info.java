@NullMarked
package dev.windlass.simulation.format;

import org.jspecify.annotations.NullMarked;
