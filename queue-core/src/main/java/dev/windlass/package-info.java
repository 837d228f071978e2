/** Entry point and exceptions. */
@NullMarked
package dev.windlass;

import org.jspecify.annotations.NullMarked;
