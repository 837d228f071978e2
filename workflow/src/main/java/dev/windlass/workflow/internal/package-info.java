/** The workflow engine. A run is a task; its owner is whoever has claimed that task. Not for use from outside. */
@NullMarked
package dev.windlass.workflow.internal;

import org.jspecify.annotations.NullMarked;
