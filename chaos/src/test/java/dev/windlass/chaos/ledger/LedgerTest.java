package dev.windlass.chaos.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @Test
    void readAll_severalLedgers_givesEachInItsOrder() throws IOException {
        try (Ledger one = Ledger.create(folder, "one"); Ledger two = Ledger.create(folder, "two")) {
            one.append(Ledger.line("a").put("n", 1));
            two.append(Ledger.line("b"));
            one.append(Ledger.line("c"));
        }

        assertThat(Ledger.readAll(folder)).extracting(line -> line.path("event").asString()).containsExactly("a", "c",
                "b");
    }

    @Test
    void readAll_lastLineCutOffByAKill_leavesItOut() throws IOException {
        try (Ledger ledger = Ledger.create(folder, "one")) {
            ledger.append(Ledger.line("a"));
        }
        Files.writeString(folder.resolve("one.ndjson"), "{\"event\":\"b\",\"id", StandardOpenOption.APPEND);

        assertThat(Ledger.readAll(folder)).hasSize(1);
    }

    @Test
    void readAll_forcedLineThatIsNoJson_isRefused() throws IOException {
        Files.writeString(folder.resolve("one.ndjson"), "{\"event\":\n{\"event\":\"b\"}\n");

        assertThatThrownBy(() -> Ledger.readAll(folder)).isInstanceOf(IOException.class)
                .hasMessageContaining("one.ndjson, line 1");
    }

    @Test
    void append_threadThatIsInterrupted_writesAllTheSame() throws IOException {
        try (Ledger ledger = Ledger.create(folder, "one")) {
            Thread.currentThread().interrupt();
            ledger.append(Ledger.line("a"));
            assertThat(Thread.interrupted()).isTrue();
            ledger.append(Ledger.line("b"));
        }

        assertThat(Ledger.readAll(folder)).hasSize(2);
    }

    @Test
    void create_nameUsedBefore_isRefused() throws IOException {
        Ledger.create(folder, "one").close();

        assertThatThrownBy(() -> Ledger.create(folder, "one")).hasMessageContaining("names of processes are used once");
    }
}
