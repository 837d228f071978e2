package dev.windlass.cli.command;

import java.time.Duration;
import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.cli.probe.ProbeServer;
import dev.windlass.cli.probe.WorkerProbe;
import dev.windlass.environment.Environment;
import dev.windlass.metrics.QueueSampler;
import dev.windlass.metrics.WindlassMetrics;
import dev.windlass.queue.Worker;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a worker shows metrics and probes, and where. Without a port nothing is measured. */
final class MetricsOptions {
    @Option(names = "--metrics-port", paramLabel = "N", description = "Show Prometheus metrics at /metrics, and probes at /live and /ready, on this port; 0 for any that is free, which is printed (default: none).")
    private @Nullable Integer port;

    @Option(names = "--metrics-host", paramLabel = "ADDRESS", defaultValue = "127.0.0.1", description = "The address to listen on for that; 0.0.0.0 for all (default: 127.0.0.1).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private String host;

    @Option(names = "--metrics-sample", paramLabel = "D", converter = DurationConverter.class, description = "Count what waits in the queues so often, for the metrics: at least two LIST a queue each time, so one worker is enough (default: not at all).")
    private @Nullable Duration sample;

    private @Nullable PrometheusMeterRegistry registry;
    private @Nullable WindlassMetrics metrics;

    /** Checks what can be checked without the store. */
    void check() {
        if (port != null) {
            ProbeServer.checkPort(port);
        }
        if (sample != null && port == null) {
            throw new InvalidInputException("--metrics-sample is for --metrics-port, which is not given. Give both.");
        }
        if (sample != null && sample.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new InvalidInputException("The interval of --metrics-sample is " + sample + ". Use 1s or more.");
        }
    }

    /** Lets a connection be observed, if that is wanted. */
    void addTo(Windlass.Builder builder) {
        if (port == null) {
            return;
        }
        registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        metrics = WindlassMetrics.of(registry);
        builder.observer(metrics);
    }

    /**
     * Starts to listen, before the worker starts.
     *
     * @param lease the ttl of the worker's lease
     * @return what listens; null if that is not wanted
     */
    @Nullable
    Endpoint listen(Environment environment, Duration lease) {
        PrometheusMeterRegistry scraped = registry;
        if (port == null || scraped == null) {
            return null;
        }
        var probe = new WorkerProbe(environment, lease);
        return new Endpoint(probe, ProbeServer.start(environment, host, port, scraped::scrape, probe));
    }

    /** What listens. */
    final class Endpoint implements AutoCloseable {
        private final WorkerProbe probe;
        private final ProbeServer server;
        private @Nullable QueueSampler sampler;

        private Endpoint(WorkerProbe probe, ProbeServer server) {
            this.probe = probe;
            this.server = server;
        }

        /** The worker has started. */
        void watch(Worker worker, Windlass windlass, List<String> queues) {
            probe.watch(worker::health);
            if (sample != null && metrics != null) {
                sampler = metrics.sampleQueues(windlass, sample, queues);
            }
        }

        /** Where it listens, as {@code http://host:port}. */
        String address() {
            return server.address();
        }

        @Override
        public void close() {
            if (sampler != null) {
                sampler.close();
            }
            probe.close();
            server.close();
        }
    }
}
