/**
 * The Java side of the Python package {@code windlass}: the program that embeds CPython, and the narrow gateway that Python
 * code calls. For the Python package alone; what a user of either language writes against stands elsewhere.
 *
 * <p>Only numbers, strings and bytes cross the boundary. No Java thread ever holds or calls a Python object: what Java has to say
 * waits in a queue until a Python thread takes it.
 */
@NullMarked
package dev.windlass.python;

import org.jspecify.annotations.NullMarked;
