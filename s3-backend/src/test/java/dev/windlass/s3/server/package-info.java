/** S3 servers for tests, of this module and of others. */
@NullMarked
package dev.windlass.s3.server;

import org.jspecify.annotations.NullMarked;
