package dev.windlass.metrics;

import java.time.Duration;
import java.util.List;

import io.micrometer.core.instrument.Meter;
import org.jspecify.annotations.Nullable;

/**
 * Every meter that there is: the one declaration, from which the meters are made and {@code docs/operations.md} is written.
 * The values of {@code queue}, {@code type} and {@code kind} are names that applications choose; of each at most
 * {@value WindlassMetrics#NAMES} are told apart, and all further ones are {@value WindlassMetrics#OTHER}. All other tags
 * have the few values that are listed.
 */
@SuppressWarnings("ImmutableEnumChecker") // the lists are copies that nobody can change
public enum WindlassMeter {
    /** {@code windlass.store.requests} */
    STORE_REQUESTS("windlass.store.requests", Meter.Type.TIMER, null,
            "Requests to the store, each try counted, from the call to the answer. kind: put, get, list, delete. outcome: applied (a put or delete landed), found, not_found, conflict (the precondition did not hold), unknown (a put without an answer), unavailable (the same of all else), refused, error. A read that the backend repeats by itself counts once.",
            "kind", "outcome"),
    /** {@code windlass.store.bytes} */
    STORE_BYTES("windlass.store.bytes", Meter.Type.COUNTER, "bytes",
            "Bodies of objects sent (direction: out) and read (in); without keys, headers and listings.", "direction"),
    /** {@code windlass.store.unknown.resolved} */
    STORE_UNKNOWN("windlass.store.unknown.resolved", Meter.Type.COUNTER, "writes",
            "Writes of which a try was not answered, by what was found out: landed, lost (another came first), open (not known when patience ended; its author was told).",
            "outcome"),

    /** {@code windlass.queue.submissions} */
    SUBMISSIONS("windlass.queue.submissions", Meter.Type.COUNTER, "tasks",
            "Submissions acknowledged. outcome: created, duplicate.", "queue", "type", "outcome"),
    /** {@code windlass.queue.expired} */
    EXPIRED("windlass.queue.expired", Meter.Type.COUNTER, "tasks",
            "Tasks that waited beyond their expiry, and were ended here.", "queue", "type"),
    /** {@code windlass.queue.polls} */
    POLLS("windlass.queue.polls", Meter.Type.COUNTER, "polls",
            "Looks for tasks. outcome: found, empty, failed (the store did not answer).", "queue", "outcome"),
    /** {@code windlass.queue.claims} */
    CLAIMS("windlass.queue.claims", Meter.Type.COUNTER, "candidates",
            "Candidates tried. outcome: won, lost (to another worker), skipped (not due yet, under way, unreadable, paused, without room for its type here, or the own lease was no longer certain), expired (it may start no longer), unhandled (no handler here), failed (the store did not answer or refused).",
            "queue", "outcome"),
    /** {@code windlass.queue.poison} */
    POISON("windlass.queue.poison", Meter.Type.COUNTER, "tasks",
            "Bodies of tasks met that nobody can read; one counts again whenever it is met. They are listed below dead/.",
            "queue"),
    /** {@code windlass.queue.progress.lost} */
    PROGRESS_LOST("windlass.queue.progress.lost", Meter.Type.COUNTER, "writes",
            "Writes of what handlers said of their work that the store did not take; their tasks go on.", "queue"),
    /** {@code windlass.queue.due} */
    QUEUE_DUE("windlass.queue.due", Meter.Type.GAUGE, "tasks",
            "Tasks that could start now, as last sampled; NaN if the last sample failed. At least so many: see sampling.",
            "queue"),
    /** {@code windlass.queue.scheduled} */
    QUEUE_SCHEDULED("windlass.queue.scheduled", Meter.Type.GAUGE, "tasks",
            "Tasks that wait for a later time, parked ones included, as last sampled. At least so many.", "queue"),
    /** {@code windlass.queue.age} */
    QUEUE_AGE("windlass.queue.age", Meter.Type.GAUGE, "seconds",
            "How long the oldest due task has been due, as last sampled; 0 if none is.", "queue"),
    /** {@code windlass.queue.samples} */
    QUEUE_SAMPLES("windlass.queue.samples", Meter.Type.COUNTER, "samples",
            "Samples of a queue. outcome: counted, failed.", "queue", "outcome"),

    /** {@code windlass.task.pickup} */
    PICKUP("windlass.task.pickup", Meter.Type.TIMER, null,
            "From the time at which a task could have started (submitted, due, or given back) to the start of its handler, by the store's time, which is known to within its uncertainty (s3: 3 s; file: 10 ms; mem: none). Has buckets. Not of runs that a wake key called.",
            List.of(Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(250), Duration.ofSeconds(1),
                    Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(5)),
            "queue", "type"),
    /** {@code windlass.task.handler} */
    HANDLER("windlass.task.handler", Meter.Type.TIMER, null,
            "How long handlers ran, however they ended; of an engine's tasks, how long the engine worked on them.",
            "queue", "type"),
    /** {@code windlass.task.running} */
    RUNNING("windlass.task.running", Meter.Type.GAUGE, "tasks", "Handlers that run now.", "queue", "type"),
    /** {@code windlass.task.attempts} */
    ATTEMPTS("windlass.task.attempts", Meter.Type.COUNTER, "attempts",
            "Attempts by what came of them. outcome: completed, failed, timed_out, rescheduled, released (given back), parked, cancelled (by its engine), lost (nothing was recorded). state, of the task then: completed, failed (for good), pending (it runs again), cancelled, unrecorded.",
            "queue", "type", "outcome", "state"),
    /** {@code windlass.task.ends.delayed} */
    ENDS_DELAYED("windlass.task.ends.delayed", Meter.Type.COUNTER, "tries",
            "Tries to record the end of an attempt that the store did not answer; each is followed by another.",
            "queue", "type"),

    /** {@code windlass.lease.margin} */
    LEASE_MARGIN("windlass.lease.margin", Meter.Type.TIMER, null,
            "When a renewal of a lease landed: how much time was left until the worker would have given it up, which is at 80 % of its ttl. Near zero is a warning. Has buckets.",
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8),
                    Duration.ofSeconds(16), Duration.ofSeconds(32))),
    /** {@code windlass.lease.renewals.failed} */
    RENEWALS_FAILED("windlass.lease.renewals.failed", Meter.Type.COUNTER, "heartbeats",
            "Heartbeats that failed, and were tried again."),
    /** {@code windlass.lease.lost} */
    LEASES_LOST("windlass.lease.lost", Meter.Type.COUNTER, "leases",
            "Leases that workers of this process lost or gave up; what they covered runs again."),

    /** {@code windlass.sweeper.leases} */
    SWEPT_LEASES("windlass.sweeper.leases", Meter.Type.COUNTER, "leases",
            "Leases of other workers that this process declared dead."),
    /** {@code windlass.sweeper.takeovers} */
    TAKEOVERS("windlass.sweeper.takeovers", Meter.Type.COUNTER, "attempts",
            "Attempts of other workers that this process ended. outcome: lost (the worker died or was cut off), timed_out (it did not end them in time). state: of the task then, as for attempts.",
            "queue", "outcome", "state"),
    /** {@code windlass.sweeper.failures} */
    SWEEPS_FAILED("windlass.sweeper.failures", Meter.Type.COUNTER, "sweeps",
            "Sweeps, or looks at one lease, that failed; the next sweep looks again."),

    /** {@code windlass.workflow.owned} */
    RUNS_OWNED("windlass.workflow.owned", Meter.Type.COUNTER, "runs",
            "Times that this process became the owner of a run, a new one or one that another left."),
    /** {@code windlass.workflow.runs} */
    RUNS("windlass.workflow.runs", Meter.Type.COUNTER, "runs",
            "Runs that ended here. outcome: completed, failed, cancelled.",
            "outcome"),
    /** {@code windlass.workflow.steps} */
    STEPS("windlass.workflow.steps", Meter.Type.COUNTER, "steps",
            "Steps recorded, of runs that this process owns. outcome: succeeded, failed (for good). place: owner, fleet.",
            "kind", "outcome", "place"),
    /** {@code windlass.workflow.step.tries} */
    STEP_TRIES("windlass.workflow.step.tries", Meter.Type.TIMER, null,
            "Tries of steps that ran in this process, by how long their bodies took. outcome: succeeded, failed, timed_out, stopped (called off, counting as no failure). place: owner, fleet.",
            "kind", "outcome", "place"),

    /** {@code windlass.schedule.firings} */
    FIRINGS("windlass.schedule.firings", Meter.Type.COUNTER, "fire times",
            "Fire times of schedules that came, and firings by hand. outcome: fired (something was started), repeated (it had been started before, by a scheduler that then died or fell behind), missed (nobody fired it in time, and the misfire policy leaves it out), skipped (what was started before had not ended), refused (too old to be fired safely), failed (tried again).",
            "outcome"),
    /** {@code windlass.schedule.lateness} */
    LATENESS("windlass.schedule.lateness", Meter.Type.TIMER, null,
            "From a fire time, jitter included, until what it starts was durable, by the store's time, which is known to within its uncertainty. Has buckets.",
            List.of(Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(15),
                    Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofHours(1))),
    /** {@code windlass.scheduler.holding} */
    SCHEDULERS("windlass.scheduler.holding", Meter.Type.GAUGE, "schedulers",
            "Schedulers of this process that hold the lease, and so fire; over all processes of a store it is 1, but while one takes over from another.");

    private final String meterName;
    private final Meter.Type type;
    private final @Nullable String baseUnit;
    private final String description;
    private final List<Duration> buckets;
    private final List<String> tags;

    WindlassMeter(String meterName, Meter.Type type, @Nullable String baseUnit, String description, String... tags) {
        this(meterName, type, baseUnit, description, List.of(), tags);
    }

    WindlassMeter(String meterName, Meter.Type type, @Nullable String baseUnit, String description,
            List<Duration> buckets, String... tags) {
        this.meterName = meterName;
        this.type = type;
        this.baseUnit = baseUnit;
        this.description = description;
        this.buckets = List.copyOf(buckets);
        this.tags = List.of(tags);
    }

    /** Its name in Micrometer's style; a registry may write it otherwise, as in {@code windlass_store_requests_seconds}. */
    public String meterName() {
        return meterName;
    }

    /** A counter, a timer or a gauge. */
    public Meter.Type type() {
        return type;
    }

    /** The unit of its values; of a timer, seconds, though a registry may show them in another unit of time. */
    public String unit() {
        return baseUnit == null ? "seconds" : baseUnit;
    }

    /** What it means, and what the values of its tags are. */
    public String description() {
        return description;
    }

    /** The keys of its tags. */
    public List<String> tags() {
        return tags;
    }

    /** The upper bounds of its buckets beside the sum and the count; none for most. */
    public List<Duration> buckets() {
        return buckets;
    }
}
