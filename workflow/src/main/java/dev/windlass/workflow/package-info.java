/**
 * Workflows: graphs of steps that survive the processes that run them. Start with
 * {@link dev.windlass.workflow.Workflows}.
 */
@NullMarked
package dev.windlass.workflow;

import org.jspecify.annotations.NullMarked;
