package dev.windlass.simulation.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every line about a task or a run says which, in the MDC too; and every failure leaves a line. */
class LogLinesTest {
    private static final Pattern ATTEMPT = Pattern.compile("\\battempt (\\d+)\\b");
    private static final Pattern RUN = Pattern.compile("\\bworkflow ([a-zA-Z][\\w-]*)\\b");
    private static final Pattern STEP = Pattern.compile("\\bstep ([a-z])\\b");
    /** What these write is always a worker's. */
    private static final Set<String> WORKERS = Set.of("Claimer", "Execution", "Quarantine", "Unhandled",
            "DefaultWorker",
            "LeaseKeeper", "RunOwner", "RunHandler", "LocalSteps", "FleetSteps", "FleetStepHandler", "StepRecords",
            "Recovery", "RunRecorder");

    private static List<LogCapture.Line> lines = List.of();
    private static Set<String> tasks = Set.of();

    @BeforeAll
    static void play() {
        try (var capture = new LogCapture()) {
            var troubles = new Troubles(null);
            troubles.play();
            new RunTroubles(troubles).play();
            new ScheduleTroubles(troubles).play();
            lines = capture.lines();
            tasks = troubles.tasks();
        }
        assertThat(lines).hasSizeGreaterThan(100);
    }

    @AfterAll
    static void forget() {
        lines = List.of();
        tasks = Set.of();
    }

    @Test
    void lines_aboutASchedule_carryItsName_andEachEndLeavesOne() {
        for (String name : List.of("busy", "lost", "old")) {
            List<LogCapture.Line> about = lines.stream().filter(line -> line.text().contains("schedule " + name + ":"))
                    .toList();
            assertThat(about).isNotEmpty()
                    .allSatisfy(line -> assertThat(line.mdc()).as(line.toString()).containsEntry("schedule", name));
        }
        for (String text : List.of("schedule busy: fired ", "fire times were not fired: missed",
                "fire times was not fired: skipped", "fire times was not fired: refused",
                "a firing failed, and is tried again", "which was there", "triggered by hand as")) {
            assertThat(lines).as(text).anyMatch(line -> line.text().contains(text));
        }
    }

    @Test
    void lines_aboutATask_carryTaskAndQueue() {
        int seen = 0;
        for (LogCapture.Line line : lines) {
            List<String> named = tasks.stream().filter(line.text()::contains).toList();
            if (!named.isEmpty()) {
                seen++;
                assertThat(line.mdc()).as(line.toString()).containsKeys("task", "queue");
                // What an owner says of a step that it sends out is about its run, and names the step's task besides.
                if (!line.mdc().containsKey("step")) {
                    assertThat(line.mdc().get("task")).as(line.toString()).isIn(named);
                }
            }
        }
        assertThat(seen).isGreaterThan(50);
    }

    @Test
    void lines_aboutAnAttempt_carryItAndItsWorker() {
        for (LogCapture.Line line : lines) {
            Matcher attempt = ATTEMPT.matcher(line.text());
            if (attempt.find() && !line.text().startsWith("The claim on task")) { // which names the newer attempt
                assertThat(line.mdc()).as(line.toString()).containsKeys("task", "queue", "worker").containsEntry(
                        "attempt",
                        attempt.group(1));
            }
        }
    }

    @Test
    void lines_ofAWorker_carryIt() {
        // What a batch of several claims says is about no single task, but has its worker.
        for (LogCapture.Line line : lines) {
            if (WORKERS.contains(line.logger())) {
                assertThat(line.mdc()).as(line.toString()).containsKey("worker");
            }
        }
    }

    @Test
    void lines_aboutARun_carryWorkflowStepAndTheClaim() {
        int seen = 0;
        for (LogCapture.Line line : lines) {
            Matcher run = RUN.matcher(line.text());
            if (run.find() && !line.logger().equals("DefaultWorker")) {
                seen++;
                assertThat(line.mdc()).as(line.toString()).containsEntry("workflow", run.group(1)).containsKeys("task",
                        "queue", "attempt", "worker");
                Matcher step = STEP.matcher(line.text());
                if (step.find()) {
                    assertThat(line.mdc()).as(line.toString()).containsEntry("step", step.group(1));
                }
            }
        }
        assertThat(seen).isGreaterThan(20);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        // the worker and its tasks
        "failed for good in attempt 1: ", "of type echo failed in attempt 1: ",
        "has failed for good: attempt 2 was its last",
        "is cancelled, as asked for; attempt 1 was its last", "attempt 1 timed out after PT5S",
        "the handler of attempt 1 returned after the attempt had been ended",
        "has no handler for tasks of type \"strange\"",
        "is no task that this version can read", "its entry below dead/ could not be written",
        "has lost its lease ", "attempt 1 was interrupted, since the worker's lease was lost",
        "attempt 1 was interrupted, since the worker stops", "attempt 1 is given back, since the worker stops",
        "The claim on task ", "claim by worker w failed", "its claim is still not resolved",
        "the end of attempt 1 could not be recorded yet", "the end of attempt 1 is left to a sweeper",
        "could not be told of the cancel request, which stands", "could not be deleted",
        // the worker
        "is lost (it could not be renewed", "the heartbeat of lease ", "looking for tasks failed, and is tried again",
        "the sweep failed, and is tried again",
        // the sweeper
        "ended (lease-lost); it is PENDING now", "ended (timed-out); it is FAILED now", "was never submitted whole",
        "cannot be read; it is left alone", "could not be swept; the others are",
        // workflows
        "step a: try 1 of 2 failed: ", "step a: try 2 of 2 failed, for good: ", "step a: try 1 of 2 failed",
        "has failed for good; no further step starts", "has failed: step-failed", "taken over by attempt 2",
        "given back, since this worker stops", "has failed: attempts-used-up: The run has lost 1 owners",
        "the outcome of step b is not recorded yet, trying again", "step b could not be sent out, trying again"})
    void lines_everyFailure_leavesOne(String text) {
        assertThat(lines).filteredOn(line -> line.level().isGreaterOrEqual(Level.INFO))
                .extracting(LogCapture.Line::text).anyMatch(line -> line.contains(text));
    }
}
