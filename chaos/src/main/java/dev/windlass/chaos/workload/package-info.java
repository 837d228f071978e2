/** What producers submit, what handlers do, and how each must end. */
@NullMarked
package dev.windlass.chaos.workload;

import org.jspecify.annotations.NullMarked;
