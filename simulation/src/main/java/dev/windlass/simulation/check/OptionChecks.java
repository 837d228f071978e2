package dev.windlass.simulation.check;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskProgress;
import dev.windlass.simulation.Invariant;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.workload.Site;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Watches what the options of tasks promise: bursts, limits of reschedules, codecs, limits of types, and what handlers say.
 * For the threads of one simulation.
 */
public final class OptionChecks {
    /** The tag of a task that was submitted under a debounce key: that key. */
    public static final String BURST = "burst";
    /** More than any reader of the store's time is off. */
    private static final Duration OFF = Duration.ofSeconds(3);

    private final Simulation sim;
    private final QueueChecks queue;
    /** Of the life of a task: when it was claimed for the first time, and when it ended. */
    private final Map<String, Instant> claimedAt = new HashMap<>();
    private final Map<String, Instant> endedAt = new HashMap<>();
    /** When each task was said to be due, by when that was said. */
    private final Map<String, TreeMap<Instant, Instant>> dueTimes = new HashMap<>();
    private final Set<String> redriven = new HashSet<>();
    private final Map<String, Set<String>> waiting = new TreeMap<>();
    /** What handlers have said: by task and attempt. */
    private final Map<String, List<String>> said = new HashMap<>();

    private OptionChecks(Simulation sim, QueueChecks queue) {
        this.sim = sim;
        this.queue = queue;
    }

    /** Watches from now on, as that one does already. */
    public static OptionChecks watch(Simulation sim, QueueChecks queue) {
        var checks = new OptionChecks(sim, queue);
        sim.store().onChange(key -> {
            if (key.startsWith("tasks/") && sim.store().exists(key)) {
                checks.changed(key);
            }
        });
        return checks;
    }

    private void changed(String key) {
        String id = key.substring(key.lastIndexOf('/') + 1, key.length() - ".json".length());
        if (queue.isPoisoned(id)) {
            return;
        }
        JsonNode task = Site.json(sim.store().peek(key));
        String status = task.path("status").asString("");
        String event = QueueChecks.event(task);
        if (status.equals("RUNNING")) {
            claimedAt.putIfAbsent(id, sim.now());
        } else if (QueueChecks.isFinal(task)) {
            endedAt.putIfAbsent(id, sim.now());
        } else if (event.equals("submitted") || event.equals("redriven")) {
            claimedAt.remove(id);
            endedAt.remove(id);
            if (event.equals("redriven")) {
                redriven.add(id);
                requireFresh(id, task);
            }
        }
        dueTimes.computeIfAbsent(id, name -> new TreeMap<>()).put(sim.now(),
                Instant.ofEpochMilli(task.path("dueAt").asLong()));
        JsonNode most = task.path("maxReschedules");
        require(most.isMissingNode() || task.path("reschedules").asInt(0) <= most.asInt(), "task " + id
                + " has gone back " + task.path("reschedules") + " times, and may " + most);
        String error = task.path("error").path("message").asString("");
        require(!error.contains("codec"), "task " + id + " is " + status + ": " + error);
        if (task.path("tags").has(BURST)) {
            burst(id, task, status);
        }
    }

    /** What begins anew does not end by what ended it before; its expiry may come while the write is on its way. */
    private void requireFresh(String id, JsonNode task) {
        JsonNode expiry = task.path("expiresAt");
        long decided = QueueChecks.lastLine(task).path("at").asLong();
        require(!task.has("cancelRequested") && task.path("failures").asInt(0) == 0
                && task.path("reschedules").asInt(0) == 0
                && (expiry.isMissingNode() || expiry.asLong() > decided),
                "task " + id + " begins anew with what it had: " + task);
    }

    /** Of one key only one task waits for its first claim; what somebody lets begin anew is not one of the burst. */
    private void burst(String id, JsonNode task, String status) {
        String key = task.path("queue").asString("") + '/' + task.path("tags").path(BURST).asString("");
        Set<String> ofKey = waiting.computeIfAbsent(key, name -> new TreeSet<>());
        if (status.equals("PENDING") && !claimedAt.containsKey(id) && !redriven.contains(id)) {
            ofKey.add(id);
        } else {
            ofKey.remove(id);
        }
        require(ofKey.size() <= 1, "tasks " + ofKey + " of burst " + key + " wait at one time");
    }

    /**
     * Somebody has been told to which task a submission under a debounce key has come.
     *
     * @param id the task's
     * @param asked when it was submitted
     * @param delay how long after that it is to be due; null if it keeps its due time
     */
    public void joined(String id, Instant asked, @Nullable Duration delay) {
        if (queue.isPoisoned(id)) {
            return;
        }
        for (Map<String, Instant> over : List.of(claimedAt, endedAt)) {
            Instant at = over.get(id);
            require(at == null || !at.isBefore(asked), "a submission of " + asked + " has come to task " + id
                    + ", which no longer waited at " + at);
        }
        // Others may have moved it again since.
        require(delay == null || dueTimes.getOrDefault(id, new TreeMap<>()).tailMap(asked, true).values().stream()
                .anyMatch(due -> !due.isBefore(asked.plus(delay).minus(OFF))
                        && !due.isAfter(sim.now().plus(delay).plus(OFF))),
                "task " + id + " is never due " + delay + " after the submission of " + asked + ", but at "
                        + dueTimes.get(id));
    }

    /** A handler is about to say something of its attempt. */
    public void says(String id, int attempt, String what) {
        said.computeIfAbsent(id + ' ' + attempt, key -> new ArrayList<>()).add(what);
    }

    /**
     * Somebody has read what the last attempt of a task has said.
     *
     * @param all whether nothing of it can be lost
     */
    public void read(TaskInfo task, @Nullable TaskProgress progress, List<String> lines, boolean all) {
        List<String> meant = said.getOrDefault(task.id() + ' ' + task.attempt(), List.of());
        String what = "of attempt " + task.attempt() + " of task " + task.id() + ", which has said " + meant + ", ";
        require(progress == null || (progress.attempt() == task.attempt()
                && (progress.message() == null || meant.contains(progress.message()))), what + "one reads " + progress);
        var left = new ArrayList<String>(meant);
        for (String line : lines) {
            require(left.contains(line), what + "one reads the lines " + lines);
            left.subList(0, left.indexOf(line) + 1).clear();
        }
        require(!all || (left.isEmpty() && (progress != null || meant.isEmpty())),
                what + "one reads " + progress + " and the lines " + lines);
    }

    /** A worker does more of a type at once than it may. */
    public void limit(String worker, int running, int most) {
        require(running <= most,
                worker + " works on " + running + " tasks of a type at once, and is to work on " + most);
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            sim.fail(Invariant.O1, otherwise);
        }
    }
}
