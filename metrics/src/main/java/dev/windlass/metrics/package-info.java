/**
 * What Windlass does, in Micrometer's meters: {@link dev.windlass.metrics.WindlassMetrics} is given to a connection, and
 * {@link dev.windlass.metrics.WindlassMeter} lists what there is. For applications.
 */
@NullMarked
package dev.windlass.metrics;

import org.jspecify.annotations.NullMarked;
