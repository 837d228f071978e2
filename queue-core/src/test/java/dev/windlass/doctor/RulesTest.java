package dev.windlass.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoreRules;
import dev.windlass.store.StoreRules.Effect;
import dev.windlass.store.StoreRules.Expiry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {
    private record Fixed(boolean keepsDeleted, List<Expiry> expiries) implements StoreRules {}

    private static final StoreRules FORBIDDEN = new StoreRules() {
        @Override
        public boolean keepsDeleted() {
            throw new StoreRefusedException("403");
        }

        @Override
        public List<Expiry> expiries() {
            throw new StoreRefusedException("403");
        }
    };

    private static Check expiry(String prefix, Effect effect) {
        return new Rules(new Fixed(false, List.of(new Expiry("old stuff", prefix, effect, "30 days old")))).expiry();
    }

    @Test
    void versions_kept_isANote() {
        assertThat(new Rules(new Fixed(true, List.of())).versions().verdict()).isEqualTo(Verdict.NOTE);
        assertThat(new Rules(StoreRules.none()).versions().verdict()).isEqualTo(Verdict.GOOD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "t", "tasks/", "ready/emails/", "payloads/", "workflow/w"})
    void expiry_ruleThatReachesLiveObjects_isBad(String prefix) {
        Check check = expiry(prefix, Effect.REMOVED);

        assertThat(check.verdict()).isEqualTo(Verdict.BAD);
        assertThat(check.found()).contains("\"old stuff\" removes", "30 days old");
    }

    @Test
    void expiry_archive_isBad() {
        assertThat(expiry("tasks/", Effect.ARCHIVED).found()).isEqualTo(
                "the rule \"old stuff\" archives objects below tasks/ when they are 30 days old");
    }

    @ParameterizedTest
    @ValueSource(strings = {"doctor/", "workers/", "something-else/"})
    void expiry_ruleThatReachesNothingLive_isGood(String prefix) {
        assertThat(expiry(prefix, Effect.REMOVED).verdict()).isEqualTo(Verdict.GOOD);
    }

    @Test
    void rules_forbiddenToLook_areNotKnownWithRemedy() {
        Check versions = new Rules(FORBIDDEN).versions();
        Check expiry = new Rules(FORBIDDEN).expiry();

        assertThat(versions.verdict()).isEqualTo(Verdict.NOTE);
        assertThat(versions.found()).startsWith("not known");
        assertThat(versions.remedy()).contains("s3:GetBucketVersioning");
        assertThat(expiry.verdict()).isEqualTo(Verdict.NOTE);
        assertThat(expiry.remedy()).contains("s3:GetLifecycleConfiguration");
    }
}
