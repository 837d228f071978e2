package dev.windlass.cli.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import dev.windlass.cli.command.DurationConverter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** What can be set in windlass.toml and by the environment, beside by options. */
public enum Setting {
    /** The store. */
    STORE("store", Kind.TEXT, "WINDLASS_STORE", "file:.windlass", "--store"),
    /** The queue of commands that work on one. */
    QUEUE("queue", Kind.TEXT, "WINDLASS_QUEUE", null, "--queue", "submit", "claim", "peek"),
    /** The priority of a task that is submitted. */
    SUBMIT_PRIORITY("submit.priority", Kind.NUMBER, "WINDLASS_SUBMIT_PRIORITY", "5", "--priority", "submit"),
    /** How often it is tried in all. */
    SUBMIT_ATTEMPTS("submit.attempts", Kind.NUMBER, "WINDLASS_SUBMIT_ATTEMPTS", "4", "--attempts", "submit"),
    /** How long an attempt may take. */
    SUBMIT_TIMEOUT("submit.timeout", Kind.DURATION, "WINDLASS_SUBMIT_TIMEOUT", "5m", "--timeout", "submit"),
    /** How long a claim by hand lasts. */
    CLAIM_LEASE("claim.lease", Kind.DURATION, "WINDLASS_CLAIM_LEASE", "5m", "--lease", "claim"),
    /** The bucket, where no store is set. */
    S3_BUCKET("s3.bucket", Kind.TEXT, "S3_BUCKET", null, null),
    /** The prefix in it. */
    S3_PREFIX("s3.prefix", Kind.TEXT, "S3_PREFIX", null, null),
    /** The region of an s3: store. */
    S3_REGION("s3.region", Kind.TEXT, "S3_REGION", null, null),
    /** The server of an s3: store. */
    S3_ENDPOINT("s3.endpoint", Kind.TEXT, "S3_ENDPOINT", null, null),
    /** Whether that server wants the bucket in the path. */
    S3_PATH_STYLE("s3.path-style", Kind.FLAG, null, null, null),
    /** The queues of a worker. */
    WORKER_QUEUES("worker.queues", Kind.LIST, "WINDLASS_WORKER_QUEUES", null, null),
    /** Its slots. */
    WORKER_CONCURRENCY("worker.concurrency", Kind.NUMBER, "WINDLASS_WORKER_CONCURRENCY", "16", "--concurrency",
            "worker"),
    /** The ttl of its lease. */
    WORKER_LEASE("worker.lease", Kind.DURATION, "WINDLASS_WORKER_LEASE", "30s", "--lease", "worker"),
    /** How often it looks. */
    WORKER_POLL("worker.poll", Kind.DURATION, "WINDLASS_WORKER_POLL", null, "--poll", "worker"),
    /** After how many attempts it leaves. */
    WORKER_MAX_TASKS("worker.max-tasks", Kind.NUMBER, "WINDLASS_WORKER_MAX_TASKS", null, "--max-tasks", "worker"),
    /** After how long without work it leaves. */
    WORKER_MAX_IDLE("worker.max-idle", Kind.DURATION, "WINDLASS_WORKER_MAX_IDLE", null, "--max-idle", "worker"),
    /** How long its handlers may go on when it leaves. */
    WORKER_DRAIN_TIMEOUT("worker.drain-timeout", Kind.DURATION, "WINDLASS_WORKER_DRAIN_TIMEOUT", "10s",
            "--drain-timeout", "worker"),
    /** Where it shows metrics. */
    WORKER_METRICS_PORT("worker.metrics-port", Kind.NUMBER, "WINDLASS_WORKER_METRICS_PORT", null, "--metrics-port",
            "worker");

    /** What a value is. */
    enum Kind {
        TEXT("a text"), FLAG("true or false"), NUMBER("a whole number"), DURATION(
                "a text such as \"30s\""), LIST("a list of texts such as [\"emails\", \"reports\"]");

        private final String wanted;

        Kind(String wanted) {
            this.wanted = wanted;
        }

        /** What a value of it looks like. */
        String wanted() {
            return wanted;
        }

        /** What is wrong with a text, or null. */
        @Nullable
        String problem(String text) {
            return switch (this) {
                case TEXT -> text.isEmpty() ? "is empty" : null;
                case LIST -> text.isEmpty() ? "has an empty entry" : null;
                case FLAG -> text.equals("true") || text.equals("false") ? null : "is neither true nor false";
                case NUMBER -> text.matches("-?[0-9]{1,9}") ? null : "is no whole number";
                case DURATION -> {
                    try {
                        DurationConverter.parse(text);
                        yield null;
                    } catch (TypeConversionException e) {
                        yield "cannot be used: " + e.getMessage();
                    }
                }
            };
        }
    }

    private final String key;
    private final Kind kind;
    private final @Nullable String variable;
    private final @Nullable String byDefault;
    private final @Nullable String option;
    @SuppressWarnings("ImmutableEnumChecker") // List.of gives one that is
    private final List<String> commands;

    /** @param commands whose option it is the default of; none for all */
    Setting(String key, Kind kind, @Nullable String variable, @Nullable String byDefault, @Nullable String option,
            String... commands) {
        this.key = key;
        this.kind = kind;
        this.variable = variable;
        this.byDefault = byDefault;
        this.option = option;
        this.commands = List.of(commands);
    }

    /** Its name in the file. */
    public String key() {
        return key;
    }

    Kind kind() {
        return kind;
    }

    /** The environment variable, or null. */
    public @Nullable String variable() {
        return variable;
    }

    /** What counts if nobody sets it, or null if nothing does. */
    public @Nullable String byDefault() {
        return byDefault;
    }

    /** The setting that an option of a command takes its default from. */
    static Optional<Setting> of(String command, String option) {
        return Stream.of(values()).filter(setting -> option.equals(setting.option)
                && (setting.commands.isEmpty() || setting.commands.contains(command.toLowerCase(Locale.ROOT))))
                .findFirst();
    }
}
