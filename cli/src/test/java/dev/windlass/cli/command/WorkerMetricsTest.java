package dev.windlass.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import dev.windlass.Windlass;
import dev.windlass.cli.WindlassProcess;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.TaskType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a worker process says of itself over HTTP, from its start to its end. */
@Timeout(180)
class WorkerMetricsTest {
    private static final TaskType<Integer, Integer> SLEEP = TaskType.of("sleep", Integer.class, Integer.class);
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    /** An answer over HTTP. */
    private record Answer(int code, String type, String body) {}

    private static Answer send(String method, String url) throws IOException {
        var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setConnectTimeout((int) LONG.toMillis());
        connection.setReadTimeout((int) LONG.toMillis());
        connection.setRequestMethod(method);
        int code = connection.getResponseCode();
        try (InputStream in = code < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Answer(code, String.valueOf(connection.getContentType()),
                    in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static String get(String url, int code) throws IOException {
        Answer answer = send("GET", url);
        assertThat(answer.code()).as(url + ": " + answer.body()).isEqualTo(code);
        return answer.body();
    }

    @Test
    void worker_withMetricsPort_showsMetersAndProbesUntilItHasDrained() throws Exception {
        try (var windlass = Windlass.connect("file:" + folder.resolve("store"));
                var worker = WindlassProcess.start(folder, Map.of("WINDLASS_STORE", "file:store"), "worker", "--queue",
                        "q", "--id", "w", "--metrics-port", "0", "--metrics-sample", "1s", "--drain-timeout", "2m")) {
            assertThat(worker.line()).startsWith("worker w started on q");
            String said = worker.line();
            assertThat(said).matches("metrics at http://127\\.0\\.0\\.1:\\d+/metrics, probes at /live and /ready");
            String base = said.substring("metrics at ".length(), said.indexOf("/metrics,"));

            assertThat(get(base + "/live", 200)).isEqualTo("all loops turn\n");
            assertThat(get(base + "/ready", 200)).isEqualTo("idle, needs no lease yet\n");
            assertThat(get(base + "/nothing", 404)).contains("/metrics");
            assertThat(get(base + "/liveness", 404)).contains("/live");
            assertThat(send("POST", base + "/live").code()).isEqualTo(405);
            assertThat(send("HEAD", base + "/live").code()).isEqualTo(200);

            windlass.queue("q").submit(SLEEP, 0).await(LONG);
            windlass.queue("q").submit(SLEEP, 3_600_000,
                    dev.windlass.queue.SubmitOptions.ofDefaults().withDelay(Duration.ofHours(1)));
            Answer metrics = send("GET", base + "/metrics");
            assertThat(metrics.type()).startsWith("text/plain; version=0.0.4");
            assertThat(metrics.body())
                    .contains("windlass_queue_claims_candidates_total{outcome=\"won\",queue=\"q\"} 1")
                    .contains("windlass_task_handler_seconds_count{queue=\"q\",type=\"sleep\"} 1")
                    .contains("windlass_store_requests_seconds_count{kind=\"put\",outcome=\"applied\"}")
                    .contains("windlass_lease_lost_leases_total 0").contains("jvm_memory_used_bytes");
            while (!get(base + "/metrics", 200).contains("windlass_queue_scheduled_tasks{queue=\"q\"} 1.0")) {
                Thread.onSpinWait();
            }

            TaskHandle<Integer> running = windlass.queue("q").submit(SLEEP, 3_600_000);
            while (running.get().status() != TaskStatus.RUNNING) {
                Thread.onSpinWait();
            }
            assertThat(get(base + "/ready", 200)).isEqualTo("holds a lease\n");
            worker.signal("TERM");
            while (send("GET", base + "/ready").code() == 200) {
                Thread.onSpinWait();
            }
            assertThat(get(base + "/ready", 503)).isEqualTo("the worker drains\n");
            assertThat(get(base + "/live", 200)).isEqualTo("all loops turn\n");
            assertThat(running.cancel("it has been seen")).isTrue(); // the drain ends with it, and not by the clock

            assertThat(worker.rest()).singleElement().asString().startsWith("worker w stopped: 1 completed");
            assertThat(worker.exitCode()).isZero();
        }
    }

    @Test
    void worker_json_saysWhereInItsFirstLine() throws Exception {
        try (var worker = WindlassProcess.start(folder, Map.of(), "worker", "--queue", "q", "--store", "file:store",
                "--metrics-port", "0", "--max-idle", "1ms", "--json")) {
            assertThat(worker.line()).startsWith("{\"event\":\"started\"")
                    .matches(".*\"metrics\":\"http://127\\.0\\.0\\.1:\\d+/metrics\".*");
            assertThat(worker.rest()).singleElement().asString().startsWith("{\"event\":\"stopped\"");
            assertThat(worker.exitCode()).isZero();
        }
    }
}
