package dev.windlass.chaos.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import dev.windlass.cli.JavaCommand;
import org.jspecify.annotations.Nullable;

/**
 * The processes of one role: keeps their number up, and lends them to whoever wants to do something to one. Safe for use by
 * any number of threads.
 */
final class Fleet {
    private static final Duration READY_LIMIT = Duration.ofMinutes(4);
    private static final int SELF_ENDED_LIMIT = 20;

    private final String role;
    private final int size;
    private final CommandLine commandLine;
    private final Map<String, String> environment;
    private final Path folder;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Child> running = new ArrayList<>();
    private final Set<Child> lent = new HashSet<>();
    private final Set<Child> expectedToEnd = new HashSet<>();
    private final List<String> selfEnded = new ArrayList<>();
    private int started;
    private boolean closed;

    /** What a process of this fleet is to run. */
    @FunctionalInterface
    interface CommandLine {
        /**
         * Its arguments.
         *
         * @param id its name
         * @param number how many have been started before it, from 0
         */
        List<String> arguments(String id, int number);
    }

    Fleet(String role, int size, CommandLine commandLine, Map<String, String> environment, Path folder) {
        this.role = role;
        this.size = size;
        this.commandLine = commandLine;
        this.environment = Map.copyOf(environment);
        this.folder = folder;
    }

    /** The command line of a process of this program. */
    static List<String> java(String classPath, Class<?> main, List<String> arguments) {
        return JavaCommand.of(classPath, main, List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                arguments);
    }

    /** Starts others in place of those that have ended. */
    void fill() throws IOException {
        lock.lock();
        try {
            for (Child child : List.copyOf(running)) {
                if (!child.isAlive() && !lent.contains(child)) {
                    running.remove(child);
                    if (!expectedToEnd.remove(child)) {
                        selfEnded.add(child.id() + " ended with exit code " + child.exitCode() + ": "
                                + child.lastWords());
                    }
                }
            }
            if (selfEnded.size() > SELF_ENDED_LIMIT) {
                throw new IOException("Too many processes ended by themselves. The last one: " + selfEnded.getLast());
            }
            while (!closed && running.size() < size) {
                String id = role + "-" + (started + 1);
                running.add(Child.start(id, commandLine.arguments(id, started), environment, folder));
                started++;
            }
        } finally {
            lock.unlock();
        }
    }

    void awaitReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + READY_LIMIT.toNanos();
        while (!isReady()) {
            if (System.nanoTime() - end > 0) {
                throw new IOException("The processes of role " + role + " were not ready within " + READY_LIMIT
                        + ". One said: " + lastWords());
            }
            TimeUnit.MILLISECONDS.sleep(100);
            fill();
        }
    }

    private String lastWords() {
        lock.lock();
        try {
            return running.isEmpty() ? String.join("; ", selfEnded) : running.getLast().lastWords();
        } finally {
            lock.unlock();
        }
    }

    /** Whether all are up and work, and nobody does anything to one. */
    boolean isReady() {
        lock.lock();
        try {
            return running.size() == size && lent.isEmpty() && running.stream().allMatch(Child::isReady);
        } finally {
            lock.unlock();
        }
    }

    /** One that works and that nobody has borrowed, or null. To be given back. */
    @Nullable
    Child borrow(Random random) {
        lock.lock();
        try {
            List<Child> free = running.stream().filter(child -> child.isReady() && !lent.contains(child)).toList();
            if (free.isEmpty()) {
                return null;
            }
            Child child = free.get(random.nextInt(free.size()));
            lent.add(child);
            return child;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives one back.
     *
     * @param ended whether it was made to end
     */
    void giveBack(Child child, boolean ended) {
        lock.lock();
        try {
            lent.remove(child);
            if (ended) {
                expectedToEnd.add(child);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The ids of those that live. */
    List<String> alive() {
        lock.lock();
        try {
            return running.stream().filter(Child::isAlive).map(Child::id).toList();
        } finally {
            lock.unlock();
        }
    }

    /** How many were started in all. */
    int started() {
        lock.lock();
        try {
            return started;
        } finally {
            lock.unlock();
        }
    }

    /** Those that ended though nobody made them, with their last words. */
    List<String> selfEnded() {
        lock.lock();
        try {
            return List.copyOf(selfEnded);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tells all to end, and waits for that.
     *
     * @return what is to be said of those that did not, or not well
     */
    List<String> close(Duration limit) throws InterruptedException {
        List<Child> left;
        lock.lock();
        try {
            closed = true;
            for (Child child : running) {
                if (child.isAlive() && !child.isReady()) {
                    child.kill(); // it has done nothing yet, and does not listen to signals either
                }
            }
            left = running.stream().filter(Child::isAlive).toList();
        } finally {
            lock.unlock();
        }
        var failures = new ArrayList<String>();
        var threads = new ArrayList<Thread>();
        for (Child child : left) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    if (!child.terminate(limit)) {
                        String how = child.isAlive() ? "did not end within " + limit : "ended with " + child.exitCode();
                        lock.lock();
                        try {
                            failures.add(child.id() + " " + how + " after SIGTERM: " + child.lastWords());
                        } finally {
                            lock.unlock();
                        }
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return failures;
    }

    /** Kills all that live. */
    void killAll() {
        lock.lock();
        try {
            closed = true;
            for (Child child : running) {
                if (child.isAlive()) {
                    try {
                        child.kill();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
