package dev.windlass.simulation.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import dev.windlass.simulation.SimulationFailure;

/** Many seeds, one after the other on each of some threads, until they are all played, time is over, or one fails. */
public final class Campaign {
    private final long from;
    private final long to;
    private final int jobs;
    private final int mostFailures;
    private final long deadline;
    private final AtomicLong next;
    private final AtomicLong played = new AtomicLong();
    private final AtomicLong steps = new AtomicLong();
    private final List<SimulationFailure> failures = new ArrayList<>();
    private final long start = System.nanoTime();
    private final Duration processorBefore = processorTime();

    private Campaign(long from, long to, int jobs, Duration limit, int mostFailures) {
        this.from = from;
        this.to = to;
        this.jobs = jobs;
        this.mostFailures = mostFailures;
        this.deadline = start + limit.toNanos();
        this.next = new AtomicLong(from);
    }

    /**
     * What was played.
     *
     * @param histories how many
     * @param steps how often a scheduler chose a thread
     * @param time how long it took
     * @param processor how much processor time the whole process spent meanwhile, its compiler and collector included
     * @param jobs on how many threads
     * @param failures what failed, at most as many as were allowed
     */
    public record Report(long histories, long steps, Duration time, Duration processor, int jobs,
            List<SimulationFailure> failures) {

        /** Histories a second of processor time: what one core does that has nothing else to do. */
        public double perProcessorSecond() {
            return histories * 1e9 / Math.max(1, processor.toNanos());
        }

        @Override
        public String toString() {
            return String.format(java.util.Locale.ROOT,
                    "%,d histories of ten tasks or some runs each in %,d s on %d threads: %.0f a second of processor time;"
                            + " %d failed",
                    histories, time.toSeconds(), jobs, perProcessorSecond(), failures.size());
        }
    }

    /**
     * Plays seeds.
     *
     * @param from the first
     * @param count how many at most
     * @param jobs on how many threads
     * @param limit for how long at most
     * @param mostFailures ends after so many failures, 1 or more
     * @param progress told the count of histories about every ten seconds, on one of the threads
     */
    public static Report play(long from, long count, int jobs, Duration limit, int mostFailures,
            Consumer<Report> progress) throws InterruptedException {
        var campaign = new Campaign(from, from + count, jobs, limit, mostFailures);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < jobs; i++) {
            boolean reports = i == 0;
            threads.add(Thread.ofPlatform().name("seeds-" + i)
                    .start(() -> campaign.work(reports ? progress : report -> {})));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return campaign.report();
    }

    private Report report() {
        synchronized (failures) {
            return new Report(played.get(), steps.get(), Duration.ofNanos(System.nanoTime() - start),
                    processorTime().minus(processorBefore), jobs, List.copyOf(failures));
        }
    }

    private static Duration processorTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private void work(Consumer<Report> progress) {
        long reported = System.nanoTime();
        while (System.nanoTime() < deadline && !isOver()) {
            long seed = next.getAndIncrement();
            if (seed < from || seed >= to) {
                return;
            }
            try {
                steps.addAndGet(Histories.play(seed).steps());
            } catch (SimulationFailure failure) {
                synchronized (failures) {
                    if (failures.size() < mostFailures) {
                        failures.add(failure);
                    }
                }
            }
            played.incrementAndGet();
            if (System.nanoTime() - reported > 10_000_000_000L) {
                reported = System.nanoTime();
                progress.accept(report());
            }
        }
    }

    private boolean isOver() {
        synchronized (failures) {
            return failures.size() >= mostFailures;
        }
    }
}
