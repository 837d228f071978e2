/** The Python package in a virtual environment that the build makes. */
@NullMarked
package dev.windlass.python;

import org.jspecify.annotations.NullMarked;
