package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.windlass.Windlass;
import dev.windlass.queue.ClaimOptions;
import dev.windlass.queue.Debounce;
import dev.windlass.queue.PayloadCodec;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskContext;
import dev.windlass.queue.TaskHandle;
import dev.windlass.schema.Schemas;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.RequestCounts;
import org.junit.jupiter.api.Test;

/** The table of docs/queues.md that says what each feature costs is what is counted. */
class FeatureCostTest {
    private static final Duration RTT = Duration.ofMillis(20);
    private static final SimulationOptions STEADY = SimulationOptions.defaults()
            .withStore(StoreOptions.defaults().withLatency(RTT, RTT).withTime(Duration.ofMillis(1), Duration.ZERO));
    private static final SubmitOptions PLAIN = SubmitOptions.ofDefaults()
            .withRetry(RetryPolicy.fixed(3, Duration.ofSeconds(1)));
    private static final SubmitOptions LATER = PLAIN.withDelay(Duration.ofHours(1));
    private static final String LARGE = "x".repeat(300_000);
    /** What is a task's own; a worker's polls, leases and registration are shared by all that it runs. */
    private static final List<String> OWN = List.of("tasks/", "ready/", "payloads/", "progress/", "debounce/",
            "schemas/");

    private final Map<String, RequestCounts> rows = new LinkedHashMap<>();

    /** Two processes, one of which has a worker. */
    private record World(Simulation sim, Site site) {

        void submit(String input, SubmitOptions options) {
            TaskHandle<String> task = site.submit(input, options);
            if (options.delay() == null) {
                sim.runUntil(() -> Site.status(sim, task.id()).equals("COMPLETED"), Duration.ofMinutes(5));
            }
        }
    }

    /** What a handler does. */
    private interface Body {
        String handle(TaskContext task, String input) throws Exception;
    }

    private void countClient(String row, Consumer<World> body) {
        count(row, builder -> {}, (task, input) -> input, world -> {}, body);
    }

    private void countHandler(String row, Body handler) {
        count(row, builder -> {}, handler, world -> {}, world -> world.submit("x", PLAIN));
    }

    private void count(String row, Consumer<Windlass.Builder> settings, Body handler, Consumer<World> before,
            Consumer<World> body) {
        Simulation.run(1, STEADY, sim -> {
            var world = new World(sim, Site.of(sim, sim.actor("p"), settings));
            Site.of(sim, sim.actor("w"), settings).work(handler::handle, builder -> builder.sweeper(false));
            before.accept(world);
            sim.sleep(Duration.ofMinutes(2));
            RequestCounts start = own(sim);
            body.accept(world);
            sim.sleep(Duration.ofSeconds(20));
            rows.put(row, own(sim).minus(start));
        });
    }

    private static RequestCounts own(Simulation sim) {
        RequestCounts all = OWN.stream().map(folder -> sim.store().counts(folder)).reduce(RequestCounts.NONE,
                RequestCounts::plus);
        return new RequestCounts(all.put(), all.get(), 0, all.delete(), 0, 0);
    }

    private void countByHand() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            site.submit("first").cancel("");
            sim.sleep(Duration.ofMinutes(1));
            RequestCounts start = sim.store().counts();
            site.submit("x");
            site.windlass.queue(Site.QUEUE).claim(ClaimOptions.ofDefaults()).getFirst().complete("done");
            sim.sleep(Duration.ofSeconds(20));
            RequestCounts spent = sim.store().counts().minus(start);
            rows.put("worked by hand: claimed and completed, with its listing and its lease",
                    new RequestCounts(spent.put(), spent.get(), spent.list(), spent.delete(), 0, 0));
        });
    }

    private void countAll() {
        countClient("submitted, run, completed", world -> world.submit("x", PLAIN));
        countClient("with priority, tags, parent, expiry, a limit of reschedules, an idempotency key",
                world -> world.submit("x",
                        PLAIN.withPriority(1).withTag("customer", "17").withParent("p-1").withTtl(Duration.ofDays(1))
                                .withMaxReschedules(3).withIdempotencyKey("k")));
        count("input over 256 KiB", builder -> {}, (task, input) -> "short", world -> {},
                world -> world.submit(LARGE, PLAIN));
        countHandler("result over 256 KiB", (task, input) -> LARGE);
        count("input over 256 KiB, compressed to less", builder -> builder.codec(PayloadCodec.gzip()),
                (task, input) -> "short", world -> {}, world -> world.submit(LARGE, PLAIN));
        countHandler("says its progress once", (task, input) -> {
            task.progress(50, "half");
            return input;
        });
        countHandler("prints lines once", (task, input) -> {
            task.print("a line");
            return input;
        });
        countHandler("fails once, and is tried again", (task, input) -> {
            if (task.attempt() == 1) {
                throw new IllegalStateException("not yet");
            }
            return input;
        });
        countHandler("reschedules itself once", (task, input) -> {
            if (task.attempt() == 1) {
                throw task.reschedule(Duration.ofSeconds(1));
            }
            return input;
        });
        count("of a type that is checked by a schema, first in half a minute",
                builder -> builder.check(Schemas.check()), (task, input) -> input,
                world -> Schemas.on(world.site().windlass).publish(Site.ECHO.name(), "true", "true", null),
                world -> world.submit("x", PLAIN));
        countClient("cancelled while it waits", world -> world.site().submit("x", LATER).cancel(""));
        countClient("first of a debounce key",
                world -> world.submit("x", PLAIN.withDebounce(Debounce.unlessWaiting("k"))));
        SubmitOptions kept = LATER.withDebounce(Debounce.unlessWaiting("k"));
        count("a submission that finds one waiting", builder -> {}, (task, input) -> input,
                world -> world.site().submit("x", kept), world -> world.site().submit("y", kept));
        count("a submission that moves the one waiting", builder -> {}, (task, input) -> input,
                world -> world.site().submit("x", kept),
                world -> world.site().submit("y", LATER.withDebounce(Debounce.moveDueTime("k"))));
        SubmitOptions keyed = LATER.withIdempotencyKey("k");
        count("a submission repeated under its key", builder -> {}, (task, input) -> input,
                world -> world.site().submit("x", keyed), world -> world.site().submit("x", keyed));
        countByHand();
    }

    @Test
    void table_ofTheDocuments_isWhatIsCounted() throws IOException {
        countAll();
        var table = new StringBuilder(
                "| a task, or a submission | PUT | GET | LIST | DELETE |\n| --- | --- | --- | --- | --- |\n");
        rows.forEach((row, spent) -> table.append("| ").append(row).append(" | ").append(spent.put()).append(" | ")
                .append(spent.get()).append(" | ").append(spent.list()).append(" | ").append(spent.delete())
                .append(" |\n"));
        assertThat(Files.readString(Path.of("..", "docs", "queues.md"))).as("it is to hold\n" + table)
                .contains(table);
    }
}
