package dev.windlass.simulation.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import dev.windlass.metrics.QueueSampler;
import dev.windlass.metrics.WindlassMeter;
import dev.windlass.metrics.WindlassMetrics;
import dev.windlass.observer.AttemptOutcome;
import dev.windlass.observer.ClaimOutcome;
import dev.windlass.observer.PollOutcome;
import dev.windlass.observer.RequestKind;
import dev.windlass.observer.RequestOutcome;
import dev.windlass.observer.UnknownEnd;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.workload.Site;
import dev.windlass.workflow.WorkflowListener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When everything happens that can be counted, every declared meter has counted something, and there is no other one. */
class MetersTest {
    private static final SimpleMeterRegistry REGISTRY = new SimpleMeterRegistry();
    private static List<List<String>> observed = List.of();

    @BeforeAll
    static void play() {
        WindlassMetrics metrics = WindlassMetrics.of(REGISTRY);
        var troubles = new Troubles(metrics);
        troubles.play();
        new RunTroubles(troubles).play();
        new ScheduleTroubles(troubles).play();
        observed = List.copyOf(troubles.histories());
        troubles.run(sim -> sample(sim, metrics));
    }

    /** The gauges are taken away when the sampling ends, so this one is left open. */
    private static void sample(Simulation sim, WindlassMetrics metrics) throws InterruptedException {
        Site site = Site.of(sim, "p");
        site.submit("a");
        site.submit("b", SubmitOptions.ofDefaults().withDelay(Duration.ofHours(1)));
        sim.sleep(Duration.ofSeconds(90));
        Site sampled = Site.of(sim, "s");
        QueueSampler[] sampler = new QueueSampler[1];
        sampled.actor.start(() -> sampler[0] = metrics.sampleQueues(sampled.windlass, Duration.ofMinutes(1),
                List.of(Site.QUEUE)));
        sim.sleep(Duration.ofSeconds(30));
        assertThat(gauge(WindlassMeter.QUEUE_DUE)).isEqualTo(1);
        assertThat(gauge(WindlassMeter.QUEUE_SCHEDULED)).isEqualTo(1);
        assertThat(gauge(WindlassMeter.QUEUE_AGE)).isBetween(88.0, 92.0);
        sim.store().setDown(true);
        sim.sleep(Duration.ofMinutes(2));
        assertThat(gauge(WindlassMeter.QUEUE_DUE)).isNaN();
        sim.store().setDown(false);
        sim.sleep(Duration.ofMinutes(2));
        assertThat(gauge(WindlassMeter.QUEUE_DUE)).isEqualTo(1);
        assertThat(gauge(WindlassMeter.QUEUE_AGE)).isGreaterThan(300);
    }

    private static double gauge(WindlassMeter meter) {
        return REGISTRY.get(meter.meterName()).gauge().value();
    }

    private static List<Meter> found(WindlassMeter declared) {
        return REGISTRY.getMeters().stream().filter(meter -> meter.getId().getName().equals(declared.meterName()))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(WindlassMeter.class)
    void meter_everythingHasHappened_isThereAsDeclaredAndHasCounted(WindlassMeter declared) {
        List<Meter> all = found(declared);

        assertThat(all).as(declared.meterName()).isNotEmpty().allSatisfy(meter -> {
            assertThat(meter.getId().getType()).isEqualTo(declared.type());
            assertThat(meter.getId().getBaseUnit()).isEqualTo(declared.unit());
            assertThat(meter.getId().getDescription()).isEqualTo(declared.description());
            assertThat(meter.getId().getTags()).extracting(Tag::getKey)
                    .containsExactlyInAnyOrderElementsOf(declared.tags());
        });
        if (!Set.of(WindlassMeter.RUNNING, WindlassMeter.SCHEDULERS).contains(declared)) { // both are back at zero
            assertThat(all).anySatisfy(meter -> assertThat(meter.measure().iterator().next().getValue()).isPositive());
        }
    }

    @Test
    void running_allHandlersReturnedOrCrashed_isNeverNegative() {
        assertThat(found(WindlassMeter.RUNNING)).isNotEmpty()
                .allSatisfy(meter -> assertThat(((Gauge) meter).value()).isNotNegative());
    }

    @Test
    void registry_everythingHasHappened_noMeterThatIsNotDeclared() {
        Set<String> declared = Arrays.stream(WindlassMeter.values()).map(WindlassMeter::meterName)
                .collect(Collectors.toSet());

        // A simple registry shows buckets as gauges beside the timer.
        assertThat(REGISTRY.getMeters()).extracting(meter -> meter.getId().getName().replaceFirst("\\.histogram$", ""))
                .isSubsetOf(declared);
    }

    /** The same seeds without an observer give the same requests at the same times: to observe costs and changes nothing. */
    @Test
    void histories_withoutObserver_areTheSame() {
        var troubles = new Troubles(null);
        troubles.play();
        new RunTroubles(troubles).play();
        new ScheduleTroubles(troubles).play();

        assertThat(troubles.histories()).hasSizeGreaterThan(15).isEqualTo(observed);
    }

    private static Set<String> values(WindlassMeter meter, String tag) {
        return found(meter).stream().filter(one -> one.measure().iterator().next().getValue() > 0)
                .map(one -> String.valueOf(one.getId().getTag(tag))).collect(Collectors.toSet());
    }

    private static String[] tags(Enum<?>... values) {
        return Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toArray(String[]::new);
    }

    @Test
    void outcomes_everythingHasHappened_allHaveBeenCounted() {
        assertThat(values(WindlassMeter.STORE_REQUESTS, "kind")).containsExactlyInAnyOrder(tags(RequestKind.values()));
        assertThat(values(WindlassMeter.STORE_REQUESTS, "outcome")).containsExactlyInAnyOrder(
                tags(Arrays.stream(RequestOutcome.values()).filter(one -> one != RequestOutcome.ERROR)
                        .toArray(RequestOutcome[]::new)));
        assertThat(values(WindlassMeter.STORE_UNKNOWN, "outcome")).containsExactlyInAnyOrder(tags(UnknownEnd.values()));
        assertThat(values(WindlassMeter.STORE_BYTES, "direction")).containsExactlyInAnyOrder("in", "out");
        assertThat(values(WindlassMeter.SUBMISSIONS, "outcome")).containsExactlyInAnyOrder("created", "duplicate");
        assertThat(values(WindlassMeter.POLLS, "outcome")).containsExactlyInAnyOrder(tags(PollOutcome.values()));
        assertThat(values(WindlassMeter.CLAIMS, "outcome")).containsExactlyInAnyOrder(tags(ClaimOutcome.values()));
        assertThat(values(WindlassMeter.QUEUE_SAMPLES, "outcome")).containsExactlyInAnyOrder("counted", "failed");
        assertThat(values(WindlassMeter.ATTEMPTS, "outcome")).containsExactlyInAnyOrder(tags(AttemptOutcome.values()));
        assertThat(values(WindlassMeter.ATTEMPTS, "state")).containsExactlyInAnyOrder("completed", "failed", "pending",
                "cancelled", "unrecorded");
        assertThat(values(WindlassMeter.TAKEOVERS, "outcome")).containsExactlyInAnyOrder("lost", "timed_out");
        assertThat(values(WindlassMeter.RUNS, "outcome")).containsExactlyInAnyOrder("completed", "failed");
        assertThat(values(WindlassMeter.STEPS, "outcome")).containsExactlyInAnyOrder("succeeded", "failed");
        assertThat(values(WindlassMeter.STEP_TRIES, "outcome"))
                .containsExactlyInAnyOrder(tags(WorkflowListener.TryOutcome.values()));
        assertThat(values(WindlassMeter.FIRINGS, "outcome")).containsExactlyInAnyOrder("fired", "repeated", "missed",
                "skipped", "refused", "failed");
        for (WindlassMeter meter : List.of(WindlassMeter.STEPS, WindlassMeter.STEP_TRIES)) {
            assertThat(values(meter, "place")).containsExactlyInAnyOrder("owner", "fleet");
        }
    }
}
