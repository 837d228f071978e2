/**
 * Examines a store: whether it keeps what the storage protocol stands on, how fast it is, and what its operator should
 * know.
 */
@NullMarked
package dev.windlass.doctor;

import org.jspecify.annotations.NullMarked;
