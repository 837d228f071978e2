package dev.windlass.simulation;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Watches every write and delete that takes effect, and fails the simulation, naming the invariant of the protocol, as
 * soon as one does not hold.
 */
final class Invariants {
    private static final Set<String> FINAL = Set.of("COMPLETED", "FAILED", "CANCELLED", "EXPIRED");

    private final Simulation sim;
    private final Map<String, JsonNode> tasks = new TreeMap<>();
    private final Map<String, Set<String>> leases = new HashMap<>();
    private final Set<String> readyEver = new HashSet<>();
    private final Set<String> acknowledged = new HashSet<>();
    private final Map<String, Set<String>> returned = new HashMap<>();
    private final boolean knowsResults;
    private int open;

    private Invariants(Simulation sim, boolean knowsResults) {
        this.sim = sim;
        this.knowsResults = knowsResults;
    }

    static Invariants watch(Simulation sim) {
        return watch(sim, true);
    }

    /** @param knowsResults whether handlers call {@link #returned} */
    static Invariants watch(Simulation sim, boolean knowsResults) {
        var invariants = new Invariants(sim, knowsResults);
        sim.store().onChange(invariants::changed);
        return invariants;
    }

    /** The submitter knows that the task is in. */
    void acknowledged(String id) {
        JsonNode task = tasks.get(id);
        require(task != null, "C1", "task " + id + " is acknowledged, and not in the store");
        if (acknowledged.add(id) && task != null) {
            open += isFinal(task) ? 0 : 1;
            requireReady(id, task);
        }
    }

    /** A handler is about to return a result. */
    void returned(String id, int attempt, String result) {
        returned.computeIfAbsent(id + " " + attempt, key -> new HashSet<>()).add(result);
    }

    /** How many acknowledged tasks have not ended. */
    int open() {
        return open;
    }

    /** The status of a task as last written. */
    String status(String id) {
        return status(tasks.get(id));
    }

    Set<String> acknowledged() {
        return acknowledged;
    }

    Map<String, JsonNode> tasks() {
        return tasks;
    }

    static boolean isFinal(JsonNode task) {
        return FINAL.contains(task.path("status").asString(""));
    }

    private void changed(String key) {
        boolean there = sim.store().peek(key) != null;
        if (key.startsWith("tasks/")) {
            String id = key.substring(key.lastIndexOf('/') + 1, key.length() - ".json".length());
            require(there, "C1", "the object of task " + id + " is gone");
            task(id, Site.json(sim.store().peek(key)));
        } else if (key.startsWith("ready/")) {
            if (there) {
                readyEver.add(key);
            } else {
                tasks.forEach((id, task) -> require(
                        !status(task).equals("PENDING") || !key.equals(task.path("readyKey").asString("")), "R2",
                        "ready key " + key + " is deleted though task " + id + " names it"));
            }
        } else if (key.startsWith("leases/")) {
            lease(key, there);
        }
    }

    private void lease(String key, boolean there) {
        String lease = key.substring("leases/".length(), key.length() - ".json".length());
        var claims = new HashSet<String>();
        if (there) {
            Site.json(sim.store().peek(key)).path("claims")
                    .forEach(claim -> claims.add(claim.path("claim").asString("")));
            leases.put(lease, claims);
        } else {
            leases.remove(lease);
        }
        tasks.forEach((id, task) -> require(
                !status(task).equals("RUNNING") || !lease.equals(task.path("leaseId").asString(""))
                        || claims.contains(task.path("claimWriteId").asString("")),
                there ? "L1" : "L2",
                "task " + id + " runs, and lease " + lease + (there ? " no longer lists its claim" : " is deleted")));
    }

    private void task(String id, JsonNode task) {
        JsonNode before = tasks.put(id, task);
        String now = status(task);
        String was = before == null ? "" : status(before);
        int attempt = task.path("attempt").asInt(0);
        int attemptBefore = before == null ? 0 : before.path("attempt").asInt(0);
        long gen = task.path("gen").asLong();
        long genBefore = before == null ? 0 : before.path("gen").asLong();
        boolean claimed = now.equals("RUNNING") && !was.equals("RUNNING");
        require(attempt == attemptBefore + (claimed ? 1 : 0), "F1",
                "task " + id + " goes from attempt " + attemptBefore + " to " + attempt + ", " + was + " to " + now);
        boolean requeued = now.equals("PENDING") && (before == null || gen != genBefore);
        require(gen == genBefore || requeued || now.equals("TOMBSTONE"), "R1",
                "task " + id + " changes its generation to " + gen + " as " + now);
        require(before == null || !isFinal(before) || isTouch(before, task), "F1",
                "task " + id + " goes from " + was + " to " + now);
        if (claimed) {
            require(was.equals("PENDING"), "F1", "task " + id + " is claimed from " + was);
            Instant due = Instant.ofEpochMilli(task.path("dueAt").asLong());
            require(!sim.now().isBefore(due), "due", "task " + id + ", due at " + due + ", starts at " + sim.now());
        }
        if (now.equals("RUNNING")) {
            Set<String> listed = leases.get(task.path("leaseId").asString(""));
            require(listed != null && listed.contains(task.path("claimWriteId").asString("")), "L1",
                    "task " + id + " runs, and its lease does not list its claim");
            require(claimed || task.path("claimWriteId").equals(
                    before == null ? null : before.path("claimWriteId")), "F1",
                    "task " + id + " changes its claim while it runs");
        }
        if (knowsResults && now.equals("COMPLETED")) {
            require(returned.getOrDefault(id + " " + attempt, Set.of()).contains(task.path("output").asString("")),
                    "F1", "task " + id + " completes attempt " + attempt + " with what no handler returned");
        }
        if (now.equals("FAILED")) {
            require(sim.store().keys("dead/").stream().anyMatch(key -> key.endsWith('-' + id)), "dead",
                    "task " + id + " has failed, and is not in the dead index");
        }
        if (now.equals("PENDING")) {
            // What is submitted anew may name a key that has not landed yet, until it is acknowledged.
            String event = task.path("history").path(task.path("history").size() - 1).path("event").asString("");
            if (!event.equals("submitted") || acknowledged.contains(id)) {
                requireReady(id, task);
            }
        }
        if (acknowledged.contains(id) && isFinal(task) && (before == null || !isFinal(before))) {
            open--;
        }
    }

    /** Nothing but the write id differs: what was sent against the version before cannot land any more. */
    private static boolean isTouch(JsonNode before, JsonNode after) {
        return before instanceof ObjectNode one && after instanceof ObjectNode other
                && one.deepCopy().without("writeId").equals(other.deepCopy().without("writeId"));
    }

    private void requireReady(String id, JsonNode task) {
        String key = task.path("readyKey").asString("");
        require(!status(task).equals("PENDING") || sim.store().peek(key) != null, "R1",
                "task " + id + " waits, and its ready key " + key
                        + (readyEver.contains(key) ? " is gone" : " never was"));
    }

    private static String status(@Nullable JsonNode task) {
        return task == null ? "" : task.path("status").asString("");
    }

    private void require(boolean holds, String invariant, String otherwise) {
        if (!holds) {
            sim.fail("invariant " + invariant + " does not hold: " + otherwise);
        }
    }
}
