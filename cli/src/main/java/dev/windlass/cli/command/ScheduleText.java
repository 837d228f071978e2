package dev.windlass.cli.command;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

import dev.windlass.schedule.DagTarget;
import dev.windlass.schedule.Schedule;
import dev.windlass.schedule.ScheduleEvent;
import dev.windlass.schedule.ScheduleOptions;
import dev.windlass.schedule.TaskTarget;
import dev.windlass.schedule.WorkflowTarget;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the commands print of schedules. */
final class ScheduleText {
    /** How many firings are shown. */
    static final int SHOWN = 10;
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm:ss xxx",
            Locale.ROOT);

    private ScheduleText() {
    }

    /** A schedule without its history, with the fire times to come. */
    static ObjectNode json(Schedule schedule) {
        ScheduleOptions options = schedule.options();
        ObjectNode json = JsonText.object().put("name", schedule.name()).put("cron", schedule.cron().text())
                .put("zone", schedule.zone().getId()).put("state", state(schedule));
        ArrayNode explained = json.putArray("explanation");
        schedule.cron().explanation().forEach(explained::add);
        json.set("target", target(schedule));
        json.put("catchUp", options.misfire().catchUp()).put("misfireAfter", options.misfireAfter().toString())
                .put("overlap", options.overlap().name()).put("jitter", options.jitter().toString())
                .put("startAt", JsonText.time(options.startAt())).put("endAt", JsonText.time(options.endAt()))
                .put("createdAt", JsonText.time(schedule.createdAt()))
                .put("lastFireTime", JsonText.time(schedule.lastFireTime())).put("lastId", schedule.lastId())
                .put("nextFireTime", JsonText.time(schedule.nextFireTime()));
        Schedule.Counts counts = schedule.counts();
        json.putObject("counts").put("fired", counts.fired()).put("missed", counts.missed())
                .put("skipped", counts.skipped()).put("refused", counts.refused());
        ArrayNode next = json.putArray("next");
        schedule.upcoming(SHOWN).forEach(time -> next.add(
                DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time.atZone(schedule.zone()))));
        return json;
    }

    private static ObjectNode target(Schedule schedule) {
        return switch (schedule.target()) {
            case TaskTarget task -> {
                ObjectNode json = JsonText.object().put("kind", "task").put("queue", task.queue())
                        .put("type", task.type()).put("priority", task.options().priority())
                        .put("attempts", task.options().retry().maxAttempts())
                        .put("fireTimeField", task.fireTimeField());
                json.set("input", input(task.input()));
                yield json;
            }
            case WorkflowTarget workflow -> {
                ObjectNode json = JsonText.object().put("kind", "function").put("workflow", workflow.type())
                        .put("version", workflow.version()).put("priority", workflow.options().priority())
                        .put("fireTimeField", workflow.fireTimeField());
                json.set("input", input(workflow.input()));
                yield json;
            }
            case DagTarget dag -> JsonText.object().put("kind", "dag").put("graph", dag.dag().name())
                    .put("steps", dag.dag().steps().size()).put("priority", dag.options().priority());
        };
    }

    private static JsonNode input(@Nullable Object given) {
        return given instanceof JsonNode tree ? tree : JsonText.MAPPER.nullNode();
    }

    static ObjectNode json(ScheduleEvent event) {
        return JsonText.object().put("at", JsonText.time(event.at())).put("event", event.event())
                .put("fireTime", JsonText.time(event.fireTime())).put("count", event.count()).put("id", event.id())
                .put("cause", event.cause());
    }

    /** Where it stands, in a word. */
    static String state(Schedule schedule) {
        return schedule.paused() ? "paused" : schedule.nextFireTime() == null ? "ended" : "active";
    }

    /** A time where the schedule's clock hangs. */
    static @Nullable String local(@Nullable Instant time, ZoneId zone) {
        return time == null ? null : LOCAL.format(time.atZone(zone));
    }

    /** What it is, how its expression was read, and when it fires next. */
    static void print(PrintWriter out, Schedule schedule) {
        ScheduleOptions options = schedule.options();
        out.println("starts     " + schedule.target());
        out.println("cron       " + schedule.cron() + " in " + schedule.zone());
        schedule.cron().explanation().forEach(line -> out.println("           " + line));
        out.println("missed     after " + DurationText.of(options.misfireAfter()) + "; "
                + switch (options.misfire().catchUp()) {
                    case 0 -> "none of them is fired";
                    case 1 -> "the latest of them is fired";
                    default -> "the latest " + options.misfire().catchUp() + " of them are fired";
                });
        out.println("overlap    " + options.overlap().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        if (!options.jitter().isZero()) {
            out.println("jitter     up to " + DurationText.of(options.jitter()));
        }
        if (options.startAt() != null) {
            out.println("start      " + local(options.startAt(), schedule.zone()));
        }
        if (options.endAt() != null) {
            out.println("end        " + local(options.endAt(), schedule.zone()));
        }
        List<Instant> next = schedule.upcoming(SHOWN);
        out.println(next.isEmpty()
                ? "next       never again"
                : "next " + next.size() + (schedule.paused() ? ", once resumed," : "") + " in " + schedule.zone()
                        + ":");
        next.forEach(time -> out.println("           " + local(time, schedule.zone())));
        out.flush();
    }
}
