package dev.windlass.chaos.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

import dev.windlass.Windlass;
import dev.windlass.WindlassException;
import dev.windlass.chaos.ChaosOptions;
import dev.windlass.chaos.ChaosReport;
import dev.windlass.chaos.FaultCounts;
import dev.windlass.chaos.check.Evidence;
import dev.windlass.chaos.check.OpenTasks;
import dev.windlass.chaos.check.Reconciler;
import dev.windlass.chaos.check.StoreReader;
import dev.windlass.chaos.check.Watcher;
import dev.windlass.queue.AuditReport;

/**
 * One run: starts processes, lets things be done to them, lets all drain, and draws up the account. Used once, by one
 * thread.
 */
public final class ChaosRun {
    /** Short, so that orphans of this very run come of age in it. */
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration END_LIMIT = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(1_500);

    private final ChaosOptions options;
    private final Place place;
    private final FaultCounts counts;
    private final Class<?> main;
    private final Consumer<String> progress;
    private final Path ledgers;
    private final List<String> remarks = Collections.synchronizedList(new ArrayList<>());

    /**
     * A run.
     *
     * @param options how
     * @param place where; closed by whoever opened it
     * @param counts where faults are counted, the place's included
     * @param main the program whose commands {@code worker} and {@code producer} the processes are
     * @param progress told what goes on, in words
     */
    public ChaosRun(ChaosOptions options, Place place, FaultCounts counts, Class<?> main, Consumer<String> progress) {
        this.options = options;
        this.place = place;
        this.counts = counts;
        this.main = main;
        this.progress = progress;
        this.ledgers = options.work().resolve("ledgers");
    }

    /** What a run leaves: the report, and what it rests on. */
    public record Outcome(ChaosReport report, Evidence evidence) {}

    /**
     * Does it all.
     *
     * @throws IOException if processes cannot be started, or ledgers not be read
     */
    public Outcome run() throws IOException, InterruptedException {
        long start = System.nanoTime();
        Files.createDirectories(ledgers);
        Fleet workers = new Fleet("worker", options.workers(), this::worker, place.environment(), options.work());
        Fleet producers = new Fleet("producer", options.producers(), this::producer, place.environment(),
                options.work());
        Thread hook = new Thread(() -> {
            workers.killAll();
            producers.killAll();
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try (var windlass = Windlass.builder().grace(GRACE).connect(place.directUri());
                var reader = new StoreReader(place.directUri())) {
            windlass.initialise(2);
            workers.fill();
            producers.fill();
            workers.awaitReady();
            producers.awaitReady();
            progress.accept(options.workers() + " workers and " + options.producers() + " producers are up; faults for "
                    + options.time().toSeconds() + " s");
            var watch = new Watch(new Watcher(reader, options.seed()));
            new Director(options.seed(), place, workers, producers, options.lease(), counts,
                    remarks::add).run(options.time());
            place.calm();
            progress.accept("faults are off; all is to drain");
            remarks.addAll(producers.close(END_LIMIT));
            AuditReport leftovers = drain(windlass, reader, workers);
            workers.awaitReady();
            remarks.addAll(workers.close(END_LIMIT));
            Watcher watcher = watch.end();
            progress.accept("all processes have ended; the account is drawn up");
            remarks.addAll(workers.selfEnded());
            remarks.addAll(producers.selfEnded());
            Evidence evidence = Evidence.gather(ledgers, reader, watcher, leftovers, windlass.audit(false));
            var report = new ChaosReport(options.seed(), place.family(), (System.nanoTime() - start) / 1e9,
                    counts.all(), place.requests(), workers.started() + producers.started(),
                    Reconciler.reconcile(evidence), remarks);
            return new Outcome(report, evidence);
        } finally {
            workers.killAll();
            producers.killAll();
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    private List<String> worker(String id, int number) {
        var command = new ArrayList<String>(List.of("worker", "--lease", options.lease().toMillis() + "ms"));
        return child(id, command);
    }

    private List<String> producer(String id, int number) {
        var command = new ArrayList<String>(List.of("producer", "--pause", options.pause().toMillis() + "ms", "--seed",
                Long.toString(options.seed() * 1_000 + number)));
        return child(id, command);
    }

    private List<String> child(String id, List<String> command) {
        command.addAll(List.of("--id", id, "--store", place.childUri(), "--ledger", ledgers.toString(), "--grace",
                GRACE.toMillis() + "ms", "--patience", PATIENCE.toMillis() + "ms"));
        return Fleet.java(options.classPath(), main, command);
    }

    /** Waits until nothing is left to do, and no lease but those of the living; clears up what crashes have left. */
    private AuditReport drain(Windlass windlass, StoreReader reader, Fleet workers)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        long end = start + options.drain().toNanos();
        var open = new OpenTasks(reader);
        boolean drained = awaitRest(open, reader, workers, end);
        // Until the youngest leftover is of age: only then it is known for one.
        long grown = start + GRACE.plusSeconds(2).plusMillis(reader.uncertaintyMillis()).toNanos();
        while (System.nanoTime() - grown < 0) {
            Thread.sleep(100);
        }
        AuditReport leftovers = windlass.audit(true);
        drained &= awaitRest(open, reader, workers, end);
        progress.accept((drained ? "drained" : "not drained") + " after "
                + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s; crashes had left "
                + leftovers.findings().size() + " things to clear up");
        return leftovers;
    }

    private static boolean awaitRest(OpenTasks open, StoreReader reader, Fleet workers, long end)
            throws IOException, InterruptedException {
        while (System.nanoTime() - end < 0) {
            workers.fill();
            if (open.movable().isEmpty() && reader.list("leases/").size() <= workers.alive().size()) {
                return true;
            }
            Thread.sleep(500);
        }
        return false;
    }

    /** Looks at the store now and then, on a thread of its own. */
    private static final class Watch {
        private final Watcher watcher;
        private final Thread thread;
        private volatile boolean over;

        Watch(Watcher watcher) {
            this.watcher = watcher;
            this.thread = Thread.ofVirtual().name("watcher").start(this::run);
        }

        private void run() {
            try {
                while (!over) {
                    watcher.look();
                    Thread.sleep(LOOK_EVERY);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (WindlassException e) {
                over = true;
            }
        }

        Watcher end() throws InterruptedException {
            over = true;
            thread.join();
            return watcher;
        }
    }
}
