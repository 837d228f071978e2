package dev.windlass.environment;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The real environment. The only class of the queue that touches the system's time, threads and randomness. */
enum SystemEnvironment implements Environment {
    INSTANCE;

    private static final Logger LOG = LoggerFactory.getLogger(SystemEnvironment.class);

    @Override
    public Instant wallTime() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration.isNegative() ? Duration.ZERO : duration);
    }

    @Override
    public Strand start(String name, Runnable body) {
        return new ThreadStrand(Thread.ofVirtual().name(name).uncaughtExceptionHandler(
                (thread, failure) -> LOG.error("thread {} ended by an unexpected failure", thread.getName(), failure))
                .start(body));
    }

    @Override
    public Strand current() {
        return new ThreadStrand(Thread.currentThread());
    }

    @Override
    public Monitor newMonitor() {
        return new LockMonitor();
    }

    @Override
    public RandomGenerator random() {
        return SharedRandom.INSTANCE;
    }

    /** Every call goes to the calling thread's own generator, seeded by the system. */
    private enum SharedRandom implements RandomGenerator {
        INSTANCE;

        @Override
        public long nextLong() {
            return ThreadLocalRandom.current().nextLong();
        }
    }

    private record ThreadStrand(Thread thread) implements Strand {
        @Override
        public void join() throws InterruptedException {
            thread.join();
        }

        @Override
        public boolean join(Duration limit) throws InterruptedException {
            return thread.join(limit);
        }

        @Override
        public void interrupt() {
            thread.interrupt();
        }

        @Override
        public boolean isAlive() {
            return thread.isAlive();
        }
    }

    @Override
    public ProcessName process() {
        return new ProcessName(host(), ProcessHandle.current().pid());
    }

    private static String host() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return name.length() > 60 ? name.substring(0, 60) : name;
        } catch (UnknownHostException e) {
            return "host";
        }
    }

    private static final class LockMonitor implements Monitor {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();

        @Override
        public void lock() {
            lock.lock();
        }

        @Override
        public void unlock() {
            lock.unlock();
        }

        @Override
        @SuppressWarnings("WaitNotInLoop") // the caller loops
        public void await() throws InterruptedException {
            changed.await();
        }

        @Override
        @SuppressWarnings("WaitNotInLoop") // the caller loops
        public boolean await(Duration limit) throws InterruptedException {
            return changed.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public void signalAll() {
            changed.signalAll();
        }
    }
}
