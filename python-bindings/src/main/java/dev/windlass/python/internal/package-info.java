/** What the gateway consists of. Not for others. */
@NullMarked
package dev.windlass.python.internal;

import org.jspecify.annotations.NullMarked;
