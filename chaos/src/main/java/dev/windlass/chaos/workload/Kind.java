package dev.windlass.chaos.workload;

import java.time.Duration;
import java.util.Locale;

import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.TaskType;
import org.jspecify.annotations.Nullable;

/** A kind of task: what its handler does, and how it must end whatever happens to processes and requests. */
public enum Kind {
    /** Returns. */
    SUCCESS(22),
    /** Throws in its first attempts. */
    RETRIED(12),
    /** Fails for good. */
    PERMANENT(8),
    /** Always throws, until its three attempts are used up. */
    EXHAUSTED(6),
    /** Is due some seconds later. */
    DELAYED(8),
    /** Is due much later, and cancelled while it waits. */
    CANCELLED(8),
    /** Takes long, and is cancelled, perhaps while it runs. */
    STOPPED(8),
    /** Is submitted again and again under one key, by several producers; once in a while with another input. */
    KEYED(10),
    /** Its input and its result are too large to stand in the task. */
    LARGE(5),
    /** Does not return within its time in its first attempts. */
    TIMED_OUT(4),
    /** Asks to run again later in its first attempts. */
    RESCHEDULED(6);

    private static final String PREFIX = "chaos-";
    /** More than a run can take workers from a task. */
    private static final int PLENTY = 1000;
    /** The attempts of a task that uses them up. */
    public static final int FEW = 3;

    private final int weight;

    Kind(int weight) {
        this.weight = weight;
    }

    /** How often it is drawn, beside the others. */
    int weight() {
        return weight;
    }

    /** The task type: one for each kind. */
    public TaskType<Job, String> type() {
        return TaskType.of(typeName(), Job.class, String.class);
    }

    private String typeName() {
        return PREFIX + name().toLowerCase(Locale.ROOT);
    }

    /** The kind of a task type's name, or null if it is no task of a producer. */
    public static @Nullable Kind of(String typeName) {
        for (Kind kind : values()) {
            if (kind.typeName().equals(typeName)) {
                return kind;
            }
        }
        return null;
    }

    /** The one end that it must come to, or null if that hangs on whether it was cancelled in time. */
    public @Nullable TaskStatus end() {
        return switch (this) {
            case PERMANENT, EXHAUSTED -> TaskStatus.FAILED;
            case CANCELLED, STOPPED -> null;
            default -> TaskStatus.COMPLETED;
        };
    }

    /** How long after its submission it is due. */
    public Duration delay(Job job) {
        return this == DELAYED || this == CANCELLED ? Duration.ofMillis(job.millis()) : Duration.ZERO;
    }

    /** How it is submitted. */
    SubmitOptions options(Job job) {
        int attempts = this == EXHAUSTED ? FEW : PLENTY;
        SubmitOptions options = SubmitOptions.ofDefaults()
                .withRetry(new RetryPolicy(attempts, Duration.ofMillis(200), Duration.ofSeconds(1), 2, 0.25))
                .withTimeout(this == TIMED_OUT ? Duration.ofSeconds(1) : Duration.ofMinutes(2))
                .withDelay(delay(job));
        return this == KEYED ? options.withIdempotencyKey(job.name()) : options;
    }
}
