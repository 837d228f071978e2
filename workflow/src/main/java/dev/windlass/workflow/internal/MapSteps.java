package dev.windlass.workflow.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.windlass.LeaseLostException;
import dev.windlass.queue.TaskError;
import dev.windlass.store.StoreException;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.MapOver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Opens map steps, whose items then are steps of their own, and gathers the items' results into the map step's outcome.
 * Both on threads of their own, since large lists and results must be read. Methods are the owner's thread's only.
 */
final class MapSteps {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int READING_AT_ONCE = 32;
    private static final Logger LOG = LoggerFactory.getLogger(MapSteps.class);

    private final Run run;
    private final Map<Integer, Instant> opened = new LinkedHashMap<>();
    private int busy;

    MapSteps(Run run) {
        this.run = run;
    }

    /** Whether no thread works on opening or gathering. */
    boolean isIdle() {
        return busy == 0;
    }

    /** Opens and gathers what is to be opened and gathered. */
    void act() {
        for (int step = run.plan().takeToOpen(); step >= 0; step = run.plan().takeToOpen()) {
            int map = step;
            StepOutcome[] parents = run.parents(map);
            opened.put(map, run.engine().storeTime());
            start("open", map, () -> open(map, parents), false);
        }
        for (int step = run.plan().takeToGather(); step >= 0; step = run.plan().takeToGather()) {
            int map = step;
            List<Integer> items = run.plan().items(map);
            @Nullable
            StepOutcome[] outcomes = new StepOutcome[items.size()];
            for (int i = 0; i < outcomes.length; i++) {
                outcomes[i] = run.plan().outcome(items.get(i));
            }
            Instant started = opened.getOrDefault(map, run.engine().storeTime());
            start("gather", map, () -> gather(map, outcomes, started), true);
        }
    }

    private interface Work {
        /** True if the work is done; false to try again. */
        boolean tryOnce() throws InterruptedException;
    }

    private void start(String what, int map, Work work, boolean gathering) {
        busy++;
        run.engine().environment().start("windlass-" + what + "-" + run.segment(map), () -> {
            boolean done = false;
            try (var context = run.logContext(map)) {
                while (!done && !run.claim().isLost() && !run.claim().isStopping()) {
                    done = tryOnce(what, map, work);
                }
            } catch (LeaseLostException | InterruptedException stopped) {
                LOG.debug("{}: left while at work on step {}", run.label(), run.plan().step(map).name());
            } catch (Throwable failure) {
                run.inbox().post(new RunEvent.Broken(failure));
            }
            run.inbox().post(new RunEvent.MapClosed(map, gathering, done));
        });
    }

    private boolean tryOnce(String what, int map, Work work) throws InterruptedException {
        try {
            return work.tryOnce();
        } catch (StoreException e) {
            LOG.warn("{}: could not {} step {}, trying again: {}", run.label(), what, run.plan().step(map).name(),
                    e.getMessage());
            run.engine().environment().sleep(PAUSE);
            return false;
        }
    }

    private boolean open(int map, StepOutcome[] parents) throws InterruptedException {
        DagStep step = run.plan().step(map);
        MapOver over = step.map();
        Map<String, JsonNode> results = run.results(step, parents);
        JsonNode list = over == null ? null : results.get(over.step());
        boolean applies;
        try {
            applies = StepBody.applies(run.kinds().get(step.kind()), step.name(), step.conditions(), results);
        } catch (RuntimeException e) {
            LOG.warn("{}: the condition of step {} failed", run.label(), step.name(), e);
            fail(map, TaskError.of(e));
            return true;
        }
        if (over == null || list == null || !applies) {
            record(map, skipped());
        } else if (!list.isArray()) {
            fail(map, new TaskError("not-a-list",
                    "The step runs for each item of the result of '" + over.step() + "', which is no "
                            + "list but " + (list.isObject() ? "an object" : "the value " + shortened(list)) + ".",
                    null));
        } else if (list.size() > MapOver.MOST_ITEMS) {
            fail(map,
                    new TaskError("too-many-items",
                            "The step runs for each item of the result of '" + over.step() + "', which has "
                                    + list.size() + " items. Use at most " + MapOver.MOST_ITEMS + ".",
                            null));
        } else {
            run.inbox().post(new RunEvent.MapOpened(map, items(list)));
        }
        return true;
    }

    static JsonNode[] items(JsonNode list) {
        JsonNode[] items = new JsonNode[list.size()];
        for (int i = 0; i < items.length; i++) {
            items[i] = list.get(i);
        }
        return items;
    }

    private static String shortened(JsonNode value) {
        String text = value.toString();
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    private StepOutcome skipped() {
        Instant now = run.engine().storeTime();
        return StepOutcome.skipped(1, now, now, false, run.claim().workerId());
    }

    private void fail(int map, TaskError error) throws InterruptedException {
        Instant now = run.engine().storeTime();
        record(map, new StepOutcome(null, null, error, 1, now, now, false,
                run.claim().workerId()));
    }

    private boolean gather(int map, @Nullable StepOutcome[] outcomes, Instant started) throws InterruptedException {
        List<Integer> unread = new ArrayList<>();
        @Nullable
        JsonNode[] results = new JsonNode[outcomes.length];
        for (int i = 0; i < outcomes.length; i++) {
            StepOutcome outcome = outcomes[i];
            if (outcome == null || !outcome.hasResult()) {
                results[i] = JsonNodeFactory.instance.nullNode();
            } else if (outcome.result() != null) {
                results[i] = outcome.result();
            } else {
                unread.add(i);
            }
        }
        String name = run.plan().step(map).name();
        Fanout.forEach(run.engine().environment(), "windlass-gather", READING_AT_ONCE, unread, i -> {
            StepOutcome outcome = outcomes[i];
            results[i] = outcome == null
                    ? null
                    : run.records().result(run.engine().keySegment("step name", MapItems.name(name, i)), outcome);
        });
        ArrayNode list = JsonNodeFactory.instance.arrayNode(results.length);
        for (JsonNode result : results) {
            list.add(result);
        }
        record(map, new StepOutcome(list, null, null, 1, started, run.engine().storeTime(), false,
                run.claim().workerId()));
        return true;
    }

    private void record(int map, StepOutcome outcome) throws InterruptedException {
        StepRecords.Stored stored = run.records().record(run.segment(map), outcome, () -> !run.claim().isLost());
        run.inbox().post(new RunEvent.Recorded(map, stored.outcome(), null, stored.size()));
    }

    void opened(int map, JsonNode[] items) {
        if (!run.plan().isDone(map) && !run.plan().isOpened(map)) {
            run.plan().openMap(map, items);
        }
    }

    void closed(RunEvent.MapClosed event) {
        busy--;
        if (event.recorded()) {
            return;
        }
        if (event.gathering()) {
            run.plan().giveBackToGather(event.step());
        } else {
            run.plan().giveBack(event.step());
        }
    }
}
