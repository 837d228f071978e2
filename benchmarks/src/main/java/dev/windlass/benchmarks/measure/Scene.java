package dev.windlass.benchmarks.measure;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.windlass.cli.bench.BenchPlan;
import dev.windlass.cli.bench.BenchResult;
import dev.windlass.cli.bench.BenchRun;
import dev.windlass.environment.Environment;
import dev.windlass.s3.server.VersityServer;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.ObjectStores;
import dev.windlass.store.StoreSettings;
import org.jspecify.annotations.Nullable;

/** Where measures are taken, and how much of them: gives out stores that nobody has used before. */
public final class Scene implements AutoCloseable {
    private static final int REQUESTS_AT_ONCE = 1024;

    private final Environment environment;
    private final Path directory;
    private final boolean small;
    private final PrintWriter progress;
    private int stores;
    private @Nullable VersityServer server;

    /**
     * @param environment time and threads
     * @param directory where {@code file:} stores go; deleted by whoever made it
     * @param small whether to measure a little only, to see that all of it works
     * @param progress told what goes on
     */
    public Scene(Environment environment, Path directory, boolean small, PrintWriter progress) {
        this.environment = environment;
        this.directory = directory;
        this.small = small;
        this.progress = progress;
    }

    Environment environment() {
        return environment;
    }

    Path directory() {
        return directory;
    }

    /** The number for this scene's size. */
    int size(int whenFull, int whenSmall) {
        return small ? whenSmall : whenFull;
    }

    /** The kinds of stores of this scene: a small one starts no server. */
    List<StoreKind> kinds(StoreKind... wanted) {
        return List.of(wanted).stream().filter(kind -> !small || kind != StoreKind.S3).toList();
    }

    /** A store that nobody has used before. */
    String fresh(StoreKind kind) {
        String name = "store-" + ++stores;
        return switch (kind) {
            case MEMORY -> "mem:";
            case FAST -> "file:" + directory.resolve(name) + "?fsync=false";
            case DURABLE -> "file:" + directory.resolve(name);
            case S3 -> server().storeUri(server().newBucket(), name).toString();
        };
    }

    private VersityServer server() {
        VersityServer running = server;
        if (running == null) {
            running = VersityServer.start();
            server = running;
        }
        return running;
    }

    /** The environment variables that a process needs to reach the server, if there is one. */
    Map<String, String> variables() {
        VersityServer running = server;
        return running == null ? Map.of() : running.environment();
    }

    ObjectStore open(String uri) {
        return ObjectStores.open(uri, new StoreSettings(environment, REQUESTS_AT_ONCE, Map.of()));
    }

    /** Submits and drains, in this process or in several; see {@code windlass bench}. */
    BenchResult bench(String uri, int tasks, int concurrency, int processes, Duration latency, int batch)
            throws InterruptedException {
        return new BenchRun(environment, new BenchPlan(uri, tasks, concurrency, processes, false, latency, batch,
                Math.min(tasks, 500))).run();
    }

    /** The same by processes of their own, however many, each of which has run as many tasks before. */
    BenchResult benchApart(String uri, int tasks, int concurrency, int processes, Duration latency)
            throws InterruptedException {
        return new BenchRun(environment, new BenchPlan(uri, tasks, concurrency, processes, true, latency, 0, tasks))
                .run();
    }

    void say(String what) {
        progress.println("windlass-bench: " + what);
        progress.flush();
    }

    static double median(List<Double> values) {
        return percentile(values, 50);
    }

    /** By nearest rank. */
    static double percentile(List<Double> values, int percent) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.max(1, (int) Math.ceil(sorted.size() * percent / 100.0)) - 1);
    }

    @Override
    public void close() {
        VersityServer running = server;
        if (running != null) {
            running.close();
        }
    }
}
