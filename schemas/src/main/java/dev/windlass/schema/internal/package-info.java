/** How schemas are stored, read and applied. */
@NullMarked
package dev.windlass.schema.internal;

import org.jspecify.annotations.NullMarked;
