package dev.windlass.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

import dev.windlass.Windlass;
import dev.windlass.WindlassException;
import dev.windlass.environment.Environment;
import dev.windlass.environment.Strand;
import dev.windlass.queue.QueueStats;
import dev.windlass.queue.TaskQueue;
import io.micrometer.core.instrument.Meter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples queues until it is closed; see {@link WindlassMetrics#sampleQueues}. Close it before the connection. Safe for use
 * by any number of threads.
 */
public final class QueueSampler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueSampler.class);
    /** Of one priority level. */
    private static final int KEYS_COUNTED = 10_000;

    private final Meters meters;
    private final Environment environment;
    private final Duration every;
    private final List<Sampled> queues = new ArrayList<>();
    private final List<Meter> gauges = new ArrayList<>();
    private @Nullable Strand strand;
    private volatile boolean closed;

    QueueSampler(Meters meters, Windlass windlass, Duration every, Collection<String> names) {
        this.meters = meters;
        this.environment = windlass.engine().environment();
        this.every = every;
        for (String name : new LinkedHashSet<>(names)) {
            queues.add(new Sampled(windlass.queue(name)));
        }
    }

    /** A queue, and what was last seen of it. */
    private final class Sampled {
        private final TaskQueue queue;
        private final String tag;
        private volatile double due = Double.NaN;
        private volatile double scheduled = Double.NaN;
        private volatile double age = Double.NaN;

        Sampled(TaskQueue queue) {
            this.queue = queue;
            this.tag = meters.name("queue", queue.name());
            gauges.add(meters.gauge(WindlassMeter.QUEUE_DUE, () -> due, tag));
            gauges.add(meters.gauge(WindlassMeter.QUEUE_SCHEDULED, () -> scheduled, tag));
            gauges.add(meters.gauge(WindlassMeter.QUEUE_AGE, () -> age, tag));
        }

        void sample() {
            try {
                QueueStats stats = queue.stats(KEYS_COUNTED);
                Duration oldest = stats.oldestDue();
                due = stats.due();
                scheduled = stats.scheduled();
                age = oldest == null ? 0 : oldest.toNanos() / 1e9;
                meters.counter(WindlassMeter.QUEUE_SAMPLES, tag, "counted").increment();
            } catch (WindlassException e) {
                if (closed) {
                    return; // it was interrupted
                }
                due = Double.NaN;
                scheduled = Double.NaN;
                age = Double.NaN;
                meters.counter(WindlassMeter.QUEUE_SAMPLES, tag, "failed").increment();
                LOG.warn("queue {}: it could not be sampled, and is tried again in {}: {}", queue.name(), every,
                        e.getMessage());
            }
        }
    }

    QueueSampler start() {
        strand = environment.start("windlass-sample", this::run);
        return this;
    }

    private void run() {
        try {
            while (true) {
                for (Sampled queue : queues) {
                    queue.sample();
                }
                environment.sleep(every);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the sampling, and takes the gauges away; waits for a sample under way. A second call does nothing. */
    @Override
    public void close() {
        closed = true;
        Strand running = strand;
        if (running != null) {
            running.interrupt();
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        gauges.forEach(meters::remove);
    }
}
