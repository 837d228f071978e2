package dev.windlass.simulation.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The claims on one task, oldest first, as the versions of its object tell of them. */
final class Claims {
    private final List<Claim> all = new ArrayList<>();

    /** A claim on a run's task or a step's. */
    static final class Claim {
        final String worker;
        final String lease;
        final int attempt;
        final long at;
        private boolean closed;

        private Claim(String worker, String lease, int attempt, long at) {
            this.worker = worker;
            this.lease = lease;
            this.attempt = attempt;
            this.at = at;
        }
    }

    /**
     * The task's object has changed.
     *
     * @param was its status before
     * @param task the task now
     * @param clock when that was
     */
    void follow(String was, JsonNode task, long clock) {
        String now = task.path("status").asString("");
        String event = task.path("history").path(task.path("history").size() - 1).path("event").asString("");
        if (now.equals("RUNNING") && !was.equals("RUNNING")) {
            all.add(new Claim(task.path("workerId").asString(""), task.path("leaseId").asString(""),
                    task.path("attempt").asInt(0), clock));
        } else if (was.equals("RUNNING") && !now.equals("RUNNING")
                && Set.of("parked", "completed", "failed").contains(event)) {
            all.getLast().closed = true; // its handler has returned
        }
    }

    int size() {
        return all.size();
    }

    /** Those of a worker whose handler may still be at work. */
    List<Claim> open(String worker, Predicate<Claim> more) {
        return all.stream().filter(claim -> claim.worker.equals(worker) && !claim.closed && more.test(claim)).toList();
    }

    @Nullable
    Claim latest(String worker) {
        Claim latest = null;
        for (Claim claim : all) {
            if (claim.worker.equals(worker)) {
                latest = claim;
            }
        }
        return latest;
    }

    /** Whether an earlier claim of the same worker may still be at work. */
    boolean hasRival(Claim claim) {
        return !open(claim.worker, other -> !other.equals(claim)).isEmpty();
    }
}
