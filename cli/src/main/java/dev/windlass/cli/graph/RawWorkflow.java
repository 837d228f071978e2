package dev.windlass.cli.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** What a WfFormat file says, before anything is resolved: filled by {@link WfFormatParser}, read once. */
final class RawWorkflow {
    @Nullable
    String schemaVersion;
    @Nullable
    String name;
    boolean hasWorkflow;
    boolean hasSpecification;

    /** Of schema 1.0 to 1.4, where {@code workflow} itself has the tasks; null if there is no such list. */
    @Nullable
    List<Task> flatTasks;
    /** Of schema 1.5 on, {@code workflow.specification.tasks}; null if there is no such list. */
    @Nullable
    List<Task> specifiedTasks;
    /** Of schema 1.5 on, {@code workflow.execution.tasks}. */
    final Map<String, Double> runtimes = new HashMap<>();

    /** One task; its place counts from 1 and is for messages. */
    static final class Task {
        final int place;
        @Nullable
        String id;
        @Nullable
        String name;
        double runtime;
        final List<String> parents = new ArrayList<>();
        final List<String> children = new ArrayList<>();

        Task(int place) {
            this.place = place;
        }
    }
}
