package dev.windlass.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;

import dev.windlass.InvalidInputException;
import dev.windlass.doctor.Check;
import dev.windlass.doctor.Checkup;
import dev.windlass.doctor.Doctor;
import dev.windlass.doctor.Verdict;
import dev.windlass.environment.Environment;
import dev.windlass.local.LyingStore.Lie;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The doctor finds each lie that a store can tell, by the check that is for it; the contract kit shows the honest ones. */
class DoctorTest {
    private static final Doctor DOCTOR = Doctor.of(Environment.system()).withClients(8).withRounds(10)
            .withLoad(Duration.ofMillis(50));

    private static Checkup examine(Lie lie) throws InterruptedException {
        try (ObjectStore memory = LocalStores.memory()) {
            return DOCTOR.examine(new LyingStore(memory, lie));
        }
    }

    @ParameterizedTest
    @CsvSource({"CREATES_NOT_ATOMICALLY, create-race", "SWAPS_NOT_ATOMICALLY, swap-race",
        "SWAPS_NOT_ATOMICALLY, lost-updates", "IGNORES_IF_ABSENT, conditions", "IGNORES_IF_ABSENT, create-race",
        "IGNORES_IF_MATCH, conditions", "IGNORES_IF_MATCH, swap-race", "REVIVES_DELETED, conditions",
        "ONE_ETAG, etags", "LOSES_ACKNOWLEDGED, lost-updates", "READS_LATE, fresh-reads", "LISTS_LATE, fresh-reads",
        "LISTS_IN_NO_ORDER, listing", "LISTS_TWICE, listing", "LEAVES_OUT_LAST, listing", "LOSES_NAMES, names",
        "FOLDS_CASE, keys", "CUTS_BODIES, bodies", "DELETES_ANY_VERSION, delete", "CLOCK_GOES_BACK, time",
        "REFUSES, reach", "IS_DOWN, reach", "GOES_DOWN, latency"})
    void examine_storeThatLies_isFoundBadByThatCheck(Lie lie, String name) throws InterruptedException {
        Checkup checkup = examine(lie);

        Check check = checkup.check(name);
        assertThat(check.verdict()).as(check.found()).isEqualTo(Verdict.BAD);
        assertThat(check.remedy()).isNotBlank();
        assertThat(checkup.fit()).isFalse();
    }

    @Test
    void examine_honestStore_isFitAndClean() throws InterruptedException {
        try (ObjectStore memory = LocalStores.memory()) {
            Checkup checkup = DOCTOR.examine(new LyingStore(memory, Lie.NONE));

            assertThat(checkup.checks()).allMatch(check -> check.verdict() == Verdict.GOOD);
            assertThat(checkup.verdict()).isEqualTo(Verdict.GOOD);
            assertThat(checkup.requests().put()).isPositive();
            assertThat(memory.list("", null, 1000).entries()).isEmpty();
        }
    }

    @Test
    void examine_storeThatCannotBeUsed_leavesTheRestOut() throws InterruptedException {
        Checkup checkup = examine(Lie.REFUSES);

        assertThat(checkup.check("reach").found()).contains("refused", "Access Denied");
        assertThat(checkup.check("reach").remedy()).contains("credentials");
        assertThat(checkup.checks().stream().filter(check -> !check.name().equals("reach")))
                .hasSize(examine(Lie.NONE).checks().size() - 1)
                .allMatch(check -> check.verdict() == Verdict.SKIPPED);
    }

    @Test
    void examine_overloadedStore_isNotTakenForALiar() throws InterruptedException {
        Checkup checkup = examine(Lie.OVERLOADED);

        assertThat(checkup.check("create-race").verdict()).isEqualTo(Verdict.NOTE);
        assertThat(checkup.check("create-race").found()).contains("not answered");
        assertThat(checkup.check("lost-updates").verdict()).isNotEqualTo(Verdict.BAD);
    }

    @Test
    void examine_beforeAndAfter_tasksAreLeftAlone() throws InterruptedException {
        try (ObjectStore memory = LocalStores.memory()) {
            memory.put("tasks/aa/one.json", new byte[]{1}, Precondition.none());

            DOCTOR.examine(memory);

            assertThat(memory.list("", null, 1000).entries()).extracting("key").containsExactly("tasks/aa/one.json");
        }
    }

    @Test
    void withOptions_absurdValues_areRefused() {
        assertThatThrownBy(() -> DOCTOR.withClients(1)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("2 to 256 clients");
        assertThatThrownBy(() -> DOCTOR.withClients(257)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> DOCTOR.withRounds(0)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("10,000 rounds");
        assertThatThrownBy(() -> DOCTOR.withLoad(Duration.ofSeconds(-1))).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("0 s to 1 h");
    }
}
