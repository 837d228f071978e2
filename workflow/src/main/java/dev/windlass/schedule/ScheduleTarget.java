package dev.windlass.schedule;

import dev.windlass.queue.TaskType;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.WorkflowType;
import org.jspecify.annotations.Nullable;

/** What a schedule starts each time it fires. Immutable. */
public sealed interface ScheduleTarget permits TaskTarget, DagTarget, WorkflowTarget {

    /**
     * A task.
     *
     * @param queue its queue
     * @param type the kind of task
     * @param input its input, the same each time; encoded when the schedule is created, at most 256 KiB
     */
    static <I> TaskTarget task(String queue, TaskType<I, ?> type, @Nullable I input) {
        return TaskTarget.of(queue, type.name(), input);
    }

    /**
     * A run of a graph, as a workflow whose id is the schedule's name, {@code @} and the fire time.
     *
     * @param dag the graph; at most 256 KiB as JSON
     */
    static DagTarget dag(DagDefinition dag) {
        return DagTarget.of(dag);
    }

    /**
     * A run of a durable function, as a workflow whose id is the schedule's name, {@code @} and the fire time.
     *
     * @param type the function's type, in the version that is to run
     * @param input its input, the same each time; encoded when the schedule is created, at most 256 KiB
     */
    static <I> WorkflowTarget workflow(WorkflowType<I, ?> type, @Nullable I input) {
        return WorkflowTarget.of(type.name(), type.version(), input);
    }
}
