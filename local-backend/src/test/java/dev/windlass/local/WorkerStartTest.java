package dev.windlass.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.Windlass;
import dev.windlass.local.LyingStore.Lie;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.store.ListPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.StoreRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A worker does not begin to work on a store that plainly loses updates. */
class WorkerStartTest {
    private static final TaskType<String, String> ECHO = TaskType.of("echo", String.class, String.class);

    private static Worker start(Windlass windlass) {
        return windlass.worker().queue("q").handle(ECHO, (task, input) -> input).start();
    }

    @ParameterizedTest
    @EnumSource(names = {"IGNORES_IF_ABSENT", "IGNORES_IF_MATCH", "CREATES_NOT_ATOMICALLY", "SWAPS_NOT_ATOMICALLY",
        "REVIVES_DELETED", "WRAPS_BODIES"})
    void start_storeThatLies_isRefusedAndLeavesNothing(Lie lie) {
        try (ObjectStore memory = LocalStores.memory();
                Windlass windlass = Windlass.over(new LyingStore(memory, lie))) {
            assertThatThrownBy(() -> start(windlass)).isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining("is not fit for tasks")
                    .hasMessageContaining("Do not keep tasks on this store")
                    .hasMessageContaining("windlass doctor");
            assertThat(memory.list("", null, 1000).entries()).isEmpty();
        }
    }

    @Test
    void start_checkTurnedOff_looksAtNothing() {
        try (ObjectStore memory = LocalStores.memory();
                Windlass windlass = Windlass.builder().startCheck(false)
                        .over(new LyingStore(memory, Lie.IGNORES_IF_MATCH));
                Worker worker = start(windlass)) {
            assertThat(worker.isRunning()).isTrue();
            assertThat(memory.list("meta/", null, 1000).entries()).extracting(ListPage.Entry::key)
                    .containsExactly("meta/store.json");
        }
    }
}
