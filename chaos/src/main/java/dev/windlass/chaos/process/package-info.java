/** The processes of a run: producers, workers, the S3 server; and what is done to them. */
@NullMarked
package dev.windlass.chaos.process;

import org.jspecify.annotations.NullMarked;
