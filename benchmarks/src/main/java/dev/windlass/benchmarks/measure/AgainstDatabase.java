package dev.windlass.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.windlass.WindlassException;
import dev.windlass.cli.bench.BenchResult;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * Against what one would use where there is a database: db-scheduler on PostgreSQL, on the same disk, in turns. Both submit
 * each task durably by itself, 64 at once, and run 64 at once. What differs: a finished task's row is deleted there, while
 * its object with result and history is kept here; there a task costs two or three commits, which the database forces to
 * disk in groups.
 */
final class AgainstDatabase implements Measure {
    private static final int CONCURRENCY = 64;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String TABLE = """
            create table scheduled_tasks (
              task_name text not null,
              task_instance text not null,
              task_data bytea,
              execution_time timestamp with time zone not null,
              picked boolean not null,
              picked_by text,
              last_success timestamp with time zone,
              last_failure timestamp with time zone,
              consecutive_failures int,
              last_heartbeat timestamp with time zone,
              version bigint not null,
              priority smallint,
              primary key (task_name, task_instance)
            );
            create index execution_time_idx on scheduled_tasks (execution_time);
            create index last_heartbeat_idx on scheduled_tasks (last_heartbeat);
            """;

    @Override
    public String name() {
        return "database";
    }

    @Override
    public String title() {
        return "Beside db-scheduler 16 on PostgreSQL 17, both durable, on the same disk; 64 at once, medians";
    }

    @Override
    public List<Figure> run(Scene scene) throws InterruptedException {
        int tasks = scene.size(2000, 100);
        var database = new ArrayList<Double>();
        var ours = new ArrayList<Double>();
        var fast = new ArrayList<Double>();
        try (EmbeddedPostgres postgres = postgres(scene.directory().resolve("postgres"));
                HikariDataSource pool = pool(postgres)) {
            createTable(pool);
            once(scene, pool, Math.min(tasks, 500)); // warm
            for (int round = 0; round < scene.size(5, 1); round++) {
                scene.say("against the database, round " + (round + 1));
                database.add(once(scene, pool, tasks));
                ours.add(rate(scene, StoreKind.DURABLE, tasks));
                fast.add(rate(scene, StoreKind.FAST, tasks));
            }
        } catch (IOException e) {
            throw new WindlassException("PostgreSQL cannot be started: " + e.getMessage(), e);
        }
        return List.of(
                Figure.of("db-scheduler on PostgreSQL, fsync on: submitted and run", Scene.median(database), "tasks/s"),
                Figure.of("Windlass on file: durable: submitted and run", Scene.median(ours), "tasks/s"),
                Figure.of("Windlass on file: fast, which forces nothing to disk", Scene.median(fast), "tasks/s"),
                Figure.of("Windlass durable ÷ db-scheduler", Scene.median(ours) / Scene.median(database), ""));
    }

    private static double rate(Scene scene, StoreKind kind, int tasks) throws InterruptedException {
        BenchResult result = scene.bench(scene.fresh(kind), tasks, CONCURRENCY, 1, Duration.ZERO, 0);
        return result.tasksPerSecond();
    }

    /** By default the embedded server is for tests, and does not wait for the disk. */
    private static EmbeddedPostgres postgres(Path directory) throws IOException {
        return EmbeddedPostgres.builder().setDataDirectory(directory).setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on").setServerConfig("full_page_writes", "on").start();
    }

    private static HikariDataSource pool(EmbeddedPostgres postgres) {
        var config = new HikariConfig();
        config.setDataSource(postgres.getPostgresDatabase());
        config.setMaximumPoolSize(CONCURRENCY + 8);
        return new HikariDataSource(config);
    }

    private static void createTable(HikariDataSource pool) {
        try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
        } catch (SQLException e) {
            throw new WindlassException("The table of db-scheduler cannot be made: " + e.getMessage(), e);
        }
    }

    private static double once(Scene scene, HikariDataSource pool, int tasks) throws InterruptedException {
        var done = new AtomicInteger();
        OneTimeTask<Integer> task = Tasks.oneTime("bench", Integer.class)
                .execute((instance, context) -> done.incrementAndGet());
        Scheduler scheduler = Scheduler.create(pool, task).threads(CONCURRENCY).pollUsingLockAndFetch(0.5, 4.0)
                .pollingInterval(Duration.ofMillis(100)).build();
        long start = scene.environment().nanoTime();
        Instant now = scene.environment().wallTime();
        NaiveWorker.inParallel(scene.environment(), CONCURRENCY, IntStream.range(0, tasks).boxed().toList(),
                i -> scheduler.scheduleIfNotExists(task.instance("task-" + i, i), now));
        scheduler.start();
        try {
            while (done.get() < tasks || !scheduler.getCurrentlyExecuting().isEmpty()) {
                if (scene.environment().nanoTime() - start > LIMIT.toNanos()) {
                    throw new WindlassException("db-scheduler has run " + done.get() + " of " + tasks
                            + " tasks within " + LIMIT + ".");
                }
                scene.environment().sleep(Duration.ofMillis(1));
            }
            return tasks / ((scene.environment().nanoTime() - start) / 1e9);
        } finally {
            scheduler.stop();
        }
    }
}
