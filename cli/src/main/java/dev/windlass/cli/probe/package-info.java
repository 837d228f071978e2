/** What a worker says of itself over HTTP: metrics, liveness, readiness. */
@NullMarked
package dev.windlass.cli.probe;

import org.jspecify.annotations.NullMarked;
