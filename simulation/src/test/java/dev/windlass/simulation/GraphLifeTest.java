package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

import dev.windlass.WindlassException;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.RequestCounts;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.MapOver;
import dev.windlass.workflow.StartOptions;
import dev.windlass.workflow.StepHandler;
import dev.windlass.workflow.StepOptions;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.WorkflowFailedException;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.WorkflowListener;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.Workflows;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Runs of graphs whose processes die or are cut off, what that costs, and what runs cost that nothing happens to. */
class GraphLifeTest {
    private static final Duration RTT = Duration.ofMillis(20);
    private static final SimulationOptions STEADY = SimulationOptions.defaults().withTraceLimit(100)
            .withStore(StoreOptions.defaults().withLatency(RTT, RTT).withTime(Duration.ofMillis(1), Duration.ZERO));

    private static Workflows workflows(Site at, StepHandler handler) {
        return Workflows.on(at.windlass.engine()).stepType("k", handler);
    }

    private static void work(Site at, Workflows workflows, UnaryOperator<WorkerOptions> options) {
        workflows.worker(at.windlass.worker().id(at.actor.name()).lease(Duration.ofSeconds(30), Duration.ofSeconds(10)),
                options.apply(WorkerOptions.ofDefaults())).start();
    }

    private static DagDefinition chain(int length) {
        DagDefinition.Builder builder = DagDefinition.builder("chain").step("0", "k", null);
        for (int i = 1; i < length; i++) {
            builder.step(Integer.toString(i), "k", null, Integer.toString(i - 1));
        }
        return builder.build();
    }

    /** The state comes last, after the result. */
    private static void untilEnded(Simulation sim, String workflow, Duration limit) {
        sim.runUntil(() -> status(sim, workflow).isFinal(), limit);
    }

    private static WorkflowStatus status(Simulation sim, String workflow) {
        return WorkflowStatus.valueOf(Site.json(sim.store().peek("workflow/" + workflow + "/state.json"))
                .path("status").asString("PENDING"));
    }

    /** n steps cost n puts, and one round trip each. */
    @Test
    void chain_oneStepMore_costsOnePutAndOneRoundTrip() {
        var spent = new ArrayList<RequestCounts>();
        var took = new ArrayList<Duration>();
        for (int length : new int[]{1, 10, 100}) {
            Simulation.run(1, STEADY, sim -> {
                Site starter = Site.of(sim, "p");
                Site at = Site.of(sim, "w");
                Workflows client = workflows(starter, (step, input, parents) -> 1);
                work(at, workflows(at, (step, input, parents) -> 1), options -> options);
                client.start(chain(1), "first");
                untilEnded(sim, "first", Duration.ofMinutes(1));
                sim.sleep(Duration.ofSeconds(1));
                RequestCounts before = sim.store().counts("workflow/").plus(sim.store().counts("tasks/"))
                        .plus(sim.store().counts("ready/"));
                var first = new Duration[1];
                sim.store().onRequest(request -> {
                    if (request.is(RequestKind.PUT, "workflow/w/runs/1/steps/") && first[0] == null) {
                        first[0] = sim.elapsed();
                    }
                });
                client.start(chain(length), "w");
                untilEnded(sim, "w", Duration.ofMinutes(2));
                took.add(sim.elapsed().minus(first[0] == null ? sim.elapsed() : first[0]));
                sim.sleep(Duration.ofSeconds(1));
                spent.add(sim.store().counts("workflow/").plus(sim.store().counts("tasks/"))
                        .plus(sim.store().counts("ready/")).minus(before));
            });
        }
        long base = spent.get(0).put();
        assertThat(base).isLessThanOrEqualTo(9);
        assertThat(spent.get(1).put()).isEqualTo(base + 9);
        assertThat(spent.get(2).put()).isBetween(base + 99, base + 100); // a checkpoint may come in
        // A live owner looks at the run's state every two seconds.
        assertThat(spent.get(2).get()).isBetween(spent.get(0).get(), spent.get(0).get() + 2);
        assertThat(took.get(1).minus(took.get(0))).isEqualTo(RTT.multipliedBy(9));
        assertThat(took.get(2).minus(took.get(0))).isEqualTo(RTT.multipliedBy(99));
    }

    /** One put more for a step that is begun at most once. */
    @Test
    void atMostOnce_costsOnePutMoreAndOneRoundTrip() {
        var puts = new ArrayList<Long>();
        for (StepOptions options : List.of(StepOptions.ofDefaults(), StepOptions.ofDefaults().withAtMostOnce())) {
            Simulation.run(1, STEADY, sim -> {
                Site at = Site.of(sim, "w");
                Workflows workflows = workflows(at, (step, input, parents) -> 1);
                work(at, workflows, all -> all);
                workflows.start(DagDefinition.builder("g")
                        .step(DagStep.of("a", "k", null, List.of()).withOptions(options)).build(), "w");
                untilEnded(sim, "w", Duration.ofMinutes(1));
                puts.add(sim.store().counts("workflow/").put());
            });
        }
        assertThat(puts.get(1)).isEqualTo(puts.get(0) + 1);
    }

    /** What the next owner reads of 1,000 steps is bounded: a checkpoint, one page of names, and what came after it. */
    @Test
    void owner_diesAfterAThousandSteps_nextReadsACheckpointAndTheRest() {
        Simulation.run(1, STEADY, sim -> {
            Site starter = Site.of(sim, "p");
            Site first = Site.of(sim, "w1");
            StepHandler plain = (step, input, parents) -> step.name();
            WorkflowHandle handle = workflows(starter, plain).start(chain(1_050), "w");
            work(first, workflows(first, plain), options -> options);
            sim.runUntil(() -> sim.store().keys("workflow/w/runs/1/steps/").size() >= 1_000, Duration.ofMinutes(10));
            first.actor.crash();
            int recorded = sim.store().keys("workflow/w/runs/1/steps/").size();
            RequestCounts before = sim.store().counts("workflow/");
            var again = new HashSet<String>();
            var reads = new long[1];
            Site second = Site.of(sim, "w2");
            work(second, workflows(second, (step, input, parents) -> {
                if (again.isEmpty()) {
                    reads[0] = sim.store().counts("workflow/").minus(before).get();
                }
                again.add(step.name());
                return step.name();
            }), options -> options);
            untilEnded(sim, "w", Duration.ofMinutes(10));
            assertThat(reads[0]).isBetween(2L, 120L); // the state, the checkpoint, and a tenth at most that came after it
            assertThat(again).hasSize(1_050 - recorded);
            assertThat(status(sim, handle.id())).isEqualTo(WorkflowStatus.COMPLETED);
        });
    }

    private static ArrayNode numbers(int count) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < count; i++) {
            list.add(i);
        }
        return list;
    }

    /** 5,000 items of a map, over two processes; the owner dies half way. */
    @Test
    void fanOutOfFiveThousand_ownerDiesHalfWay_everyItemCounts_noRecordedOneRunsAgain() {
        Simulation.run(1, STEADY, sim -> {
            DagDefinition dag = DagDefinition.builder("fan").step(DagStep.of("each", "k", null,
                    List.of(DagStep.RUN_INPUT)).withMap(new MapOver(DagStep.RUN_INPUT, 0)))
                    .step("sum", "sum", null, "each").build();
            Set<String> recorded = new HashSet<>();
            Map<String, Site> sites = new HashMap<>();
            var owner = new String[1];
            var repeated = new ArrayList<String>();
            for (String name : new String[]{"w1", "w2"}) {
                Site at = Site.of(sim, name);
                sites.put(name, at);
                Workflows workflows = workflows(at, (step, input, parents) -> {
                    if (recorded.contains(step.name())) {
                        repeated.add(step.name());
                    }
                    at.actor.environment().sleep(Duration.ofMillis(200));
                    return parents.get(DagStep.RUN_INPUT);
                }).stepType("sum", (step, input, parents) -> {
                    long sum = 0;
                    for (var one : Objects.requireNonNull(parents.get("each"))) {
                        sum += one.asInt();
                    }
                    return sum;
                });
                work(at, workflows, options -> options.withLocalParallelism(64).withFleetConcurrency(64)
                        .withListener(new WorkflowListener() {
                            @Override
                            public void runOwned(String workflowId, int run, int finished, int total) {
                                owner[0] = name;
                            }
                        }));
            }
            Site starter = Site.of(sim, "p");
            WorkflowHandle handle = workflows(starter, (step, input, parents) -> 1).start(dag, "w",
                    StartOptions.ofDefaults().withInput(numbers(5_000)));
            sim.runUntil(() -> sim.store().keys("workflow/w/runs/1/steps/").size() >= 2_500, Duration.ofMinutes(5));
            Objects.requireNonNull(sites.get(owner[0])).actor.crash();
            sim.store().keys("workflow/w/runs/1/steps/").forEach(key -> recorded.add(key
                    .substring(key.lastIndexOf('/') + 1).replace("%5B", "[").replace("%5D.json", "]")));
            untilEnded(sim, "w", Duration.ofMinutes(20));
            assertThat(status(sim, handle.id())).isEqualTo(WorkflowStatus.COMPLETED);
            assertThat(Site.json(sim.store().peek("workflow/w/runs/1/steps/sum.json")).path("result").asLong(0))
                    .isEqualTo(5_000L * 4_999 / 2);
            // Of a step that was out, a worker may have begun before its outcome could be seen: none did here.
            assertThat(repeated).isEmpty();
        });
    }

    /** A body that kills its process each time costs the run its owners, then the run: it fails, and is dead-lettered. */
    @Test
    void body_killsTheProcessEachTime_runFailsAfterItsBudget_andIsDeadLettered() {
        Simulation.run(1, STEADY, sim -> {
            Site starter = Site.of(sim, "p");
            WorkflowHandle handle = workflows(starter, (step, input, parents) -> 1).start(chain(2), "w",
                    StartOptions.ofDefaults().withAttempts(3));
            int[] begun = new int[1];
            for (int i = 0; i < 6; i++) {
                Site at = Site.of(sim, "w" + i);
                work(at, workflows(at, (step, input, parents) -> {
                    begun[0]++;
                    at.actor.crash();
                    return 1;
                }), options -> options);
            }
            untilEnded(sim, "w", Duration.ofMinutes(20));
            sim.runUntil(() -> !sim.store().keys("dead/workflow/").isEmpty(), Duration.ofMinutes(1));
            assertThat(status(sim, handle.id())).isEqualTo(WorkflowStatus.FAILED);
            assertThat(begun[0]).isEqualTo(3);
            try {
                handle.await(Duration.ofMinutes(1));
                throw new AssertionError("a failed run gave a result");
            } catch (WorkflowFailedException e) {
                assertThat(e).hasMessageContaining("lost 3 owners");
            } catch (InterruptedException e) {
                throw new WindlassException("interrupted", e);
            }
        });
    }

    /** A worker that hears nothing any more starts no further step; the run goes on elsewhere. */
    @Test
    void worker_isPartitionedAway_runGoesOnElsewhere_oldOwnerStartsNoFurtherStep() {
        Simulation.run(1, STEADY, sim -> {
            Site starter = Site.of(sim, "p");
            WorkflowHandle handle = workflows(starter, (step, input, parents) -> 1).start(chain(40), "w");
            var starts = new ArrayList<String>();
            boolean[] away = new boolean[1];
            for (String name : new String[]{"w1", "w2"}) {
                Site at = Site.of(sim, name);
                work(at, workflows(at, (step, input, parents) -> {
                    starts.add(name + " " + step.name());
                    at.actor.environment().sleep(Duration.ofSeconds(2));
                    return 1;
                }), options -> options);
            }
            sim.runUntil(() -> starts.size() >= 10, Duration.ofMinutes(5));
            String owner = starts.getFirst().substring(0, 2);
            away[0] = true;
            sim.store().inject(Integer.MAX_VALUE, Fault.of(Fault.Kind.LOST_BEFORE),
                    request -> away[0] && request.actor().equals(owner));
            int atPartition = starts.size();
            untilEnded(sim, "w", Duration.ofMinutes(10));
            assertThat(status(sim, handle.id())).isEqualTo(WorkflowStatus.COMPLETED);
            List<String> after = starts.subList(atPartition, starts.size());
            // What it had begun cannot be recorded, so that nothing further is ready there.
            assertThat(after).noneMatch(start -> start.startsWith(owner));
            assertThat(after).hasSizeBetween(30, 31);
        });
    }
}
