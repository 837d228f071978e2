/** The scheduler, its objects in the store, and the reading of cron expressions. */
@NullMarked
package dev.windlass.schedule.internal;

import org.jspecify.annotations.NullMarked;
