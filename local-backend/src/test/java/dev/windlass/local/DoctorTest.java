package dev.windlass.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import dev.windlass.InvalidInputException;
import dev.windlass.doctor.Check;
import dev.windlass.doctor.Checkup;
import dev.windlass.doctor.Doctor;
import dev.windlass.doctor.Role;
import dev.windlass.doctor.Verdict;
import dev.windlass.environment.Environment;
import dev.windlass.local.LyingStore.Lie;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.RequestCounts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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
        "FOLDS_CASE, keys", "CUTS_BODIES, bodies", "WRAPS_BODIES, reach",
        "APPLIES_REPEATS, own-writes", "IGNORES_IF_ABSENT, own-writes", "IGNORES_IF_MATCH, own-writes",
        "DELETES_ANY_VERSION, delete", "CLOCK_GOES_BACK, time",
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
        assertThat(checkup.checks()).hasSameSizeAs(examine(Lie.NONE).checks());
        assertThat(checkup.checks().stream().filter(check -> check.verdict() != Verdict.SKIPPED).map(Check::name))
                .as("what can be asked with nothing allowed").containsExactly("reach", "role-submitter", "role-worker",
                        "role-operator", "role-reader", "versions", "expiry");
        assertThat(checkup.check("role-worker").verdict()).isEqualTo(Verdict.NOTE);
        assertThat(checkup.check("role-worker").found()).startsWith("refused: ")
                .contains("DELETE leases/*.json", "LIST ready/", "; not known: ", "PUT leases/*.json");
    }

    @Test
    void examine_storeThatDoesNotAnswer_leavesAllTheRestOut() throws InterruptedException {
        assertThat(examine(Lie.IS_DOWN).checks().stream().skip(1))
                .allMatch(check -> check.verdict() == Verdict.SKIPPED);
    }

    @Test
    void examine_storeThatIgnoresConditions_isNotAskedForRoles() throws InterruptedException {
        try (ObjectStore memory = LocalStores.memory()) {
            Checkup checkup = DOCTOR.examine(new LyingStore(memory, Lie.IGNORES_IF_MATCH));

            assertThat(checkup.check("role-worker").verdict()).isEqualTo(Verdict.SKIPPED);
            assertThat(memory.list("", null, 1000).entries()).isEmpty();
        }
    }

    @Test
    void examineRole_storeThatIgnoresConditions_saysSoAndLeavesNothing() throws InterruptedException {
        try (ObjectStore memory = LocalStores.memory()) {
            Checkup checkup = DOCTOR.examineRole(new LyingStore(memory, Lie.IGNORES_IF_MATCH), Role.WORKER);

            assertThat(checkup.check("role-worker").verdict()).isEqualTo(Verdict.BAD);
            assertThat(checkup.check("role-worker").found()).contains("were applied: ", "PUT tasks/*.json");
            assertThat(memory.list("", null, 1000).entries()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void examineRole_everythingAllowed_isGoodAndChangesNothing(Role role) throws InterruptedException {
        try (ObjectStore memory = LocalStores.memory()) {
            Checkup checkup = DOCTOR.examineRole(memory, role);

            assertThat(checkup.checks()).hasSize(1);
            assertThat(checkup.verdict()).as(checkup.toString()).isEqualTo(Verdict.GOOD);
            assertThat(checkup.requests().billed() + checkup.requests().delete())
                    .isEqualTo(role.accesses().size());
            assertThat(memory.list("", null, 1000).entries()).isEmpty();
        }
    }

    @Test
    void examineRole_nothingAllowed_isBad() throws InterruptedException {
        try (ObjectStore memory = LocalStores.memory()) {
            Check check = DOCTOR.examineRole(new LyingStore(memory, Lie.REFUSES), Role.READER).check("role-reader");

            assertThat(check.verdict()).isEqualTo(Verdict.BAD);
            assertThat(check.remedy()).contains("docs/iam/reader.json");
        }
    }

    @Test
    void examineRole_noAnswer_isLeftOut() throws InterruptedException {
        try (ObjectStore memory = LocalStores.memory()) {
            assertThat(DOCTOR.examineRole(new LyingStore(memory, Lie.IS_DOWN), Role.READER).check("role-reader")
                    .verdict()).isEqualTo(Verdict.SKIPPED);
        }
    }

    @Test
    void examine_figures_areThoseOfTheRequests() throws InterruptedException {
        Checkup checkup = examine(Lie.NONE);

        Map<String, Double> latency = checkup.check("latency").figures();
        assertThat(latency.keySet()).containsExactly("putP50Millis", "putP90Millis", "putP99Millis", "putMaxMillis",
                "getP50Millis", "getP90Millis", "getP99Millis", "getMaxMillis", "listP50Millis", "listP90Millis",
                "listP99Millis", "listMaxMillis");
        assertThat(latency.get("putP50Millis")).isPositive().isLessThanOrEqualTo(latency.get("putP90Millis"));
        assertThat(latency.get("putP99Millis")).isLessThanOrEqualTo(latency.get("putMaxMillis"));
        Map<String, Double> capacity = checkup.check("capacity").figures();
        assertThat(capacity.keySet()).containsExactly("putsPerSecond", "getsPerSecond", "listsPerSecond",
                "deletesPerSecond", "tasksPerSecond");
        assertThat(capacity.values()).allMatch(rate -> rate > 0);
        assertThat(capacity.get("tasksPerSecond"))
                .isLessThan(Objects.requireNonNull(capacity.get("putsPerSecond")) / 4);
    }

    @ParameterizedTest
    @CsvSource({"CREATES_NOT_ATOMICALLY, create-race", "IGNORES_IF_ABSENT, create-race",
        "SWAPS_NOT_ATOMICALLY, swap-race", "IGNORES_IF_MATCH, swap-race", "REVIVES_DELETED, conditions",
        "WRAPS_BODIES, bodies", "TELLS_NO_TIME, time"})
    void glance_storeThatLies_isFoundBad(Lie lie, String name) throws InterruptedException {
        try (ObjectStore memory = LocalStores.memory()) {
            Checkup checkup = DOCTOR.glance(new LyingStore(memory, lie));

            assertThat(checkup.check(name).verdict()).as(checkup.toString()).isEqualTo(Verdict.BAD);
            assertThat(checkup.check(name).remedy()).isNotBlank();
            assertThat(checkup.requests().billed()).isLessThanOrEqualTo(Doctor.GLANCE_REQUESTS);
            assertThat(memory.list("", null, 1000).entries()).as("what it leaves").isEmpty();
        }
    }

    @Test
    void glance_honestStore_isGoodForEightRequests() throws InterruptedException {
        try (ObjectStore memory = LocalStores.memory()) {
            Checkup checkup = DOCTOR.glance(memory);

            assertThat(checkup.verdict()).as(checkup.toString()).isEqualTo(Verdict.GOOD);
            // conflicts: two of each race, and the swap of what is gone
            assertThat(checkup.requests()).isEqualTo(new RequestCounts(7, 1, 0, 1, 5, 0));
            assertThat(memory.list("", null, 1000).entries()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REFUSES", "IS_DOWN"})
    void glance_storeThatCannotBeUsed_saysNothingOfIt(Lie lie) throws InterruptedException {
        try (ObjectStore memory = LocalStores.memory()) {
            Checkup checkup = DOCTOR.glance(new LyingStore(memory, lie));

            assertThat(checkup.checks()).hasSize(5).allMatch(check -> check.verdict() == Verdict.SKIPPED);
            assertThat(checkup.fit()).isTrue();
        }
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
