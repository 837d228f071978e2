/** The rules that hold across modules, as tests. */
@NullMarked
package dev.windlass.architecture;

import org.jspecify.annotations.NullMarked;
