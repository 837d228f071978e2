package dev.windlass.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.environment.ProcessName;
import dev.windlass.environment.Strand;
import dev.windlass.queue.WorkerHealth;
import org.junit.jupiter.api.Test;

class WorkerProbeTest {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final WorkerHealth WELL = health(true, 0, true, 3, 0);

    private final Time time = new Time();
    private final WorkerProbe probe = new WorkerProbe(time, LEASE);

    /** A clock that stands still, and a thread that looks when it is told to. */
    private static final class Time implements Environment {
        private long nanos;

        void pass(Duration duration) {
            nanos += duration.toNanos();
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public Strand start(String name, Runnable body) {
            return new Strand() {
                @Override
                public void join() {
                    // never started
                }

                @Override
                public boolean join(Duration limit) {
                    return true;
                }

                @Override
                public void interrupt() {
                    // never started
                }

                @Override
                public boolean isAlive() {
                    return false;
                }
            };
        }

        @Override
        public Instant wallTime() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void sleep(Duration duration) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Strand current() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Monitor newMonitor() {
            throw new UnsupportedOperationException();
        }

        @Override
        public RandomGenerator random() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ProcessName process() {
            throw new UnsupportedOperationException();
        }
    }

    private static WorkerHealth health(boolean running, int silent, boolean lease, int attempts, int late) {
        return new WorkerHealth(running, Duration.ofSeconds(silent), lease, attempts, "the heartbeat",
                Duration.ofSeconds(late));
    }

    private void says(WorkerHealth health) {
        probe.watch(() -> health);
    }

    private void assertThatReady(boolean ready, String reason) {
        assertThat(probe.ready().reason()).contains(reason);
        assertThat(probe.ready().well()).isEqualTo(ready);
    }

    private void assertThatLive(boolean live, String reason) {
        assertThat(probe.live().reason()).contains(reason);
        assertThat(probe.live().well()).isEqualTo(live);
    }

    @Test
    void starting_isLiveAndNotReady_untilItTakesTooLong() {
        assertThatLive(true, "starts");
        assertThatReady(false, "starts");
        time.pass(WorkerProbe.LEAST_LATE.plusSeconds(1));
        assertThatLive(false, "has not started");
    }

    @Test
    void allWell_isLiveAndReady() {
        says(WELL);
        assertThatLive(true, "all loops turn");
        assertThatReady(true, "holds a lease");
    }

    @Test
    void idleWithoutALease_isReady() {
        says(health(true, 5, false, 0, 0));
        assertThatReady(true, "idle");
    }

    @Test
    void leaseLostWithHandlersInHand_isLiveAndNotReady() {
        says(health(true, 0, false, 2, 0));
        assertThatReady(false, "lease is lost, and 2 handlers");
        assertThatLive(true, "");
    }

    @Test
    void storeSilent_isLiveAndNotReady() {
        says(health(true, 30, true, 1, 0));
        assertThatReady(true, "");
        says(health(true, 31, true, 1, 120));
        assertThatReady(false, "the store has not answered for 31 s");
        assertThatLive(true, "");
    }

    @Test
    void storeSilent_shortLease_hasFifteenSeconds() {
        var shortLease = new WorkerProbe(time, Duration.ofSeconds(1));
        shortLease.watch(() -> health(true, 15, true, 1, 0));
        assertThat(shortLease.ready().well()).isTrue();
        shortLease.watch(() -> health(true, 16, true, 1, 0));
        assertThat(shortLease.ready().well()).isFalse();
    }

    @Test
    void draining_isLiveAndNotReady() {
        says(health(false, 0, true, 1, 0));
        assertThatReady(false, "drains");
        assertThatLive(true, "");
    }

    @Test
    void loopLate_isNotLive() {
        says(health(true, 0, true, 1, 300));
        assertThatLive(true, "");
        says(health(true, 0, true, 1, 301));
        assertThatLive(false, "the heartbeat is late by 301 s");
    }

    @Test
    void loopLate_longLease_hasTenLeases() {
        var patient = new WorkerProbe(time, Duration.ofMinutes(10));
        patient.watch(() -> health(true, 0, true, 1, 6_000));
        assertThat(patient.live().well()).isTrue();
        patient.watch(() -> health(true, 0, true, 1, 6_001));
        assertThat(patient.live().well()).isFalse();
    }

    /** As when a lock of the worker is never given back. */
    @Test
    void workerDoesNotAnswer_isNotReadySoon_andNotLiveLater() {
        says(WELL);
        time.pass(Duration.ofSeconds(11));
        assertThatReady(false, "does not say how it is for 11 s");
        assertThatLive(true, "");
        time.pass(WorkerProbe.LEAST_LATE);
        assertThatLive(false, "does not say how it is");
    }
}
