package dev.windlass.chaos.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.windlass.chaos.ledger.Ledger;
import dev.windlass.chaos.workload.Job;
import dev.windlass.chaos.workload.Kind;
import dev.windlass.queue.TaskStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The account of the tasks: those of producers in all detail, those of the workflow engine as far as their life goes. */
final class TaskAccount {
    private static final Set<String> OPEN = Set.of("PENDING", "RUNNING");

    private final Evidence evidence;
    private final Books books;
    private final Report report;
    private final Map<String, JsonNode> tasks = new TreeMap<>();

    /** Where findings go. */
    @FunctionalInterface
    interface Report {
        /** Something does not hold. */
        void add(Rule rule, String id, String text);
    }

    TaskAccount(Evidence evidence, Books books, Report report) {
        this.evidence = evidence;
        this.books = books;
        this.report = report;
        evidence.objects().forEach((key, json) -> {
            if (key.startsWith("tasks/")) {
                tasks.put(json.path("id").asString(key), json);
            }
        });
    }

    void reconcile() {
        books.acknowledged().keySet().forEach(id -> {
            if (!tasks.containsKey(id)) {
                report.add(Rule.NOT_LOST, id, "it was acknowledged, and is not in the store");
            }
        });
        books.handled().forEach(id -> {
            if (!tasks.containsKey(id)) {
                report.add(Rule.NO_RUN_AFTER_END, id, "a handler ran for a task that is not in the store");
            }
        });
        checkKeys();
        tasks.forEach(this::check);
    }

    private void checkKeys() {
        var ids = new HashMap<String, String>();
        books.acknowledged().forEach((id, submissions) -> submissions.forEach(submission -> {
            if (submission.kind() == Kind.KEYED) {
                String other = ids.putIfAbsent(submission.job().name(), id);
                if (other != null && !other.equals(id)) {
                    report.add(Rule.ONE_TASK_PER_KEY, id,
                            "its key " + submission.job().name() + " was acknowledged as task " + other + " too");
                }
            }
        }));
        books.othersTaken().forEach(taken -> report.add(Rule.ONE_TASK_PER_KEY, taken.id(),
                "submission " + taken.name() + " was acknowledged with another input than the key's"));
    }

    private void check(String id, JsonNode task) {
        String status = task.path("status").asString("");
        if (status.equals("TOMBSTONE")) {
            if (books.acknowledged().containsKey(id)) {
                report.add(Rule.NOT_LOST, id, "it was acknowledged, and a tombstone stands in its place");
            }
            return;
        }
        boolean whole = LifeCheck.check(task, (rule, text) -> report.add(rule, id, text));
        if (OPEN.contains(status)) {
            report.add(Rule.FINISHED, id, "it is " + status + " though all has drained");
            return;
        }
        Kind kind = Kind.of(task.path("type").asString(""));
        if (kind == null) {
            return; // the workflow engine's
        }
        Job job = input(task);
        checkEnd(id, task, kind, job);
        checkRuns(id, task, kind, whole);
        checkDue(id, task, kind, job);
        if (status.equals("FAILED")) {
            checkDead(id, task);
        }
    }

    private @Nullable Job input(JsonNode task) {
        JsonNode inline = task.get("input");
        JsonNode input = inline == null ? evidence.payloads().get(task.path("inputRef").asString("")) : inline;
        return input == null ? null : Ledger.JSON.treeToValue(input, Job.class);
    }

    private @Nullable String output(JsonNode task) {
        JsonNode inline = task.get("output");
        JsonNode output = inline == null ? evidence.payloads().get(task.path("outputRef").asString("")) : inline;
        return output == null ? null : output.asString("");
    }

    private void checkEnd(String id, JsonNode task, Kind kind, @Nullable Job job) {
        TaskStatus status = TaskStatus.valueOf(task.path("status").asString(""));
        TaskStatus expected = kind.end();
        if (expected == null) {
            checkCancel(id, task, status);
        } else if (status != expected) {
            report.add(Rule.RIGHT_END, id,
                    "a task of kind " + kind + " must end " + expected + ", and it is " + status);
        }
        if (job == null) {
            report.add(Rule.RIGHT_RESULT, id, "its input is missing");
        } else if (status == TaskStatus.COMPLETED && !job.result().equals(output(task))) {
            report.add(Rule.RIGHT_RESULT, id, "its result is not the one that its input yields");
        }
        if (kind == Kind.EXHAUSTED && status == TaskStatus.FAILED && task.path("failures").asInt() != Kind.FEW) {
            report.add(Rule.RIGHT_END, id,
                    "it failed after " + task.path("failures").asInt() + " failures; allowed were "
                            + Kind.FEW);
        }
        if (job != null && status == TaskStatus.COMPLETED && task.path("attempt").asInt() <= job.failures()) {
            report.add(Rule.RIGHT_END, id, "it completed in attempt " + task.path("attempt").asInt()
                    + ", and the first " + job.failures() + " fail");
        }
    }

    private void checkCancel(String id, JsonNode task, TaskStatus status) {
        Books.Cancel cancel = books.cancel(id);
        Boolean answer = cancel == null ? null : cancel.answer();
        if (status == TaskStatus.CANCELLED) {
            if (books.acknowledged().containsKey(id) && cancel == null) {
                report.add(Rule.RIGHT_END, id, "it is cancelled, and nobody has asked for that");
            } else if (Boolean.FALSE.equals(answer)) {
                report.add(Rule.CANCEL_KEPT, id, "it is cancelled, and its producer was told that it had ended before");
            }
        } else if (status != TaskStatus.COMPLETED) {
            report.add(Rule.RIGHT_END, id, "it must be cancelled or completed, and it is " + status);
        } else if (Boolean.TRUE.equals(answer) && !hasEvent(task, "cancel-requested")) {
            report.add(Rule.CANCEL_KEPT, id, "its cancel was acknowledged, and it completed as if nobody had asked");
        }
    }

    private static boolean hasEvent(JsonNode task, String event) {
        for (JsonNode line : task.path("history")) {
            if (line.path("event").asString("").equals(event)) {
                return true;
            }
        }
        return false;
    }

    private void checkRuns(String id, JsonNode task, Kind kind, boolean whole) {
        List<Books.HandlerRun> runs = books.handlerRuns(id);
        var attempts = new HashSet<Integer>();
        int last = task.path("attempt").asInt(0);
        for (Books.HandlerRun run : runs) {
            if (!attempts.add(run.attempt())) {
                report.add(Rule.ONE_RUN, id, "attempt " + run.attempt() + " ran more than once");
            }
            if (run.attempt() > last) {
                report.add(Rule.NO_RUN_AFTER_END, id, "a handler ran in attempt " + run.attempt() + " at worker "
                        + run.worker() + ", and the task ended in attempt " + last);
            }
        }
        var claimed = new HashSet<Integer>();
        for (JsonNode line : task.path("history")) {
            int attempt = line.path("attempt").asInt(0);
            String event = line.path("event").asString("");
            if (event.equals("claimed")) {
                claimed.add(attempt);
                checkClaimant(id, runs, attempt, line.path("worker").asString(""));
            } else if (attempt > 0) {
                checkOutcome(id, kind, runs, attempt, event, task);
            }
        }
        if (whole) {
            runs.stream().filter(run -> run.attempt() <= last && !claimed.contains(run.attempt()))
                    .forEach(run -> report.add(Rule.RUN_BY_CLAIMANT, id, "attempt " + run.attempt() + " ran at worker "
                            + run.worker() + ", and nobody claimed it"));
        }
    }

    private void checkClaimant(String id, List<Books.HandlerRun> runs, int attempt, String worker) {
        for (Books.HandlerRun run : runs) {
            if (run.attempt() == attempt && !run.worker().equals(worker)) {
                report.add(Rule.RUN_BY_CLAIMANT, id, "attempt " + attempt + " was claimed by worker " + worker
                        + ", and ran at worker " + run.worker());
            }
        }
    }

    private void checkOutcome(String id, Kind kind, List<Books.HandlerRun> runs, int attempt, String event,
            JsonNode task) {
        Books.HandlerRun run = runs.stream().filter(one -> one.attempt() == attempt).findFirst().orElse(null);
        String how = run == null ? null : run.how();
        switch (event) {
            case "completed" -> {
                if (run == null || !"returned".equals(how)) {
                    report.add(Rule.TRUE_OUTCOME, id,
                            "attempt " + attempt + " is recorded as completed, and its handler "
                                    + (run == null ? "never ran" : "did not return: " + how));
                } else if (!Job.digest(String.valueOf(output(task))).equals(run.result())) {
                    report.add(Rule.TRUE_OUTCOME, id, "the result of attempt " + attempt
                            + " is not what its handler returned");
                }
            }
            case "failed", "rescheduled" -> {
                if (how == null || how.equals("returned")) {
                    report.add(Rule.TRUE_OUTCOME, id, "attempt " + attempt + " of a task of kind " + kind
                            + " is recorded as " + event + ", and its handler "
                            + (run == null ? "never ran" : how == null ? "had not ended" : how));
                }
            }
            default -> {
                // an outcome that comes from elsewhere: a lost lease, a time that was over
            }
        }
    }

    private void checkDue(String id, JsonNode task, Kind kind, @Nullable Job job) {
        long delay = job == null ? 0 : kind.delay(job).toMillis();
        List<Books.Submission> submissions = books.acknowledged().getOrDefault(id, List.of());
        if (delay == 0) {
            return;
        }
        for (Books.Submission submission : submissions) {
            long due = submission.at() + delay - evidence.uncertaintyMillis();
            for (Books.HandlerRun run : books.handlerRuns(id)) {
                if (run.at() < due) {
                    report.add(Rule.NOT_EARLY, id, "a handler ran " + (due - run.at()) + " ms before it was due, and "
                            + task.path("createdAt").asLong() + " is when it was submitted, by the store's time");
                }
            }
        }
    }

    private void checkDead(String id, JsonNode task) {
        boolean listed = evidence.objects().keySet().stream()
                .anyMatch(key -> key.startsWith("dead/") && key.contains("-" + id + "."
                        + task.path("writeId").asString("")));
        if (!listed) {
            report.add(Rule.DEAD_LISTED, id, "it has failed, and there is no entry of that below dead/");
        }
    }
}
