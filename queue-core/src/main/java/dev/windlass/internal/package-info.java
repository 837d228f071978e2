/** The storage protocol. Not exported: nothing in here is a promise. Its normative text is docs/protocol.md. */
@NullMarked
package dev.windlass.internal;

import org.jspecify.annotations.NullMarked;
