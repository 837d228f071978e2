/**
 * What happens in a connection and its workers, told as it happens: for metrics, traces and tests. The queue knows nobody
 * who listens, and costs nothing more for it but the call. For authors of observers; {@code windlass-metrics} has one
 * for Micrometer.
 */
@NullMarked
package dev.windlass.observer;

import org.jspecify.annotations.NullMarked;
