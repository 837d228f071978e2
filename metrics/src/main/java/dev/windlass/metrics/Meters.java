package dev.windlass.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/** The declared meters in one registry, found by their tags' values; nothing else is ever registered. */
final class Meters {
    /** Tags whose values are names that applications choose. */
    private static final Set<String> NAMED = Set.of("queue", "type", "kind");

    private record Series(WindlassMeter meter, List<String> values) {}

    private final MeterRegistry registry;
    private final Map<Series, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();
    private final Map<Series, AtomicInteger> levels = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> names = new ConcurrentHashMap<>();

    Meters(MeterRegistry registry) {
        this.registry = registry;
        NAMED.forEach(tag -> names.put(tag, ConcurrentHashMap.newKeySet()));
    }

    Counter counter(WindlassMeter meter, String... values) {
        return find(counters, new Series(meter, List.of(values)),
                series -> Counter.builder(checked(meter, Meter.Type.COUNTER)).description(meter.description())
                        .baseUnit(meter.unit()).tags(tags(series)).register(registry));
    }

    Timer timer(WindlassMeter meter, String... values) {
        return find(timers, new Series(meter, List.of(values)),
                series -> Timer.builder(checked(meter, Meter.Type.TIMER)).description(meter.description())
                        .serviceLevelObjectives(meter.buckets().toArray(Duration[]::new)).tags(tags(series))
                        .register(registry));
    }

    /** A gauge that goes up and down by what is added. */
    AtomicInteger level(WindlassMeter meter, String... values) {
        return find(levels, new Series(meter, List.of(values)), series -> {
            var level = new AtomicInteger();
            gauge(meter, level::get, values);
            return level;
        });
    }

    /** A gauge that asks. */
    Gauge gauge(WindlassMeter meter, DoubleSupplier value, String... values) {
        return Gauge.builder(checked(meter, Meter.Type.GAUGE), value, DoubleSupplier::getAsDouble)
                .description(meter.description()).baseUnit(meter.unit())
                .tags(tags(new Series(meter, List.of(values)))).strongReference(true).register(registry);
    }

    /** Looks first: what is there already takes no lock. */
    private static <K, V> V find(Map<K, V> all, K key, Function<K, V> make) {
        V found = all.get(key);
        return found == null ? all.computeIfAbsent(key, make) : found;
    }

    void remove(Meter meter) {
        registry.remove(meter);
    }

    /**
     * A value for a tag: itself, or {@value WindlassMetrics#OTHER} once there are too many.
     *
     * @param tag one of those whose values are names that applications choose
     */
    String name(String tag, String value) {
        Set<String> known = names.getOrDefault(tag, Set.of());
        if (known.contains(value)) {
            return value;
        }
        // Several threads at once may let a few more in.
        if (known.size() >= WindlassMetrics.NAMES) {
            return WindlassMetrics.OTHER;
        }
        known.add(value);
        return value;
    }

    private static String checked(WindlassMeter meter, Meter.Type type) {
        if (meter.type() != type) {
            throw new IllegalArgumentException(meter + " is declared as a " + meter.type() + ", not as a " + type);
        }
        return meter.meterName();
    }

    private static Tags tags(Series series) {
        List<String> keys = series.meter().tags();
        if (keys.size() != series.values().size()) {
            throw new IllegalArgumentException(series.meter() + " has the tags " + keys + ", not "
                    + series.values().size());
        }
        var pairs = new ArrayList<String>();
        for (int i = 0; i < keys.size(); i++) {
            pairs.add(keys.get(i));
            pairs.add(series.values().get(i));
        }
        return Tags.of(pairs.toArray(String[]::new));
    }
}
