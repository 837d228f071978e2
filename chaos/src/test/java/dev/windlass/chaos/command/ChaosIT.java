package dev.windlass.chaos.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.windlass.chaos.ChaosOptions;
import dev.windlass.chaos.ChaosReport;
import dev.windlass.chaos.Fault;
import dev.windlass.chaos.FaultCounts;
import dev.windlass.chaos.check.Rule;
import dev.windlass.chaos.process.ChaosRun;
import dev.windlass.chaos.process.Place;
import dev.windlass.simulation.mutant.MutantClasses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Chaos for about a minute on each family of stores, tasks and runs together. Longer: {@code ./windlass-chaos}, or
 * {@code -Dwindlass.chaos.seconds=300}; another seed: {@code -Dwindlass.chaos.seed}.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ChaosIT {
    private static final long SECONDS = Long.getLong("windlass.chaos.seconds", 30);
    private static final Duration DRAIN = Duration.ofMinutes(5);
    private static final long SEED = Long.getLong("windlass.chaos.seed", 4);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @Test
    void chaos_onADirectory_addsUp() throws IOException, InterruptedException {
        var counts = new FaultCounts();
        try (Place place = Place.directory(folder.resolve("store"))) {
            check(run(place, counts, Duration.ofSeconds(3), SECONDS, DRAIN, ""), place);
        }
    }

    @Test
    void chaos_onAServer_addsUp() throws IOException, InterruptedException {
        var counts = new FaultCounts();
        try (Place place = Place.server(SEED, Duration.ofSeconds(4), counts)) {
            check(run(place, counts, Duration.ofSeconds(8), SECONDS, DRAIN, ""), place);
        }
    }

    /** The harness's own teeth: processes of a product that takes an unanswered put for done. */
    @Test
    void chaos_onAServerWithABrokenProduct_isFound() throws IOException, InterruptedException {
        Path classes = folder.resolve("mutant");
        MutantClasses.write(Path.of(".."), "unanswered-put-taken-as-done", classes);
        var counts = new FaultCounts();
        try (Place place = Place.server(SEED, Duration.ofSeconds(4), counts)) {
            // What nobody can see does not end, however long one waits.
            ChaosReport report = run(place, counts, Duration.ofSeconds(8), 12, Duration.ofSeconds(75),
                    classes + File.pathSeparator);

            assertThat(report.isSound()).as(ReportText.table(report)).isFalse();
            assertThat(report.account().findings()).as("acknowledged tasks that nobody could see")
                    .anyMatch(finding -> finding.rule() == Rule.LEFTOVERS && finding.text().startsWith("no-ready-key"));
        }
    }

    private ChaosReport run(Place place, FaultCounts counts, Duration lease, long seconds, Duration drain,
            String classesBefore) throws IOException, InterruptedException {
        var options = new ChaosOptions(SEED, Duration.ofSeconds(seconds), drain, 3, 2, lease,
                Duration.ofMillis(150), folder, classesBefore + System.getProperty("java.class.path"));
        return new ChaosRun(options, place, counts, ChaosMain.class, System.err::println).run().report();
    }

    private static void check(ChaosReport report, Place place) {
        String text = ReportText.table(report);
        System.err.println(text);
        assertThat(report.isSound()).as(text).isTrue();
        assertThat(report.account().counts().get("tasksAcknowledged")).as(text).isGreaterThan(20);
        assertThat(report.account().counts().get("runsAcknowledged")).as(text).isPositive();
        for (Fault fault : Fault.values()) {
            if (place.allows(fault)) {
                assertThat(report.faults().get(fault)).as(fault + text).isPositive();
            }
        }
    }
}
