@NullMarked
package dev.windlass.cost;

import org.jspecify.annotations.NullMarked;
