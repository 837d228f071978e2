package dev.windlass.python.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

import dev.windlass.InvalidInputException;
import dev.windlass.schedule.Cron;
import dev.windlass.schedule.DagTarget;
import dev.windlass.schedule.MisfirePolicy;
import dev.windlass.schedule.OverlapPolicy;
import dev.windlass.schedule.Schedule;
import dev.windlass.schedule.ScheduleNotFoundException;
import dev.windlass.schedule.ScheduleOptions;
import dev.windlass.schedule.ScheduleTarget;
import dev.windlass.schedule.Schedules;
import dev.windlass.schedule.TaskTarget;
import dev.windlass.schedule.TimeZones;
import dev.windlass.schedule.WorkflowTarget;
import dev.windlass.workflow.DagDefinition;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls about schedules. */
final class ScheduleVerbs {
    private final Connections connections;

    ScheduleVerbs(Connections connections) {
        this.connections = connections;
    }

    Verbs.Answer perform(String verb, Arguments arguments) {
        Schedules schedules = connections.get(arguments.number("connection")).schedules();
        return switch (verb) {
            case "schedule.create" -> create(schedules, arguments);
            case "schedule.get" -> get(schedules, arguments.text("name"));
            case "schedule.list" -> {
                ArrayNode all = BoundaryJson.object().putArray("schedules");
                schedules.list().forEach(schedule -> all.add(json(schedule)));
                yield Verbs.Answer.of(all);
            }
            case "schedule.pause" -> Verbs.Answer.of(json(schedules.pause(arguments.text("name"))));
            case "schedule.resume" -> Verbs.Answer.of(json(schedules.resume(arguments.text("name"))));
            case "schedule.trigger" ->
                new Verbs.Answer.Text(BoundaryJson.quoted(schedules.trigger(arguments.text("name"))));
            case "schedule.delete" -> Verbs.Answer.of(schedules.delete(arguments.text("name")));
            default -> throw Verbs.unknown(verb);
        };
    }

    private static Verbs.Answer create(Schedules schedules, Arguments given) {
        Schedule made = schedules.create(given.text("name"), Cron.parse(given.text("cron")),
                TimeZones.of(given.text("zone")), target(given), options(given));
        return Verbs.Answer.of(json(made));
    }

    private static ScheduleTarget target(Arguments given) {
        if (given.has("graph")) {
            return ScheduleTarget.dag(DagDefinition.fromJson(given.tree("graph")))
                    .withOptions(WorkflowVerbs.options(given.object("options")));
        }
        if (given.has("workflow")) {
            JsonNode input = given.tree("input");
            return WorkflowTarget
                    .of(given.text("workflow"), given.count("version", 1), input.isNull() ? null : input)
                    .withOptions(WorkflowVerbs.options(given.object("options")))
                    .withFireTime(given.textOrNull("fireTimeField"));
        }
        return TaskTarget.of(given.text("queue"), given.text("type"), given.tree("input"))
                .withOptions(QueueVerbs.options(given.object("options")))
                .withFireTime(given.textOrNull("fireTimeField"));
    }

    private static ScheduleOptions options(Arguments given) {
        ScheduleOptions options = ScheduleOptions.ofDefaults().withPaused(given.flag("paused", false))
                .withJitter(given.millis("jitterMillis", Duration.ZERO)).withStartAt(given.instant("startAt"))
                .withEndAt(given.instant("endAt"));
        if (given.has("catchUp")) {
            options = options.withMisfire(MisfirePolicy.catchUp(given.count("catchUp", 1)));
        }
        String overlap = given.textOrNull("overlap");
        if (overlap == null) {
            return options;
        }
        try {
            return options.withOverlap(OverlapPolicy.valueOf(overlap.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("overlap is \"" + overlap
                    + "\". Use allow, skip, cancel_previous or buffer_one.", e);
        }
    }

    private static Verbs.Answer get(Schedules schedules, String name) {
        try {
            return Verbs.Answer.of(json(schedules.get(name)));
        } catch (ScheduleNotFoundException e) {
            return Verbs.Answer.nothing();
        }
    }

    private static ObjectNode json(Schedule schedule) {
        ObjectNode json = BoundaryJson.object();
        json.put("id", schedule.name()).put("cron", schedule.cron().toString()).put("timezone", schedule.zone().getId())
                .put("paused", schedule.paused()).put("createdAt", text(schedule.createdAt()))
                .put("lastAt", text(schedule.lastFireTime())).put("lastId", schedule.lastId())
                .put("nextAt", text(schedule.nextFireTime())).put("fired", schedule.counts().fired())
                .put("missed", schedule.counts().missed()).put("skipped", schedule.counts().skipped())
                .put("refused", schedule.counts().refused())
                .put("overlap", schedule.options().overlap().name().toLowerCase(Locale.ROOT));
        switch (schedule.target()) {
            case TaskTarget task -> {
                json.put("queue", task.queue()).put("type", task.type());
                json.set("input", tree(task.input()));
            }
            case DagTarget graph -> json.put("workflow", graph.dag().name()).put("version", graph.dag().version());
            case WorkflowTarget function -> {
                json.put("workflow", function.type()).put("version", function.version());
                json.set("input", tree(function.input()));
            }
        }
        return json;
    }

    private static @Nullable JsonNode tree(@Nullable Object input) {
        return input instanceof JsonNode tree ? tree : null;
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
