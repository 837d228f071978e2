package dev.windlass.workflow.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

class FleetPolicyTest {
    private static final long MS = 1_000_000;

    private static FleetPolicy policy(long bodyMs, long putMs) {
        FleetPolicy policy = new FleetPolicy(10, 100, Duration.ofMillis(250));
        policy.bodyTook(bodyMs * MS);
        policy.putTook(putMs * MS);
        return policy;
    }

    @Test
    void toSend_smallBacklog_nothing() {
        assertThat(policy(100, 5).toSend(20, 0, 0)).isZero();
    }

    @Test
    void toSend_largeBacklog_windowAtMost() {
        assertThat(policy(100, 5).toSend(1000, 0, 0)).isEqualTo(20);
        assertThat(policy(100, 5).toSend(1000, 7, 0)).isEqualTo(13);
    }

    @Test
    void toSend_oneRoundOfSlotsStays() {
        assertThat(policy(1000, 5).toSend(12, 0, 0)).isEqualTo(2);
    }

    @Test
    void toSend_tinyBodies_nothing() {
        assertThat(policy(1, 50).toSend(100_000, 0, 0)).isZero();
    }

    @Test
    void toSend_nothingFinishedYet_judgedByWhatRuns() {
        FleetPolicy policy = new FleetPolicy(10, 100, Duration.ofMillis(250));
        assertThat(policy.toSend(1000, 0, MS)).isZero();
        assertThat(policy.toSend(1000, 0, 10 * MS)).isEqualTo(20);
    }

    private static void puts(FleetPolicy policy, int count, long millis) {
        for (int i = 0; i < count; i++) {
            policy.putTook(millis * MS);
        }
    }

    @Test
    void window_storeTakesThreeTimesAsLong_halves_andGrowsSlowlyFromThere() {
        FleetPolicy policy = policy(100, 5);
        puts(policy, 31, 5);
        assertThat(policy.window()).isEqualTo(20);
        puts(policy, 32, 16);
        assertThat(policy.window()).isEqualTo(10);
        puts(policy, 32, 16);
        assertThat(policy.window()).isEqualTo(5);
        puts(policy, 64, 16);
        assertThat(policy.window()).isEqualTo(4);
        policy.returned(1);
        assertThat(policy.window()).isEqualTo(9);
    }

    @Test
    void window_storeTakesSomewhatLonger_stays() {
        FleetPolicy policy = policy(100, 5);
        puts(policy, 31, 5);
        puts(policy, 320, 14);
        assertThat(policy.window()).isEqualTo(20);
    }

    @Test
    void window_putsAreNothingBesideBodies_stays() {
        FleetPolicy policy = policy(1000, 5);
        puts(policy, 31, 5);
        puts(policy, 320, 60);
        assertThat(policy.window()).isEqualTo(20);
    }

    @Test
    void window_oneSlowPut_stays() {
        FleetPolicy policy = policy(100, 5);
        puts(policy, 63, 5);
        puts(policy, 1, 300);
        assertThat(policy.window()).isEqualTo(20);
    }

    @Test
    void window_resultsComeBack_doublesUpToTheLimit_takenBack_shrinks() {
        FleetPolicy policy = policy(100, 5);
        policy.returned(5);
        assertThat(policy.window()).isEqualTo(40);
        for (int i = 0; i < 10; i++) {
            policy.returned(100);
        }
        assertThat(policy.window()).isEqualTo(100);
        policy.takenBack(30);
        assertThat(policy.window()).isEqualTo(30);
    }
}
