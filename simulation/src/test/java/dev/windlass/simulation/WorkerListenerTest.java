package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskContext;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.Worker;
import dev.windlass.queue.WorkerListener;
import dev.windlass.queue.WorkerStats;
import dev.windlass.simulation.workload.Site;
import org.junit.jupiter.api.Test;

/** What a worker's listeners are told. */
class WorkerListenerTest {

    private static final class Recorder implements WorkerListener {
        private final List<String> told = new ArrayList<>();

        @Override
        public void started(String workerId) {
            told.add("started " + workerId);
        }

        @Override
        public void stopped(String workerId, WorkerStats stats) {
            told.add("stopped " + workerId + " after " + stats.ended());
        }

        @Override
        public void succeeded(TaskContext task) {
            told.add("succeeded " + task.attempt());
        }

        @Override
        public void failed(TaskContext task, TaskError error, boolean again) {
            told.add("failed " + task.attempt() + " " + error.message() + (again ? " again" : " for good"));
        }

        @Override
        public void leaseLost(TaskContext task) {
            told.add("lost " + task.attempt());
        }
    }

    @Test
    void listener_lifeOfAWorker_isToldOnceOfEach_alsoAfterOneThatThrows() {
        Simulation.run(1, sim -> {
            var recorder = new Recorder();
            Site site = Site.of(sim, "p");
            Site at = Site.of(sim, "w");
            Worker worker = at.work((task, input) -> switch (input) {
                case "bad" -> throw new PermanentFailure("no");
                case "flaky" -> {
                    if (task.attempt() == 1) {
                        throw new IllegalStateException("once");
                    }
                    yield "fine";
                }
                default -> "fine";
            }, builder -> builder.listener(new WorkerListener() {
                @Override
                public void started(String workerId) {
                    throw new IllegalStateException("a listener of no use");
                }

                @Override
                public void succeeded(TaskContext task) {
                    throw new IllegalStateException("a listener of no use");
                }
            }).listener(recorder));
            SubmitOptions twice = SubmitOptions.ofDefaults().withRetry(RetryPolicy.exponential(2));
            site.submit("good").await(Site.LONG);
            site.submit("flaky", twice).await(Site.LONG);
            TaskHandle<String> bad = site.submit("bad", twice);
            sim.runUntil(() -> Site.status(sim, bad.id()).equals("FAILED"), Duration.ofMinutes(1));
            sim.sleep(Duration.ofSeconds(1));
            worker.close();
            worker.close();
            assertThat(recorder.told).containsExactly("started w", "succeeded 1", "failed 1 once again", "succeeded 2",
                    "failed 1 no for good", "stopped w after 4");
        });
    }

    /** It fails for good by asking for one more, and whoever listens for failures hears of it. */
    @Test
    void listener_oneRescheduleTooMany_isAFailure() {
        Simulation.run(1, sim -> {
            var recorder = new Recorder();
            Site site = Site.of(sim, "p");
            Worker worker = Site.of(sim, "w").work((task, input) -> {
                throw task.reschedule(Duration.ofSeconds(1));
            }, builder -> builder.listener(recorder));
            TaskHandle<String> task = site.submit("x", SubmitOptions.ofDefaults().withMaxReschedules(1));
            sim.runUntil(() -> Site.status(sim, task.id()).equals("FAILED"), Duration.ofMinutes(1));
            sim.sleep(Duration.ofSeconds(1));
            worker.close();
            assertThat(recorder.told).containsExactly("started w",
                    "failed 2 it has been rescheduled 1 times, which is all that it may for good", "stopped w after 2");
        });
    }

    @Test
    void listener_cancelledTask_isNoFailure() {
        Simulation.run(1, sim -> {
            var recorder = new Recorder();
            Site site = Site.of(sim, "p");
            Site at = Site.of(sim, "w");
            Worker worker = at.work(at.sleeper(Duration.ofMinutes(4)), builder -> builder.listener(recorder));
            TaskHandle<String> task = site.submit("x");
            sim.runUntil(() -> Site.status(sim, task.id()).equals("RUNNING"), Duration.ofMinutes(1));
            assertThat(task.cancel("not wanted any more")).isTrue();
            sim.runUntil(() -> Site.status(sim, task.id()).equals("CANCELLED"), Duration.ofMinutes(1));
            sim.sleep(Duration.ofSeconds(1));
            worker.close();
            assertThat(recorder.told).containsExactly("started w", "stopped w after 1");
        });
    }

    @Test
    void listener_leaseLost_isToldOnceForEachAttempt() {
        Simulation.run(1, sim -> {
            var recorder = new Recorder();
            Site site = Site.of(sim, "p");
            Site at = Site.of(sim, "w");
            at.work(at.sleeper(Duration.ofMinutes(4)), builder -> builder.listener(recorder));
            TaskHandle<String> task = site.submit("x");
            sim.runUntil(() -> Site.status(sim, task.id()).equals("RUNNING"), Duration.ofMinutes(1));
            at.actor.pause();
            sim.sleep(Duration.ofMinutes(2));
            assertThat(site.windlass.sweep(false).requeued()).isOne();
            at.actor.resume();
            sim.sleep(Duration.ofSeconds(30));
            assertThat(recorder.told.stream().filter("lost 1"::equals)).hasSize(1);
            assertThat(recorder.told).contains("started w");
        });
    }
}
