/**
 * Opens {@code s3://bucket/prefix}. Nobody needs to name anything of this package: with the artefact on the class path
 * or module path, the URI is enough.
 */
@NullMarked
package dev.windlass.s3;

import org.jspecify.annotations.NullMarked;
