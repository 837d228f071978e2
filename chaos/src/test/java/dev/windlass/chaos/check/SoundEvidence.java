package dev.windlass.chaos.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.windlass.Windlass;
import dev.windlass.chaos.ledger.Ledger;
import dev.windlass.chaos.workload.Handlers;
import dev.windlass.chaos.workload.Kind;
import dev.windlass.chaos.workload.Producer;
import dev.windlass.chaos.workload.RunShape;
import dev.windlass.queue.AuditReport;
import dev.windlass.queue.Worker;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.Workflows;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Evidence of a run in this very process in which nothing went wrong: two tasks of each kind, and two runs. */
final class SoundEvidence {
    static final String WORKER = "worker-1";
    static final String GOOD_RUN = "run-good";
    static final String BAD_RUN = "run-bad";

    private SoundEvidence() {
    }

    static Evidence make(Path folder) throws IOException, InterruptedException {
        Path ledgers = Files.createDirectories(folder.resolve("ledgers"));
        String store = "file:" + folder.resolve("store") + "?fsync=false";
        try (var windlass = Windlass.connect(store); var reader = new StoreReader(store)) {
            var watcher = new Watcher(reader, 1);
            try (Ledger producing = Ledger.create(ledgers, "producer-1");
                    Ledger handling = Ledger.create(ledgers, WORKER)) {
                handling.append(Ledger.line("born").put("worker", WORKER));
                var handlers = new Handlers(handling, WORKER);
                Workflows workflows = Workflows.on(windlass.engine());
                handlers.addTo(workflows);
                Worker.Builder builder = workflows
                        .worker(windlass.worker(), WorkerOptions.ofDefaults().withFleet(false))
                        .queue(Producer.QUEUE, 40).poll(Duration.ofMillis(10), Duration.ofMillis(50)).id(WORKER);
                try (Worker worker = handlers.addTo(builder).start()) {
                    produce(new Producer(windlass, producing, "producer-1", 1));
                    var open = new OpenTasks(reader);
                    while (!open.movable().isEmpty()) {
                        watcher.look();
                        Thread.sleep(50); // other threads' tasks end: there is no signal to wait for
                    }
                    watcher.look();
                    handling.append(Ledger.line("told-to-stop").put("worker", worker.id()));
                }
            }
            AuditReport none = windlass.audit(true);
            return Evidence.gather(ledgers, reader, watcher, none, windlass.audit(false));
        }
    }

    private static void produce(Producer producer) throws InterruptedException {
        var random = new Random(7);
        producer.start(GOOD_RUN,
                DagDefinition.builder(GOOD_RUN).step(RunShape.step("a", random, false, false, List.of()))
                        .step(RunShape.step("b", random, false, true, List.of("a")))
                        .step(RunShape.step("c", random, false, false, List.of("a", "b"))).build());
        producer.start(BAD_RUN, DagDefinition.builder(BAD_RUN).step(RunShape.step("a", random, true, false, List.of()))
                .step(RunShape.step("b", random, false, false, List.of("a"))).build());
        for (Kind kind : Kind.values()) {
            producer.submit("producer-1-" + kind, kind, random);
            producer.submit("producer-1-" + kind + "-2", kind, random);
        }
    }

    /** The evidence with other ledger lines. */
    static Evidence ledger(Evidence evidence, Consumer<List<JsonNode>> change) {
        List<JsonNode> lines = new ArrayList<>(evidence.ledger().stream().map(JsonNode::deepCopy).toList());
        change.accept(lines);
        return new Evidence(lines, evidence.objects(), evidence.payloads(), evidence.recorded(), evidence.seen(),
                evidence.changed(), evidence.leftovers(), evidence.findings(), evidence.uncertaintyMillis());
    }

    /** The evidence with other objects. */
    static Evidence objects(Evidence evidence, Consumer<Map<String, JsonNode>> change) {
        var objects = new TreeMap<String, JsonNode>();
        evidence.objects().forEach((key, json) -> objects.put(key, json.deepCopy()));
        change.accept(objects);
        return new Evidence(evidence.ledger(), objects, evidence.payloads(), evidence.recorded(), evidence.seen(),
                evidence.changed(), evidence.leftovers(), evidence.findings(), evidence.uncertaintyMillis());
    }

    /** The evidence with something else in what was seen and what audits found. */
    static Evidence observed(Evidence evidence, Map<String, Watcher.Seen> seen, List<Watcher.Changed> changed,
            List<AuditReport.Finding> leftovers, List<AuditReport.Finding> findings) {
        return new Evidence(evidence.ledger(), evidence.objects(), evidence.payloads(), evidence.recorded(), seen,
                changed, leftovers, findings, evidence.uncertaintyMillis());
    }

    /** The id of a task of a kind that ended so; one of the two that there are. */
    static String task(Evidence evidence, Kind kind, String status) {
        return evidence.objects().values().stream()
                .filter(json -> json.path("type").asString("").equals(kind.type().name())
                        && json.path("status").asString("").equals(status))
                .map(json -> json.path("id").asString("")).findFirst()
                .orElseThrow(() -> new AssertionError("no task of kind " + kind + " is " + status));
    }

    /** The key of a task's object. */
    static String key(Evidence evidence, String id) {
        return evidence.objects().keySet().stream()
                .filter(key -> key.startsWith("tasks/") && key.endsWith("/" + id + ".json")).findFirst()
                .orElseThrow(() -> new AssertionError("no task " + id));
    }

    /** The first line that fits, to be changed in place. */
    static ObjectNode line(List<JsonNode> lines, Predicate<JsonNode> wanted) {
        return (ObjectNode) lines.stream().filter(wanted).findFirst()
                .orElseThrow(() -> new AssertionError("no such line"));
    }

    /** The first line of an event about a task. */
    static ObjectNode line(List<JsonNode> lines, String event, String id) {
        return line(lines, json -> json.path("event").asString("").equals(event)
                && json.path("id").asString("").equals(id));
    }
}
