package dev.windlass.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import dev.windlass.environment.Environment;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreUnavailableException;
import dev.windlass.store.testkit.FaultyStore;
import dev.windlass.store.testkit.FaultyStore.Fault;
import dev.windlass.store.testkit.FaultyStore.Kind;
import dev.windlass.store.testkit.FaultyStore.Request;
import org.junit.jupiter.api.Test;

/** The testkit's faulty store, on a store in memory. */
class FaultyStoreTest {

    private final FaultyStore store = new FaultyStore(LocalStores.memory(), Environment.system());

    private PutResult put(String key) {
        return store.put(key, new byte[]{1}, Precondition.ifAbsent());
    }

    @Test
    void put_lostBefore_isUnknownAndHasNotLanded() {
        store.next(Request.puts("a/"), Fault.LOST_BEFORE);

        assertThat(put("b/1")).isInstanceOf(PutResult.Applied.class);
        assertThat(put("a/1")).isInstanceOf(PutResult.Unknown.class);
        assertThat(store.get("a/1").object()).isNull();
        assertThat(put("a/1")).isInstanceOf(PutResult.Applied.class);
        assertThat(store.struck()).containsExactly(new Request(Kind.PUT, "a/1", Precondition.ifAbsent()));
    }

    @Test
    void put_lostAfter_isUnknownAndHasLanded() {
        store.next(Request.any(), Fault.LOST_AFTER);

        assertThat(put("k")).isInstanceOf(PutResult.Unknown.class);
        assertThat(store.get("k").object()).isNotNull();
    }

    @Test
    void put_conflictAfterLanding_hasLanded() {
        store.next(Request.puts(""), Fault.CONFLICT_AFTER_LANDING);

        assertThat(put("k")).isInstanceOf(PutResult.Conflict.class);
        assertThat(store.get("k").object()).isNotNull();
    }

    @Test
    void get_unavailableThreeTimes_worksTheFourthTime() {
        put("k");
        store.next(Request.of(Kind.GET, "k"), Fault.NONE).next(Request.of(Kind.GET, "k"), Fault.UNAVAILABLE, 3);

        assertThat(store.get("k").object()).isNotNull();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> store.get("k")).isInstanceOf(StoreUnavailableException.class);
        }
        assertThat(store.get("k").object()).isNotNull();
    }

    @Test
    void delete_lostAfter_throwsAndHasLanded() {
        put("k");
        store.always(Request.of(Kind.DELETE, ""), Fault.LOST_AFTER);

        assertThatThrownBy(() -> store.delete("k")).isInstanceOf(StoreUnavailableException.class);
        assertThat(store.get("k").object()).isNull();
        store.heal();
        store.delete("k");
    }

    @Test
    void list_slow_answersAllTheSame() {
        put("p/k");
        store.delay(Duration.ofMillis(1)).always(Request.any(), Fault.SLOW);

        assertThat(store.list("p/", null, 10).entries()).hasSize(1);
        assertThat(store.listNames("", null, 10).names()).containsExactly("p");
        assertThat(store.struck()).hasSize(2);
    }

    @Test
    void randomly_sameSeed_strikesTheSameRequests() {
        List<List<Request>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            FaultyStore seeded = new FaultyStore(LocalStores.memory(), Environment.system());
            seeded.randomly(Request.puts(""), Fault.LOST_BEFORE, 0.3, new Random(42));
            for (int i = 0; i < 200; i++) {
                seeded.put("k" + i, new byte[0], Precondition.none());
            }
            runs.add(seeded.struck());
        }

        assertThat(runs.get(0)).isEqualTo(runs.get(1)).hasSizeBetween(30, 90);
    }
}
