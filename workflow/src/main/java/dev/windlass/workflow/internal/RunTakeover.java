package dev.windlass.workflow.internal;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiPredicate;

import dev.windlass.WindlassException;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.Written;
import dev.windlass.store.StoredObject;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Copies the outcomes that a run takes over from one before it, each put if absent, before anything of it begins. Last comes a
 * checkpoint: where there is one, all that is to be taken over is there, and no later owner copies again. For the thread of
 * the claim.
 */
final class RunTakeover {
    private static final int COPYING_AT_ONCE = 32;
    private static final int LARGEST_HELD = 4 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(RunTakeover.class);

    private final OwnedRun run;
    private final EngineAccess engine;
    private final RunBasis basis;
    private final RunKeys before;

    private RunTakeover(OwnedRun run, RunBasis basis) {
        this.run = run;
        this.engine = run.engine();
        this.basis = basis;
        this.before = run.keys().ofRun(basis.run());
    }

    /** Whether a run has all that it is to take over. */
    static boolean isDone(EngineAccess engine, RunKeys keys) {
        return engine.documents().read(keys.checkpoint()) != null;
    }

    /** Copies what a run of a function takes over, if no owner has before. */
    static void ofFunction(OwnedRun run, RunBasis basis) throws InterruptedException {
        var takeover = new RunTakeover(run, basis);
        if (isDone(run.engine(), run.keys())) {
            return;
        }
        String from = basis.from();
        if (from == null) {
            takeover.copy((name, outcome) -> outcome.succeeded());
        } else {
            int end = takeover.position(from);
            takeover.copy((name, outcome) -> {
                Asked asked = outcome.asked();
                return asked != null && asked.position() < end;
            });
        }
    }

    /** Copies what a run of a graph takes over, if no owner has before. */
    static void ofGraph(OwnedRun run, RunBasis basis, DagDefinition dag) throws InterruptedException {
        if (isDone(run.engine(), run.keys())) {
            return;
        }
        String from = basis.from();
        Set<String> anew = from == null ? Set.of() : needing(dag, from);
        new RunTakeover(run, basis).copy((name, outcome) -> outcome.succeeded() && !anew.contains(name)
                && !anew.contains(mapOf(name)));
    }

    /** The name of the map step, if it is one of an item. */
    private static String mapOf(String name) {
        int open = name.endsWith("]") ? name.lastIndexOf('[') : -1;
        return open < 0 ? name : name.substring(0, open);
    }

    /** A step and all that need it, directly or not. */
    private static Set<String> needing(DagDefinition dag, String from) {
        Map<String, List<String>> needed = new HashMap<>();
        for (DagStep step : dag.steps()) {
            step.needs().forEach(need -> needed.computeIfAbsent(need, key -> new ArrayList<>()).add(step.name()));
        }
        Set<String> needing = new HashSet<>(Set.of(from));
        Deque<String> open = new ArrayDeque<>(needing);
        while (!open.isEmpty()) {
            needed.getOrDefault(open.remove(), List.of()).stream().filter(needing::add).forEach(open::add);
        }
        return needing;
    }

    private int position(String step) {
        StepRecords.Stored stored = new StepRecords(engine, before, before.taskId(engine))
                .read(engine.keySegment("step name", step));
        Asked asked = stored == null ? null : stored.outcome().asked();
        if (asked == null) {
            throw new WindlassException("Of step '" + step + "' of run " + basis.run() + " of workflow '"
                    + before.workflowId() + "', from which run " + run.keys().run()
                    + " is to begin, nothing is recorded any more. Was the workflow purged?");
        }
        return asked.position();
    }

    private void copy(BiPredicate<String, StepOutcome> wanted) throws InterruptedException {
        List<String> keys = engine.documents().keys(before.steps()).stream()
                .filter(key -> key.endsWith(".json")).toList();
        Map<String, StepOutcome> taken = new ConcurrentSkipListMap<>();
        Fanout.forEach(engine.environment(), "windlass-takeover", COPYING_AT_ONCE, keys, key -> {
            String file = key.substring(before.steps().length());
            String name = URLDecoder.decode(file.substring(0, file.length() - ".json".length()).replace("+", "%2B"),
                    StandardCharsets.UTF_8);
            StoredObject object = engine.documents().read(key);
            if (object != null && wanted.test(name, outcome(object))) {
                taken.put(name, small(outcome(copy(object, run.keys().steps() + file))));
            }
        });
        new Checkpoint(taken, run.claim().attempt(), false, List.of(), Map.of()).put(run);
        LOG.info("{}: takes {} of {} outcomes over from run {}", run.label(), taken.size(), keys.size(), basis.run());
    }

    /** What stands under the key afterwards: the copy, or what somebody has recorded before. */
    private StoredObject copy(StoredObject object, String key) {
        String writeId = json(object).path("writeId").asString("");
        return switch (engine.documents().create(key, object.body(), writeId)) {
            case Written.Won won -> won.current();
            case Written.Lost lost -> lost.current() == null ? object : lost.current();
        };
    }

    private JsonNode json(StoredObject object) {
        return engine.json().readTree(object.body());
    }

    private StepOutcome outcome(StoredObject object) {
        return StepOutcome.read(json(object));
    }

    private static StepOutcome small(StepOutcome outcome) {
        JsonNode result = outcome.result();
        return result != null && result.toString().length() > LARGEST_HELD ? outcome.withoutResult() : outcome;
    }
}
