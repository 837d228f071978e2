package dev.windlass.python.internal;

import dev.windlass.InvalidInputException;
import dev.windlass.environment.Environment;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What Python may ask for, by name. Safe for use by any number of threads. */
final class Verbs {
    private final ConnectionVerbs connection;
    private final QueueVerbs queue;
    private final StorageVerbs storage;
    private final WorkerVerbs worker;
    private final WorkflowVerbs workflow;
    private final ScheduleVerbs schedule;
    private final SchemaVerbs schema;
    private final ControlVerbs control;

    Verbs(Environment environment, Connections connections) {
        this.connection = new ConnectionVerbs(connections);
        this.queue = new QueueVerbs(environment, connections);
        this.storage = new StorageVerbs(connections);
        this.worker = new WorkerVerbs(connections);
        this.workflow = new WorkflowVerbs(connections);
        this.schedule = new ScheduleVerbs(connections);
        this.schema = new SchemaVerbs(connections);
        this.control = new ControlVerbs(connections);
    }

    /** What a call comes to. */
    sealed interface Answer {

        /** @param json the result */
        record Text(String json) implements Answer {}

        /** @param content the result */
        @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
        record Bytes(byte[] content) implements Answer {}

        static Answer of(JsonNode tree) {
            return new Text(BoundaryJson.text(tree));
        }

        static Answer of(boolean value) {
            return new Text(Boolean.toString(value));
        }

        static Answer nothing() {
            return new Text("null");
        }
    }

    Answer perform(String verb, String text, byte @Nullable [] body) throws InterruptedException {
        Arguments arguments = Arguments.parse(verb, text);
        int dot = verb.indexOf('.');
        return switch (dot < 0 ? "" : verb.substring(0, dot)) {
            case "storage" -> storage(verb, arguments, body);
            case "worker" -> worker(verb, arguments);
            case "workflow" -> workflow(verb, arguments);
            case "schedule" -> schedule.perform(verb, arguments);
            case "schema" -> schema.perform(verb, arguments);
            case "control" -> control.perform(verb, arguments);
            default -> queue(verb, arguments);
        };
    }

    private Answer queue(String verb, Arguments arguments) throws InterruptedException {
        return switch (verb) {
            case "connect" -> connection.connect(arguments);
            case "close" -> connection.close(arguments);
            case "queues" -> connection.queues(arguments);
            case "now" -> connection.now(arguments);
            case "sweep" -> connection.sweep(arguments);
            case "requests" -> connection.requests(arguments);
            case "submit" -> queue.submit(arguments);
            case "submitMany" -> queue.submitMany(arguments);
            case "get" -> queue.get(arguments);
            case "await" -> queue.await(arguments);
            case "cancel" -> queue.cancel(arguments);
            case "progress" -> queue.progress(arguments);
            case "output" -> queue.output(arguments);
            case "find" -> queue.find(arguments);
            case "list" -> queue.list(arguments);
            case "peek" -> queue.peek(arguments);
            case "stats" -> queue.stats(arguments);
            case "payload" -> queue.payload(arguments);
            default -> throw unknown(verb);
        };
    }

    static InvalidInputException unknown(String verb) {
        return new InvalidInputException("There is no verb \"" + verb
                + "\": the Python package and the jars beside it are of different versions.");
    }

    private Answer storage(String verb, Arguments arguments, byte @Nullable [] body) {
        return switch (verb) {
            case "storage.get" -> storage.get(arguments);
            case "storage.put" -> storage.put(arguments, body == null ? new byte[0] : body);
            case "storage.delete" -> storage.delete(arguments);
            case "storage.list" -> storage.list(arguments);
            default -> throw unknown(verb);
        };
    }

    private Answer worker(String verb, Arguments arguments) {
        return switch (verb) {
            case "worker.start" -> worker.start(arguments);
            case "worker.drain" -> worker.drain(arguments);
            case "worker.stats" -> worker.stats(arguments);
            default -> throw unknown(verb);
        };
    }

    private Answer workflow(String verb, Arguments arguments) throws InterruptedException {
        return switch (verb) {
            case "workflow.start" -> workflow.start(arguments);
            case "workflow.get" -> workflow.get(arguments);
            case "workflow.await" -> workflow.await(arguments);
            case "workflow.steps" -> workflow.steps(arguments);
            case "workflow.progress" -> workflow.progress(arguments);
            case "workflow.signal" -> workflow.signal(arguments);
            case "workflow.control" -> workflow.control(arguments);
            case "workflow.list" -> workflow.list(arguments);
            case "workflow.signals" -> workflow.signals(arguments);
            case "workflow.deleteSignals" -> workflow.deleteSignals(arguments);
            default -> throw unknown(verb);
        };
    }
}
