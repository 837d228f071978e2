package dev.windlass.workflow;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import dev.windlass.queue.spi.ParkState;
import dev.windlass.store.RequestCounts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.JsonNodeFactory;

/** Each method of {@link WorkflowHandle} costs what it says. */
@Timeout(120)
class HandleCostTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final WorkflowType<String, String> TYPE = WorkflowType.of("greet", String.class, String.class);
    private static final WorkflowType<String, String> UNKNOWN = WorkflowType.of("unknown", String.class, String.class);
    private static final DagDefinition GRAPH = DagDefinition.builder("g").step("a", "k", null)
            .step("b", "k", null, "a").build();

    private final Bucket bucket = new Bucket();
    private final Node client = new Node(bucket);
    private final Map<String, Long> spent = new LinkedHashMap<>();

    private void count(String what, WorkflowHandle run, Consumer<WorkflowHandle> asked) {
        RequestCounts before = client.windlass().requests();
        asked.accept(run);
        RequestCounts all = client.windlass().requests().minus(before);
        spent.put(what, all.put() + all.get() + all.list() + all.delete());
    }

    private static void steps(WorkflowHandle run) {
        try {
            run.steps();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void untilParked(WorkflowHandle run) {
        String task = client.windlass().engine().deriveTaskId("workflow", run.id() + "/" + run.run());
        while (client.windlass().engine().parkState(task).kind() != ParkState.Kind.PARKED) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private WorkflowHandle start(WorkflowType<String, String> type, String id) {
        return client.workflows().start(type, id, "x").run();
    }

    private void countWithoutOwner() {
        WorkflowHandle run = start(UNKNOWN, "open");
        count("status, open", run, WorkflowHandle::status);
        count("progress, function", run, WorkflowHandle::progress);
        count("steps, none yet", run, HandleCostTest::steps);
        count("input", run, WorkflowHandle::input);
        count("signal", run, handle -> handle.signal("go", "x"));
        count("pause", run, handle -> handle.pause(""));
        count("resume", run, WorkflowHandle::resume);
        count("cancel", run, handle -> handle.cancel(""));
        count("terminate", start(UNKNOWN, "open2"), handle -> handle.terminate(""));
        count("retry", client.workflows().handle("open2"), WorkflowHandle::retry);
    }

    private void countParked(WorkflowHandle run) {
        count("steps, open, one", run, HandleCostTest::steps);
        count("signal, parked", run, handle -> handle.signal("other", "x"));
        count("pause, parked", run, handle -> handle.pause(""));
        count("resume, parked", run, WorkflowHandle::resume);
        count("cancel, parked", run, handle -> handle.cancel(""));
        count("terminate, parked", run, handle -> handle.terminate(""));
    }

    private List<WorkflowHandle> countEnded() throws InterruptedException {
        WorkflowHandle run = start(TYPE, "ended");
        run.signal("go", "x");
        run.await(LONG);
        count("status, ended", run, WorkflowHandle::status);
        count("progress, ended function", run, WorkflowHandle::progress);
        count("steps, ended", run, HandleCostTest::steps);
        WorkflowHandle graph = client.workflows().start(GRAPH, "graph");
        graph.await(LONG);
        count("progress, completed graph", graph, WorkflowHandle::progress);
        count("definition", graph, WorkflowHandle::definition);
        return List.of(run, graph);
    }

    @Test
    void requests_ofEachMethod_areAsItSays() throws Exception {
        try (client) {
            start(UNKNOWN, "format and clock are behind us");
            countWithoutOwner();
            WorkflowHandle parked = start(TYPE, "parked");
            List<WorkflowHandle> ended;
            try (Node node = new Node(bucket).step("k",
                    (step, input, parents) -> JsonNodeFactory.instance.stringNode("x"))) {
                node.workflows().workflow(TYPE, (ctx, input) -> ctx.step("first", String.class, step -> "x")
                        + ctx.awaitSignal("go", String.class));
                node.work(options -> options.withParkAfter(Duration.ofMillis(20)));
                untilParked(parked);
                ended = countEnded();
            }
            // With no worker that would wake it, or come first to the state of the next run.
            countParked(parked);
            count("fork, function", ended.get(0), handle -> handle.fork("first"));
            count("fork, graph", ended.get(1), handle -> handle.fork("b"));
        }
        assertThat(spent).isEqualTo(Map.ofEntries(entry("status, open", 2L), entry("status, ended", 1L),
                entry("progress, function", 3L), entry("progress, ended function", 2L),
                entry("progress, completed graph", 1L), entry("steps, none yet", 3L), entry("steps, open, one", 4L),
                entry("steps, ended", 1L), entry("input", 1L), entry("definition", 1L), entry("signal", 2L),
                entry("signal, parked", 3L), entry("pause", 3L), entry("pause, parked", 4L), entry("resume", 3L),
                entry("resume, parked", 4L), entry("cancel", 3L), entry("cancel, parked", 4L), entry("terminate", 5L),
                entry("terminate, parked", 6L), entry("retry", 5L), entry("fork, function", 6L),
                entry("fork, graph", 5L)));
    }
}
