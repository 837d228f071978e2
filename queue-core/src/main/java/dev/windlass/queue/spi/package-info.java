/**
 * What an engine on top of the queue needs, such as the workflow engine: derived ids, parking, waking, documents
 * written by compare-and-swap. For authors of engines, not for applications.
 */
@NullMarked
package dev.windlass.queue.spi;

import org.jspecify.annotations.NullMarked;
