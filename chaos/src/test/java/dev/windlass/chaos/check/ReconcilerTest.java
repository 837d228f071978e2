package dev.windlass.chaos.check;

import static dev.windlass.chaos.check.SoundEvidence.BAD_RUN;
import static dev.windlass.chaos.check.SoundEvidence.GOOD_RUN;
import static dev.windlass.chaos.check.SoundEvidence.WORKER;
import static dev.windlass.chaos.check.SoundEvidence.key;
import static dev.windlass.chaos.check.SoundEvidence.ledger;
import static dev.windlass.chaos.check.SoundEvidence.line;
import static dev.windlass.chaos.check.SoundEvidence.objects;
import static dev.windlass.chaos.check.SoundEvidence.observed;
import static dev.windlass.chaos.check.SoundEvidence.task;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.windlass.chaos.ledger.Ledger;
import dev.windlass.chaos.workload.Kind;
import dev.windlass.queue.AuditReport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The account's own teeth: evidence of a real run in which nothing went wrong, falsified once against each rule. */
class ReconcilerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static Path folder;
    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Evidence sound;

    @BeforeAll
    static void run() throws IOException, InterruptedException {
        sound = SoundEvidence.make(folder);
    }

    @Test
    void reconcile_nothingWrong_findsNothing() {
        Account account = Reconciler.reconcile(sound);

        assertThat(account.findings()).isEmpty();
        assertThat(account.counts()).containsEntry("submissions", 2L * Kind.values().length)
                .containsEntry("submissionsAcknowledged", 2L * Kind.values().length).containsEntry("runs", 2L);
    }

    @ParameterizedTest
    @EnumSource
    void reconcile_ruleBroken_namesItWithTheHistory(Rule rule) {
        Account account = Reconciler.reconcile(falsified(rule));

        assertThat(account.findings()).extracting(Finding::rule).contains(rule);
        assertThat(account.findings()).filteredOn(finding -> finding.rule() == rule).allSatisfy(finding -> {
            assertThat(finding.id()).isNotBlank();
            assertThat(finding.text()).isNotBlank();
            assertThat(finding.history()).as(finding.id()).isNotEmpty();
        });
    }

    private static Evidence falsified(Rule rule) {
        String done = task(sound, Kind.SUCCESS, "COMPLETED");
        return switch (rule) {
            case NOT_LOST -> objects(sound, all -> all.remove(key(sound, done)));
            case FINISHED -> set(done, "status", "RUNNING");
            case RIGHT_END -> set(task(sound, Kind.RETRIED, "COMPLETED"), "status", "CANCELLED");
            case RIGHT_RESULT -> set(done, "output", "another result");
            case ONE_END -> observed(sound, seen(key(sound, done), new Watcher.Seen("FAILED", "earlier")), List.of(),
                    List.of(), List.of());
            case ONE_OUTCOME -> event(done, "completed", 1);
            case NO_RUN_AFTER_END -> ledger(sound, lines -> lines.add(Ledger.line("start").put("id", done)
                    .put("attempt", 2).put("worker", WORKER)));
            case ONE_RUN -> ledger(sound, lines -> lines.add(line(lines, "start", done).deepCopy()));
            case RUN_BY_CLAIMANT -> ledger(sound, lines -> {
                line(lines, "start", done).put("worker", "worker-9");
                line(lines, "end", done).put("worker", "worker-9");
            });
            case TRUE_OUTCOME -> ledger(sound, lines -> line(lines, "end", done).put("how", "threw"));
            case NOT_EARLY -> ledger(sound, lines -> {
                ObjectNode start = line(lines, "start", task(sound, Kind.DELAYED, "COMPLETED"));
                start.put("at", start.path("at").asLong() - 8_000);
            });
            case ONE_TASK_PER_KEY -> ledger(sound, lines -> lines.add(Ledger.line("other-taken")
                    .put("name", "producer-1-KEYED").put("id", task(sound, Kind.KEYED, "COMPLETED"))));
            case CANCEL_KEPT -> ledger(sound,
                    lines -> line(lines, "cancelled", task(sound, Kind.CANCELLED, "CANCELLED")).put("answer", false));
            case DEAD_LISTED -> objects(sound, all -> all.keySet().removeIf(key -> key.startsWith("dead/")
                    && key.contains(task(sound, Kind.PERMANENT, "FAILED"))));
            case RUN_FINISHED -> objects(sound, all -> state(all, GOOD_RUN).put("status", "PENDING"));
            case RUN_RIGHT_END -> objects(sound, all -> state(all, GOOD_RUN).put("status", "FAILED"));
            case STEP_RIGHT -> objects(sound, all -> step(all, "a").put("result", "of another step"));
            case STEP_INPUT -> ledger(sound, lines -> line(lines, line -> line.path("event").asString("")
                    .equals("step-start") && line.path("step").asString("").equals("c")).put("parents", "{a=old}"));
            case STEP_BARRED -> ledger(sound, lines -> lines.add(stepStart(BAD_RUN, "b", WORKER)));
            case STEP_NOT_REPEATED -> ledger(sound, lines -> {
                lines.add(Ledger.line("born").put("worker", "worker-2").put("at", System.currentTimeMillis() + 60_000));
                lines.add(line(lines, line -> line.path("event").asString("").equals("step-start")
                        && line.path("workflow").asString("").equals(GOOD_RUN)).deepCopy().put("worker", "worker-2"));
            });
            case LEFTOVERS ->
                observed(sound, Map.of(), List.of(), List.of(new AuditReport.Finding("no-ready-key",
                        key(sound, done), "Its ready key is missing.", true)), List.of());
            case AUDIT -> observed(sound, Map.of(), List.of(), List.of(), List.of(new AuditReport.Finding(
                    "stale-dead-entry", key(sound, done), "Its task has not failed.", false)));
            case NO_LEASE -> objects(sound,
                    all -> all.put("leases/l1.json", Ledger.JSON.createObjectNode().put("workerId", WORKER)));
        };
    }

    private static Evidence set(String id, String field, String value) {
        return objects(sound, all -> {
            ObjectNode task = (ObjectNode) all.getOrDefault(key(sound, id), Ledger.JSON.createObjectNode());
            task.put(field, value);
        });
    }

    private static Evidence event(String id, String event, int attempt) {
        return objects(sound, all -> {
            ArrayNode history = (ArrayNode) all.getOrDefault(key(sound, id), Ledger.JSON.createObjectNode())
                    .path("history");
            history.addObject().put("event", event).put("attempt", attempt).put("worker", WORKER);
        });
    }

    private static Map<String, Watcher.Seen> seen(String key, Watcher.Seen seen) {
        var all = new TreeMap<>(sound.seen());
        all.put(key, seen);
        return all;
    }

    private static ObjectNode state(Map<String, JsonNode> all, String run) {
        return (ObjectNode) all.getOrDefault("workflow/" + run + "/state.json", Ledger.JSON.createObjectNode());
    }

    private static ObjectNode step(Map<String, JsonNode> all, String name) {
        return (ObjectNode) all.getOrDefault("workflow/" + GOOD_RUN + "/runs/1/steps/" + name + ".json",
                Ledger.JSON.createObjectNode());
    }

    private static ObjectNode stepStart(String run, String step, String worker) {
        return Ledger.line("step-start").put("workflow", run).put("run", 1).put("step", step).put("attempt", 1)
                .put("worker", worker).put("parents", "{}");
    }

    @Test
    void reconcile_neverAcknowledged_isNotLost() {
        String done = task(sound, Kind.SUCCESS, "COMPLETED");
        Evidence silent = ledger(objects(sound, all -> all.remove(key(sound, done))), lines -> lines.removeIf(
                line -> line.path("id").asString("").equals(done)));
        Evidence unseen = observed(silent, Map.of(), List.of(), List.of(), List.of());

        assertThat(Reconciler.reconcile(unseen).findings()).isEmpty();
    }

    @Test
    void reconcile_submittedByHalf_isALeftoverThatCrashesMayLeave() {
        String done = task(sound, Kind.SUCCESS, "COMPLETED");
        Evidence half = ledger(sound,
                lines -> lines.removeIf(line -> line.path("event").asString("").equals("submitted")
                        && line.path("id").asString("").equals(done)));
        var leftover = new AuditReport.Finding("no-ready-key", key(sound, done), "Its ready key is missing.", true);

        assertThat(Reconciler.reconcile(observed(half, Map.of(), List.of(), List.of(leftover), List.of()))
                .findings()).isEmpty();
    }

    @Test
    void reconcile_attemptWithTwoOutcomes_isFoundThoughTheTaskGoesOn() {
        String retried = task(sound, Kind.RETRIED, "COMPLETED");
        Evidence twice = objects(sound, all -> {
            ArrayNode history = (ArrayNode) all.getOrDefault(key(sound, retried), Ledger.JSON.createObjectNode())
                    .path("history");
            int failed = 0;
            while (!history.path(failed).path("event").asString("").equals("failed")) {
                failed++;
            }
            history.insert(failed + 1, history.path(failed).deepCopy());
        });

        assertThat(Reconciler.reconcile(twice).findings()).extracting(Finding::rule).contains(Rule.ONE_OUTCOME);
    }

    @Test
    void reconcile_secondTaskOfOneKey_isFound() {
        Evidence two = ledger(sound, lines -> {
            ObjectNode submit = line(lines, line -> line.path("event").asString("").equals("submit")
                    && line.path("kind").asString("").equals("KEYED")).deepCopy();
            lines.add(submit.put("name", "again"));
            lines.add(Ledger.line("submitted").put("name", "again").put("id", task(sound, Kind.SUCCESS, "COMPLETED")));
        });

        assertThat(Reconciler.reconcile(two).findings()).extracting(Finding::rule).contains(Rule.ONE_TASK_PER_KEY);
    }
}
