package dev.windlass.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

import dev.windlass.Windlass;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.TaskType;
import dev.windlass.schedule.Cron;
import dev.windlass.schedule.Schedule;
import dev.windlass.schedule.ScheduleOptions;
import dev.windlass.schedule.ScheduleTarget;
import dev.windlass.schedule.SchedulerOptions;
import dev.windlass.schedule.Schedules;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Real processes that fire one schedule, and are killed by SIGKILL again and again: each second is fired once. */
class KilledSchedulersTest {
    private static final TaskType<JsonNode, String> TICK = TaskType.of("tick", JsonNode.class, String.class);
    private static final int KILLS = 5;
    /** Firings between two kills. */
    private static final int PACE = 3;

    @TempDir
    private Path folder;

    private final Map<String, Process> running = new TreeMap<>();

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : running.values()) {
            process.destroyForcibly().waitFor();
        }
    }

    private String store() {
        return "file:" + folder.resolve("store") + "?fsync=false";
    }

    private void start(String name) throws IOException {
        running.put(name, new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                FiringProcess.class.getName(), store(), name).redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start());
    }

    @Test
    @Timeout(240)
    void fire_twoProcessesKilledInTurn_eachSecondIsFiredOnceAndNoneIsMissing() throws Exception {
        try (var windlass = Windlass.connect(store())) {
            Schedules schedules = Schedules.on(windlass);
            Instant first = schedules.create("tick", Cron.parse("* * * * * ?"), ZoneOffset.UTC,
                    ScheduleTarget.task("ticks", TICK, JsonNodeFactory.instance.objectNode()).withFireTime("at"),
                    ScheduleOptions.ofDefaults().withMisfireAfter(Duration.ofHours(1))).upcoming(1).getFirst();
            start("p0");
            start("p1");
            for (int kill = 0; kill < KILLS; kill++) {
                long wanted = schedules.get("tick").counts().fired() + PACE;
                await(() -> schedules.get("tick").counts().fired() >= wanted);
                String victim = holder(windlass);
                Process killed = Objects.requireNonNull(running.remove(victim), "the holder of the lease, " + victim);
                killed.destroyForcibly().waitFor(); // SIGKILL
                start("p" + (kill + 2));
            }
            long wanted = schedules.get("tick").counts().fired() + PACE;
            await(() -> schedules.get("tick").counts().fired() >= wanted);
            Schedule paused = schedules.pause("tick");
            await(() -> ticks(windlass).stream().allMatch(task -> task.status() == TaskStatus.COMPLETED)
                    && ticks(windlass).size() >= paused.counts().fired());

            var seconds = new ArrayList<Instant>();
            ticks(windlass).forEach(task -> seconds.add(OffsetDateTime.parse(String.valueOf(task.input() == null
                    ? null
                    : task.input().path("at").asString())).toInstant()));
            seconds.sort(null);
            var expected = new ArrayList<Instant>();
            for (Instant time = first; time.isBefore(paused.upcoming(1).getFirst()); time = time.plusSeconds(1)) {
                expected.add(time);
            }
            assertThat(seconds).isEqualTo(expected).hasSize((int) paused.counts().fired());
            assertThat(paused.counts().missed() + paused.counts().skipped() + paused.counts().refused()).isZero();
            System.out.println("Fired " + seconds.size() + " seconds, once each, past " + KILLS + " kills.");
        }
    }

    private static List<TaskInfo> ticks(Windlass windlass) {
        return windlass.find(task -> task.type().equals(TICK.name()), 100_000);
    }

    private static String holder(Windlass windlass) {
        var lease = windlass.engine().documents().read("scheduler/lease.json");
        return lease == null ? "" : JsonText.MAPPER.readTree(lease.body()).path("holder").asString("");
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
            if (Thread.currentThread().isInterrupted()) { // by the test's time limit
                throw new AssertionError("what was waited for has not come");
            }
        }
    }

    /** A worker with a scheduler, until it is killed. */
    static final class FiringProcess {
        private FiringProcess() {
        }

        public static void main(String[] args) throws InterruptedException {
            var windlass = Windlass.connect(args[0]);
            Schedules.on(windlass)
                    .worker(windlass.worker().queue("ticks").id(args[1])
                            .lease(Duration.ofSeconds(3), Duration.ofSeconds(1)).handle(TICK, (task, input) -> "tock"),
                            SchedulerOptions.ofDefaults().withLook(Duration.ofMillis(300)))
                    .start();
            Thread.sleep(Duration.ofMinutes(4)); // then by itself
            System.exit(1);
        }
    }
}
