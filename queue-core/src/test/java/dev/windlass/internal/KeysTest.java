package dev.windlass.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

import dev.windlass.InvalidInputException;
import org.junit.jupiter.api.Test;

class KeysTest {

    @Test
    void segment_anyText_isSafeAndComesBack() {
        for (String name : List.of("emails", "a/b", "..", ".", "...", "a.b", "100%", "ä", "😀", " ", "%41",
                "a\u0000b")) {
            String segment = Keys.segment("name", name);

            assertThat(segment).matches("[A-Za-z0-9_~.%-]+").isNotIn(".", "..");
            assertThat(Keys.name(segment)).isEqualTo(name);
        }
    }

    @Test
    void segment_differentNames_neverCollide() {
        var random = new Random(1);
        Set<String> names = new HashSet<>();
        Set<String> segments = new HashSet<>();
        for (int i = 0; i < 5000; i++) {
            var name = new StringBuilder();
            for (int j = 0; j <= random.nextInt(3); j++) {
                name.append("a.%/2Fä".charAt(random.nextInt(7)));
            }
            names.add(name.toString());
            segments.add(Keys.segment("name", name.toString()));
        }
        assertThat(segments).hasSameSizeAs(names);
    }

    @Test
    void segment_emptyTooLongOrNoText_isRefusedByName() {
        assertThatThrownBy(() -> Keys.segment("name of the queue", "")).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("name of the queue");
        assertThatThrownBy(() -> Keys.segment("name", "x".repeat(201))).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("201 bytes");
        assertThatThrownBy(() -> Keys.segment("name", "ä".repeat(34))).hasMessageContaining("204 bytes");
        assertThatThrownBy(() -> Keys.segment("name", "\ud800")).hasMessageContaining("surrogate");
        assertThat(Keys.segment("name", "x".repeat(200))).hasSize(200);
    }

    @Test
    void ready_takenApart_isTheSame() {
        String key = Keys.ready("mails", 3, Instant.ofEpochMilli(1_700_000_000_123L), "0190-ab", 7, "w1");
        ReadyKey parsed = Objects.requireNonNull(ReadyKey.parse(key));

        assertThat(key).isEqualTo("ready/mails/3/1700000000123-0190-ab.7.w1");
        assertThat(parsed).isEqualTo(new ReadyKey(key, Instant.ofEpochMilli(1_700_000_000_123L), "0190-ab", 7, false));
        assertThat(Objects.requireNonNull(ReadyKey.parse(Keys.wake("q", 5, Instant.EPOCH, "k1", "g2"))).wake())
                .isTrue();
    }

    @Test
    void readyKey_ofAnotherForm_isNone() {
        for (String key : List.of("ready/q/5/x", "ready/q/5/1700000000123-", "ready/q/5/1700000000123-id",
                "ready/q/5/170000000012x-id.1.w", "ready/q/5/1700000000123-id.x.w", "ready/q/5/1700000000123-id.1")) {
            assertThat(ReadyKey.parse(key)).as(key).isNull();
        }
    }

    @Test
    void millis13_anyTime_sortsAsItCounts() {
        assertThat(Keys.millis13(Instant.ofEpochMilli(5))).isEqualTo("0000000000005");
        assertThat(Keys.millis13(Instant.parse("+12000-01-01T00:00:00Z")))
                .isEqualTo("9999999999999");
    }

    @Test
    void ids_fresh_areOrderedByTimeAndUnique() {
        var random = new Random(2);
        String first = Keys.newTaskId(Instant.ofEpochMilli(1_000_000_000_000L), random);
        String second = Keys.newTaskId(Instant.ofEpochMilli(1_000_000_000_001L), random);

        assertThat(first).isLessThan(second)
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        Set<String> writeIds = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            writeIds.add(Keys.newWriteId(random));
        }
        assertThat(writeIds).hasSize(10_000).allMatch(id -> id.matches("[0-9a-z]{16}"));
    }

    @Test
    void derivedTaskId_scopeAndName_areToldApart() {
        assertThat(Keys.derivedTaskId("a", "bc")).isEqualTo(Keys.derivedTaskId("a", "bc"))
                .isNotEqualTo(Keys.derivedTaskId("ab", "c")).matches("k[0-9a-f]{39}");
    }

    @Test
    void task_sameId_hasOneShardOfTheWidth() {
        String key = Keys.task("k1", 2);
        assertThat(key).matches("tasks/[0-9a-f]{2}/k1\\.json");
        assertThat(Keys.taskIdOf(key)).isEqualTo("k1");
        assertThat(Keys.taskIdOf("tasks/ab/k1.tmp")).isNull();
    }
}
