package dev.windlass.chaos.check;

import java.util.Set;
import java.util.function.BiConsumer;

import tools.jackson.databind.JsonNode;

/**
 * Reads a task's history as a walk through its states: submitted, claimed, back again, ended. Says where it takes a step
 * that the protocol does not have.
 */
final class LifeCheck {
    private static final Set<String> BACK = Set.of("failed", "timed-out", "lease-lost", "rescheduled", "released",
            "parked");

    private enum State {
        UNKNOWN, PENDING, RUNNING, ENDED
    }

    private final JsonNode task;
    private final BiConsumer<Rule, String> report;
    private State state;
    private int attempt;
    private String claimant = "";
    private boolean cancelRequested;
    private boolean whole;
    private int read;

    private LifeCheck(JsonNode task, BiConsumer<Rule, String> report) {
        this.task = task;
        this.report = report;
        this.state = State.UNKNOWN;
    }

    /**
     * Checks a task's history.
     *
     * @param task its object
     * @param report told of what is wrong
     * @return whether the history goes back to the submission
     */
    static boolean check(JsonNode task, BiConsumer<Rule, String> report) {
        var check = new LifeCheck(task, report);
        check.walk();
        return check.whole;
    }

    private void walk() {
        for (JsonNode line : task.path("history")) {
            read++;
            step(line.path("event").asString(""), line.path("attempt").asInt(0), line.path("worker").asString(""));
        }
        String status = task.path("status").asString("");
        boolean open = status.equals("PENDING") || status.equals("RUNNING");
        if (!open && state == State.PENDING) {
            wrong("it is " + status + ", and its history ends with it waiting");
        }
        if (open && state == State.ENDED) {
            wrong("it is " + status + ", and its history says that it has ended");
        }
        if (task.path("attempt").asInt(0) != attempt && state != State.UNKNOWN) {
            wrong("it counts " + task.path("attempt").asInt(0) + " attempts, and its history " + attempt);
        }
    }

    private void step(String event, int of, String worker) {
        if (state == State.ENDED) {
            wrong("\"" + event + "\" comes after its end");
            return;
        }
        switch (event) {
            case "submitted" -> {
                state = State.PENDING;
                whole = true;
            }
            case "claimed" -> claimed(of, worker);
            case "completed" -> {
                ofRunningAttempt(event, of, worker);
                state = State.ENDED;
            }
            case "cancelled", "withdrawn" -> state = State.ENDED;
            case "cancel-requested" -> cancelRequested = true;
            default -> {
                if (BACK.contains(event)) {
                    ofRunningAttempt(event, of, worker);
                    state = isLast() && isEnded() ? State.ENDED : State.PENDING;
                }
            }
        }
    }

    private boolean isLast() {
        return read == task.path("history").size();
    }

    private boolean isEnded() {
        return task.path("status").asString("").equals("FAILED");
    }

    private void claimed(int of, String worker) {
        if (state == State.RUNNING) {
            wrong("attempt " + of + " was claimed while attempt " + attempt + " had no outcome");
        }
        if (cancelRequested) {
            report.accept(Rule.CANCEL_KEPT, "attempt " + of + " was claimed after a cancel was requested");
        }
        if (state != State.UNKNOWN && of != attempt + 1) {
            wrong("attempt " + of + " was claimed after attempt " + attempt);
        }
        attempt = of;
        claimant = worker;
        state = State.RUNNING;
    }

    private void ofRunningAttempt(String event, int of, String worker) {
        if (state == State.PENDING) {
            wrong("\"" + event + "\" of attempt " + of + " while no attempt ran: attempt " + attempt
                    + " had its outcome already");
        } else if (state == State.RUNNING && of != attempt) {
            wrong("\"" + event + "\" of attempt " + of + " while attempt " + attempt + " ran");
        } else if (state == State.RUNNING && !worker.equals(claimant)) {
            wrong("\"" + event + "\" of attempt " + of + " by worker " + worker + ", and worker " + claimant
                    + " had claimed it");
        }
        attempt = of;
    }

    private void wrong(String text) {
        report.accept(Rule.ONE_OUTCOME, text);
    }
}
