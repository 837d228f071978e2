package dev.windlass.cli.command;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Locale;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.schedule.Cron;
import dev.windlass.schedule.MisfirePolicy;
import dev.windlass.schedule.OverlapPolicy;
import dev.windlass.schedule.Schedule;
import dev.windlass.schedule.ScheduleOptions;
import dev.windlass.schedule.ScheduleTarget;
import dev.windlass.schedule.Schedules;
import dev.windlass.schedule.TaskTarget;
import dev.windlass.schedule.TimeZones;
import dev.windlass.schedule.WorkflowTarget;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.StartOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code windlass schedule create}. */
@Command(name = "create", description = {
    "Create a schedule, and show how its expression was read and when it fires next.",
    "It starts a task (--queue, --type), a run of a durable function (--workflow) or of a graph (--dag) at each fire time, once, whoever fires.",
    "The same command again changes nothing; with other options it is refused while the schedule exists."}, footerHeading = "%nExamples:%n", footer = {
        "  windlass schedule create nightly --cron '0 2 * * *' --zone Europe/Berlin --queue reports --type echo --input '{}'",
        "  windlass schedule create tick --cron '0/30 * * * * ?' --queue q --type echo --overlap skip --misfire 3",
        "  windlass schedule create month-end --cron '0 0 22 L * ?' --dag report.json",
        "  windlass schedule create invoices --cron '0 8 1 * *' --workflow invoicing --input '{}' --overlap cancel-previous"})
final class ScheduleCreateCommand extends ConnectedCommand {
    @Parameters(paramLabel = "NAME", description = "The schedule's name.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String name;

    @Option(names = "--cron", paramLabel = "EXPR", required = true, description = "When: 5 fields as Unix cron has them (day of week 0 to 7, 0 and 7 are Sunday), or Quartz's 6 or 7 (second in front, day of week 1 to 7, 1 is Sunday, year at the end).")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String cron;

    @Option(names = "--zone", paramLabel = "ZONE", defaultValue = "UTC", description = "The time zone of the expression, such as Europe/Berlin (default: UTC).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private String zone;

    @Option(names = "--queue", paramLabel = "Q", description = "The queue of the task that it starts.")
    private @Nullable String queue;

    @Option(names = "--type", paramLabel = "T", description = "The task's type.")
    private @Nullable String type;

    @Option(names = "--workflow", paramLabel = "T", description = "The type of a durable function, of which it starts a run instead.")
    private @Nullable String workflow;

    @Option(names = "--version-of-type", paramLabel = "N", description = "The version of that type (default: 1).")
    private @Nullable Integer version;

    @Option(names = "--input", paramLabel = "JSON|@FILE|-", description = "The input of the task or function, the same each time: JSON, a file of JSON, or - for standard input (default: null).")
    private @Nullable String input;

    @Option(names = "--fire-time-field", paramLabel = "NAME", description = "The field of the input, an object, into which the fire time goes.")
    private @Nullable String fireTimeField;

    @Option(names = "--attempts", paramLabel = "N", description = "How often to try the task in all (default: 4).")
    private @Nullable Integer attempts;

    @Option(names = "--timeout", paramLabel = "D", converter = DurationConverter.class, description = "How long one attempt of the task may take (default: 5m).")
    private @Nullable Duration timeout;

    @Option(names = "--dag", paramLabel = "FILE", description = "A graph that it starts instead: JSON with name and steps.")
    private @Nullable String dag;

    @Option(names = "--priority", paramLabel = "N", defaultValue = "5", description = "0 (first) to 9 (default: 5).")
    private int priority;

    @Option(names = "--misfire", paramLabel = "skip|once|N", defaultValue = "once", description = "How many of the fire times that nobody fired in time are fired later: none, the latest, or the latest N, up to 100 (default: once).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private String misfire;

    @Option(names = "--misfire-after", paramLabel = "D", defaultValue = "1m", converter = DurationConverter.class, description = "How late counts as missed, 1s to 1d (default: 1m).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private Duration misfireAfter;

    @Option(names = "--overlap", paramLabel = "P", defaultValue = "allow", description = "While what was started before has not ended: allow, skip, cancel-previous, buffer-one (default: allow).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private String overlap;

    @Option(names = "--jitter", paramLabel = "D", defaultValue = "0s", converter = DurationConverter.class, description = "Fire each time later by up to this, at most 1d (default: 0s).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private Duration jitter;

    @Option(names = "--start", paramLabel = "TIME", description = "Fire no earlier: a local time of the zone such as 2030-12-24T09:00, or an instant such as 2030-12-24T08:00:00Z.")
    private @Nullable String start;

    @Option(names = "--end", paramLabel = "TIME", description = "Fire only before this.")
    private @Nullable String end;

    @Option(names = "--paused", description = "Create it paused.")
    private boolean paused;

    private @Nullable Cron when;
    private @Nullable ZoneId where;
    private @Nullable ScheduleTarget target;
    private ScheduleOptions options = ScheduleOptions.ofDefaults();

    @Override
    void prepare() {
        when = Cron.parse(cron);
        ZoneId at = TimeZones.of(zone);
        where = at;
        options = options.withMisfire(misfire()).withMisfireAfter(misfireAfter).withOverlap(overlap())
                .withJitter(jitter).withStartAt(time("--start", start, at)).withEndAt(time("--end", end, at))
                .withPaused(paused);
        target = dag != null ? graph(dag) : workflow != null ? function(workflow) : task();
    }

    private MisfirePolicy misfire() {
        return switch (misfire.toLowerCase(Locale.ROOT)) {
            case "skip" -> MisfirePolicy.skip();
            case "once" -> MisfirePolicy.fireOnce();
            default -> {
                if (!misfire.matches("\\d{1,9}")) {
                    throw new InvalidInputException("--misfire is \"" + misfire + "\". Use skip, once, or a number.");
                }
                yield MisfirePolicy.catchUp(Integer.parseInt(misfire));
            }
        };
    }

    private OverlapPolicy overlap() {
        try {
            return OverlapPolicy.valueOf(overlap.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("--overlap is \"" + overlap
                    + "\". Use allow, skip, cancel-previous or buffer-one.", e);
        }
    }

    private static @Nullable Instant time(String option, @Nullable String text, ZoneId zone) {
        if (text == null) {
            return null;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            try {
                return LocalDateTime.parse(text).atZone(zone).toInstant();
            } catch (DateTimeException f) {
                throw new InvalidInputException(option + " is \"" + text
                        + "\". Use a local time such as 2030-12-24T09:00, or an instant such as 2030-12-24T08:00:00Z.",
                        f);
            }
        }
    }

    private ScheduleTarget task() {
        if (queue == null || type == null) {
            throw new InvalidInputException("What is to be started is not said. Give --queue and --type for a task, "
                    + "--workflow for a durable function, or --dag for a graph.");
        }
        if (version != null) {
            throw new InvalidInputException(
                    "--version-of-type goes with --workflow only: a task's type has no version.");
        }
        JsonNode tree = tree();
        SubmitOptions how = SubmitOptions.ofDefaults().withPriority(priority);
        if (attempts != null) {
            how = how.withRetry(RetryPolicy.exponential(attempts));
        }
        if (timeout != null) {
            how = how.withTimeout(timeout);
        }
        return TaskTarget.of(queue, type, tree).withOptions(how).withFireTime(fireTimeField);
    }

    private JsonNode tree() {
        return input == null ? JsonText.MAPPER.nullNode() : TaskInput.read("input", input);
    }

    private ScheduleTarget function(String name) {
        if (queue != null || type != null || attempts != null || timeout != null) {
            throw new InvalidInputException("--workflow goes with none of --queue, --type, --attempts and --timeout,"
                    + " which are a task's. Leave out the one or the others.");
        }
        return WorkflowTarget.of(name, version == null ? 1 : version, tree()).withFireTime(fireTimeField)
                .withOptions(StartOptions.ofDefaults().withPriority(priority));
    }

    private ScheduleTarget graph(String file) {
        if (queue != null || type != null || workflow != null || version != null || input != null
                || fireTimeField != null || attempts != null || timeout != null) {
            throw new InvalidInputException(
                    "--dag goes with none of --queue, --type, --workflow, --version-of-type, --input,"
                            + " --fire-time-field, --attempts and --timeout. Leave out the one or the others.");
        }
        return ScheduleTarget.dag(DagDefinition.fromJson(TaskInput.read("graph", '@' + file)))
                .withOptions(StartOptions.ofDefaults().withPriority(priority));
    }

    @Override
    int run(Windlass windlass) {
        if (when == null || where == null || target == null) {
            throw new IllegalStateException("not prepared");
        }
        Schedule schedule = Schedules.on(windlass).create(name, when, where, target, options);
        if (json()) {
            print(ScheduleText.json(schedule));
        } else {
            print("schedule " + schedule.name() + " is " + ScheduleText.state(schedule));
            ScheduleText.print(out(), schedule);
        }
        return ExitCode.DONE;
    }
}
