package dev.windlass.chaos.process;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

import dev.windlass.chaos.Fault;
import dev.windlass.chaos.FaultCounts;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does things to processes, drawn by a seed: each kind once in the beginning, in random order, then any. Some take a while,
 * and go on while the next ones come.
 */
final class Director {
    private static final Logger LOG = LoggerFactory.getLogger(Director.class);
    private static final Duration TERM_LIMIT = Duration.ofSeconds(60);
    private static final List<Fault> OF_PROCESSES = List.of(Fault.KILL_WORKER, Fault.KILL_PRODUCER, Fault.STOP_WORKER,
            Fault.STOP_PRODUCER, Fault.TERM_WORKER, Fault.TERM_PRODUCER, Fault.RESTART_SERVER);

    private final Random random;
    private final Place place;
    private final Fleet workers;
    private final Fleet producers;
    private final Duration lease;
    private final FaultCounts counts;
    private final List<Fault> first;
    private final List<Thread> underWay = new ArrayList<>();
    private final Consumer<String> remark;
    private @Nullable Thread restart;

    Director(long seed, Place place, Fleet workers, Fleet producers, Duration lease, FaultCounts counts,
            Consumer<String> remark) {
        this.remark = remark;
        this.random = new Random(seed);
        this.place = place;
        this.workers = workers;
        this.producers = producers;
        this.lease = lease;
        this.counts = counts;
        this.first = new ArrayList<>(OF_PROCESSES.stream().filter(place::allows).toList());
        Collections.shuffle(first, random);
        // What takes longest comes first, so that it has happened by the end of a short run.
        first.remove(Fault.STOP_WORKER);
        first.addFirst(Fault.STOP_WORKER);
    }

    /**
     * Goes on for so long, and keeps the fleets filled; longer, up to four times, until each kind has happened, since a
     * machine may be slow. Everything that was begun has ended on return.
     */
    void run(Duration time) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long next = start;
        while (System.nanoTime() - start < time.toNanos()
                || (!missing().isEmpty() && System.nanoTime() - start < 4 * time.toNanos())) {
            if (first.isEmpty() && System.nanoTime() - start >= time.toNanos()) {
                first.addAll(missing());
            }
            if (System.nanoTime() - next >= 0) {
                strike();
                next = System.nanoTime() + Duration.ofMillis(1_000 + random.nextInt(2_000)).toNanos();
            }
            Thread.sleep(200);
            workers.fill();
            producers.fill();
        }
        for (Thread thread : underWay) {
            thread.join();
        }
        workers.fill();
        producers.fill();
    }

    private void strike() {
        Fault fault = first.isEmpty() ? drawn() : first.getFirst();
        boolean begun = switch (fault) {
            case KILL_WORKER -> on(workers, fault, true, Child::kill);
            case KILL_PRODUCER -> on(producers, fault, true, Child::kill);
            case TERM_WORKER -> on(workers, fault, true, this::end);
            case TERM_PRODUCER -> on(producers, fault, true, this::end);
            case STOP_WORKER -> on(workers, fault, false, pause(lease.multipliedBy(5).dividedBy(4)));
            case STOP_PRODUCER -> on(producers, fault, false, pause(Duration.ofSeconds(1)));
            default -> restartServer();
        };
        if (begun) {
            first.remove(fault);
        }
    }

    private List<Fault> missing() {
        return OF_PROCESSES.stream().filter(fault -> place.allows(fault) && counts.of(fault) == 0).toList();
    }

    private Fault drawn() {
        Fault fault = OF_PROCESSES.get(random.nextInt(OF_PROCESSES.size()));
        return place.allows(fault) ? fault : Fault.KILL_WORKER;
    }

    /** What is done to a process; true if it has really happened. */
    @FunctionalInterface
    private interface Deed {
        boolean on(Child child) throws IOException, InterruptedException;
    }

    private Deed pause(Duration least) {
        Duration time = least.plusMillis(random.nextInt((int) lease.toMillis()));
        return child -> child.stop(time);
    }

    private boolean end(Child child) throws InterruptedException {
        if (child.terminate(TERM_LIMIT)) {
            return true;
        }
        boolean killed = child.isAlive() && child.kill();
        remark.accept(child.id()
                + (killed
                        ? " did not end within " + TERM_LIMIT + " after SIGTERM: "
                        : " did not end well after SIGTERM: ")
                + child.lastWords());
        return false;
    }

    private boolean on(Fleet fleet, Fault fault, boolean ends, Deed deed) {
        Child child = fleet.borrow(random);
        if (child == null) {
            return false;
        }
        underWay.add(Thread.ofVirtual().name(fault + "-" + child.id()).start(() -> {
            try {
                if (deed.on(child)) {
                    counts.add(fault);
                }
            } catch (IOException e) {
                LOG.warn("{} of {} failed", fault, child.id(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                fleet.giveBack(child, ends);
            }
        }));
        return true;
    }

    private boolean restartServer() {
        Thread before = restart;
        if (before != null && before.isAlive()) {
            return false;
        }
        Duration down = Duration.ofMillis(200 + random.nextInt(4_000));
        Thread now = Thread.ofVirtual().name("restart").start(() -> {
            try {
                place.restart(down);
                counts.add(Fault.RESTART_SERVER);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.warn("the server could not be started again", e);
            }
        });
        restart = now;
        underWay.add(now);
        return true;
    }
}
