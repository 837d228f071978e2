package dev.windlass.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.TaskStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskDocumentTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);

    private static TaskDocument.Edit pending() {
        return TaskDocument.create().set("id", "t1").set("queue", "q").set("type", "x").state(TaskState.PENDING)
                .set("gen", 1).set("readyKey", "ready/q/5/1-t1.1.w1").set("dueAt", NOW).set("createdAt", NOW)
                .record("w1", NOW, "submitted", null, null);
    }

    private static TaskDocument read(TaskDocument document) {
        return Objects.requireNonNull(TaskDocument.parse(document.bytes(), document.id()));
    }

    /** Otherwise the first who needs the number would throw, such as a sweeper in the middle of a dead worker's claims. */
    @Test
    void parse_numbersThatNothingCanBeMadeOf_isNoTask() {
        String good = new String(
                pending().retry(new RetryPolicy(7, Duration.ofMillis(5), Duration.ofSeconds(9), 3, 0.5))
                        .set("priority", 5).build().bytes(),
                StandardCharsets.UTF_8);
        assertThat(parse(good)).isNotNull();
        for (String[] change : new String[][]{{"\"maxAttempts\":7", "\"maxAttempts\":0"},
            {"\"multiplier\":3.0", "\"multiplier\":0.5"}, {"\"jitter\":0.5", "\"jitter\":2"},
            {"\"initialMillis\":5", "\"initialMillis\":-5"}, {"\"priority\":5", "\"priority\":10"},
            {"\"queue\":\"q\"", "\"queue\":\"\""}}) {
            assertThat(good).contains(change[0]);
            assertThat(parse(good.replace(change[0], change[1]))).as(change[1]).isNull();
        }
    }

    private static @Nullable TaskDocument parse(String body) {
        return TaskDocument.parse(body.getBytes(StandardCharsets.UTF_8), "t1");
    }

    @Test
    void bytes_readAgain_sayTheSame() {
        TaskDocument document = pending().retry(new RetryPolicy(7, Duration.ofMillis(5), Duration.ofSeconds(9), 3, 0.5))
                .set("input", Json.MAPPER.readTree("{\"price\": 1.10, \"big\": 123456789012345678901234567890}"))
                .error(new TaskError("E", "m", null)).flag("engine", true).build();

        TaskDocument again = read(document);

        assertThat(again.retry()).isEqualTo(document.retry());
        assertThat(again.isEngine()).isTrue();
        assertThat(Objects.requireNonNull(again.input()).toString())
                .isEqualTo("{\"price\":1.10,\"big\":123456789012345678901234567890}");
        assertThat(again.info().status()).isEqualTo(TaskStatus.PENDING);
        assertThat(again.info().error()).isEqualTo(new TaskError("E", "m", null));
        assertThat(again.history()).isEqualTo(document.history());
    }

    @Test
    void rewrite_fieldsOfALaterVersion_areKept() {
        byte[] later = ("{\"id\":\"t1\",\"queue\":\"q\",\"type\":\"x\",\"status\":\"RUNNING\",\"gen\":1,\"writeId\":\"w\","
                + "\"novelty\":{\"deep\":[1,2]}}").getBytes(StandardCharsets.UTF_8);

        TaskDocument document = Objects.requireNonNull(TaskDocument.parse(later, "t1"));
        String rewritten = new String(document.edit().set("attempt", 2).build().bytes(), StandardCharsets.UTF_8);

        assertThat(rewritten).contains("\"novelty\":{\"deep\":[1,2]}").contains("\"attempt\":2");
    }

    @Test
    void parse_poison_isNoTask() {
        String whole = new String(pending().build().bytes(), StandardCharsets.UTF_8);
        for (String body : List.of("", "null", "[]", "{", whole.substring(0, whole.length() - 1), whole + "x",
                whole.replace("\"t1\"", "\"t2\""), whole.replace("PENDING", "DANCING"),
                whole.replace("readyKey", "other"),
                whole.replace("\"gen\":1", "\"gen\":\"one\""))) {
            assertThat(TaskDocument.parse(body.getBytes(StandardCharsets.UTF_8), "t1")).as(body).isNull();
        }
        assertThat(TaskDocument.parse(whole.getBytes(StandardCharsets.UTF_8), "t1")).isNotNull();
    }

    @Test
    void record_moreThanTheHistoryHolds_dropsTheOldest() {
        TaskDocument.Edit edit = pending();
        for (int i = 0; i < 50; i++) {
            edit.record("x" + i, NOW, "touched", null, null);
        }
        TaskDocument document = edit.build();

        assertThat(document.history()).hasSize(TaskDocument.HISTORY);
        assertThat(document.history().getLast().writeId()).isEqualTo("x49");
        assertThat(document.history().getFirst().writeId()).isEqualTo("x30");
    }

    @Test
    void edit_ofACopy_leavesTheOriginal() {
        TaskDocument document = pending().build();
        document.edit().state(TaskState.RUNNING).record("w2", NOW, "claimed", "a", null).build();

        assertThat(document.state()).isEqualTo(TaskState.PENDING);
        assertThat(document.history()).hasSize(1);
    }
}
