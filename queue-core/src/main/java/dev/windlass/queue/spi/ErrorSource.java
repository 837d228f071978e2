package dev.windlass.queue.spi;

import dev.windlass.queue.TaskError;

/**
 * An exception that stands for a failure which is not Java's own, such as that of a handler in another language: it says
 * itself how it is to be stored. Implemented by exceptions.
 */
public interface ErrorSource {

    /** The failure as it is to be stored with the task. */
    TaskError error();
}
