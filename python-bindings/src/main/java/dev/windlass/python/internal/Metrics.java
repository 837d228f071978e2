package dev.windlass.python.internal;

import dev.windlass.Windlass;
import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.metrics.WindlassMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.jspecify.annotations.Nullable;

/** The metrics of this process's connections: of those that were opened after they were enabled. Safe for use by any number of threads. */
public final class Metrics {
    private final Monitor monitor;
    private @Nullable PrometheusMeterRegistry registry;
    private @Nullable WindlassMetrics meters;

    /** @param environment for its lock */
    public Metrics(Environment environment) {
        this.monitor = environment.newMonitor();
    }

    /** Counts from now on. A second call does nothing. */
    public void enable() {
        monitor.lock();
        try {
            if (registry == null) {
                var made = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
                new JvmMemoryMetrics().bindTo(made);
                new JvmThreadMetrics().bindTo(made);
                meters = WindlassMetrics.of(made);
                registry = made;
            }
        } finally {
            monitor.unlock();
        }
    }

    /** Lets a connection be counted, if that is enabled. */
    void addTo(Windlass.Builder builder) {
        monitor.lock();
        try {
            if (meters != null) {
                builder.observer(meters);
            }
        } finally {
            monitor.unlock();
        }
    }

    /** What Prometheus reads; empty if nothing is counted. */
    public String scrape() {
        monitor.lock();
        try {
            return registry == null ? "" : registry.scrape();
        } finally {
            monitor.unlock();
        }
    }
}
