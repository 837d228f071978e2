package dev.windlass.chaos.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.windlass.queue.AuditReport;
import tools.jackson.databind.JsonNode;

/**
 * The account at the end of a run: holds what producers were told and what handlers did against what is stored, and says
 * what does not add up. Used once, by one thread.
 */
public final class Reconciler {
    /** What a crash may leave behind, and an audit repairs: entries of indexes, and tasks submitted by half. */
    private static final Set<String> LEFT_BY_CRASHES = Set.of("orphan-key", "stale-dead-entry");

    private final Evidence evidence;
    private final Books books;
    private final List<Finding> findings = new ArrayList<>();

    private Reconciler(Evidence evidence) {
        this.evidence = evidence;
        this.books = new Books(evidence.ledger());
    }

    /** Draws up the account. */
    public static Account reconcile(Evidence evidence) {
        return new Reconciler(evidence).reconcile();
    }

    private Account reconcile() {
        var tasks = new TaskAccount(evidence, books, this::add);
        tasks.reconcile();
        new RunAccount(evidence, books, this::add).reconcile();
        for (Map.Entry<String, Watcher.Seen> seen : evidence.seen().entrySet()) {
            checkStill(seen.getKey(), seen.getValue());
        }
        for (Watcher.Changed changed : evidence.changed()) {
            add(Rule.ONE_END, nameOf(changed.key()), "it was seen as " + changed.before() + ", and later as "
                    + changed.after());
        }
        for (AuditReport.Finding leftover : evidence.leftovers()) {
            checkLeftover(leftover);
        }
        for (AuditReport.Finding finding : evidence.findings()) {
            add(Rule.AUDIT, nameOf(finding.key()), finding.kind() + ": " + finding.detail());
        }
        evidence.objects().keySet().stream().filter(key -> key.startsWith("leases/"))
                .forEach(key -> add(Rule.NO_LEASE, key, "it is there though no worker is"));
        return new Account(counts(), findings);
    }

    private Map<String, Long> counts() {
        var counts = new TreeMap<String, Long>();
        counts.put("submissions", (long) books.submissions().size());
        counts.put("submissionsAcknowledged",
                books.submissions().values().stream().filter(submission -> submission.id() != null).count());
        counts.put("tasksAcknowledged", (long) books.acknowledged().size());
        counts.put("tasksStored", evidence.objects().keySet().stream().filter(key -> key.startsWith("tasks/")).count());
        counts.put("handlerRuns", (long) books.handlerRuns());
        counts.put("runs", (long) books.runs().size());
        counts.put("runsAcknowledged", books.runs().values().stream().filter(Books.Started::acknowledged).count());
        counts.put("stepRuns", (long) books.stepRuns());
        counts.put("stepsStored",
                evidence.objects().keySet().stream().filter(key -> key.contains("/steps/")).count());
        counts.put("seenFinalBeforeTheEnd", (long) evidence.seen().size());
        counts.put("leftoversRepaired", (long) evidence.leftovers().size());
        evidence.objects().forEach((key, json) -> {
            if (key.startsWith("tasks/")) {
                counts.merge("ended" + json.path("status").asString("?"), 1L, Long::sum);
                json.path("history").forEach(line -> counts.merge("event:" + line.path("event").asString("?"), 1L,
                        Long::sum));
            }
        });
        return counts;
    }

    private void checkStill(String key, Watcher.Seen seen) {
        JsonNode now = evidence.objects().get(key);
        if (now == null) {
            add(Rule.ONE_END, nameOf(key), "it was seen as " + seen + ", and is gone");
            return;
        }
        Watcher.Seen still = Watcher.Seen.of(key, now);
        if (!still.equals(seen)) {
            add(Rule.ONE_END, nameOf(key), "it was seen as " + seen + ", and is " + still + " now");
        }
    }

    private void checkLeftover(AuditReport.Finding leftover) {
        String id = nameOf(leftover.key());
        boolean half = leftover.kind().equals("no-ready-key") && !books.acknowledged().containsKey(id);
        if (!leftover.repaired() || !(half || LEFT_BY_CRASHES.contains(leftover.kind()))) {
            add(Rule.LEFTOVERS, id, leftover.kind() + (leftover.repaired() ? "" : ", not repaired") + ": "
                    + leftover.detail());
        }
    }

    /** A task's id, or a workflow's, from the key of an object. */
    private static String nameOf(String key) {
        String[] parts = key.split("/", -1);
        if (key.startsWith("tasks/") && key.endsWith(".json")) {
            return parts[parts.length - 1].substring(0, parts[parts.length - 1].length() - ".json".length());
        }
        return key.startsWith("workflow/") && parts.length > 1 ? parts[1] : key;
    }

    private void add(Rule rule, String id, String text) {
        findings.add(new Finding(rule, id, text, dossier(id)));
    }

    /** All that is known of an id: ledger lines that name it, or a submission of it, and objects. */
    private List<String> dossier(String id) {
        var names = new TreeSet<String>(List.of(id));
        books.acknowledged().getOrDefault(id, List.of()).forEach(submission -> names.add(submission.name()));
        var history = new ArrayList<String>();
        for (JsonNode line : evidence.ledger()) {
            if (names.contains(line.path("id").asString("")) || names.contains(line.path("name").asString(""))
                    || names.contains(line.path("workflow").asString(""))) {
                history.add("ledger: " + cut(line));
            }
        }
        evidence.objects().forEach((key, json) -> {
            if (key.equals(id) || key.contains("/" + id + ".") || key.contains("/" + id + "/")
                    || key.contains("-" + id + ".") || json.path("input").path("workflow").asString("").equals(id)
                    || names.contains(json.path("input").path("name").asString(""))) {
                history.add(key + ": " + cut(json));
            }
        });
        return history;
    }

    private static String cut(JsonNode json) {
        String text = json.toString();
        return text.length() <= 6_000 ? text : text.substring(0, 6_000) + "… (" + text.length() + " characters)";
    }
}
