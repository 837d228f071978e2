/** Tests of the values that users handle. */
@NullMarked
package dev.windlass.queue;

import org.jspecify.annotations.NullMarked;
