package dev.windlass.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.observer.AttemptOutcome;
import dev.windlass.observer.AttemptRef;
import dev.windlass.observer.ClaimOutcome;
import dev.windlass.observer.Observer;
import dev.windlass.observer.PollOutcome;
import dev.windlass.observer.RequestKind;
import dev.windlass.observer.RequestOutcome;
import dev.windlass.observer.UnknownEnd;
import dev.windlass.queue.TaskStatus;
import dev.windlass.schedule.ScheduleListener;
import dev.windlass.workflow.WorkflowListener;
import dev.windlass.workflow.WorkflowStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the meters of {@link WindlassMeter} in a registry: given to a connection, it is told of all that the connection, its
 * workers and their workflows do. Makes no request, but for {@link #sampleQueues}.
 *
 * <pre>{@code
 * var windlass = Windlass.builder().observer(WindlassMetrics.of(registry)).connect("s3://bucket/prefix");
 * }</pre>
 *
 * <p>One for each registry; several connections may share it, and their numbers add up. Times go by the clocks of the
 * connections' environments, not by the registry's. Safe for use by any number of threads. Holds nothing that must be closed.
 */
public final class WindlassMetrics implements Observer, WorkflowListener, ScheduleListener {
    /** How many names of queues, of types of tasks and of kinds of steps are told apart. */
    public static final int NAMES = 100;
    /** What stands for the names beyond that. */
    public static final String OTHER = "other";

    private static final Duration SHORTEST_SAMPLING = Duration.ofSeconds(1);

    private final Meters meters;
    private final Map<Enum<?>, String> tags = new ConcurrentHashMap<>();
    private final Counter bytesOut;
    private final Counter bytesIn;
    private final Timer margin;

    private WindlassMetrics(MeterRegistry registry) {
        this.meters = new Meters(registry);
        this.bytesOut = meters.counter(WindlassMeter.STORE_BYTES, "out");
        this.bytesIn = meters.counter(WindlassMeter.STORE_BYTES, "in");
        this.margin = meters.timer(WindlassMeter.LEASE_MARGIN);
        // What alarms hang on is there from the start, as 0.
        for (UnknownEnd end : UnknownEnd.values()) {
            meters.counter(WindlassMeter.STORE_UNKNOWN, tag(end));
        }
        for (WindlassMeter meter : List.of(WindlassMeter.LEASES_LOST, WindlassMeter.RENEWALS_FAILED,
                WindlassMeter.SWEPT_LEASES, WindlassMeter.SWEEPS_FAILED)) {
            meters.counter(meter);
        }
    }

    /**
     * Meters in a registry.
     *
     * @param registry where they go; common tags, prefixes and percentiles are the registry's matter
     */
    public static WindlassMetrics of(MeterRegistry registry) {
        return new WindlassMetrics(registry);
    }

    /**
     * Counts what waits in queues now and then, for {@code windlass.queue.due}, {@code .scheduled} and {@code .age}: at once,
     * and then at an interval. Nothing is sampled unless this is called, and one process that does so is enough.
     *
     * <p>A sample of one queue costs one LIST, and one for each priority level in use; one more for each further thousand
     * keys of a level, at most ten in all, so that counts of more than 10,000 in a level say "at least". Once a minute, with
     * one level in use, that is 86,400 LIST a month for each queue.
     *
     * @param windlass the connection whose queues they are
     * @param every how often, 1 s or more; a minute is often enough for most
     * @param queues the names of the queues, one or more
     * @return ends the sampling when closed, and takes the gauges away
     * @throws InvalidInputException if the interval is shorter, or there is no queue
     */
    public QueueSampler sampleQueues(Windlass windlass, Duration every, Collection<String> queues) {
        if (every.compareTo(SHORTEST_SAMPLING) < 0) {
            throw new InvalidInputException("The interval between samples is " + every + ". Use 1 second or more.");
        }
        if (queues.isEmpty()) {
            throw new InvalidInputException("There is no queue to sample. Name one.");
        }
        return new QueueSampler(meters, windlass, every, queues).start();
    }

    private String tag(Enum<?> value) {
        String tag = tags.get(value);
        return tag == null ? tags.computeIfAbsent(value, same -> same.name().toLowerCase(Locale.ROOT)) : tag;
    }

    private String queue(String name) {
        return meters.name("queue", name);
    }

    private String type(String name) {
        return meters.name("type", name);
    }

    private String kind(String name) {
        return meters.name("kind", name);
    }

    @Override
    public void requestEnded(RequestKind kind, RequestOutcome outcome, Duration took, long sent, long read) {
        meters.timer(WindlassMeter.STORE_REQUESTS, tag(kind), tag(outcome)).record(took);
        if (sent > 0) {
            bytesOut.increment((double) sent);
        }
        if (read > 0) {
            bytesIn.increment((double) read);
        }
    }

    @Override
    public void unknownResolved(UnknownEnd end) {
        meters.counter(WindlassMeter.STORE_UNKNOWN, tag(end)).increment();
    }

    @Override
    public void submitted(String queue, String type, boolean created) {
        meters.counter(WindlassMeter.SUBMISSIONS, queue(queue), type(type), created ? "created" : "duplicate")
                .increment();
    }

    @Override
    public void expired(String queue, String type) {
        meters.counter(WindlassMeter.EXPIRED, queue(queue), type(type)).increment();
    }

    @Override
    public void polled(String queue, PollOutcome outcome) {
        meters.counter(WindlassMeter.POLLS, queue(queue), tag(outcome)).increment();
    }

    @Override
    public void claimDecided(String queue, ClaimOutcome outcome) {
        meters.counter(WindlassMeter.CLAIMS, queue(queue), tag(outcome)).increment();
    }

    @Override
    public void attemptStarted(AttemptRef attempt, @Nullable Duration waited) {
        meters.level(WindlassMeter.RUNNING, queue(attempt.queue()), type(attempt.type())).incrementAndGet();
        if (waited != null) {
            meters.timer(WindlassMeter.PICKUP, queue(attempt.queue()), type(attempt.type())).record(waited);
        }
    }

    @Override
    public void handlerReturned(AttemptRef attempt, Duration took) {
        meters.level(WindlassMeter.RUNNING, queue(attempt.queue()), type(attempt.type())).decrementAndGet();
        meters.timer(WindlassMeter.HANDLER, queue(attempt.queue()), type(attempt.type())).record(took);
    }

    @Override
    public void attemptEnded(AttemptRef attempt, AttemptOutcome outcome, @Nullable TaskStatus after) {
        meters.counter(WindlassMeter.ATTEMPTS, queue(attempt.queue()), type(attempt.type()), tag(outcome),
                after == null ? "unrecorded" : tag(after)).increment();
    }

    @Override
    public void endDelayed(AttemptRef attempt) {
        meters.counter(WindlassMeter.ENDS_DELAYED, queue(attempt.queue()), type(attempt.type())).increment();
    }

    @Override
    public void poisonMet(String queue, String taskId) {
        meters.counter(WindlassMeter.POISON, queue(queue)).increment();
    }

    @Override
    public void progressLost(String queue, String taskId) {
        meters.counter(WindlassMeter.PROGRESS_LOST, queue(queue)).increment();
    }

    @Override
    public void leaseRenewed(String workerId, Duration left) {
        margin.record(left.isNegative() ? Duration.ZERO : left);
    }

    @Override
    public void renewalFailed(String workerId) {
        meters.counter(WindlassMeter.RENEWALS_FAILED).increment();
    }

    @Override
    public void leaseLost(String workerId, int claims) {
        meters.counter(WindlassMeter.LEASES_LOST).increment();
    }

    @Override
    public void leaseTakenOver(String workerId, int claims) {
        meters.counter(WindlassMeter.SWEPT_LEASES).increment();
    }

    @Override
    public void takenOver(AttemptRef attempt, AttemptOutcome outcome, TaskStatus after) {
        meters.counter(WindlassMeter.TAKEOVERS, queue(attempt.queue()), tag(outcome), tag(after)).increment();
    }

    @Override
    public void sweepFailed() {
        meters.counter(WindlassMeter.SWEEPS_FAILED).increment();
    }

    @Override
    public void runOwned(String workflowId, int run, int finished, int total) {
        meters.counter(WindlassMeter.RUNS_OWNED).increment();
    }

    @Override
    public void runEnded(String workflowId, int run, WorkflowStatus status) {
        meters.counter(WindlassMeter.RUNS, tag(status)).increment();
    }

    @Override
    public void stepFinished(StepFinished event) {
        meters.counter(WindlassMeter.STEPS, kind(event.kind()), event.succeeded() ? "succeeded" : "failed",
                place(event.fleet())).increment();
    }

    @Override
    public void stepTried(StepTried event) {
        meters.timer(WindlassMeter.STEP_TRIES, kind(event.kind()), tag(event.outcome()), place(event.fleet()))
                .record(event.took());
    }

    @Override
    public void fired(String schedule, Instant fireTime, String id, boolean created, Duration late) {
        meters.counter(WindlassMeter.FIRINGS, created ? "fired" : "repeated").increment();
        if (created) {
            meters.timer(WindlassMeter.LATENESS).record(late);
        }
    }

    @Override
    public void passedOver(String schedule, ScheduleListener.Reason reason, long count) {
        meters.counter(WindlassMeter.FIRINGS, tag(reason)).increment((double) count);
    }

    @Override
    public void fireFailed(String schedule) {
        meters.counter(WindlassMeter.FIRINGS, "failed").increment();
    }

    @Override
    public void leaseChanged(String scheduler, boolean holds) {
        meters.level(WindlassMeter.SCHEDULERS).addAndGet(holds ? 1 : -1);
    }

    private static String place(boolean fleet) {
        return fleet ? "fleet" : "owner";
    }
}
