package dev.windlass.simulation.workload;

import java.time.Duration;

import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RescheduleRequest;
import dev.windlass.queue.TaskContext;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.check.TaskHistories;
import dev.windlass.simulation.check.TaskHistory;

/** What tasks of a history do: their input begins with a word that says it. */
final class Handlers {
    /** The words; the more frequent ones stand several times. */
    private static final String[] KINDS = {"quick", "quick", "quick", "flaky", "broken", "hopeless", "later", "slow",
        "slow", "slower", "stubborn"};
    private static final int BIG = 270_000;

    private final QueueChecks checks;
    private final TaskHistories histories;

    Handlers(QueueChecks checks, TaskHistories histories) {
        this.checks = checks;
        this.histories = histories;
    }

    /** The word for a number from 0 to 199. */
    static String kind(int number) {
        return number >= 197 ? "big" : KINDS[Math.floorMod(number, KINDS.length)];
    }

    String handle(Actor actor, TaskContext task, String input) throws Exception {
        checks.started(actor.name(), task.id(), task.attempt());
        TaskHistory history = histories.of(task.id());
        history.started(task.attempt(), histories.now());
        TaskHistory.Verdict verdict = TaskHistory.Verdict.FAIL;
        try {
            String result = work(actor, task, input);
            checks.returned(task.id(), task.attempt(), result);
            verdict = TaskHistory.Verdict.COMPLETE;
            return result;
        } catch (PermanentFailure failure) {
            verdict = TaskHistory.Verdict.FAIL_FOR_GOOD;
            throw failure;
        } catch (RescheduleRequest request) {
            verdict = TaskHistory.Verdict.GO_BACK;
            throw request;
        } finally {
            if (!actor.isCrashed()) {
                checks.ends(task.id(), task.attempt(), task.isCancelled());
                history.end(task.attempt(), verdict, histories.now());
            }
        }
    }

    private static String work(Actor actor, TaskContext task, String input) throws Exception {
        String kind = input.substring(0, input.indexOf(' '));
        boolean late = task.attempt() > 2;
        switch (kind) {
            case "flaky" -> {
                if (task.attempt() % 3 != 0) {
                    throw new IllegalStateException("not yet");
                }
            }
            case "broken" -> throw new IllegalStateException("never");
            case "hopeless" -> throw new PermanentFailure("no use");
            case "later" -> {
                if (task.attempt() == 1) {
                    throw task.reschedule(Duration.ofSeconds(4));
                }
            }
            case "evasive" -> throw task.reschedule(Duration.ofSeconds(1));
            case "long" -> actor.environment().sleep(Duration.ofSeconds(45));
            case "slow" -> actor.environment().sleep(Duration.ofSeconds(2));
            case "slower" -> actor.environment().sleep(Duration.ofSeconds(late ? 1 : 12));
            case "stubborn" -> sleepStubbornly(actor, Duration.ofSeconds(late ? 1 : 20));
            default -> {
                // done at once
            }
        }
        return "done " + input + " in " + task.attempt() + (kind.equals("big") ? filler(task.attempt()) : "");
    }

    private static String filler(int attempt) {
        return " " + String.valueOf((char) ('a' + attempt % 26)).repeat(BIG);
    }

    /** Sleeps on when interrupted. */
    static void sleepStubbornly(Actor actor, Duration length) {
        long end = actor.environment().nanoTime() + length.toNanos();
        while (true) {
            long left = end - actor.environment().nanoTime();
            if (left <= 0) {
                return;
            }
            try {
                actor.environment().sleep(Duration.ofNanos(left));
            } catch (InterruptedException e) {
                // goes on, as some handlers do
            }
        }
    }
}
