package dev.windlass.python.internal;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import dev.windlass.queue.ClaimOptions;
import dev.windlass.queue.ClaimedTask;
import dev.windlass.queue.PauseState;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskQueue;
import dev.windlass.queue.WorkerInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls of those who operate queues, and of programs that claim by hand. */
final class ControlVerbs {
    private final Connections connections;

    ControlVerbs(Connections connections) {
        this.connections = connections;
    }

    Verbs.Answer perform(String verb, Arguments arguments) {
        Connections.Opened opened = connections.get(arguments.number("connection"));
        TaskQueue queue = opened.windlass().queue(arguments.text("queue"));
        return switch (verb) {
            case "control.pause" -> pause(queue, arguments);
            case "control.resume" -> {
                String type = arguments.textOrNull("type");
                yield Verbs.Answer.of(type == null ? queue.resume() : queue.resumeType(type));
            }
            case "control.pauses" -> pauses(queue.pauses());
            case "control.cancelAll" -> cancelAll(queue, arguments);
            case "control.redrive" ->
                Verbs.Answer.of(queue.redrive(arguments.text("task"), arguments.text("reason")));
            case "control.expire" -> Verbs.Answer.of(queue.expire(arguments.text("task")));
            case "control.deadLetters" -> deadLetters(queue, arguments.count("limit", 100));
            case "control.isDrained" -> Verbs.Answer.of(queue.isDrained());
            case "control.workers" -> workers(opened.windlass().workers());
            case "control.claim" -> claim(queue, arguments);
            case "control.input" -> input(held(queue, arguments));
            case "control.extend" -> lease(held(queue, arguments).extend(
                    arguments.millis("leaseMillis", Duration.ofMinutes(5))));
            case "control.complete" ->
                Verbs.Answer.of(TaskJson.of(held(queue, arguments).complete(arguments.tree("result"))));
            case "control.fail" -> fail(held(queue, arguments), arguments);
            case "control.requeue" -> Verbs.Answer.of(TaskJson.of(held(queue, arguments).requeue(
                    arguments.millis("delayMillis", Duration.ZERO))));
            default -> throw Verbs.unknown(verb);
        };
    }

    private static Verbs.Answer pause(TaskQueue queue, Arguments arguments) {
        String type = arguments.textOrNull("type");
        String reason = arguments.has("reason") ? arguments.text("reason") : "";
        if (type == null) {
            queue.pause(reason, arguments.textOrNull("by"));
        } else {
            queue.pauseType(type, reason, arguments.textOrNull("by"));
        }
        return Verbs.Answer.nothing();
    }

    private static Verbs.Answer pauses(PauseState state) {
        ObjectNode json = BoundaryJson.object();
        json.set("queue", pause(state.queue()));
        ObjectNode types = json.putObject("types");
        state.types().forEach((type, pause) -> types.set(type, pause(pause)));
        return Verbs.Answer.of(json);
    }

    private static @Nullable ObjectNode pause(PauseState.@Nullable Pause pause) {
        return pause == null
                ? null
                : BoundaryJson.object().put("reason", pause.reason()).put("by", pause.by())
                        .put("at", pause.at().toString());
    }

    private static Verbs.Answer cancelAll(TaskQueue queue, Arguments arguments) {
        var report = queue.cancelAll(wanted(arguments), arguments.text("reason"), arguments.textOrNull("by"));
        return Verbs.Answer.of(BoundaryJson.object().put("cancelled", report.cancelled()).put("asked", report.asked())
                .put("endedBefore", report.endedBefore()));
    }

    /** By types, tags and parent: all that is given must fit. */
    static Predicate<TaskInfo> wanted(Arguments arguments) {
        List<String> types = arguments.texts("types");
        Arguments tags = arguments.object("tags");
        String parent = arguments.textOrNull("parent");
        return task -> (types.isEmpty() || types.contains(task.type()))
                && (parent == null || parent.equals(task.parent()))
                && tags.json().propertyNames().stream().allMatch(name -> tags.text(name).equals(task.tags().get(name)));
    }

    private static Verbs.Answer deadLetters(TaskQueue queue, int limit) {
        ArrayNode all = BoundaryJson.object().putArray("dead");
        queue.deadLetters(limit).forEach(dead -> all.addObject().put("task", dead.taskId()).put("type", dead.type())
                .put("error", dead.error()).put("at", dead.at().toString()));
        return Verbs.Answer.of(all);
    }

    private static Verbs.Answer workers(List<WorkerInfo> workers) {
        ArrayNode all = BoundaryJson.object().putArray("workers");
        for (WorkerInfo worker : workers) {
            ObjectNode json = all.addObject().put("id", worker.id()).put("host", worker.host()).put("pid", worker.pid())
                    .put("byHand", worker.byHand()).put("alive", worker.alive())
                    .put("startedAt", worker.startedAt() == null ? null : worker.startedAt().toString())
                    .put("leaseSeenAt", worker.leaseSeenAt() == null ? null : worker.leaseSeenAt().toString());
            worker.queues().forEach(json.putArray("queues")::add);
            worker.types().forEach(json.putArray("types")::add);
            worker.tasks().forEach(json.putArray("tasks")::add);
        }
        return Verbs.Answer.of(all);
    }

    private static Verbs.Answer claim(TaskQueue queue, Arguments arguments) {
        ClaimOptions options = ClaimOptions.ofDefaults().withCount(arguments.count("count", 1))
                .withType(arguments.textOrNull("type")).withWorker(arguments.textOrNull("worker"))
                .withLease(arguments.millis("leaseMillis", Duration.ofMinutes(5)));
        ArrayNode all = BoundaryJson.object().putArray("claimed");
        for (ClaimedTask claimed : queue.claim(options)) {
            ObjectNode json = all.addObject().put("token", claimed.token());
            ClaimedTask.Lease lease = claimed.lease();
            json.put("until", lease == null ? null : lease.until().toString());
            json.set("task", TaskJson.of(claimed.info()));
        }
        return Verbs.Answer.of(all);
    }

    private static ClaimedTask held(TaskQueue queue, Arguments arguments) {
        return queue.claimed(arguments.text("task"), arguments.text("token"));
    }

    private static Verbs.Answer input(ClaimedTask claimed) {
        JsonNode input = claimed.input();
        return input == null ? Verbs.Answer.nothing() : Verbs.Answer.of(input);
    }

    private static Verbs.Answer lease(ClaimedTask.Lease lease) {
        return Verbs.Answer.of(BoundaryJson.object().put("until", lease.until().toString()).put("cancelReason",
                lease.cancelReason()));
    }

    private static Verbs.Answer fail(ClaimedTask claimed, Arguments arguments) {
        var error = new TaskError(arguments.text("errorType"), arguments.text("message"),
                arguments.textOrNull("traceback"));
        return Verbs.Answer.of(TaskJson.of(claimed.fail(error, arguments.flag("permanent", false))));
    }
}
