package dev.windlass.cli.cost;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.cost.CostModel;
import dev.windlass.cost.Rehearsal;
import dev.windlass.cost.RequestLoad;
import dev.windlass.cost.Setting;
import dev.windlass.cost.Workload;
import dev.windlass.environment.Environment;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.ObjectStores;
import dev.windlass.store.StoreSettings;

/**
 * A workload, played on a real store beside the model: scaled so that it takes a short while on one machine.
 *
 * @param played what was played
 * @param scaled what is other than in the workload that was asked for, for people
 * @param took how long it took
 * @param tasks how many tasks ended
 * @param runs how many runs of workflows ended
 * @param counted the requests that were counted
 * @param model the requests that the model expects of what was played
 */
public record Measurement(Workload played, List<String> scaled, Duration took, long tasks, long runs,
        RequestLoad counted, RequestLoad model) {
    private static final double MOST_WORKERS = 4;
    private static final double MOST_TASKS_PER_SECOND = 50;
    private static final double LEAST_TASKS = 20;
    private static final double MOST_RUNS_PER_SECOND = 1;
    private static final double LEAST_RUNS = 2;
    private static final double DAY = 86_400;
    private static final int PROBES = 20;
    private static final int REQUESTS_AT_ONCE = 128;

    /**
     * Plays a workload.
     *
     * @param uri the store; what was played stays in it, ended
     * @param length for how long tasks are submitted
     * @throws InterruptedException if the thread is interrupted
     */
    public static Measurement of(Environment environment, Workload asked, String uri, Duration length)
            throws InterruptedException {
        if (length.compareTo(Duration.ofSeconds(2)) < 0 || length.compareTo(Duration.ofHours(1)) > 0) {
            throw new InvalidInputException("A measurement of " + length + " is not possible. Use 2s to 1h.");
        }
        var settings = new StoreSettings(environment, REQUESTS_AT_ONCE, Map.of());
        try (ObjectStore store = ObjectStores.open(uri, settings)) {
            double latency = latency(environment, store);
            var scale = new Scale(asked, length.toNanos() / 1e9, latency);
            boolean shared = uri.toLowerCase(Locale.ROOT).startsWith("mem:");
            Rehearsal.Outcome outcome = new Rehearsal(scale.played, name -> {
                Windlass.Builder builder = Windlass.builder().environment(environment).concurrency(REQUESTS_AT_ONCE);
                // What is in memory is there for one store object only.
                return shared ? builder.over(store) : builder.connect(uri);
            }).run(length);
            double seconds = outcome.took().toNanos() / 1e9;
            return new Measurement(outcome.workload(), scale.changes, outcome.took(), outcome.tasks(), outcome.runs(),
                    RequestLoad.of(outcome.counted()), CostModel.requests(outcome.workload(), seconds));
        }
    }

    private static double latency(Environment environment, ObjectStore store) {
        long begin = environment.nanoTime();
        for (int i = 0; i < PROBES; i++) {
            store.get("meta/store.json");
        }
        return Math.max(1e-4, (environment.nanoTime() - begin) / 1e9 / PROBES);
    }

    /** A workload that fits. */
    private static final class Scale {
        private final List<String> changes = new ArrayList<>();
        private Workload played;

        Scale(Workload asked, double seconds, double latency) {
            this.played = asked;
            set(Setting.LATENCY, latency);
            cap(Setting.WORKERS, MOST_WORKERS);
            cap(Setting.CONCURRENCY, 64);
            cap(Setting.QUEUES, 8);
            between(Setting.TASKS, LEAST_TASKS / seconds * DAY, MOST_TASKS_PER_SECOND * DAY);
            cap(Setting.BURST, Math.max(1, played.get(Setting.TASKS) / DAY * seconds / 4));
            cap(Setting.HANDLER, 1);
            cap(Setting.RETRY_DELAY, seconds / 8);
            cap(Setting.DELAY, seconds / 8);
            between(Setting.RUNS, LEAST_RUNS / seconds * DAY, MOST_RUNS_PER_SECOND * DAY);
            cap(Setting.STEPS, 200);
            cap(Setting.WIDTH, 100);
            cap(Setting.STEP_TIME, 1);
            cap(Setting.SCHEDULERS, MOST_WORKERS);
            cap(Setting.FIRINGS, 0);
        }

        /** What is not there is not played. */
        private void between(Setting setting, double least, double most) {
            double now = played.get(setting);
            if (now > 0) {
                set(setting, Math.clamp(now, least, most));
            }
        }

        private void cap(Setting setting, double most) {
            set(setting, Math.min(played.get(setting), setting.unit() == Setting.Unit.NUMBER ? Math.rint(most) : most));
        }

        private void set(Setting setting, double value) {
            double now = played.get(setting);
            if (now != value) {
                changes.add(setting.key() + ' ' + setting.show(value) + " for " + setting.show(now));
                played = played.with(setting, value);
            }
        }
    }
}
