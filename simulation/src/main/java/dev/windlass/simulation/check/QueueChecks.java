package dev.windlass.simulation.check;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

import dev.windlass.simulation.Invariant;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.workload.Site;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Watches every write and delete that takes effect, and what clients and handlers say, and fails the simulation, naming
 * the invariant, as soon as one does not hold. It keeps a ledger of its own, and believes nothing that the store says of
 * the past.
 *
 * <p>For the threads of one simulation.
 */
public final class QueueChecks {
    private static final Set<String> FINAL = Set.of("COMPLETED", "FAILED", "CANCELLED", "EXPIRED");

    private final Simulation sim;
    private final Duration grace;
    private final boolean knowsResults;
    private final Map<String, JsonNode> tasks = new TreeMap<>();
    private final Map<String, Set<String>> leases = new HashMap<>();
    private final Map<String, Instant> readyEver = new HashMap<>();
    private final Map<String, @Nullable String> acknowledged = new TreeMap<>();
    private final Set<String> cancelled = new HashSet<>();
    private final Set<String> redriven = new HashSet<>();
    private final Map<String, Integer> lives = new HashMap<>();
    private final Set<String> poisoned = new HashSet<>();
    private final Map<String, Set<String>> returned = new HashMap<>();
    private final Set<String> claimed = new HashSet<>();
    private final Set<String> started = new HashSet<>();
    private final Map<String, String> claimsByAttempt = new HashMap<>();
    private final Map<String, Instant> renewedAt = new HashMap<>();
    private final Map<String, Set<String>> mailboxes = new HashMap<>();
    private final Set<String> dead = new HashSet<>();
    private final Set<String> deleted = new HashSet<>();
    private final Set<String> retired = new HashSet<>();
    private final Map<String, String> latestLease = new HashMap<>();
    private final Map<String, Integer> renewals = new HashMap<>();
    private final Map<String, String> leasesByAttempt = new HashMap<>();
    private final Map<String, Instant> claimEnds = new HashMap<>();
    private final Set<String> cancelsRead = new HashSet<>();
    private final Map<Predicate<String>, Consumer<String>> onClaims = new LinkedHashMap<>();
    /** When each queue that has open tasks had none for the last time. */
    private final Map<String, Instant> lastEmpty = new HashMap<>();
    /** By when nothing is claimed any more: by queue and type. */
    private final Map<String, Map<String, Instant>> held = new HashMap<>();
    private int open;
    private long claims;

    private QueueChecks(Simulation sim, Duration grace, boolean knowsResults) {
        this.sim = sim;
        this.grace = grace;
        this.knowsResults = knowsResults;
    }

    /** Watches from now on, whatever the grace period; handlers call {@link #started} and {@link #returned}. */
    public static QueueChecks watch(Simulation sim) {
        return watch(sim, Duration.ZERO, true);
    }

    /**
     * Watches from now on.
     *
     * @param grace the shortest grace period of those who judge ready keys
     * @param knowsResults whether handlers call {@link #returned}; if not, results are not checked
     */
    public static QueueChecks watch(Simulation sim, Duration grace, boolean knowsResults) {
        var checks = new QueueChecks(sim, grace, knowsResults);
        sim.store().onChange(checks::changed);
        return checks;
    }

    /** A submitter has been told that the task is in. */
    public void acknowledged(String id) {
        acknowledged(id, null);
    }

    /**
     * A submitter has been told that the task is in.
     *
     * @param input what it has submitted, or null not to check it
     */
    public void acknowledged(String id, @Nullable String input) {
        JsonNode task = tasks.get(id);
        require(task != null && !isTombstone(task), Invariant.C1,
                () -> "task " + id + " is acknowledged, and not in the store");
        boolean first = !acknowledged.containsKey(id);
        if (first || input != null) {
            acknowledged.put(id, input);
        }
        if (task != null && !poisoned.contains(id)) {
            requireInput(id, task);
            if (first) {
                noteOpen(task, false);
                open += isFinal(task) ? 0 : 1;
                requireReady(id, task);
            }
        }
    }

    /** What to do with the id of the task that is claimed next, of those that are asked for: once. */
    public void onClaim(Predicate<String> which, Consumer<String> deed) {
        onClaims.put(which, deed);
    }

    /** Somebody has been told that the task is cancelled, or will be unless its attempt completes. */
    public void cancelAcknowledged(String id) {
        cancelled.add(id);
    }

    /** Somebody is about to let a task begin anew, if it has ended otherwise than completed. */
    public void redrives(String id) {
        redriven.add(id);
    }

    /** How often a task has begun anew after it had ended. */
    public int lives(String id) {
        return lives.getOrDefault(id, 0);
    }

    /** Somebody is about to say that this worker has ended. */
    public void retired(String worker) {
        retired.add(worker);
    }

    /**
     * Whether the worker that held this lease has given it up for sure: it has taken another one, and has renewed that more
     * than once since.
     */
    boolean isGivenUp(String worker, String lease) {
        String latest = latestLease.getOrDefault(worker, lease);
        return !latest.equals(lease) && renewals.getOrDefault(latest, 0) > 2;
    }

    /** The handler of an attempt begins. */
    public void started(String worker, String id, int attempt) {
        require(claimed.contains(id + " " + attempt), Invariant.F1,
                () -> "attempt " + attempt + " of task " + id + " starts, and no such claim has landed");
        require(started.add(id + " " + attempt), Invariant.F1,
                () -> "attempt " + attempt + " of task " + id + " starts a second time");
        String lease = leasesByAttempt.getOrDefault(id + " " + attempt, "");
        require(!isGivenUp(worker, lease), Invariant.F1, () -> "attempt " + attempt + " of task " + id + " starts, and "
                + worker + " has given up lease " + lease + ", which covers it");
        Instant read = sim.knows(Site.taskKey(sim, id));
        Instant over = claimEnds.get(id + " " + attempt);
        require(read == null || over == null || !over.isBefore(read), Invariant.F1,
                () -> "attempt " + attempt + " of task "
                        + id + " starts, and " + worker + " has read at " + read + " that it was over, at " + over);
    }

    /**
     * The handler of an attempt is about to end.
     *
     * @param heard whether it has been asked to stop
     */
    public void ends(String id, int attempt, boolean heard) {
        require(heard || !cancelsRead.contains(claimsByAttempt.getOrDefault(id + " " + attempt, "")), Invariant.K1,
                () -> "attempt " + attempt + " of task " + id + " never hears of a cancel that its worker has read");
    }

    /** A handler is about to return a result. */
    public void returned(String id, int attempt, String result) {
        returned.computeIfAbsent(id + " " + attempt, key -> new HashSet<>()).add(result);
    }

    /** The task's body is about to be made unreadable from outside: nothing is required of it any more. */
    public void poisoned(String id) {
        JsonNode task = tasks.get(id);
        if (poisoned.add(id) && acknowledged.containsKey(id) && task != null && !isFinal(task)) {
            open--;
        }
    }

    /** Whether {@link #poisoned} has named it. */
    public boolean isPoisoned(String id) {
        return poisoned.contains(id);
    }

    /**
     * Somebody has been told that nothing is left to do in a queue.
     *
     * @param since when he asked: at some instant since, it must have been so
     */
    public void drained(String queue, Instant since) {
        Instant empty = lastEmpty.getOrDefault(queue, Instant.MIN);
        require(openTasks(queue) == 0 || !empty.isBefore(since), Invariant.C1, () -> "queue " + queue
                + " is called drained, and has had open tasks since " + empty);
    }

    /** The simulation's time, for {@link #drained}. */
    public Instant now() {
        return sim.now();
    }

    private long openTasks(String queue) {
        return acknowledged.keySet().stream().filter(id -> !poisoned.contains(id)).map(tasks::get)
                .filter(task -> task != null && isOpen(task) && queue.equals(task.path("queue").asString(""))).count();
    }

    private void noteOpen(JsonNode task, boolean openBefore) {
        String queue = task.path("queue").asString("");
        if (!openBefore && isOpen(task) && openTasks(queue) == 1) {
            lastEmpty.put(queue, sim.now());
        }
    }

    /**
     * Somebody has been told that a type of tasks in a queue is paused; or is about to resume it.
     *
     * @param by when all workers must have seen it; null if it is resumed
     */
    public void held(String queue, String type, @Nullable Instant by) {
        Map<String, Instant> types = held.computeIfAbsent(queue, name -> new HashMap<>());
        if (by == null) {
            types.remove(type);
        } else {
            types.put(type, by);
        }
    }

    /** The ids that {@link #poisoned} has named. */
    public Set<String> poisonedTasks() {
        return Set.copyOf(poisoned);
    }

    /** How many acknowledged tasks have not ended. */
    public int open() {
        return open;
    }

    /** How many claims have landed. */
    public long claims() {
        return claims;
    }

    /** The status of a task as last written, empty if there is none. */
    public String status(String id) {
        return status(tasks.get(id));
    }

    /** The tasks that submitters know to be in. */
    public Set<String> acknowledged() {
        return acknowledged.keySet();
    }

    /** All tasks as last written, by id; not to be changed. */
    public Map<String, JsonNode> tasks() {
        return tasks;
    }

    /** Whether the task has ended. */
    public static boolean isFinal(JsonNode task) {
        return FINAL.contains(task.path("status").asString(""));
    }

    /** Whether there is a task that has not ended. */
    public static boolean isOpen(JsonNode task) {
        return !isFinal(task) && !isTombstone(task);
    }

    /** Whether there is only a tombstone: no task was ever submitted whole under that id. */
    public static boolean isTombstone(JsonNode task) {
        return status(task).equals("TOMBSTONE");
    }

    private void changed(String key) {
        boolean there = sim.store().exists(key);
        if (key.startsWith("tasks/")) {
            String id = key.substring(key.lastIndexOf('/') + 1, key.length() - ".json".length());
            if (!poisoned.contains(id)) {
                require(there, Invariant.C1, () -> "the object of task " + id + " is gone");
                task(id, Site.json(sim.store().peek(key)));
            }
        } else if (key.startsWith("ready/")) {
            ready(key, there);
        } else if (key.startsWith("leases/")) {
            lease(key, there);
        } else if (key.startsWith("dead/") && !there) {
            String name = key.substring(key.lastIndexOf('/') + 15);
            String id = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
            require(!status(id).equals("FAILED") || poisoned.contains(id) || hasDeadEntry(id), Invariant.D1,
                    () -> "task " + id + " has failed, and its entry " + key + " is removed");
        } else if (key.startsWith("payloads/") && !there) {
            require(false, Invariant.C1, () -> "payload " + key + " is gone");
        }
    }

    private void ready(String key, boolean there) {
        if (there) {
            readyEver.putIfAbsent(key, sim.now());
            return;
        }
        if (key.contains("/0000000000000.pause.")) {
            return; // a marker names no task
        }
        String id = key.substring(key.lastIndexOf('/') + 15, key.indexOf('.', key.lastIndexOf('/')));
        JsonNode task = tasks.get(id);
        require(task == null || poisoned.contains(id) || !status(task).equals("PENDING")
                || !key.equals(task.path("readyKey").asString("")), Invariant.R2,
                () -> "ready key " + key + " is deleted though task " + id + " names it");
    }

    private void lease(String key, boolean there) {
        String lease = key.substring("leases/".length(), key.length() - ".json".length());
        var listed = new HashSet<String>();
        if (there) {
            JsonNode body = Site.json(sim.store().peek(key));
            body.path("claims").forEach(claim -> listed.add(claim.path("claim").asString("")));
            leases.put(lease, listed);
            boolean byOwner = body.path("writeId").equals(body.path("ownerWriteId"));
            life(lease, body, byOwner);
            mailbox(lease, body, byOwner);
        } else {
            leases.remove(lease);
            deleted.add(lease);
        }
        tasks.forEach((id, task) -> require(
                !status(task).equals("RUNNING") || poisoned.contains(id)
                        || !lease.equals(task.path("leaseId").asString(""))
                        || listed.contains(task.path("claimWriteId").asString("")),
                there ? Invariant.L1 : Invariant.L2,
                () -> "task " + id + " runs, and lease " + lease
                        + (there ? " no longer lists its claim" : " is deleted")));
    }

    /** A lease is taken over in time, but not too early; and that is for ever. */
    private void life(String lease, JsonNode body, boolean byOwner) {
        require(!deleted.contains(lease), Invariant.N1, () -> "lease " + lease + " was deleted, and is there again");
        String worker = body.path("workerId").asString("");
        if (byOwner && renewals.merge(lease, 1, Integer::sum) == 1) {
            latestLease.put(worker, lease);
        }
        if (!body.path("state").asString("").equals("DEAD")) {
            require(!dead.contains(lease), Invariant.L3, () -> "lease " + lease + " was taken over, and lives again");
        } else if (dead.add(lease) && !retired.contains(worker)) {
            Instant end = renewedAt.getOrDefault(lease, Instant.MIN).plusMillis(body.path("ttlMillis").asLong());
            require(!sim.now().isBefore(end), Invariant.L3,
                    () -> "lease " + lease + " is taken over, and its time was not over before " + end);
        }
    }

    /** A message makes no worker look alive; and the owner, which takes messages out, has read them. */
    private void mailbox(String lease, JsonNode body, boolean byOwner) {
        var cancels = new HashSet<String>();
        body.path("mailbox").forEach(message -> cancels.add(message.path("claim").asString("")));
        if (byOwner) {
            renewedAt.put(lease, sim.now());
            cancelsRead.addAll(mailboxes.getOrDefault(lease, Set.of()));
        } else {
            Instant aliveAt = Instant.ofEpochMilli(body.path("aliveAt").asLong());
            require(!aliveAt.isAfter(renewedAt.getOrDefault(lease, aliveAt)), Invariant.P1, () -> "lease " + lease
                    + " was renewed at " + renewedAt.get(lease) + ", and another's write says " + aliveAt);
        }
        mailboxes.put(lease, cancels);
    }

    private void task(String id, JsonNode task) {
        JsonNode before = tasks.put(id, task);
        String now = status(task);
        String was = before == null ? "" : status(before);
        int attempt = task.path("attempt").asInt(0);
        int attemptBefore = before == null ? 0 : before.path("attempt").asInt(0);
        long gen = task.path("gen").asLong();
        long genBefore = before == null ? 0 : before.path("gen").asLong();
        boolean isClaim = now.equals("RUNNING") && !was.equals("RUNNING");
        require(attempt == attemptBefore + (isClaim ? 1 : 0), Invariant.F1,
                () -> "task " + id + " goes from attempt " + attemptBefore + " to " + attempt + ", " + was + " to "
                        + now);
        boolean requeued = now.equals("PENDING") && (before == null || gen != genBefore);
        require(gen == genBefore || requeued || now.equals("TOMBSTONE"), Invariant.R1,
                () -> "task " + id + " changes its generation to " + gen + " as " + now);
        require(before == null || !isOpen(before) || !event(task).equals("submitted")
                || lastLine(before).path("w").equals(lastLine(task).path("w")), Invariant.F1,
                () -> "task " + id + " is submitted anew, and was " + was);
        boolean again = before != null && isFinal(before) && now.equals("PENDING");
        require(before == null || !isFinal(before) || (again ? mayBegin(id, before, task) : isTouch(before, task)),
                Invariant.F1, () -> "task " + id + " goes from " + was + " to " + now);
        if (again) {
            lives.merge(id, 1, Integer::sum);
            cancelled.remove(id);
            open += acknowledged.containsKey(id) ? 1 : 0;
            noteOpen(task, false);
        }
        require(!acknowledged.containsKey(id) || !now.equals("TOMBSTONE"), Invariant.C1,
                () -> "task " + id + " was acknowledged, and is buried");
        requireInput(id, task);
        if (isClaim) {
            claimed(id, task, was, attempt);
        }
        if (now.equals("EXPIRED") && !was.equals("EXPIRED")) {
            require(was.equals("PENDING") && !sim.now().isBefore(expiry(task)), Invariant.E1,
                    () -> "task " + id + " expires from " + was + " at " + sim.now() + ", and was to at "
                            + expiry(task));
        }
        if (now.equals("RUNNING")) {
            Set<String> listed = leases.get(task.path("leaseId").asString(""));
            require(listed != null && listed.contains(task.path("claimWriteId").asString("")), Invariant.L1,
                    () -> "task " + id + " runs, and its lease does not list its claim");
            require(isClaim || task.path("claimWriteId").equals(
                    before == null ? null : before.path("claimWriteId")), Invariant.F1,
                    () -> "task " + id + " changes its claim while it runs");
        }
        if (was.equals("RUNNING") && !now.equals("RUNNING")) {
            claimEnds.put(id + " " + attemptBefore, sim.now());
        }
        require(!was.equals("RUNNING") || before == null || before.path("cancelRequested").isMissingNode()
                || now.equals("CANCELLED") || !task.path("cancelRequested").isMissingNode(), Invariant.K1,
                () -> "task " + id + " forgets that it is to be cancelled, as " + now);
        if (now.equals("COMPLETED") && !was.equals("COMPLETED")) {
            completed(id, task, attempt);
        }
        if (now.equals("FAILED") && !was.equals("FAILED")) {
            require(hasDeadEntry(id), Invariant.D1,
                    () -> "task " + id + " has failed, and is not in the dead index");
        }
        if (now.equals("PENDING")) {
            pending(id, task);
        } else if (now.equals("TOMBSTONE") && !was.equals("TOMBSTONE")) {
            buried(id);
        }
        require(before == null || !was.equals("RUNNING") || now.equals("RUNNING") || !event(task).equals("lease-lost")
                || task.path("failures").asInt(0) == before.path("failures").asInt(0) + 1, Invariant.P1,
                () -> "an attempt of task " + id + " has died, and does not count as a failure");
        if (acknowledged.containsKey(id) && isFinal(task) && (before == null || !isFinal(before))) {
            open--;
        }
    }

    /** A task that has ended begins anew only since somebody redrives it, or since its key's time is over. */
    private boolean mayBegin(String id, JsonNode before, JsonNode task) {
        return switch (event(task)) {
            case "redriven" -> redriven.contains(id) && !status(before).equals("COMPLETED");
            case "submitted" -> before.has("keyExpiresAt")
                    && !sim.now().isBefore(Instant.ofEpochMilli(before.path("keyExpiresAt").asLong()));
            default -> false;
        };
    }

    private static Instant expiry(JsonNode task) {
        JsonNode expiry = task.path("expiresAt");
        return expiry.isMissingNode() ? Instant.MAX : Instant.ofEpochMilli(expiry.asLong());
    }

    private void claimed(String id, JsonNode task, String was, int attempt) {
        claims++;
        String type = task.path("type").asString("");
        Instant heldSince = held.getOrDefault(task.path("queue").asString(""), Map.of()).get(type);
        require(heldSince == null || !sim.now().isAfter(heldSince), Invariant.P2, () -> "task " + id + " of type "
                + type + " is claimed, and was to be paused by " + heldSince);
        require(Instant.ofEpochMilli(task.path("claimedAt").asLong()).isBefore(expiry(task)), Invariant.E1,
                () -> "task " + id + " is claimed at " + task.path("claimedAt") + ", and expired at " + expiry(task));
        claimed.add(id + " " + attempt);
        claimsByAttempt.put(id + " " + attempt, task.path("claimWriteId").asString(""));
        leasesByAttempt.put(id + " " + attempt, task.path("leaseId").asString(""));
        require(was.equals("PENDING"), Invariant.F1, () -> "task " + id + " is claimed from " + was);
        require(!cancelled.contains(id), Invariant.K1,
                () -> "attempt " + attempt + " of task " + id + " is claimed after an acknowledged cancel");
        Instant due = Instant.ofEpochMilli(task.path("dueAt").asLong());
        boolean woken = task.path("engine").asBoolean(false);
        require(woken || !sim.now().isBefore(due), Invariant.T1,
                () -> "task " + id + ", due at " + due + ", starts at " + sim.now());
        onClaims.entrySet().removeIf(entry -> {
            boolean wanted = entry.getKey().test(id);
            if (wanted) {
                entry.getValue().accept(id);
            }
            return wanted;
        });
    }

    private void pending(String id, JsonNode task) {
        String key = task.path("readyKey").asString("");
        boolean there = sim.store().exists(key);
        require(there || !readyEver.containsKey(key), Invariant.R2,
                () -> "task " + id + " comes to name " + key + ", which has been deleted");
        // What is submitted anew may name a key that has not landed yet, until it is acknowledged.
        require(there || (event(task).equals("submitted") && !acknowledged.containsKey(id)), Invariant.R1,
                () -> "task " + id + " waits, and its ready key " + key + " never was");
    }

    /** What may still be on its way is given the grace period, counted from the ready key's time, a whole second. */
    private void buried(String id) {
        require(readyEver.entrySet().stream().anyMatch(ready -> ready.getKey().contains('-' + id + '.')
                && !sim.now().isBefore(ready.getValue().plus(grace).minusSeconds(1))), Invariant.P1,
                () -> "task " + id + " is buried before a ready key of it is " + grace + " old");
    }

    private boolean hasDeadEntry(String id) {
        return sim.store().keys("dead/").stream().anyMatch(key -> key.contains('-' + id));
    }

    /** What has just happened to a task. */
    static String event(JsonNode task) {
        return lastLine(task).path("event").asString("");
    }

    static JsonNode lastLine(JsonNode task) {
        return task.path("history").path(task.path("history").size() - 1);
    }

    private void completed(String id, JsonNode task, int attempt) {
        if (!knowsResults) {
            return;
        }
        JsonNode output = Values.of(sim, task, "output");
        require(!output.isMissingNode(), Invariant.C1, () -> "task " + id + " completes, and its result "
                + task.path("outputRef").asString("") + " is not there");
        require(returned.getOrDefault(id + " " + attempt, Set.of()).contains(output.asString("")), Invariant.F1,
                () -> "task " + id + " completes attempt " + attempt + " with what no handler returned");
    }

    /** A result that stands beside its task is still what the winner returned. To be called at the end. */
    public void requireResults() {
        tasks.forEach((id, task) -> {
            if (status(task).equals("COMPLETED") && !poisoned.contains(id)) {
                completed(id, task, task.path("attempt").asInt(0));
            }
        });
    }

    private void requireInput(String id, JsonNode task) {
        String input = acknowledged.get(id);
        require(input == null || input.equals(Values.of(sim, task, "input").asString("")), Invariant.C1,
                () -> "task " + id + " was acknowledged with input " + input + ", and has " + task.path("input"));
    }

    /** Nothing but the write id differs: what was sent against the version before cannot land any more. */
    private static boolean isTouch(JsonNode before, JsonNode after) {
        return before instanceof ObjectNode one && after instanceof ObjectNode other
                && one.deepCopy().without("writeId").equals(other.deepCopy().without("writeId"));
    }

    private void requireReady(String id, JsonNode task) {
        String key = task.path("readyKey").asString("");
        require(!status(task).equals("PENDING") || sim.store().exists(key), Invariant.R1,
                () -> "task " + id + " is acknowledged and waits, and its ready key " + key
                        + (readyEver.containsKey(key) ? " is gone" : " never was"));
    }

    private static String status(@Nullable JsonNode task) {
        return task == null ? "" : task.path("status").asString("");
    }

    private void require(boolean holds, Invariant invariant, Supplier<String> otherwise) {
        if (!holds) {
            sim.fail(invariant, otherwise.get());
        }
    }
}
