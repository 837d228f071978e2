package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;

import dev.windlass.InvalidInputException;
import dev.windlass.PayloadUnreadableException;
import dev.windlass.TaskFailedException;
import dev.windlass.WindlassException;
import dev.windlass.queue.ClaimOptions;
import dev.windlass.queue.ClaimedTask;
import dev.windlass.queue.PayloadCodec;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.Worker;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.RequestCounts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Inputs and results that are encoded: transparently, by whom it may concern, and with nothing lost where a codec is missing. */
class PayloadCodecTest {
    private static final Duration RTT = Duration.ofMillis(20);
    private static final SimulationOptions STEADY = SimulationOptions.defaults()
            .withStore(StoreOptions.defaults().withLatency(RTT, RTT).withTime(Duration.ofMillis(1), Duration.ZERO));
    private static final int LARGEST = 64 * 1024 * 1024;
    private static final PayloadCodec.Payload OF = new PayloadCodec.Payload("id", "q", "t", "input");
    private static final String LONG_TEXT = "all work and no play ".repeat(1_000);

    /** Turns each bit, so that nobody can read it by chance; differs each time. */
    private static final class Secret implements PayloadCodec {
        private int count;
        private boolean broken;
        private int decoded;
        private boolean garbled;

        @Override
        public String name() {
            return "secret";
        }

        @Override
        public byte[] encode(byte[] json, Payload of) {
            if (broken) {
                throw new IllegalStateException("the key service is away");
            }
            byte[] encoded = new byte[json.length + 1];
            encoded[0] = (byte) count++;
            for (int i = 0; i < json.length; i++) {
                encoded[i + 1] = (byte) ~json[i];
            }
            return encoded;
        }

        @Override
        public byte[] decode(byte[] encoded, Payload of) {
            decoded++;
            if (garbled) {
                return Site.bytes("{\"cut off");
            }
            byte[] json = new byte[encoded.length - 1];
            for (int i = 0; i < json.length; i++) {
                json[i] = (byte) ~encoded[i + 1];
            }
            return json;
        }
    }

    private static Site site(Simulation sim, String name, PayloadCodec codec) {
        return Site.of(sim, sim.actor(name), builder -> builder.codec(codec));
    }

    @Test
    void gzip_largeValues_areSmallerInTheStore_sameRequests_andReadByEverybody() {
        Simulation.run(1, STEADY, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site plain = Site.of(sim, "p");
            plain.submit("first");
            Site zipped = site(sim, "z", PayloadCodec.gzip());
            zipped.submit("second");
            RequestCounts before = sim.store().counts();
            TaskHandle<String> task = zipped.submit(LONG_TEXT);
            assertThat(sim.store().counts().minus(before)).isEqualTo(new RequestCounts(2, 0, 0, 0, 0, 0));
            assertThat(Site.task(sim, task.id()).path("inputCodec").asString()).isEqualTo("gzip");
            assertThat(Site.task(sim, task.id()).path("input").asString().length()).isLessThan(1_000);

            // Over the inline limit, but not any more once it is compressed: one payload fewer.
            before = sim.store().counts();
            TaskHandle<String> huge = zipped.submit("x".repeat(1_000_000));
            assertThat(sim.store().counts().minus(before).put()).isEqualTo(2);
            assertThat(sim.store().keys("payloads/")).isEmpty();

            Site.of(sim, "w").work((given, input) -> "got " + input.length());
            assertThat(task.await(Site.LONG)).isEqualTo("got " + LONG_TEXT.length());
            assertThat(huge.await(Site.LONG)).isEqualTo("got 1000000");
            TaskInfo info = plain.info(task.id());
            assertThat(Objects.requireNonNull(info.input()).asString()).isEqualTo(LONG_TEXT);
            assertThat(info.inputCodec()).isEqualTo("gzip");
            assertThat(plain.info(zipped.submit("short").id()).inputCodec()).as("not worth it").isNull();
        });
    }

    @Test
    void codec_inputAndResult_inlineAndBeside_comeBackAsTheyWere() {
        Simulation.run(1, STEADY, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site site = site(sim, "p", new Secret());
            site(sim, "w", new Secret()).work((task, input) -> input + "!");
            for (String text : new String[]{"short", "x".repeat(300_000)}) {
                TaskHandle<String> task = site.submit(text);
                assertThat(task.await(Site.LONG)).isEqualTo(text + "!");
                assertThat(Site.task(sim, task.id()).path("outputCodec").asString()).isEqualTo("secret");
                assertThat(Site.task(sim, task.id()).toString()).doesNotContain(text);
                assertThat(Objects.requireNonNull(site.windlass.queue(Site.QUEUE).input(task.id())).asString())
                        .isEqualTo(text);
            }
            assertThat(sim.store().keys("payloads/")).hasSize(2);
        });
    }

    @Test
    void codec_duplicates_areKnownThoughEncodedOtherwise() {
        Simulation.run(1, STEADY, sim -> {
            SubmitOptions keyed = SubmitOptions.ofDefaults().withIdempotencyKey("k");
            Site site = site(sim, "p", new Secret());
            String id = site.submit("same", keyed).id();
            assertThat(site.submit("same", keyed).id()).isEqualTo(id);
            assertThat(Site.of(sim, "plain").submit("same", keyed).id()).isEqualTo(id);
            assertThatThrownBy(() -> site.submit("other", keyed))
                    .isInstanceOf(dev.windlass.IdempotencyConflictException.class);
        });
    }

    @Test
    void codecThatIsNotKnown_taskIsLeftToOthers_andReadersAreTold() {
        Simulation.run(1, STEADY, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site site = site(sim, "p", new Secret());
            TaskHandle<String> task = site.submit("x");
            Site other = Site.of(sim, "w1");
            other.work(Site.ECHOES);
            TaskHandle<String> plain = other.submit("plain");
            assertThat(plain.await(Site.LONG)).isEqualTo("echo plain");
            sim.sleep(Duration.ofMinutes(30));
            assertThat(Site.status(sim, task.id())).isEqualTo("PENDING");
            assertThat(Site.task(sim, task.id()).path("attempt").asInt(0)).isZero();
            assertThat(other.windlass.queue(Site.QUEUE).claim(ClaimOptions.ofDefaults())).isEmpty();
            assertThat(other.windlass.queue(Site.QUEUE).isDrained()).isFalse();
            assertThat(other.info(task.id()).input()).isNull();
            assertThatThrownBy(() -> other.windlass.queue(Site.QUEUE).input(task.id()))
                    .isInstanceOf(PayloadUnreadableException.class).hasMessageContaining("the codec \"secret\"");

            Site reading = Site.of(sim, sim.actor("w2"), builder -> builder.readableBy(new Secret()));
            reading.work(Site.ECHOES);
            assertThat(task.await(Site.LONG)).isEqualTo("echo x");
            assertThat(Site.task(sim, task.id()).path("outputCodec").isMissingNode()).as("it reads, and encodes none")
                    .isTrue();
        });
    }

    @Test
    void codecThatFails_submissionIsRefused_andResultsAreTriedAgain() {
        Simulation.run(1, STEADY, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            var secret = new Secret();
            Site site = site(sim, "p", secret);
            site.submit("first");
            secret.broken = true;
            RequestCounts before = sim.store().counts();
            assertThatThrownBy(() -> site.submit("x")).isInstanceOf(WindlassException.class)
                    .hasMessageContaining("the key service is away");
            assertThat(sim.store().counts().minus(before)).isEqualTo(new RequestCounts(0, 0, 0, 0, 0, 0));

            secret.broken = false;
            TaskHandle<String> task = site.submit("y");
            secret.broken = true;
            var attempts = new ArrayList<Integer>();
            site(sim, "w", secret).work((given, input) -> {
                if (input.equals("y")) {
                    attempts.add(given.attempt());
                }
                secret.broken = given.attempt() == 1;
                return input;
            });
            assertThat(task.await(Site.LONG)).isEqualTo("y");
            assertThat(attempts).containsExactly(1, 2);
            assertThat(Site.events(sim, task.id())).containsExactly("submitted", "claimed", "failed", "claimed",
                    "completed");
        });
    }

    /** What it gives is no JSON, as by a wrong key that nothing checks. */
    @Test
    void valueThatCannotBeDecoded_failsItsAttempts_staysAsItIs_andHoldsNobodyUp() {
        Simulation.run(1, STEADY, sim -> {
            var secret = new Secret();
            Site site = site(sim, "p", secret);
            SubmitOptions twice = SubmitOptions.ofDefaults().withRetry(RetryPolicy.fixed(2, Duration.ofSeconds(1)));
            TaskHandle<String> task = site.submit("x", twice);
            JsonNode stored = Site.task(sim, task.id()).path("input");
            var ran = new ArrayList<String>();
            secret.garbled = true;
            Worker worker = site(sim, "w", secret).work((given, input) -> {
                ran.add(input);
                return input;
            });
            assertThatThrownBy(() -> task.await(Site.LONG)).isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("could not be decoded by the codec \"secret\"");
            assertThat(ran).isEmpty();
            assertThat(Site.task(sim, task.id()).path("input")).isEqualTo(stored);
            assertThat(site.info(task.id()).input()).isNull();
            TaskHandle<String> plain = Site.of(sim, "plain").submit("plain");
            sim.runUntil(() -> ran.contains("plain"), Duration.ofMinutes(1));
            assertThat(worker.isRunning()).isTrue();

            secret.garbled = false;
            assertThat(site.handle(plain.id()).await(Site.LONG)).isEqualTo("plain");
            assertThat(site.windlass.queue(Site.QUEUE).redrive(task.id(), "the key is right again")).isTrue();
            assertThat(task.await(Site.LONG)).isEqualTo("x");
        });
    }

    @Test
    void findAndCancelAll_decodeEachValueOnce() {
        Simulation.run(1, STEADY, sim -> {
            var secret = new Secret();
            Site site = site(sim, "p", secret);
            for (int i = 0; i < 5; i++) {
                site.submit("x" + i, SubmitOptions.ofDefaults().withDelay(Duration.ofHours(1)));
            }
            Predicate<TaskInfo> has = task -> task.input() != null
                    && !Objects.requireNonNull(task.input()).asString().equals("x3");
            secret.decoded = 0;
            assertThat(site.windlass.find(has, 10)).hasSize(4)
                    .allMatch(task -> Objects.requireNonNull(task.input()).asString().startsWith("x"));
            assertThat(secret.decoded).isEqualTo(5);
            assertThat(site.windlass.queue(Site.QUEUE).cancelAll(has, "no longer needed", null).cancelled())
                    .isEqualTo(4);
            assertThat(secret.decoded).isEqualTo(10);
        });
    }

    @Test
    void codec_manualClaim_repeatOfComplete_isSafeThoughItIsEncodedAnew() {
        Simulation.run(1, STEADY, sim -> {
            Site site = site(sim, "p", new Secret());
            site.submit("x");
            ClaimedTask claimed = site.windlass.queue(Site.QUEUE).claim(ClaimOptions.ofDefaults()).getFirst();
            assertThat(Objects.requireNonNull(claimed.input()).asString()).isEqualTo("x");
            claimed.complete("done");
            assertThat(Objects.requireNonNull(claimed.complete("done").output()).asString()).isEqualTo("done");
            ClaimedTask again = site.windlass.queue(Site.QUEUE).claimed(claimed.id(), claimed.token());
            again.complete("done");
            assertThatThrownBy(() -> again.complete("other")).isInstanceOf(dev.windlass.LeaseLostException.class);
        });
    }

    @Test
    void codec_nextLifeOfAKey_forgetsHowTheLastOnesResultWasEncoded() {
        Simulation.run(1, STEADY, sim -> {
            SubmitOptions keyed = SubmitOptions.ofDefaults().withIdempotencyKey("k")
                    .withIdempotencyTtl(Duration.ofHours(1));
            Site site = site(sim, "p", new Secret());
            Worker worker = site(sim, "w", new Secret()).work(Site.ECHOES);
            assertThat(site.submit("x", keyed).await(Site.LONG)).isEqualTo("echo x");
            worker.close();
            sim.sleep(Duration.ofHours(2));
            Site plain = Site.of(sim, "plain");
            TaskHandle<String> next = plain.submit("y", keyed);
            plain.work(Site.ECHOES);
            assertThat(next.await(Site.LONG)).isEqualTo("echo y");
        });
    }

    @Test
    void gzip_damagedOrBoundless_isRefused() throws IOException {
        PayloadCodec gzip = PayloadCodec.gzip();
        assertThatThrownBy(() -> gzip.decode(new byte[]{1, 2, 3}, OF)).isInstanceOf(IOException.class);
        var largest = new ByteArrayOutputStream();
        var boundless = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(largest); var more = new GZIPOutputStream(boundless)) {
            zip.write(new byte[LARGEST]);
            more.write(new byte[LARGEST + 1]);
        }
        assertThatThrownBy(() -> gzip.decode(boundless.toByteArray(), OF)).isInstanceOf(IOException.class)
                .hasMessageContaining("more than 64 MiB");
        assertThat(Objects.requireNonNull(decoded(gzip, largest.toByteArray()))).hasSize(LARGEST);
    }

    private static byte @Nullable [] decoded(PayloadCodec codec, byte[] encoded) {
        try {
            return codec.decode(encoded, OF);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** As base 64 it would be longer than it is. */
    @Test
    void gzip_valueThatDoesNotShrink_staysAsItIs() throws Exception {
        byte[] noise = new byte[10_000];
        new Random(1).nextBytes(noise);
        assertThat(PayloadCodec.gzip().encode(noise, OF)).isNull();
        assertThat(PayloadCodec.gzip().encode(new byte[10_000], OF)).isNotNull();
        assertThat(PayloadCodec.gzip().encode(new byte[1_024], OF)).isNotNull();
        assertThat(PayloadCodec.gzip().encode(new byte[1_023], OF)).as("too small to be worth it").isNull();
    }

    /** The limit is that of the value, however small a codec makes it: nobody could read it again. */
    @Test
    void value_over64MiB_isRefused_alsoWhereItWouldBeSmallInTheStore() {
        Simulation.run(1, STEADY, sim -> {
            Site site = site(sim, "p", PayloadCodec.gzip());
            TaskHandle<String> worked = site.submit("worked");
            site.submit("by hand", SubmitOptions.ofDefaults().withPriority(0));
            ClaimedTask claimed = site.windlass.queue(Site.QUEUE).claim(ClaimOptions.ofDefaults()).getFirst();
            String huge = "x".repeat(LARGEST);
            RequestCounts before = sim.store().counts();
            assertThatThrownBy(() -> site.submit(huge)).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("input of a task of type \"echo\"").hasMessageContaining("64 MiB");
            assertThatThrownBy(() -> claimed.complete(huge)).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("64 MiB");
            assertThat(sim.store().counts().minus(before)).isEqualTo(new RequestCounts(0, 0, 0, 0, 0, 0));

            site.work((task, input) -> huge);
            assertThatThrownBy(() -> worked.await(Site.LONG)).isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("The result of task " + worked.id()).hasMessageContaining("64 MiB");
            assertThat(worked.get().attempt()).as("it would be too large each time").isOne();
            assertThat(sim.store().keys("payloads/")).isEmpty();
        });
    }

    @Test
    void plainValues_overTheInlineLimit_standBesideTheTask_bothWays() {
        Simulation.run(1, STEADY, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site site = Site.of(sim, "p");
            site.work((task, input) -> input + "!");
            String large = "x".repeat(300_000);
            TaskHandle<String> task = site.submit(large);
            assertThat(task.await(Site.LONG)).isEqualTo(large + "!");
            assertThat(sim.store().keys("payloads/")).hasSize(2);
            assertThat(Site.task(sim, task.id()).toString()).hasSizeLessThan(10_000);
        });
    }

    @Test
    void payload_thatIsGone_isToldByItsKey() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            TaskHandle<String> task = site.submit("x".repeat(300_000));
            String key = sim.store().keys("payloads/").getFirst();
            sim.store().uproot(key);
            assertThatThrownBy(() -> site.windlass.queue(Site.QUEUE).input(task.id()))
                    .isInstanceOf(WindlassException.class).hasMessageContaining("The payload " + key + " is missing");
        });
    }

    @Test
    void builder_badNames_areRefused() {
        refused(named(""), null, "is called");
        refused(named("a b"), null, "is called");
        refused(named("x"), named("x"), "Two codecs");
        refused(null, named("gzip"), "Two codecs");
    }

    private static void refused(@Nullable PayloadCodec codec, @Nullable PayloadCodec reader, String says) {
        Simulation.run(1, sim -> assertThatThrownBy(() -> Site.of(sim, sim.actor("p"), builder -> {
            if (codec != null) {
                builder.codec(codec);
            }
            if (reader != null) {
                builder.readableBy(reader);
            }
        })).isInstanceOf(InvalidInputException.class).hasMessageContaining(says));
    }

    private static PayloadCodec named(String name) {
        return new PayloadCodec() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public byte[] encode(byte[] json, Payload of) {
                return json;
            }

            @Override
            public byte[] decode(byte[] encoded, Payload of) {
                return encoded;
            }
        };
    }
}
