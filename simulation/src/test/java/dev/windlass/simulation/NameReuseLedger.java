package dev.windlass.simulation;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.windlass.simulation.NameReuseTask.Status;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;

/** Sees every write that takes effect and every answer, by true time, and counts what must not be. */
final class NameReuseLedger {
    private final Simulation sim;
    private final Map<String, NameReuseTask> tasks = new HashMap<>();
    private final Map<String, Instant> stamped = new HashMap<>();
    private final Map<String, Instant> ended = new HashMap<>();
    private final Map<String, Integer> executions = new TreeMap<>();
    private final Set<String> resurrected = new HashSet<>();
    private final Set<String> acknowledged = new HashSet<>();
    private final Set<String> ghosts = new HashSet<>();
    private final Set<String> ranResurrected = new HashSet<>();
    private final Set<String> withoutKey = new HashSet<>();

    NameReuseLedger(Simulation sim) {
        this.sim = sim;
        sim.store().onChange(this::changed);
    }

    /**
     * What went wrong in one world.
     *
     * @param ranAgain executions of a submission or redrive beyond its first
     * @param ranUnasked submissions that ran though their name had been buried or removed since they were stamped, and
     *            that nobody acknowledged
     * @param lost acknowledged submissions and redrives that never ran
     * @param withoutKey acknowledged tasks that were Pending without their ready key
     * @param leftOver ready keys that are still there in the end
     * @param resurrections submissions that won a name which had been buried or removed since they were stamped
     * @param acknowledged acknowledged submissions and redrives
     */
    record Verdict(int ranAgain, int ranUnasked, int lost, int withoutKey, int leftOver, int resurrections,
            int acknowledged) {
        boolean isViolation() {
            return ranAgain + ranUnasked + lost + withoutKey + leftOver > 0;
        }
    }

    /** A submission has been stamped with its time, just before it is sent. */
    void stamped(String writeId) {
        stamped.put(writeId, sim.now());
    }

    /** Somebody has been told that the submission or redrive is in. */
    void acknowledged(String name, String turn) {
        acknowledged.add(turn);
        requireKey(name);
    }

    private void changed(String key) {
        if (key.startsWith("ready/")) {
            String rest = key.substring("ready/q/".length());
            requireKey(rest.substring(0, rest.indexOf('.')));
            return;
        }
        String name = key.substring("tasks/".length());
        StoredObject object = sim.store().peek(key);
        NameReuseTask before = tasks.get(name);
        if (object == null) {
            tasks.remove(name);
            if (before != null && !before.isOver()) {
                ended.put(name, sim.now());
            }
            return;
        }
        NameReuseTask task = NameReuseTask.parse(object.body());
        tasks.put(name, task);
        if (task.isOver()) {
            ended.put(name, sim.now());
        } else if (before == null && task.isUntouched()) {
            Instant end = ended.get(name);
            if (end != null && stampOf(task).isBefore(end)) {
                resurrected.add(task.submitted());
                if (acknowledged.contains(task.turn())) {
                    ghosts.add(task.turn()); // its own life is over: nothing is owed to this one
                }
            }
        } else if (task.status() == Status.RUNNING && before != null && before.status() == Status.PENDING) {
            executions.merge(task.turn(), 1, Integer::sum);
            if (resurrected.contains(task.turn())) {
                ranResurrected.add(task.turn());
            }
        }
    }

    private Instant stampOf(NameReuseTask task) {
        Instant stamp = stamped.get(task.submitted());
        if (stamp == null) {
            throw new IllegalStateException("a submission was never stamped: " + task);
        }
        return stamp;
    }

    private void requireKey(String name) {
        @Nullable
        NameReuseTask task = tasks.get(name);
        if (task != null && task.status() == Status.PENDING && acknowledged.contains(task.turn())
                && !ghosts.contains(task.turn()) && !sim.store().exists(task.readyKey())) {
            withoutKey.add(task.turn());
        }
    }

    Verdict verdict() {
        int again = executions.values().stream().mapToInt(count -> count - 1).sum();
        int unasked = (int) ranResurrected.stream().filter(turn -> !acknowledged.contains(turn)).count();
        int lost = (int) acknowledged.stream().filter(turn -> !executions.containsKey(turn)).count();
        return new Verdict(again, unasked, lost, withoutKey.size(), sim.store().keys("ready/").size(),
                resurrected.size(), acknowledged.size());
    }
}
