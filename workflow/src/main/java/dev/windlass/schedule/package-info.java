/**
 * Cron schedules: tasks and workflows that start by the clock. For applications; see {@link dev.windlass.schedule.Schedules}.
 */
@NullMarked
package dev.windlass.schedule;

import org.jspecify.annotations.NullMarked;
