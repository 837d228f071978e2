package dev.windlass.workflow.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import dev.windlass.environment.Strand;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.MapOver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Reads what earlier owners of a run have recorded: the checkpoint and the names of the step objects at the same time,
 * then those step objects that the checkpoint does not hold.
 */
final class Recovery {
    private static final int READING_AT_ONCE = 32;
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private Recovery() {
    }

    /** An outcome with the index of its step. */
    record Found(int step, StepRecords.Stored stored) {}

    /**
     * What is known of a run.
     *
     * @param found the recorded outcomes, in the order of the graph
     * @param checkpoint the last checkpoint, for what it says of open steps
     */
    record Recovered(List<Found> found, Checkpoint checkpoint) {}

    static Recovered read(Run run) throws InterruptedException {
        AtomicReference<Checkpoint> read = new AtomicReference<>(Checkpoint.NONE);
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        Strand reader = run.engine().environment().start("windlass-checkpoint", () -> {
            try {
                read.set(Checkpoint.read(run));
            } catch (RuntimeException e) {
                failure.set(e);
            }
        });
        List<String> listed = run.engine().documents().keys(run.keys().steps());
        reader.join();
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        Checkpoint checkpoint = read.get();
        StepRecords.@Nullable Stored[] known = new StepRecords.Stored[run.plan().size()];
        int tail = learn(run, checkpoint, listed, known);
        if (openMaps(run, checkpoint, listed, known)) {
            known = Arrays.copyOf(known, run.plan().size());
            tail += learn(run, checkpoint, listed, known);
        }
        List<Found> found = new ArrayList<>();
        for (int step = 0; step < known.length; step++) {
            StepRecords.Stored stored = known[step];
            if (stored != null) {
                found.add(new Found(step, stored));
            }
        }
        LOG.info("{}: taken over by attempt {}; {} of {} steps are recorded ({} read one by one)", run.label(),
                run.claim().attempt(), found.size(), known.length, tail);
        return new Recovered(found, checkpoint);
    }

    /** Fills in what is recorded of the steps of the plan; how many objects were read for that. */
    private static int learn(Run run, Checkpoint checkpoint, List<String> listed, StepRecords.@Nullable Stored[] known)
            throws InterruptedException {
        checkpoint.outcomes().forEach((name, outcome) -> {
            int step = run.plan().indexOf(name);
            if (step >= 0) {
                known[step] = new StepRecords.Stored(outcome, 0);
            }
        });
        List<Integer> tail = tail(run, listed, known);
        Fanout.forEach(run.engine().environment(), "windlass-recover", READING_AT_ONCE, tail,
                step -> known[step] = run.records().read(run.segment(step)));
        return tail.size();
    }

    /** Opens those map steps of whose items something is known, so that these have their place in the plan. */
    private static boolean openMaps(Run run, Checkpoint checkpoint, List<String> listed,
            StepRecords.@Nullable Stored[] known) {
        boolean opened = false;
        for (int step = 0; step < run.plan().defined(); step++) {
            MapOver over = run.plan().step(step).map();
            if (over != null && known[step] == null && isBegun(run, step, checkpoint, listed)) {
                JsonNode list = list(run, over, known);
                if (list.isArray()) {
                    run.plan().openMap(step, MapSteps.items(list));
                    opened = true;
                }
            }
        }
        return opened;
    }

    private static boolean isBegun(Run run, int map, Checkpoint checkpoint, List<String> listed) {
        String name = run.plan().step(map).name() + '[';
        String keys = run.keys().steps() + run.segment(map) + "%5B";
        return listed.stream().anyMatch(key -> key.startsWith(keys))
                || checkpoint.outcomes().keySet().stream().anyMatch(step -> step.startsWith(name))
                || checkpoint.out().stream().anyMatch(step -> step.startsWith(name))
                || checkpoint.retries().keySet().stream().anyMatch(step -> step.startsWith(name));
    }

    private static JsonNode list(Run run, MapOver over, StepRecords.@Nullable Stored[] known) {
        if (over.step().equals(DagStep.RUN_INPUT)) {
            return run.records().result("", run.input().asOutcome());
        }
        StepRecords.Stored stored = known[run.plan().indexOf(over.step())];
        return stored == null || !stored.outcome().hasResult()
                ? MissingNode.getInstance()
                : run.records().result(run.engine().keySegment("step name", over.step()), stored.outcome());
    }

    private static List<Integer> tail(Run run, List<String> listed, StepRecords.@Nullable Stored[] known) {
        Map<String, Integer> byKey = new HashMap<>();
        for (int step = 0; step < known.length; step++) {
            if (known[step] == null) {
                byKey.put(run.keys().step(run.segment(step)), step);
            }
        }
        List<Integer> tail = new ArrayList<>();
        for (String key : listed) {
            Integer step = byKey.get(key);
            if (step != null) {
                tail.add(step);
            }
        }
        return tail;
    }
}
