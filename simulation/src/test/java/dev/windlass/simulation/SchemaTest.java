package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.windlass.InvalidInputException;
import dev.windlass.TaskFailedException;
import dev.windlass.WindlassException;
import dev.windlass.queue.ClaimOptions;
import dev.windlass.queue.ClaimedTask;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.TypeRef;
import dev.windlass.schedule.Cron;
import dev.windlass.schedule.ScheduleTarget;
import dev.windlass.schedule.Schedules;
import dev.windlass.schema.SchemaViolation;
import dev.windlass.schema.SchemaViolationException;
import dev.windlass.schema.Schemas;
import dev.windlass.schema.TaskSchema;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.RequestCounts;
import dev.windlass.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Schemas in the store, and what is checked by them. */
class SchemaTest {
    private static final Duration RTT = Duration.ofMillis(20);
    private static final SimulationOptions STEADY = SimulationOptions.defaults()
            .withStore(StoreOptions.defaults().withLatency(RTT, RTT).withTime(Duration.ofMillis(1), Duration.ZERO));
    private static final String ECHO = Site.ECHO.name();
    private static final String SHORT = "{\"type\": \"string\", \"maxLength\": 5}";
    private static final RequestCounts NONE = new RequestCounts(0, 0, 0, 0, 0, 0);

    private static Site site(Simulation sim, String name) {
        return Site.of(sim, sim.actor(name), builder -> builder.check(Schemas.check()));
    }

    private static Schemas schemas(Site site) {
        return Schemas.on(site.windlass);
    }

    @Test
    void publish_getListDelete_andPublishAgain_countOn() {
        Simulation.run(1, STEADY, sim -> {
            Site site = site(sim, "p");
            assertThat(schemas(site).get(ECHO)).isNull();
            assertThat(schemas(site).delete(ECHO)).isFalse();
            TaskSchema first = schemas(site).publish(ECHO, SHORT, null, "ada");
            assertThat(first.version()).isOne();
            assertThat(first.publishedBy()).isEqualTo("ada");
            assertThat(schemas(site).publish(ECHO, "{\"maxLength\":5,\"type\":\"string\"}", null, "eve"))
                    .as("the same again").isEqualTo(first);
            assertThat(schemas(site).publish(ECHO, SHORT, "{\"multipleOf\": 0.10}", null).version()).isEqualTo(2);
            schemas(site).publish("a type/with ü", null, "true", null);
            assertThat(schemas(site).list()).extracting(TaskSchema::type).containsExactly("a type/with ü", ECHO);
            assertThat(schemas(site).delete(ECHO)).isTrue();
            assertThat(schemas(site).delete(ECHO)).isFalse();
            assertThat(schemas(site).list()).hasSize(1);
            assertThat(schemas(site).publish(ECHO, SHORT, null, null).version()).isEqualTo(4);
        });
    }

    @Test
    void publish_noSchema_isRefused_andNothingIsWritten() {
        Simulation.run(1, STEADY, sim -> {
            Site site = site(sim, "p");
            for (String bad : List.of("{\"type\": \"strin\"}", "{", "17", "{\"$ref\": \"#\"}")) {
                assertThatThrownBy(() -> schemas(site).publish(ECHO, bad, null, null))
                        .isInstanceOf(InvalidInputException.class).hasMessageContaining("of the inputs of type");
                assertThatThrownBy(() -> schemas(site).publish(ECHO, SHORT, bad, null))
                        .isInstanceOf(InvalidInputException.class).hasMessageContaining("of the results of type");
            }
            assertThatThrownBy(() -> schemas(site).publish(ECHO, null, null, null))
                    .isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> schemas(site).publish("", SHORT, null, null))
                    .isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> schemas(site).publish(ECHO, SHORT, null, ""))
                    .isInstanceOf(InvalidInputException.class);
            assertThat(sim.store().keys("schemas/")).isEmpty();
        });
    }

    @Test
    void submit_inputThatDoesNotFit_isRefusedWithItsPath_andNothingIsWritten() {
        Simulation.run(1, STEADY, sim -> {
            Site site = site(sim, "p");
            schemas(site).publish(ECHO, SHORT, null, null);
            site.submit("short");
            RequestCounts before = sim.store().counts();
            assertThatThrownBy(() -> site.submit("too long")).isInstanceOfSatisfying(SchemaViolationException.class,
                    e -> assertThat(e.violations()).extracting(SchemaViolation::path).containsExactly(""))
                    .hasMessageContaining("version 1: (the value itself): must be at most 5 characters long")
                    .hasMessageEndingWith("Nothing was written.");
            assertThatThrownBy(() -> site.windlass.queue(Site.QUEUE).submitAll(Site.ECHO, List.of("a", "too long"),
                    SubmitOptions.ofDefaults())).isInstanceOf(SchemaViolationException.class);
            assertThat(sim.store().counts().minus(before)).isEqualTo(NONE);
            assertThat(Site.of(sim, "unchecked").submit("too long").id()).isNotEmpty();
        });
    }

    @Test
    void schema_costsOneGetForEachTypeInHalfAMinute_andChangesAreSeenThen() {
        Simulation.run(1, STEADY, sim -> {
            Site site = site(sim, "p");
            site.submit("without a schema, anything will do");
            Site other = Site.of(sim, "other");
            schemas(other).publish(ECHO, SHORT, null, null);
            RequestCounts before = sim.store().counts();
            site.submit("still unchecked");
            assertThat(sim.store().counts().minus(before)).isEqualTo(new RequestCounts(2, 0, 0, 0, 0, 0));
            sim.sleep(Duration.ofSeconds(31));
            before = sim.store().counts();
            site.submit("short");
            assertThat(sim.store().counts().minus(before)).isEqualTo(new RequestCounts(2, 1, 0, 0, 0, 0));
            assertThatThrownBy(() -> site.submit("too long")).isInstanceOf(SchemaViolationException.class);
            schemas(other).publish(ECHO, "{\"maxLength\": 8}", null, null);
            sim.sleep(Duration.ofSeconds(31));
            site.submit("too long");
            assertThatThrownBy(() -> site.submit("nine long")).hasMessageContaining("version 2");
            schemas(other).delete(ECHO);
            sim.sleep(Duration.ofSeconds(31));
            site.submit("anything again");
        });
    }

    @SuppressWarnings("NullAway") // a handler may do what its type does not say
    private static String nothing() {
        return null;
    }

    @Test
    void result_thatDoesNotFit_failsTheTaskForGood_andIsNotStored() {
        Simulation.run(1, STEADY, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site site = site(sim, "w");
            schemas(site).publish(ECHO, null, SHORT, null);
            TaskHandle<String> good = site.submit("ok");
            TaskHandle<String> bad = site.submit("a long result");
            TaskHandle<String> none = site.submit("none");
            site.work((task, input) -> input.equals("none") ? nothing() : input);
            assertThat(good.await(Site.LONG)).isEqualTo("ok");
            assertThatThrownBy(() -> bad.await(Site.LONG)).isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("does not fit its schema, version 1: (the value itself): must be at most 5");
            assertThatThrownBy(() -> none.await(Site.LONG)).isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("null found, string expected");
            assertThat(site.info(bad.id()).attempt()).isOne();
            assertThat(site.info(bad.id()).output()).isNull();
        });
    }

    @Test
    void manualCompletion_thatDoesNotFit_isRefused_andTheTaskIsStillHeld() {
        Simulation.run(1, STEADY, sim -> {
            Site site = site(sim, "p");
            schemas(site).publish(ECHO, null, SHORT, null);
            site.submit("x");
            ClaimedTask claimed = site.windlass.queue(Site.QUEUE).claim(ClaimOptions.ofDefaults()).getFirst();
            long puts = sim.store().counts().put();
            assertThatThrownBy(() -> claimed.complete("too long")).isInstanceOf(SchemaViolationException.class);
            assertThatThrownBy(() -> claimed.complete(null)).isInstanceOf(SchemaViolationException.class);
            assertThatThrownBy(() -> claimed.complete(List.of("x".repeat(300_000))))
                    .isInstanceOf(SchemaViolationException.class);
            assertThat(sim.store().counts().put()).isEqualTo(puts);
            assertThat(site.info(claimed.id()).status()).isEqualTo(TaskStatus.RUNNING);
            assertThat(claimed.complete("short").status()).isEqualTo(TaskStatus.COMPLETED);
        });
    }

    @Test
    void schedule_inputThatDoesNotFit_isRefusedWhenItIsCreated() {
        Simulation.run(1, STEADY, sim -> {
            Site site = site(sim, "p");
            schemas(site).publish(ECHO, SHORT, null, null);
            Schedules schedules = Schedules.on(site.windlass);
            assertThatThrownBy(() -> schedules.create("nightly", Cron.parse("0 2 * * *"), ZoneOffset.UTC,
                    ScheduleTarget.task(Site.QUEUE, Site.ECHO, "too long")))
                    .isInstanceOf(SchemaViolationException.class);
            assertThat(sim.store().keys("schedules/")).isEmpty();
            schedules.create("nightly", Cron.parse("0 2 * * *"), ZoneOffset.UTC,
                    ScheduleTarget.task(Site.QUEUE, Site.ECHO, "short"));
        });
    }

    @Test
    void storeThatDoesNotAnswer_lastSchemaGoesOnToCount_andWithoutOneNothingIsAccepted() {
        Simulation.run(1, STEADY, sim -> {
            Site site = site(sim, "p");
            schemas(site).publish(ECHO, SHORT, null, null);
            site.submit("short");
            sim.sleep(Duration.ofSeconds(31));
            sim.store().inject(1_000, Fault.of(Fault.Kind.REFUSED_403),
                    request -> request.is(RequestKind.GET, "schemas/"));
            site.submit("again");
            assertThatThrownBy(() -> site.submit("too long")).isInstanceOf(SchemaViolationException.class);
            Site other = site(sim, "q");
            assertThatThrownBy(() -> other.submit("short")).isInstanceOf(WindlassException.class)
                    .isNotInstanceOf(StoreUnavailableException.class).hasMessageContaining("schemas/");
        });
    }

    @Test
    void publish_twoAtOnce_andLostAnswers_bothAreCounted() {
        for (long seed = 0; seed < 20; seed++) {
            Simulation.run(seed, STEADY, sim -> {
                sim.store().inject(2, Fault.of(Fault.Kind.LOST_AFTER),
                        request -> request.is(RequestKind.PUT, "schemas/"));
                Site one = site(sim, "a");
                Site two = site(sim, "b");
                boolean[] done = new boolean[1];
                two.actor.start("publisher", () -> {
                    schemas(two).publish(ECHO, "{\"maxLength\": 7}", null, "b");
                    done[0] = true;
                });
                schemas(one).publish(ECHO, SHORT, null, "a");
                sim.runUntil(() -> done[0], Duration.ofMinutes(1));
                assertThat(Objects.requireNonNull(schemas(one).get(ECHO)).version()).isEqualTo(2);
            });
        }
    }

    @Test
    void violations_moreThanFive_areCountedInTheMessage_andAllAreGiven() {
        Simulation.run(1, STEADY, sim -> {
            Site site = site(sim, "p");
            TaskType<Map<String, Integer>, String> type = TaskType.ofGeneric("form", new TypeRef<>() {
            },
                    new TypeRef<>() {
                    });
            schemas(site).publish("form", "{\"required\": [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\"]}", null,
                    null);
            assertThatThrownBy(() -> site.windlass.queue(Site.QUEUE).submit(type, Map.of()))
                    .isInstanceOfSatisfying(SchemaViolationException.class,
                            e -> assertThat(e.violations()).hasSize(7))
                    .hasMessageContaining("'e'").hasMessageNotContaining("'f'").hasMessageContaining("; and 2 more. ");
            assertThatThrownBy(() -> schemas(site).publish("form", "true", null, "x".repeat(201)))
                    .isInstanceOf(InvalidInputException.class).hasMessageContaining("201 characters");
        });
    }

    /** Names of types come from users: what is remembered of them has a limit, and beyond it each check asks the store. */
    @Test
    void types_moreThanAreRemembered_areStillChecked() {
        Simulation.run(1, STEADY, sim -> {
            Site site = site(sim, "p");
            schemas(site).publish("last", SHORT, null, null);
            JsonNode input = JsonNodeFactory.instance.stringNode("too long");
            for (int i = 0; i < 10_000; i++) {
                site.windlass.engine().checkInput("t" + i, input);
            }
            RequestCounts before = sim.store().counts();
            for (int i = 0; i < 3; i++) {
                site.windlass.engine().checkInput("t9999", input);
                assertThatThrownBy(() -> site.windlass.engine().checkInput("last", input))
                        .isInstanceOf(SchemaViolationException.class);
            }
            assertThat(sim.store().counts().minus(before)).isEqualTo(new RequestCounts(0, 3, 0, 0, 0, 0));
        });
    }

    @Test
    void object_thatIsNoSchema_isNamed() {
        Simulation.run(1, STEADY, sim -> {
            Site site = site(sim, "p");
            sim.store().plant("schemas/" + ECHO + ".json", Site.bytes("[]"));
            assertThatThrownBy(() -> site.submit("x")).isInstanceOf(WindlassException.class)
                    .hasMessageContaining("schemas/" + ECHO + ".json is no schema");
        });
    }
}
