package dev.windlass.cli.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.windlass.cli.Problems;
import org.jspecify.annotations.Nullable;

/** Turns what a file says into tasks with ids, parents and runtimes, by the rules of its schema version. Used once. */
final class SchemaTasks {
    private static final List<String> JOBS_VERSIONS = List.of("1.0", "1.1", "1.2");
    private static final List<String> TASKS_VERSIONS = List.of("1.3", "1.4");
    private static final List<String> SPLIT_VERSIONS = List.of("1.5", "1.6");

    private final RawWorkflow raw;
    private final Problems problems;
    /** Whether specification and execution are apart, and references are ids; else references are names. */
    private final boolean split;
    private final Map<String, Entry> referable = new HashMap<>();
    private final Set<String> sharedNames = new HashSet<>();

    SchemaTasks(RawWorkflow raw, Problems problems) {
        this.raw = raw;
        this.problems = problems;
        this.split = raw.schemaVersion != null && SPLIT_VERSIONS.contains(raw.schemaVersion);
    }

    /** A task whose id is known, and the ids of its parents found so far. */
    private record Entry(RawWorkflow.Task task, String id, List<String> parents) {}

    /**
     * The tasks. References to unknown tasks and the like become problems.
     *
     * @throws dev.windlass.InvalidInputException if the file has no list of tasks to go on with
     */
    List<GraphTask> resolve() {
        // If something is of a wrong type already, messages about what is missing would only repeat that.
        problems.throwIfAny();
        checkVersion();
        List<RawWorkflow.Task> found = split ? raw.specifiedTasks : raw.flatTasks;
        if (found == null) {
            problems.add("it is not WfFormat " + raw.schemaVersion + ": the field " + missingField() + " is missing");
            problems.throwIfAny();
            return List.of();
        }
        List<Entry> entries = found.stream().map(this::entry).toList();
        entries.forEach(this::link);
        Set<String> ids = new HashSet<>();
        List<GraphTask> tasks = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            ids.add(entry.id());
            String name = entry.task().name;
            double runtime = split ? raw.runtimes.getOrDefault(entry.id(), 0.0) : entry.task().runtime;
            tasks.add(new GraphTask(entry.id(), name == null ? entry.id() : name, runtime, entry.parents()));
        }
        if (split) {
            raw.runtimes.keySet().stream().filter(id -> !ids.contains(id)).sorted(IdOrder.BYTES)
                    .forEach(id -> problems.add("workflow.execution.tasks has the id " + Problems.quote(id)
                            + ", which workflow.specification.tasks does not have"));
        }
        return tasks;
    }

    private void checkVersion() {
        String version = raw.schemaVersion;
        if (version == null) {
            problems.add("it is not WfFormat: the field schemaVersion is missing");
            if (!raw.hasWorkflow) {
                problems.add("it is not WfFormat: the field workflow is missing");
            }
        } else if (!split && !JOBS_VERSIONS.contains(version) && !TASKS_VERSIONS.contains(version)) {
            problems.add("the schemaVersion " + Problems.quote(version) + " is not known; known are "
                    + String.join(", ", JOBS_VERSIONS) + ", " + String.join(", ", TASKS_VERSIONS) + ", "
                    + String.join(", ", SPLIT_VERSIONS));
        }
        problems.throwIfAny();
    }

    private String missingField() {
        if (!raw.hasWorkflow) {
            return "workflow";
        }
        if (split) {
            return raw.hasSpecification ? "workflow.specification.tasks" : "workflow.specification";
        }
        return raw.schemaVersion != null && JOBS_VERSIONS.contains(raw.schemaVersion)
                ? "workflow.jobs"
                : "workflow.tasks";
    }

    private Entry entry(RawWorkflow.Task task) {
        String id = task.id == null && !split ? task.name : task.id;
        if (id == null) {
            problems.add("task number " + task.place + " has no " + (split ? "id" : "id and no name"));
            id = "task number " + task.place;
        }
        var entry = new Entry(task, id, new ArrayList<>());
        String reference = split ? id : task.name;
        if (reference != null && referable.putIfAbsent(reference, entry) != null) {
            sharedNames.add(reference);
        }
        return entry;
    }

    private void link(Entry entry) {
        for (String parent : entry.task().parents) {
            Entry other = find(entry, "parent", parent);
            if (other != null) {
                entry.parents().add(other.id());
            }
        }
        for (String child : entry.task().children) {
            Entry other = find(entry, "child", child);
            if (other != null) {
                other.parents().add(entry.id());
            }
        }
    }

    /** The task that a reference means; null after a problem, unless it is the one of two same ids, told elsewhere. */
    private @Nullable Entry find(Entry from, String role, String reference) {
        Entry found = referable.get(reference);
        String start = "task " + Problems.quote(from.id()) + " has the " + role + " " + Problems.quote(reference);
        if (found == null) {
            problems.add(start + ", which is no task of this workflow");
        } else if (!split && sharedNames.contains(reference)) {
            problems.add(start + ", which is the name of several tasks");
        }
        return found;
    }
}
