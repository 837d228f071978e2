package dev.windlass.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

import dev.windlass.PayloadUnreadableException;
import dev.windlass.Windlass;
import dev.windlass.queue.PayloadCodec;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AesGcmCodecTest {
    private static final SecretKey OLD = new SecretKeySpec(new byte[32], "AES");
    private static final SecretKey FRESH = new SecretKeySpec("another key of thirty-two bytes!".getBytes(
            StandardCharsets.US_ASCII), "AES");
    private static final PayloadCodec.Payload OF = new PayloadCodec.Payload("id", "q", "t", "input");
    private static final byte[] JSON = "\"very secret\"".getBytes(StandardCharsets.UTF_8);
    private static final TaskType<String, String> TYPE = TaskType.of("secret", String.class, String.class);
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void encode_twice_differs_andIsReadByItsKeyAlone() throws Exception {
        AesGcmCodec old = new AesGcmCodec("old", OLD);
        byte[] sealed = old.encode(JSON, OF);
        assertThat(old.name()).isEqualTo("aes-gcm.old");
        assertThat(sealed).isNotEqualTo(old.encode(JSON, OF));
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
        assertThat(old.decode(sealed, OF)).isEqualTo(JSON);
        assertThatThrownBy(() -> new AesGcmCodec("old", FRESH).decode(sealed, OF))
                .isInstanceOf(GeneralSecurityException.class).hasMessageContaining("is another one");
    }

    @Test
    void decode_changedOrMovedOrCut_isRefused() throws Exception {
        AesGcmCodec codec = new AesGcmCodec("old", OLD);
        byte[] sealed = codec.encode(JSON, OF);
        for (PayloadCodec.Payload other : List.of(new PayloadCodec.Payload("other", "q", "t", "input"),
                new PayloadCodec.Payload("id", "p", "t", "input"), new PayloadCodec.Payload("id", "q", "u", "input"),
                new PayloadCodec.Payload("id", "q", "t", "output"))) {
            assertThatThrownBy(() -> codec.decode(sealed, other)).isInstanceOf(GeneralSecurityException.class);
        }
        byte[] changed = sealed.clone();
        changed[changed.length - 1] = (byte) (changed[changed.length - 1] ^ 1);
        assertThatThrownBy(() -> codec.decode(changed, OF)).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> codec.decode(Arrays.copyOf(sealed, 20), OF))
                .isInstanceOf(GeneralSecurityException.class).hasMessageContaining("cut off");
    }

    private Windlass connect(AesGcmCodec codec, AesGcmCodec... readers) {
        Windlass.Builder builder = Windlass.builder().codec(codec);
        List.of(readers).forEach(builder::readableBy);
        return builder.connect("file:" + directory.resolve("store"));
    }

    private static Worker work(Windlass windlass) {
        return windlass.worker().queue("q").poll(Duration.ofMillis(5), Duration.ofMillis(50))
                .handle(TYPE, (task, input) -> "done: " + input).start();
    }

    private boolean storeContains(String text) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void keyRotation_tasksThatWaitAndThatHaveEnded_stayReadable_andNothingStandsInTheClear() throws Exception {
        String large = "very secret ".repeat(40_000); // beside the task
        var old = new AesGcmCodec("old", OLD);
        TaskHandle<String> waiting;
        TaskHandle<String> ended;
        try (Windlass before = connect(old)) {
            ended = before.queue("q").submit(TYPE, "very secret one");
            try (Worker worker = work(before)) {
                assertThat(ended.await(LONG)).isEqualTo("done: very secret one");
                assertThat(worker.isRunning()).isTrue();
            }
            waiting = before.queue("q").submit(TYPE, large);
        }
        try (Windlass after = connect(new AesGcmCodec("new", FRESH), old); Worker worker = work(after)) {
            TaskHandle<String> handle = after.queue("q").handle(TYPE, waiting.id());
            assertThat(handle.await(LONG)).isEqualTo("done: " + large);
            assertThat(after.queue("q").handle(TYPE, ended.id()).await(LONG)).isEqualTo("done: very secret one");
            assertThat(after.queue("q").input(waiting.id())).isNotNull();
            TaskInfo info = Objects.requireNonNull(after.queue("q").get(waiting.id()));
            assertThat(info.inputCodec()).isEqualTo("aes-gcm.old");
            assertThat(info.outputCodec()).isEqualTo("aes-gcm.new");
            assertThat(worker.stats().failed()).isZero();
        }
        assertThat(storeContains("very secret")).isFalse();
    }

    @Test
    void keyThatIsNotThere_taskIsLeftToThoseWhoHaveIt() throws Exception {
        var old = new AesGcmCodec("old", OLD);
        var fresh = new AesGcmCodec("new", FRESH);
        TaskHandle<String> task;
        try (Windlass before = connect(old)) {
            task = before.queue("q").submit(TYPE, "x");
        }
        try (Windlass without = connect(fresh)) {
            try (Worker worker = work(without)) {
                assertThat(without.queue("q").submit(TYPE, "after it").await(LONG)).isEqualTo("done: after it");
                assertThat(worker.stats().failed()).isZero();
            }
            TaskInfo info = Objects.requireNonNull(without.queue("q").get(task.id()));
            assertThat(info.status()).isEqualTo(TaskStatus.PENDING);
            assertThat(info.attempt()).isZero();
            assertThat(info.input()).isNull();
            assertThatThrownBy(() -> without.queue("q").input(task.id()))
                    .isInstanceOf(PayloadUnreadableException.class).hasMessageContaining("\"aes-gcm.old\"");
        }
        try (Windlass with = connect(fresh, old); Worker worker = work(with)) {
            assertThat(with.queue("q").handle(TYPE, task.id()).await(LONG)).isEqualTo("done: x");
            assertThat(worker.isRunning()).isTrue();
        }
    }

    @Test
    void otherKeyUnderTheSameName_attemptFails_andTheTaskIsDoneOnceTheRightOneIsThere() throws Exception {
        TaskHandle<String> task;
        try (Windlass before = connect(new AesGcmCodec("k", OLD))) {
            task = before.queue("q").submit(TYPE, "x", TYPE.defaults().withRetry(RetryPolicy.none()));
        }
        try (Windlass wrong = connect(new AesGcmCodec("k", FRESH)); Worker worker = work(wrong)) {
            TaskHandle<String> handle = wrong.queue("q").handle(TYPE, task.id());
            assertThatThrownBy(() -> handle.await(LONG)).hasMessageContaining("is another one");
            assertThat(wrong.queue("q").submit(TYPE, "next").await(LONG)).isEqualTo("done: next");
            assertThat(worker.isRunning()).isTrue();
            assertThatThrownBy(() -> wrong.queue("q").input(task.id()))
                    .isInstanceOf(PayloadUnreadableException.class).hasMessageContaining("Check its keys");
        }
        try (Windlass right = connect(new AesGcmCodec("k", OLD))) {
            assertThat(right.queue("q").redrive(task.id(), "the key is here now")).isTrue();
            try (Worker worker = work(right)) {
                assertThat(right.queue("q").handle(TYPE, task.id()).await(LONG)).isEqualTo("done: x");
                assertThat(worker.isRunning()).isTrue();
            }
        }
    }
}
