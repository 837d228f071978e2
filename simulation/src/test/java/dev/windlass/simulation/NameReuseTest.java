package dev.windlass.simulation;

import static dev.windlass.simulation.NameReuseRule.ABSORBING;
import static dev.windlass.simulation.NameReuseRule.BOUND;
import static dev.windlass.simulation.NameReuseRule.CHECK;
import static dev.windlass.simulation.NameReuseRule.CONDITIONAL_DELETE;
import static dev.windlass.simulation.NameReuseRule.DISTINCT_TRIES;
import static dev.windlass.simulation.NameReuseRule.KEYS_OUTLAST_STUBS;
import static dev.windlass.simulation.NameReuseRule.REMOVED_FIRST;
import static dev.windlass.simulation.NameReuseRule.REQUEUE;
import static dev.windlass.simulation.NameReuseRule.STUB_KEPT;
import static dev.windlass.simulation.NameReuseRule.UNIQUE_READY_KEYS;
import static dev.windlass.simulation.NameReuseWorld.without;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.function.Predicate;

import dev.windlass.simulation.NameReuseLedger.Verdict;
import dev.windlass.simulation.NameReuseWorld.Kind;
import org.junit.jupiter.api.Test;

/**
 * The rules of docs/protocol.md, "Names come back to life": with all of them no history breaks an invariant, and each of
 * them is needed. {@link NameReuseWorld#main} counts over more seeds.
 */
class NameReuseTest {
    private static final int SEEDS = 150;
    private static final int SEARCHED = 2_000;

    private static void holds(Kind kind, Set<NameReuseRule> rules) {
        int acknowledged = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Verdict verdict = NameReuseWorld.play(seed, kind, rules);
            acknowledged += verdict.acknowledged();
            assertThat(verdict.isViolation()).as("seed %d: %s", seed, verdict).isFalse();
        }
        assertThat(acknowledged).as("acknowledged in all histories").isGreaterThan(SEEDS);
    }

    /** Looks for a history that goes wrong in that way, from a seed near one that does. */
    private static void fails(Kind kind, Set<NameReuseRule> rules, long from, Predicate<Verdict> wrong) {
        for (long seed = from; seed < from + SEARCHED; seed++) {
            if (wrong.test(NameReuseWorld.play(seed, kind, rules))) {
                return;
            }
        }
        assertThat(false).as("a rule left out of %s goes unnoticed", kind).isTrue();
    }

    // 1 retention of names that are used once

    @Test
    void retention_allRules_nothingRunsAgain() {
        holds(Kind.RETENTION, without());
    }

    @Test
    void retention_deletedAtOnce_lateCreatesRunAgain() {
        fails(Kind.RETENTION, without(BOUND, CHECK), 0, verdict -> verdict.ranAgain() > 0);
    }

    @Test
    void retention_boundAloneWithinItsAssumption_nothingRunsAgain() {
        holds(Kind.RETENTION_WITHIN_BOUND, without(CHECK));
    }

    @Test
    void retention_boundAloneBeyondItsAssumption_lateCreatesRunAgain() {
        fails(Kind.RETENTION, without(CHECK), 0, verdict -> verdict.ranAgain() > 0);
    }

    @Test
    void retention_checkAlone_lateCreatesRunAgain() {
        fails(Kind.RETENTION, without(BOUND), 0, verdict -> verdict.ranAgain() > 0);
    }

    @Test
    void retention_triesOfACreateAlike_lateClaimLandsOverLateCreate() {
        fails(Kind.RETENTION, without(DISTINCT_TRIES), 60, verdict -> verdict.ranAgain() > 0);
    }

    // 2 tombstones

    @Test
    void tombstones_allRules_nothingBuriedRuns() {
        holds(Kind.TOMBSTONES, without());
    }

    @Test
    void tombstones_removedAtOnce_buriedSubmissionsRun() {
        fails(Kind.TOMBSTONES, without(BOUND, CHECK), 0, verdict -> verdict.ranUnasked() > 0);
    }

    @Test
    void tombstones_boundAlone_buriedSubmissionsRun() {
        fails(Kind.TOMBSTONES, without(CHECK), 0, verdict -> verdict.ranUnasked() > 0);
    }

    @Test
    void tombstones_removedSlowSubmissionNotRequeued_isAcknowledgedWithoutItsKey() {
        fails(Kind.TOMBSTONES, without(BOUND, CHECK, REQUEUE), 0, verdict -> verdict.withoutKey() > 0);
    }

    @Test
    void tombstones_checkedSlowSubmissionNotRequeued_isNeverWithoutItsKey() {
        holds(Kind.TOMBSTONES, without(REQUEUE));
    }

    @Test
    void tombstones_submitLeadsBackFromRemoved_lateDeleteLosesIt() {
        fails(Kind.TOMBSTONES, without(ABSORBING), 130, verdict -> verdict.lost() > 0);
    }

    // 3 names that are used again

    @Test
    void keyReuse_conditionalDeleteAndAllRules_everyLifeRunsOnce() {
        holds(Kind.KEYS, without());
    }

    @Test
    void keyReuse_unconditionalDelete_laterLifeIsLost() {
        fails(Kind.KEYS, without(CONDITIONAL_DELETE), 0, verdict -> verdict.lost() > 0);
    }

    @Test
    void keyReuse_conditionalDeleteAtOnce_lateCreatesRun() {
        fails(Kind.KEYS, without(BOUND, CHECK), 0, verdict -> verdict.ranAgain() > 0 && verdict.ranUnasked() > 0);
    }

    @Test
    void keyReuse_conditionalDeleteBoundAlone_lateCreatesRun() {
        fails(Kind.KEYS, without(CHECK), 0, verdict -> verdict.ranUnasked() > 0);
    }

    @Test
    void keyReuse_keysBesideStubsRemovedAtOnce_acknowledgedWithoutItsKey() {
        fails(Kind.KEYS, without(KEYS_OUTLAST_STUBS), 140, verdict -> verdict.withoutKey() > 0);
    }

    @Test
    void keyReuse_stubKept_needsNoOtherRule() {
        Set<NameReuseRule> rules = without(BOUND, CHECK, DISTINCT_TRIES, KEYS_OUTLAST_STUBS, CONDITIONAL_DELETE);
        rules.add(STUB_KEPT);
        holds(Kind.KEYS, rules);
    }

    // 4 redrive

    @Test
    void redrive_retentionAtTheSameTime_noneIsLost() {
        holds(Kind.REDRIVES, without());
    }

    @Test
    void redrive_deletedWithoutRemoved_isLost() {
        fails(Kind.REDRIVES, without(REMOVED_FIRST), 40, verdict -> verdict.lost() > 0);
    }

    // 5 ready keys

    @Test
    void readyKeys_uniqueNames_lateOnesAreRemovedAndHitNobody() {
        holds(Kind.REDRIVES_ONLY, without());
    }

    @Test
    void readyKeys_sharedNames_lateDeleteHitsAnother() {
        fails(Kind.REDRIVES_ONLY, without(UNIQUE_READY_KEYS), 0, verdict -> verdict.withoutKey() > 0);
    }
}
