/** Small runnable programs. Each takes a store as its first argument; by default a directory below this one. */
@NullMarked
package dev.windlass.examples;

import org.jspecify.annotations.NullMarked;
