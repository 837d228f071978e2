package dev.windlass.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.environment.Environment;
import dev.windlass.local.LocalStores;
import dev.windlass.observer.AttemptOutcome;
import dev.windlass.observer.AttemptRef;
import dev.windlass.observer.ClaimOutcome;
import dev.windlass.observer.Observer;
import dev.windlass.observer.RequestKind;
import dev.windlass.observer.RequestOutcome;
import dev.windlass.observer.UnknownEnd;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.TaskType;
import dev.windlass.store.RequestCounts;
import dev.windlass.store.testkit.FaultyStore;
import dev.windlass.store.testkit.FaultyStore.Fault;
import dev.windlass.store.testkit.FaultyStore.Request;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WindlassMetricsTest {
    private static final TaskType<String, String> ECHO = TaskType.of("echo", String.class, String.class);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final WindlassMetrics metrics = WindlassMetrics.of(registry);

    private double count(WindlassMeter meter, String... tags) {
        return registry.get(meter.meterName()).tags(tags).counters().stream().mapToDouble(one -> one.count()).sum();
    }

    @Test
    void connection_oneTaskCompleted_isCountedAndTimed() throws Exception {
        try (Windlass windlass = Windlass.builder().observer(metrics).connect("mem:")) {
            try (var worker = windlass.worker().queue("q").handle(ECHO, (task, input) -> input).start()) {
                assertThat(windlass.queue("q").submit(ECHO, "a").await(LONG)).isEqualTo("a");
                assertThat(worker.health().isLeaseFit()).isTrue();
            }

            assertThat(count(WindlassMeter.SUBMISSIONS, "queue", "q", "type", "echo", "outcome", "created")).isOne();
            assertThat(count(WindlassMeter.CLAIMS, "queue", "q", "outcome", "won")).isOne();
            assertThat(count(WindlassMeter.ATTEMPTS, "queue", "q", "type", "echo", "outcome", "completed", "state",
                    "completed")).isOne();
            assertThat(registry.get(WindlassMeter.HANDLER.meterName()).timer().count()).isOne();
            assertThat(registry.get(WindlassMeter.PICKUP.meterName()).timer().count()).isOne();
            assertThat(registry.get(WindlassMeter.RUNNING.meterName()).gauge().value()).isZero();
        }
    }

    /** What is timed is what {@link Windlass#requests()} counts. */
    @Test
    void requests_byKindAndOutcome_addUpToThoseOfTheConnection() throws Exception {
        var store = new FaultyStore(LocalStores.memory(), Environment.system());
        try (Windlass windlass = Windlass.builder().observer(metrics).over(store)) {
            windlass.initialise(2);
            store.next(Request.puts("tasks/"), Fault.LOST_AFTER);
            windlass.queue("q").submit(ECHO, "x".repeat(1000));
            windlass.queue("q").stats();
            windlass.queue("q").get("none");

            RequestCounts counts = windlass.requests();
            for (Map.Entry<RequestKind, Long> kind : Map
                    .of(RequestKind.PUT, counts.put(), RequestKind.GET, counts.get(),
                            RequestKind.LIST, counts.list())
                    .entrySet()) {
                assertThat(requests(kind.getKey())).as(kind.getKey().name()).isEqualTo(kind.getValue()).isPositive();
            }
            assertThat(timed("put", "unknown")).isEqualTo(counts.unknown()).isOne();
            assertThat(timed("get", "not_found")).isPositive();
            assertThat(count(WindlassMeter.STORE_UNKNOWN, "outcome", "landed")).isOne();
            assertThat(count(WindlassMeter.STORE_BYTES, "direction", "out")).isGreaterThan(1000);
            assertThat(count(WindlassMeter.STORE_BYTES, "direction", "in")).isGreaterThan(1000);
        }
    }

    private long requests(RequestKind kind) {
        return registry.get(WindlassMeter.STORE_REQUESTS.meterName())
                .tag("kind", kind.name().toLowerCase(java.util.Locale.ROOT))
                .timers().stream().mapToLong(timer -> timer.count()).sum();
    }

    private long timed(String kind, String outcome) {
        return registry.get(WindlassMeter.STORE_REQUESTS.meterName()).tag("kind", kind).tag("outcome", outcome).timer()
                .count();
    }

    /** A type of task is chosen by applications: one that names them by their data must not fill the registry. */
    @Test
    void names_moreThanAreToldApart_areOther() {
        for (int i = 0; i < WindlassMetrics.NAMES + 50; i++) {
            metrics.submitted("q" + i, "t" + i, true);
        }
        metrics.submitted("q0", "t0", true);

        Set<String> queues = new TreeSet<>();
        registry.get(WindlassMeter.SUBMISSIONS.meterName()).counters()
                .forEach(counter -> queues.add(String.valueOf(counter.getId().getTag("queue"))));
        assertThat(queues).hasSize(WindlassMetrics.NAMES + 1).contains("q0", WindlassMetrics.OTHER);
        assertThat(count(WindlassMeter.SUBMISSIONS, "queue", WindlassMetrics.OTHER)).isEqualTo(50);
        assertThat(count(WindlassMeter.SUBMISSIONS, "queue", "q0", "type", "t0")).isEqualTo(2);
    }

    @Test
    void start_nothingHasHappened_whatAlarmsHangOnIsZero() {
        assertThat(count(WindlassMeter.LEASES_LOST)).isZero();
        assertThat(count(WindlassMeter.SWEEPS_FAILED)).isZero();
        for (UnknownEnd end : UnknownEnd.values()) {
            assertThat(count(WindlassMeter.STORE_UNKNOWN, "outcome", end.name().toLowerCase(java.util.Locale.ROOT)))
                    .isZero();
        }
    }

    @Test
    void lost_attemptWithoutARecord_isUnrecorded() {
        var attempt = new AttemptRef("id", "q", "t", 1, "w");
        metrics.attemptEnded(attempt, AttemptOutcome.LOST, null);
        metrics.takenOver(attempt, AttemptOutcome.TIMED_OUT, TaskStatus.PENDING);

        assertThat(count(WindlassMeter.ATTEMPTS, "outcome", "lost", "state", "unrecorded")).isOne();
        assertThat(count(WindlassMeter.TAKEOVERS, "outcome", "timed_out", "state", "pending")).isOne();
    }

    /** Micrometer ignores negative times; a renewal that lands too late is the one that matters most. */
    @Test
    void margin_renewalThatLandedTooLate_countsAsNone() {
        metrics.leaseRenewed("w", Duration.ofSeconds(-3));

        assertThat(registry.get(WindlassMeter.LEASE_MARGIN.meterName()).timer().count()).isOne();
    }

    @Test
    void observer_thatThrows_stopsNobodyAndTheNextIsTold() throws Exception {
        Observer broken = new Observer() {
            @Override
            public void claimDecided(String queue, ClaimOutcome outcome) {
                throw new IllegalStateException("broken");
            }

            @Override
            public void requestEnded(RequestKind kind, RequestOutcome outcome, Duration took, long out, long in) {
                throw new IllegalStateException("broken");
            }
        };
        try (Windlass windlass = Windlass.builder().observer(broken).observer(metrics).connect("mem:");
                var worker = windlass.worker().queue("q").handle(ECHO, (task, input) -> input).start()) {
            assertThat(windlass.queue("q").submit(ECHO, "a").await(LONG)).isEqualTo("a");
            assertThat(worker.isRunning()).isTrue();
            assertThat(count(WindlassMeter.CLAIMS, "queue", "q", "outcome", "won")).isOne();
        }
    }

    @Test
    void sampleQueues_closed_takesItsGaugesAway() {
        try (Windlass windlass = Windlass.builder().observer(metrics).connect("mem:")) {
            windlass.queue("q").submit(ECHO, "a");
            try (QueueSampler sampler = metrics.sampleQueues(windlass, LONG, List.of("q", "q"))) {
                while (Double.isNaN(registry.get(WindlassMeter.QUEUE_DUE.meterName()).gauge().value())) {
                    Thread.onSpinWait();
                }
                assertThat(registry.get(WindlassMeter.QUEUE_DUE.meterName()).gauge().value()).isOne();
                sampler.close(); // a second one does nothing
            }
            assertThat(registry.find(WindlassMeter.QUEUE_DUE.meterName()).gauges()).isEmpty();
        }
    }

    @Test
    void sampleQueues_tooOftenOrNothing_isRefused() {
        try (Windlass windlass = Windlass.connect("mem:")) {
            assertThatThrownBy(() -> metrics.sampleQueues(windlass, Duration.ofMillis(999), List.of("q")))
                    .isInstanceOf(InvalidInputException.class).hasMessageContaining("PT0.999S");
            assertThatThrownBy(() -> metrics.sampleQueues(windlass, LONG, List.of()))
                    .isInstanceOf(InvalidInputException.class).hasMessageContaining("no queue");
        }
    }

    /** Two LIST for a queue with one level in use, however much waits in it; what was promised for sampling. */
    @Test
    void stats_limited_costsNoMoreThanIsSaid() {
        try (Windlass windlass = Windlass.connect("mem:")) {
            windlass.queue("q").submitAll(ECHO, java.util.Collections.nCopies(2_500, "x"),
                    dev.windlass.queue.SubmitOptions.ofDefaults());
            RequestCounts before = windlass.requests();
            assertThat(windlass.queue("q").stats(1).due()).isEqualTo(1_000);
            assertThat(windlass.requests().minus(before).list()).isEqualTo(2);
            before = windlass.requests();
            assertThat(windlass.queue("q").stats().due()).isEqualTo(2_500);
            assertThat(windlass.requests().minus(before).list()).isEqualTo(4);
            assertThatThrownBy(() -> windlass.queue("q").stats(0)).isInstanceOf(InvalidInputException.class);
        }
    }
}
