package dev.windlass.python.internal;

import java.time.Duration;

import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.queue.WorkerStats;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls about workers, which Python numbers. */
final class WorkerVerbs {
    private final Connections connections;

    WorkerVerbs(Connections connections) {
        this.connections = connections;
    }

    @SuppressWarnings("NullAway") // what has no result answers null, as handlers of handleVoid do
    Verbs.Answer start(Arguments arguments) {
        long number = arguments.number("worker");
        Connections.Opened opened = connections.get(arguments.number("connection"));
        Worker.Builder builder = opened.windlass().worker().concurrency(arguments.count("concurrency", 16))
                .poll(arguments.millis("shortestPollMillis", Duration.ofMillis(100)),
                        arguments.millis("longestPollMillis", Duration.ofSeconds(5)))
                .sweeper(arguments.flag("sweeper", true)).id(arguments.textOrNull("id"));
        Duration lease = arguments.millis("leaseMillis");
        if (lease != null) {
            builder.lease(lease, lease.dividedBy(3));
        }
        arguments.texts("queues").forEach(builder::queue);
        addRules(builder, arguments);
        for (String type : arguments.texts("types")) {
            builder.handle(TaskType.of(type, JsonNode.class, JsonNode.class),
                    (task, input) -> connections.invocations().run(number, task, input));
        }
        if (arguments.has("workflows")) {
            new WorkflowParts(connections, opened, number).add(builder, arguments.object("workflows"));
        }
        if (arguments.flag("scheduler", false)) {
            opened.schedules().worker(builder);
        }
        builder.listener(new WorkerNotices(connections.outbox(), number, arguments.texts("hooks")));
        Worker worker = builder.start();
        connections.addWorker(number, worker);
        return new Verbs.Answer.Text(BoundaryJson.quoted(worker.id()));
    }

    private static void addRules(Worker.Builder builder, Arguments arguments) {
        Arguments weights = arguments.object("weights");
        for (String queue : weights.json().propertyNames()) {
            builder.weight(queue, weights.count(queue, 1));
        }
        Arguments slots = arguments.object("typeConcurrency");
        for (String type : slots.json().propertyNames()) {
            builder.typeConcurrency(type, slots.count(type, 1));
        }
        Arguments limits = arguments.object("typeTimeoutMillis");
        for (String type : limits.json().propertyNames()) {
            builder.typeTimeout(type, Duration.ofMillis(limits.number(type)));
        }
        if (arguments.has("maxTasks")) {
            builder.maxTasks(arguments.number("maxTasks"));
        }
    }

    Verbs.Answer drain(Arguments arguments) {
        long number = arguments.number("worker");
        Worker worker = connections.worker(number);
        if (worker == null) {
            return Verbs.Answer.of(true);
        }
        boolean allEnded = worker.drain(arguments.millis("limitMillis", Duration.ofSeconds(10)));
        connections.removeWorker(number);
        return Verbs.Answer.of(allEnded);
    }

    Verbs.Answer stats(Arguments arguments) {
        ObjectNode json = BoundaryJson.object();
        Worker worker = connections.worker(arguments.number("worker"));
        if (worker != null) {
            WorkerStats stats = worker.stats();
            json.put("running", stats.running()).put("completed", stats.completed()).put("failed", stats.failed())
                    .put("requeued", stats.requeued()).put("cancelled", stats.cancelled())
                    .put("leases_lost", stats.leasesLost()).put("store_failures", stats.storeFailures())
                    .put("poison", stats.poison());
        }
        return Verbs.Answer.of(json);
    }
}
