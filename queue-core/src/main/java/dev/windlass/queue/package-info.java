/**
 * Tasks, queues, handles and workers. For everyone who uses queues.
 */
@NullMarked
package dev.windlass.queue;

import org.jspecify.annotations.NullMarked;
