/**
 * Time, sleep, threads, waiting and randomness. All code of Windlass reaches them here, so that one seed can drive
 * the very same classes in simulation. For authors of backends, engines and tests.
 */
@NullMarked
package dev.windlass.environment;

import org.jspecify.annotations.NullMarked;
