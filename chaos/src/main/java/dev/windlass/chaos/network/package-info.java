/** The proxy between clients and the S3 server. */
@NullMarked
package dev.windlass.chaos.network;

import org.jspecify.annotations.NullMarked;
