package dev.windlass.simulation.check;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

import dev.windlass.queue.TaskStatus;
import dev.windlass.simulation.Invariant;
import dev.windlass.simulation.Simulation;
import tools.jackson.databind.JsonNode;

/** What clients and handlers saw of each task of a simulation; judged at the end. For the threads of that simulation. */
public final class TaskHistories {
    private final Simulation sim;
    private final Map<String, TaskHistory> histories = new TreeMap<>();

    /** No task has been seen yet. */
    public TaskHistories(Simulation sim) {
        this.sim = sim;
    }

    /** The instant that the histories count by. */
    public long now() {
        return sim.elapsed().toNanos();
    }

    /** What has been seen of a task; somebody may have submitted it without learning that. */
    public TaskHistory of(String id) {
        return histories.computeIfAbsent(id, key -> {
            var history = new TaskHistory(key);
            history.submit(0);
            return history;
        });
    }

    /**
     * Reads all tasks once more, and fails the simulation if what was seen of one of them fits no order of its
     * transitions.
     *
     * @param tasks the bodies of the tasks as they stand
     * @param wanted of which tasks
     */
    public void requireLinearizable(Map<String, JsonNode> tasks, Predicate<String> wanted) {
        histories.forEach((id, history) -> {
            JsonNode task = tasks.get(id);
            if (!wanted.test(id)) {
                return;
            }
            if (task != null && !task.path("expiresAt").isMissingNode()) {
                history.mayExpire();
            }
            history.get(now()).answer(task == null || QueueChecks.isTombstone(task)
                    ? TaskHistory.ReadAnswer.notFound()
                    : TaskHistory.ReadAnswer.of(TaskStatus.valueOf(task.path("status").asString("")),
                            task.path("attempt").asInt(0), !task.path("cancelRequested").isMissingNode()),
                    now());
            Linearizability.Result result = Linearizability.judge(history);
            switch (result.answer()) {
                case VIOLATED -> sim.fail(Invariant.H1, result.explanation());
                case UNDECIDED -> sim.driver().note("what was seen of task " + id + " is too long to be judged");
                case LINEARIZABLE -> {
                    // as it should be
                }
            }
        });
    }
}
