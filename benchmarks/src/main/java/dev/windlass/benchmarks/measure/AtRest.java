package dev.windlass.benchmarks.measure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import dev.windlass.Windlass;
import dev.windlass.WindlassException;
import dev.windlass.benchmarks.CountedStrands;
import dev.windlass.cli.JavaCommand;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.Worker;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.EngineClaim;
import dev.windlass.queue.spi.EngineHandler;
import dev.windlass.queue.spi.EngineOutcome;
import dev.windlass.queue.spi.EngineTaskSpec;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.RequestCounts;

/** What a worker takes that has nothing to do, and what runs take that wait. */
final class AtRest implements Measure {
    private static final Duration TO_START = Duration.ofSeconds(60);
    private static final Duration TO_PARK = Duration.ofMinutes(30);
    /** What has a cleaner, such as a closed file, is gone only with the collection after the one that has found it. */
    private static final int COLLECTIONS = 3;
    private static final String QUEUE = "rest";
    private static final String TYPE = "windlass-parks";

    @Override
    public String name() {
        return "rest";
    }

    @Override
    public String title() {
        return "10. The command's worker at rest on an empty queue; and 10,000 parked runs, file: fast";
    }

    @Override
    public List<Figure> run(Scene scene) throws InterruptedException {
        var figures = new ArrayList<Figure>();
        idleProcess(scene, figures);
        parkedRuns(scene, figures);
        return figures;
    }

    private static void idleProcess(Scene scene, List<Figure> figures) throws InterruptedException {
        String uri = scene.fresh(StoreKind.FAST);
        List<String> command = JavaCommand.of(List.of("-Xmx1g"), List.of("worker", "--queue", QUEUE, "--store", uri));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException e) {
            throw new WindlassException("A worker process cannot be started: " + e.getMessage(), e);
        }
        try (ObjectStore store = scene.open(uri)) {
            long end = scene.environment().nanoTime() + TO_START.toNanos();
            while (store.list("workers/", null, 1).entries().isEmpty()) {
                if (!process.isAlive() || scene.environment().nanoTime() > end) {
                    throw new WindlassException("The idle worker does not start.");
                }
                scene.environment().sleep(Duration.ofMillis(100));
            }
            scene.environment().sleep(Duration.ofSeconds(scene.size(30, 1)));
            Duration span = Duration.ofSeconds(scene.size(60, 2));
            double before = cpuSeconds(process);
            scene.environment().sleep(span);
            double spent = cpuSeconds(process) - before;
            figures.add(new Figure("idle worker: CPU of a core", 100 * spent / span.toSeconds(), "%",
                    Target.atMost(0.5)));
            figures.add(new Figure("idle worker: resident memory", resident(process), "MiB", Target.atMost(150)));
            figures.add(Figure.of("idle worker: heap used", heap(process), "MiB"));
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static double cpuSeconds(Process process) {
        return process.info().totalCpuDuration()
                .orElseThrow(() -> new WindlassException("This system does not say what CPU time a process took."))
                .toNanos() / 1e9;
    }

    private static double resident(Process process) {
        try {
            return number("VmRSS:\\s+(\\d+) kB",
                    Files.readString(Path.of("/proc", String.valueOf(process.pid()), "status"))) / 1024;
        } catch (IOException e) {
            throw new WindlassException("This system does not say what memory a process takes.", e);
        }
    }

    private static double heap(Process process) throws InterruptedException {
        try {
            String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            Process asked = new ProcessBuilder(jcmd, String.valueOf(process.pid()), "GC.heap_info")
                    .redirectErrorStream(true).start();
            String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            asked.waitFor();
            Matcher used = Pattern.compile("total.*?used (\\d+)K").matcher(said);
            double kilobytes = 0;
            while (used.find()) {
                kilobytes += Double.parseDouble(used.group(1));
            }
            if (kilobytes == 0) {
                throw new WindlassException("jcmd does not say what heap the worker uses: " + said);
            }
            return kilobytes / 1024;
        } catch (IOException e) {
            throw new WindlassException("jcmd cannot be run: " + e.getMessage(), e);
        }
    }

    private static double number(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new WindlassException("There is no " + pattern + " in: " + text);
        }
        return Double.parseDouble(matcher.group(1));
    }

    /** Parks at once, until a wake key comes, which never does. */
    private static final class Parks implements EngineHandler {
        @Override
        public EngineOutcome execute(EngineClaim claim) {
            claim.announcePark();
            return new EngineOutcome.Park(null);
        }

        @Override
        public EngineOutcome finalise(EngineClaim claim) {
            return new EngineOutcome.Cancel("not reached");
        }
    }

    private static void parkedRuns(Scene scene, List<Figure> figures) throws InterruptedException {
        var environment = new CountedStrands();
        try (Windlass windlass = Windlass.builder().environment(environment)
                .connect(scene.fresh(StoreKind.FAST));
                Worker worker = windlass.worker().queue(QUEUE).concurrency(64).engine(TYPE, new Parks()).start()) {
            int few = scene.size(500, 50);
            int many = scene.size(10_000, 300);
            park(environment, windlass, worker, 0, few);
            Duration rest = Duration.ofSeconds(scene.size(60, 3));
            Rest before = rest(environment, windlass, rest);
            park(environment, windlass, worker, few, few + many);
            Rest after = rest(environment, windlass, rest);
            figures.add(new Figure(Figure.number(many) + " parked runs: heap for each",
                    (double) (after.heap - before.heap) / many, "bytes", Target.atMost(100)));
            figures.add(new Figure(Figure.number(many) + " parked runs: threads more", after.strands - before.strands,
                    "", Target.atMost(0)));
            RequestCounts spent = after.requests;
            // A worker reads its own lease once a minute, in one of two minutes perhaps not and perhaps twice.
            figures.add(new Figure(Figure.number(many) + " parked runs: GET in " + rest.toSeconds() + " s; before them "
                    + before.requests.get(), (double) spent.get(), "", Target.atMost(before.requests.get() + 1.0)));
            figures.add(Figure.of(Figure.number(many) + " parked runs: PUT (heartbeats) in " + rest.toSeconds() + " s",
                    (double) spent.put(), ""));
            figures.add(Figure.of(Figure.number(many) + " parked runs: LIST (polls, sweeps) in " + rest.toSeconds()
                    + " s; before them " + before.requests.list(), (double) spent.list(), ""));
        }
    }

    private record Rest(long heap, int strands, RequestCounts requests) {}

    /** What is held and asked while nothing happens, after the last poll interval has grown to its longest. */
    private static Rest rest(CountedStrands environment, Windlass windlass, Duration span)
            throws InterruptedException {
        environment.sleep(Duration.ofSeconds(Math.min(15, span.toSeconds())));
        RequestCounts before = windlass.requests();
        environment.sleep(span);
        RequestCounts spent = windlass.requests().minus(before);
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            environment.sleep(Duration.ofMillis(100));
        }
        return new Rest(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), environment.live(), spent);
    }

    private static void park(CountedStrands environment, Windlass windlass, Worker worker, int from, int to)
            throws InterruptedException {
        EngineAccess engine = windlass.engine();
        List<Integer> numbers = IntStream.range(from, to).boxed().toList();
        NaiveWorker.inParallel(environment, 64, numbers,
                i -> engine.submit(new EngineTaskSpec(engine.deriveTaskId("rest", "run " + i), QUEUE, TYPE,
                        engine.json().createObjectNode(), 5, RetryPolicy.ofDefaults(), null)));
        long end = environment.nanoTime() + TO_PARK.toNanos();
        while (worker.stats().requeued() < to || worker.stats().running() > 0) {
            if (environment.nanoTime() > end) {
                throw new WindlassException("Not all runs have parked within " + TO_PARK + ".");
            }
            environment.sleep(Duration.ofMillis(20));
        }
    }
}
