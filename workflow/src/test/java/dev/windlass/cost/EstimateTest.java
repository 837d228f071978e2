package dev.windlass.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import java.util.Map;

import dev.windlass.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EstimateTest {
    private static final Workload BATCHED = Workload.ofDefaults().with(Setting.TASKS, 1e6)
            .with(Setting.BURST, 1000).with(Setting.WORKERS, 1);

    private static CostEstimate estimate(Workload workload) {
        return CostModel.estimate(workload, PriceTable.s3Standard());
    }

    @Test
    void requests_ofATask_areThoseOfTheProtocol() {
        RequestLoad month = CostModel.requests(BATCHED, 30 * 86_400);

        double tasks = 30e6;
        assertThat(month.put() / tasks).isBetween(4.0, 4.4);
        assertThat(month.get() / tasks).isBetween(1.0, 1.02);
        assertThat(month.delete() / tasks).isEqualTo(1, within(0.02));
        assertThat(month.head()).isZero();
    }

    @Test
    void dollars_everything_areTheSumOfTheParts() {
        CostEstimate estimate = estimate(BATCHED.with(Setting.RUNS, 1000).with(Setting.FLEET_STEPS, 0.5));

        double parts = estimate.storageDollars();
        for (Activity activity : Activity.values()) {
            parts += estimate.dollars(activity);
        }
        assertThat(estimate.dollars()).isCloseTo(parts, offset(1e-6));
        assertThat(estimate.dominantShare()).isBetween(0.1, 1.0);
    }

    @Test
    void dollars_tableOfOnesOwn_followItsPrices() {
        Map<PriceKind, Double> free = new EnumMap<>(PriceKind.class);
        for (PriceKind kind : PriceKind.values()) {
            free.put(kind, 0.0);
        }
        assertThat(CostModel.estimate(BATCHED, PriceTable.of("mine", "today", free, 0, true)).dollars()).isZero();

        free.put(PriceKind.GET, 1e6);
        CostEstimate gets = CostModel.estimate(BATCHED, PriceTable.of("mine", "today", free, 0, true));
        assertThat(gets.dollars()).isCloseTo(gets.requests().get(), offset(1.0));
        assertThat(gets.dominant()).isEqualTo("claim");
    }

    @Test
    void express_largePayloads_billsWhatIsCarriedBeyondWhatIsFree() {
        Workload large = BATCHED.with(Setting.INPUT, 1024 * 1024);
        PriceTable express = PriceTable.s3Express();
        PriceTable before2025 = PriceTable.of("before 2025", "", express.prices(), 512 * 1024, false);

        RequestLoad all = CostModel.estimate(large, express).requests();
        RequestLoad above = CostModel.estimate(large, before2025).requests();

        // the input once, and a few KB of bodies
        assertThat(all.uploaded() / 30e6).isBetween(1024 * 1024.0, 1024 * 1024 + 8_000.0);
        assertThat(above.uploaded() / 30e6).isCloseTo(512 * 1024, offset(1.0));
        assertThat(CostModel.estimate(BATCHED, before2025).requests().uploaded()).isZero();
    }

    @Test
    void express_manyWaiting_listsThemAllAtEachLook() {
        Workload later = Workload.ofDefaults().with(Setting.DELAYED, 1).with(Setting.DELAY, 86_400);

        double ordered = CostModel.requests(later, 1).list();
        double unordered = CostModel.estimate(later, PriceTable.s3Express()).requests().list() / (30 * 86_400);

        assertThat(unordered).isGreaterThan(10 * ordered);
    }

    @Test
    void workers_none_nothingIsClaimed() {
        CostEstimate estimate = estimate(Workload.ofDefaults().with(Setting.WORKERS, 0));

        assertThat(estimate.byActivity()).containsOnlyKeys(Activity.SUBMIT);
        assertThat(estimate.notes()).singleElement().asString().contains("no workers");
    }

    @Test
    void workers_tooFew_areNoted() {
        assertThat(estimate(Workload.ofDefaults().with(Setting.HANDLER, 60)).notes()).singleElement().asString()
                .contains("use 5 workers");
        assertThat(estimate(Workload.ofDefaults()).notes()).isEmpty();
    }

    @Test
    void halving_eachChange_halvesAndALesserOneDoesNot() {
        for (Workload workload : new Workload[]{Workload.ofDefaults().with(Setting.WORKERS, 100),
            Workload.ofDefaults().with(Setting.TASKS, 0).with(Setting.WORKERS, 3),
            Workload.ofDefaults().with(Setting.TASKS, 10).with(Setting.QUEUES, 40)}) {
            CostEstimate now = estimate(workload);
            Halving halving = Halving.of(now);
            assertThat(halving.halving()).as(workload.toString()).isNotEmpty();
            assertThat(halving.halving()).allSatisfy(change -> {
                double then = estimate(workload.with(change.setting(), change.to())).dollars();
                assertThat(then).isEqualTo(change.dollars()).isLessThanOrEqualTo(now.dollars() / 2);
                double lesser = change.setting().unit() == Setting.Unit.NUMBER
                        ? change.to() + Math.signum(change.from() - change.to())
                        : change.to() + 0.05 * (change.from() - change.to());
                assertThat(estimate(workload.with(change.setting(), lesser)).dollars()).as(change.toString())
                        .isGreaterThan(now.dollars() / 2 * 0.999);
            });
        }
    }

    @Test
    void halving_nothingHalves_saysSoAndWhatHelpsMost() {
        Halving halving = Halving.of(estimate(BATCHED));

        assertThat(halving.halving()).isEmpty();
        assertThat(halving.best()).hasValueSatisfying(best -> assertThat(best.dollars()).isBetween(
                estimate(BATCHED).dollars() / 2, estimate(BATCHED).dollars()));
        Halving free = Halving.of(estimate(Workload.ofDefaults().with(Setting.TASKS, 0).with(Setting.WORKERS, 0)));
        assertThat(free.best()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void setting_standardAndLimits_areTaken(Setting setting) {
        assertThat(setting.problem(setting.standard())).isNull();
        assertThat(setting.problem(setting.least())).isNull();
        assertThat(setting.problem(setting.most())).isNull();
        assertThat(setting.problem(Double.NaN)).contains(setting.key());
        assertThat(setting.problem(Double.POSITIVE_INFINITY)).contains(setting.key());
        assertThat(setting.problem(-1)).contains(setting.key());
        assertThat(Setting.of(setting.key())).contains(setting);
    }

    @ParameterizedTest
    @EnumSource
    void estimate_anySettingAtItsLimits_isANumber(Setting setting) {
        for (double value : new double[]{setting.least(), setting.most()}) {
            Map<Setting, Double> values = new EnumMap<>(Map.of(Setting.RUNS, 1000.0));
            values.put(setting, value);
            if (Workload.problems(values).isEmpty()) {
                CostEstimate estimate = estimate(Workload.of(values));
                assertThat(estimate.dollars()).as(setting + " " + value).isFinite().isNotNegative();
                assertThat(estimate.byActivity().values()).allSatisfy(load -> assertThat(Math.min(Math.min(load.put(),
                        load.get()), Math.min(load.list(), load.delete()))).isNotNegative());
            }
        }
    }

    @Test
    void workload_severalProblems_areToldTogether() {
        assertThatThrownBy(() -> Workload.of(Map.of(Setting.TASKS, -1.0, Setting.RETRIED, 2.0, Setting.LEASE,
                Double.NaN))).isInstanceOf(InvalidInputException.class).hasMessageContaining("tasks-per-day is -1")
                .hasMessageContaining("retried is 200%").hasMessageContaining("lease is NaN");
        assertThatThrownBy(() -> Workload.of(Map.of(Setting.HEARTBEAT, 20.0, Setting.POLL_SHORTEST, 10.0)))
                .hasMessageContaining("at most a third of the lease (lease is 30s)")
                .hasMessageContaining("poll-shortest is 10s, and poll-longest is 5s");
    }

    @Test
    void prices_missingOrNegative_areToldTogether() {
        assertThatThrownBy(() -> PriceTable.of("mine", "today", Map.of(PriceKind.PUT, -5.0, PriceKind.GET,
                Double.NaN), -1, true)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("put-per-million is -5").hasMessageContaining("get-per-million is NaN")
                .hasMessageContaining("list-per-million is missing").hasMessageContaining("free-bytes-per-request");
    }

    @Test
    void lookEvery_ofASweeper_isTheMeanOfManyDrawn() {
        var random = new java.util.Random(1);
        for (double lease : new double[]{1, 30, 90, 120, 160, 600}) {
            double time = 0;
            int looks = 20_000;
            for (int i = 0; i < looks; i++) {
                for (double since = 0; since < 60;) {
                    double sweep = lease / 2 * (0.75 + random.nextDouble() / 2);
                    since += sweep;
                    time += sweep;
                }
            }
            assertThat(Upkeep.lookEvery(lease, 4)).as("a lease of " + lease).isCloseTo(time / looks,
                    within(0.01 * time / looks));
        }
    }
}
