package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;

import dev.windlass.InvalidInputException;
import dev.windlass.TaskNotFoundException;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskOutput;
import dev.windlass.queue.TaskProgress;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.RequestCounts;
import org.junit.jupiter.api.Test;

/** What handlers say of their work: when it is written, what it costs, and that no task's fate hangs on it. */
class ProgressTest {
    private static final Duration RTT = Duration.ofMillis(20);
    private static final SimulationOptions STEADY = SimulationOptions.defaults()
            .withStore(StoreOptions.defaults().withLatency(RTT, RTT).withTime(Duration.ofMillis(1), Duration.ZERO));

    @Test
    void progress_ofARunningHandler_isSeenWithinSeconds_andItsLastWordStays() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            Site at = Site.of(sim, "w");
            at.work((task, input) -> {
                for (int i = 0; i < 60; i++) {
                    task.progress(i, "part " + i);
                    task.count("rows", 10);
                    task.print("line " + i);
                    at.actor.environment().sleep(Duration.ofSeconds(1));
                }
                task.progress(100, null);
                return input;
            });
            TaskHandle<String> task = site.submit("x");
            assertThat(task.progress()).isNull();
            assertThat(task.output()).isEqualTo(new TaskOutput(0, 0, java.util.List.of()));
            sim.sleep(Duration.ofSeconds(30));
            TaskProgress seen = Objects.requireNonNull(task.progress());
            assertThat(Objects.requireNonNull(seen.percent())).isBetween(20.0, 30.0);
            assertThat(seen.message()).startsWith("part 2");
            assertThat(seen.workerId()).isEqualTo("w");
            TaskOutput first = task.output();
            assertThat(first.lines()).hasSizeBetween(20, 30).startsWith("line 0", "line 1");

            task.await(Site.LONG);
            assertThat(task.progress()).satisfies(last -> {
                assertThat(last.percent()).isEqualTo(100);
                assertThat(last.message()).isNull();
                assertThat(last.counters()).isEqualTo(Map.of("rows", 600L));
                assertThat(last.lines()).isEqualTo(60);
            });
            var all = new ArrayList<>(first.lines());
            all.addAll(task.output(first).lines());
            assertThat(all).hasSize(60).startsWith("line 0").endsWith("line 59");
            assertThat(task.output().lines()).isEqualTo(all);
            assertThat(site.info(task.id()).history()).as("nothing of it stands in the task").hasSize(3);
        });
    }

    @Test
    void progress_costsAPutEachFiveSecondsWhileMoreIsSaid_twoWithLines_andNothingWhenNothingIs() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            Site at = Site.of(sim, "w");
            at.work((task, input) -> {
                if (input.equals("silent")) {
                    return input;
                }
                for (int i = 0; i < 6000; i++) {
                    task.progress(i / 60.0, null);
                    if (input.equals("lines")) {
                        task.print("line");
                    }
                    at.actor.environment().sleep(Duration.ofMillis(10));
                }
                return input;
            }, builder -> builder.sweeper(false).lease(Duration.ofHours(1), Duration.ofMinutes(20)));
            puts(sim, site, "silent"); // the first one initialises the store
            assertThat(puts(sim, site, "silent")).isEqualTo(puts(sim, site, "silent"));
            long silent = puts(sim, site, "silent");
            assertThat(puts(sim, site, "percent") - silent).isBetween(11L, 13L);
            assertThat(puts(sim, site, "lines") - silent).isBetween(22L, 26L);
        });
    }

    private static long puts(Simulation sim, Site site, String input) throws InterruptedException {
        RequestCounts before = sim.store().counts();
        site.submit(input).await(Site.LONG);
        sim.sleep(Duration.ofSeconds(10));
        return sim.store().counts().minus(before).put();
    }

    @Test
    void progress_shortTask_isWrittenOnceBeforeItsEnd() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            var keys = new ArrayList<String>();
            sim.store().onRequest(request -> {
                if (request.kind() == RequestKind.PUT && request.actor().equals("w")) {
                    keys.add(request.key().replaceAll("/.*", ""));
                }
            });
            Site.of(sim, "w").work((task, input) -> {
                task.progress(10, "begun");
                task.progress(90, "nearly");
                return input;
            });
            TaskHandle<String> task = site.submit("x");
            task.await(Site.LONG);
            assertThat(Objects.requireNonNull(task.progress()).percent()).isEqualTo(90);
            assertThat(keys.subList(keys.indexOf("tasks"), keys.size())).startsWith("tasks", "progress", "tasks");
            assertThat(keys.stream().filter("progress"::equals)).hasSize(1);
        });
    }

    @Test
    void progress_thatTheStoreRefuses_isLeftOut_andTheTaskCompletes() {
        Simulation.run(1, STEADY, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site site = Site.of(sim, "p");
            sim.store().inject(1000, Fault.of(Fault.Kind.REFUSED_403),
                    request -> request.is(RequestKind.PUT, "progress/"));
            Site at = Site.of(sim, "w");
            at.work((task, input) -> {
                for (int i = 0; i < 30; i++) {
                    task.progress(i, null);
                    task.print("lost");
                    at.actor.environment().sleep(Duration.ofSeconds(1));
                }
                return "done";
            });
            TaskHandle<String> task = site.submit("x");
            assertThat(task.await(Site.LONG)).isEqualTo("done");
            assertThat(Site.events(sim, task.id())).containsExactly("submitted", "claimed", "completed");
            assertThat(task.progress()).isNull();
        });
    }

    @Test
    void progress_ofAHolderThatHasLostItsClaim_replacesNothingOfTheNextAttempts() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            Site first = Site.of(sim, "w1");
            first.work((task, input) -> {
                task.progress(1, "first");
                while (!Thread.currentThread().isInterrupted()) {
                    first.actor.environment().sleep(Duration.ofSeconds(1));
                    task.progress(99, "from the dead");
                }
                return input;
            });
            TaskHandle<String> task = site.submit("x");
            sim.sleep(Duration.ofSeconds(20));
            assertThat(Objects.requireNonNull(task.progress()).attempt()).isEqualTo(1);
            first.actor.pause();
            sim.sleep(Duration.ofMinutes(2));
            site.windlass.sweep(false);
            Site.of(sim, "w2").work((again, input) -> {
                again.progress(50, "second");
                return input;
            });
            task.await(Site.LONG);
            first.actor.resume();
            sim.sleep(Duration.ofMinutes(1));
            assertThat(task.progress()).satisfies(progress -> {
                assertThat(progress.attempt()).isEqualTo(2);
                assertThat(progress.message()).isEqualTo("second");
                assertThat(progress.workerId()).isEqualTo("w2");
            });
        });
    }

    @Test
    void print_moreThanIsKept_isCountedAndLeftOut_andLongLinesAreCut() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            Site.of(sim, "w").work((task, input) -> {
                task.print("one\ntwo\n");
                task.print("");
                task.print("ä".repeat(10_000));
                for (int i = 0; i < 1000; i++) {
                    task.print("x".repeat(8_000));
                }
                task.print("short");
                task.progress(100, "m".repeat(1_001));
                return input;
            });
            TaskHandle<String> task = site.submit("x");
            task.await(Site.LONG);
            TaskProgress progress = Objects.requireNonNull(task.progress());
            assertThat(progress.lines()).isBetween(500L, 530L);
            assertThat(progress.lines() + progress.linesLeftOut()).isEqualTo(1005);
            assertThat(progress.message()).isEqualTo("m".repeat(1_000));
            TaskOutput output = task.output();
            assertThat(output.lines()).hasSize((int) progress.lines()).startsWith("one", "two", "",
                    "ä".repeat(8192) + "…").as("the rest is left out without gaps").doesNotContain("short");
        });
    }

    @Test
    void print_manyBytes_areWrittenAtOnce() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            Site at = Site.of(sim, "w");
            at.work((task, input) -> {
                for (int i = 0; i < 10; i++) {
                    task.print("x".repeat(7_000));
                }
                at.actor.environment().sleep(Duration.ofMinutes(1));
                return input;
            });
            TaskHandle<String> task = site.submit("x");
            sim.runUntil(() -> Site.status(sim, task.id()).equals("RUNNING"), Duration.ofMinutes(1));
            sim.sleep(Duration.ofSeconds(1));
            assertThat(task.output().lines()).hasSize(10);
        });
    }

    /** What is said is said with the next write, and lines that are lost are counted as such. */
    @Test
    void progress_thatTheStoreRefusesOnce_isSaidLater_itsLinesAreCounted_andReplaceNoOthers() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            sim.store().inject(Fault.of(Fault.Kind.REFUSED_403), request -> request.is(RequestKind.PUT, "progress/"));
            Site at = Site.of(sim, "w");
            at.work((task, input) -> {
                task.progress(10, "begun");
                if (input.equals("lines")) {
                    task.print("one\ntwo");
                }
                at.actor.environment().sleep(Duration.ofSeconds(8));
                if (input.equals("lines")) {
                    task.print("three");
                }
                return input;
            });
            TaskHandle<String> silent = site.submit("silent");
            silent.await(Site.LONG);
            assertThat(Objects.requireNonNull(silent.progress()).percent()).isEqualTo(10);

            sim.store().inject(Fault.of(Fault.Kind.REFUSED_403), request -> request.is(RequestKind.PUT, "progress/"));
            TaskHandle<String> task = site.submit("lines");
            task.await(Site.LONG);
            assertThat(task.progress()).satisfies(progress -> {
                assertThat(progress.percent()).isEqualTo(10);
                assertThat(progress.lines()).isOne();
                assertThat(progress.linesLeftOut()).isEqualTo(2);
            });
            assertThat(task.output().lines()).containsExactly("three");
            assertThat(task.output().parts()).as("the lost part keeps its number").isEqualTo(2);
        });
    }

    /** Nobody waits for it as for the task's own writes. */
    @Test
    void progress_storeThatHangs_holdsTheEndUpForSecondsOnly() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            sim.store().inject(1_000, Fault.of(Fault.Kind.UNAVAILABLE_503),
                    request -> request.is(RequestKind.PUT, "progress/"));
            Site.of(sim, "w").work((task, input) -> {
                task.progress(50, null);
                return input;
            });
            TaskHandle<String> task = site.submit("x");
            Duration begin = sim.elapsed();
            assertThat(task.await(Site.LONG)).isEqualTo("x");
            assertThat(sim.elapsed().minus(begin)).isLessThan(Duration.ofSeconds(10));
        });
    }

    @Test
    void output_ofTheNextAttempt_beginsAtItsFirstLine() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            Site at = Site.of(sim, "w");
            at.work((task, input) -> {
                for (int i = 0; i < 4; i++) {
                    task.print("attempt " + task.attempt() + " line " + i);
                    at.actor.environment().sleep(Duration.ofSeconds(6));
                }
                if (task.attempt() == 1) {
                    throw new IllegalStateException("again");
                }
                return input;
            });
            TaskHandle<String> task = site.submit("x");
            sim.sleep(Duration.ofSeconds(20));
            TaskOutput first = task.output();
            assertThat(first.lines()).isNotEmpty().allMatch(line -> line.startsWith("attempt 1"));
            task.await(Site.LONG);
            assertThat(task.output(first).lines()).containsExactly("attempt 2 line 0", "attempt 2 line 1",
                    "attempt 2 line 2", "attempt 2 line 3");
        });
    }

    /** A thread of the handler's own may go on for longer than it. */
    @Test
    void progress_saidAfterTheEnd_isNotWritten() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            Site at = Site.of(sim, "w");
            at.work((task, input) -> {
                task.progress(50, "half");
                at.actor.start("late", () -> {
                    at.actor.environment().sleep(Duration.ofSeconds(20));
                    task.progress(99, "from beyond");
                });
                return input;
            });
            TaskHandle<String> task = site.submit("x");
            task.await(Site.LONG);
            RequestCounts before = sim.store().counts("progress/");
            sim.sleep(Duration.ofMinutes(1));
            assertThat(sim.store().counts("progress/")).isEqualTo(before);
            assertThat(Objects.requireNonNull(task.progress()).percent()).isEqualTo(50);
        });
    }

    @Test
    void badInput_isRefused() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            var refused = new ArrayList<String>();
            Site.of(sim, "w").work((task, input) -> {
                for (double percent : new double[]{-1, 100.5, Double.NaN}) {
                    assertThatThrownBy(() -> task.progress(percent, null)).isInstanceOf(InvalidInputException.class);
                }
                assertThatThrownBy(() -> task.count("", 1)).isInstanceOf(InvalidInputException.class);
                for (int i = 0; i < 50; i++) {
                    task.count("c" + i, 1);
                }
                task.count("c0", 1);
                assertThatThrownBy(() -> task.count("one more", 1)).isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("50 counters already");
                refused.add(input);
                return input;
            });
            site.submit("x").await(Site.LONG);
            assertThat(refused).hasSize(1);
            assertThatThrownBy(() -> site.handle("none").progress()).isInstanceOf(TaskNotFoundException.class);
            assertThatThrownBy(() -> site.handle("none").output()).isInstanceOf(TaskNotFoundException.class);
        });
    }
}
