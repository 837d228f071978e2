package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.windlass.queue.Debounce;
import dev.windlass.queue.PayloadCodec;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskContext;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.queue.spi.EngineClaim;
import dev.windlass.queue.spi.EngineHandler;
import dev.windlass.queue.spi.EngineOutcome;
import dev.windlass.queue.spi.EngineTaskSpec;
import dev.windlass.schedule.Cron;
import dev.windlass.schedule.MisfirePolicy;
import dev.windlass.schedule.OverlapPolicy;
import dev.windlass.schedule.ScheduleOptions;
import dev.windlass.schedule.Scheduler;
import dev.windlass.schedule.SchedulerOptions;
import dev.windlass.schedule.Schedules;
import dev.windlass.schedule.TaskTarget;
import dev.windlass.schema.Schemas;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.StoredObject;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is really written to a store has the fields that docs/protocol.md names, no more and no fewer: a run in which every
 * kind of object takes every form. The text itself is checked in queue-core.
 */
class ProtocolBodiesTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Path TEXT = Path.of("..", "docs", "protocol.md");
    private static final TaskType<String, String> MAIL = TaskType.of("send-mail", String.class, String.class);
    private static final String QUEUE = "emails";
    private static final String BROKEN = "nobody@example.org";
    private static final String LATER = "soon@example.org";
    private static final String SLOW = "all@example.org";
    private static final byte[] POISON = Site.bytes("{\"not\": \"a task\"");
    private static final SubmitOptions OPTIONS = SubmitOptions.ofDefaults()
            .withRetry(RetryPolicy.fixed(2, Duration.ofSeconds(1)));
    private static final Map<String, String> KINDS = Map.ofEntries(Map.entry("store", "meta/store"),
            Map.entry("checked", "meta/checked"), Map.entry("task", "tasks/"), Map.entry("lease", "leases/"),
            Map.entry("worker", "workers/"), Map.entry("dead", "dead/"), Map.entry("pauses", "meta/pauses/"),
            Map.entry("schedule", "schedules/"), Map.entry("scheduler", "scheduler/"),
            Map.entry("progress", "progress/"),
            Map.entry("debounce", "debounce/"), Map.entry("schema", "schemas/"));
    /** What users put in: not the protocol's. */
    private static final Set<String> VALUES = Set.of("input", "output", "tags", "types", "target.input", "counters");

    private final Map<String, Set<String>> written = new TreeMap<>();

    @Test
    void bodies_ofALifeWithEverything_haveTheFieldsOfTheText() throws IOException {
        Simulation.run(1, this::live);
        String text = Files.readString(TEXT);
        assertThat(written.keySet()).isEqualTo(KINDS.keySet());
        written.forEach((kind, paths) -> assertThat(paths).as("fields of the object \"" + kind + '"')
                .isEqualTo(fields(text, kind)));
    }

    private void live(Simulation sim) throws InterruptedException {
        sim.store().onChange(key -> note(sim, key));
        Site site = Site.of(sim, sim.actor("p"), builder -> builder.grace(Duration.ofMinutes(2)));
        TaskHandle<String> plain = submit(site, "ada@example.org", OPTIONS.withIdempotencyKey("order 17"));
        TaskHandle<String> large = submit(site, "all " + "x".repeat(300_000), OPTIONS);
        TaskHandle<String> broken = submit(site, BROKEN, OPTIONS);
        TaskHandle<String> slow = submit(site, SLOW, OPTIONS);
        String poison = submit(site, "poison", OPTIONS).id();
        sim.store().plant(Site.taskKey(sim, poison), POISON);
        sim.store().plant("ready/emails/5/1893456000000-01b8dac5-b500-7000-8000-000000000017.1.aaaaaaaaaaaaaaaa",
                new byte[0]);
        String run = site.windlass.engine().deriveTaskId("run", "report 7");
        site.windlass.engine().submit(new EngineTaskSpec(run, QUEUE, "report", MAPPER.readTree("{\"n\":7}"), 5,
                RetryPolicy.none(), null));

        Site at = Site.of(sim, sim.actor("w"), builder -> builder.grace(Duration.ofMinutes(2)).startCheck(true));
        at.windlass.worker().queue(QUEUE).id("mailer-1").handle(MAIL, (task, input) -> handle(at, task, input))
                .engine("report", new Parks()).start();
        sim.runUntil(() -> Site.status(sim, slow.id()).equals("RUNNING"), Site.LONG);
        site.windlass.queue(QUEUE).cancel(slow.id(), "not needed", "ada");
        for (TaskHandle<String> handle : List.of(plain, large, broken, slow)) {
            sim.runUntil(() -> Set.of("COMPLETED", "FAILED", "CANCELLED").contains(Site.status(sim, handle.id())),
                    Site.LONG);
        }
        site.windlass.engine().wake(run, QUEUE, 5, Instant.ofEpochMilli(1_893_456_001_000L), "g2");
        submit(site, LATER, OPTIONS.withTtl(Duration.ofHours(1)).withMaxReschedules(5).withTag("customer", "17")
                .withParent(slow.id()));
        submit(site, "keyed", OPTIONS.withIdempotencyKey("order 19").withIdempotencyTtl(Duration.ofDays(30)));
        submit(site, "debounced", OPTIONS.withDelay(Duration.ofHours(1)).withDebounce(Debounce.unlessWaiting("burst")));
        site.windlass.queue("paused").pause("the provider is down", "ada");
        site.windlass.queue("paused").pauseType("report", "wrong figures", "ada");
        submit(site, SLOW, OPTIONS);
        sim.sleep(Duration.ofSeconds(20));
        assertThat(Site.task(sim, run).path("attempt").asInt()).isEqualTo(2);
        encoded(sim);
        Schemas.on(site.windlass).publish("copy", "true", "true", "ada");
        Schemas.on(site.windlass).delete("copy");
        schedules(sim, site);
        at.actor.crash();
        sim.sleep(Duration.ofMinutes(5));
        site.windlass.sweep(true);
        assertThat(Site.status(sim, "01b8dac5-b500-7000-8000-000000000017")).isEqualTo("TOMBSTONE");
    }

    /** An input and a result that are compressed. */
    private static void encoded(Simulation sim) throws InterruptedException {
        Site site = Site.of(sim, sim.actor("z"), builder -> builder.codec(PayloadCodec.gzip()));
        TaskType<String, String> copy = TaskType.of("copy", String.class, String.class);
        TaskHandle<String> task = site.windlass.queue("zipped").submit(copy, "again ".repeat(1_000));
        try (Worker worker = site.windlass.worker().queue("zipped").handle(copy, (given, input) -> input).start()) {
            task.await(Site.LONG);
            assertThat(worker.stats().failed()).isZero();
        }
    }

    /** Schedules of all policies, with firings of all kinds. */
    private static void schedules(Simulation sim, Site site) throws InterruptedException {
        Schedules schedules = Schedules.on(site.windlass);
        ScheduleOptions options = ScheduleOptions.ofDefaults().withStartAt(sim.now())
                .withEndAt(sim.now().plus(Duration.ofDays(1))).withMisfire(MisfirePolicy.catchUp(2))
                .withMisfireAfter(Duration.ofSeconds(1));
        for (OverlapPolicy overlap : OverlapPolicy.values()) {
            schedules.create(overlap.name(), Cron.parse("0/5 * * * * ?"), ZoneOffset.UTC,
                    TaskTarget.of("nobody works here", "tick", Map.of()).withFireTime("at"),
                    options.withOverlap(overlap));
        }
        sim.sleep(Duration.ofSeconds(30));
        try (Scheduler scheduler = schedules.scheduler(SchedulerOptions.ofDefaults())) {
            sim.sleep(Duration.ofSeconds(30));
        }
        schedules.trigger("ALLOW");
        schedules.pause("ALLOW");
        schedules.resume("ALLOW");
        schedules.delete("ALLOW");
    }

    private static TaskHandle<String> submit(Site site, String input, SubmitOptions options) {
        return site.windlass.queue(QUEUE).submit(MAIL, input, options);
    }

    private static String handle(Site at, TaskContext task, String input) throws InterruptedException {
        if (input.equals(LATER) && task.attempt() == 1) {
            throw task.reschedule(Duration.ofSeconds(1));
        }
        if (input.equals(BROKEN)) {
            throw new IllegalStateException("no such address");
        }
        if (input.equals(SLOW)) {
            at.actor.environment().sleep(Duration.ofMinutes(4));
        }
        task.progress(50, "sending");
        task.count("mails", 1);
        task.print("x".repeat(8_000));
        for (int i = 0; i < 600; i++) {
            task.print("y".repeat(8_000)); // more than is kept
        }
        return "sent to " + input;
    }

    private static final class Parks implements EngineHandler {
        @Override
        public EngineOutcome execute(EngineClaim claim) {
            claim.acknowledgeWake();
            claim.announcePark();
            return new EngineOutcome.Park(null);
        }

        @Override
        public EngineOutcome finalise(EngineClaim claim) {
            return new EngineOutcome.Cancel("not reached");
        }
    }

    private void note(Simulation sim, String key) {
        StoredObject object = sim.store().peek(key);
        if (object == null || Arrays.equals(object.body(), POISON)) {
            return;
        }
        KINDS.forEach((kind, prefix) -> {
            if (key.startsWith(prefix) && !key.endsWith(".log")) {
                collect("", MAPPER.readTree(object.body()), written.computeIfAbsent(kind, k -> new TreeSet<>()));
            }
        });
    }

    /** The paths of all fields: {@code retry.jitter}, {@code history[].at}. */
    private static void collect(String path, JsonNode node, Set<String> paths) {
        if (node.isObject()) {
            node.properties().forEach(field -> {
                String at = path.isEmpty() ? field.getKey() : path + '.' + field.getKey();
                paths.add(at);
                if (!VALUES.contains(at)) {
                    collect(at, field.getValue(), paths);
                }
            });
        } else if (node.isArray()) {
            node.forEach(element -> collect(path + "[]", element, paths));
        }
    }

    /** The first column of the table behind the marker {@code <!-- fields: kind -->}. */
    private static Set<String> fields(String text, String kind) {
        var fields = new TreeSet<String>();
        int start = text.indexOf("<!-- fields: " + kind + " -->");
        assertThat(start).as("the table of the fields of \"" + kind + '"').isNotNegative();
        int end = text.indexOf("\n\n", start);
        Matcher rows = Pattern.compile("(?m)^\\| `([^`]+)` \\|").matcher(text.substring(start, end));
        while (rows.find()) {
            fields.add(rows.group(1));
        }
        return fields;
    }
}
