package dev.windlass.cost;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import dev.windlass.Windlass;
import dev.windlass.environment.Environment;
import dev.windlass.environment.Strand;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.Placement;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a rehearsal is played with: tasks, graphs, and workers for them. */
final class Props {
    private static final TaskType<JsonNode, JsonNode> TASK = TaskType.of("windlass-cost", JsonNode.class,
            JsonNode.class);
    private static final String STEP = "windlass-cost-step";
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int AROUND = 30;
    private static final double ROUNDING = 1e-9;
    /** Multiples of these, without their whole parts, are spread evenly from 0 to 1, however many they are. */
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final double SILVER = Math.sqrt(2) - 1;

    private final Workload workload;
    private final Windlass submitter;
    private final Environment environment;
    private final String tag;
    private final List<String> queues = new ArrayList<>();
    private volatile boolean warm;

    Props(Workload workload, Windlass submitter) {
        this.workload = workload;
        this.submitter = submitter;
        this.environment = submitter.engine().environment();
        this.tag = HexFormat.of().toHexDigits(environment.random().nextInt());
        for (int i = 0; i < workload.get(Setting.QUEUES); i++) {
            queues.add("cost-" + tag + '-' + i);
        }
    }

    /** In the names of this rehearsal's queues, workers and workflows. */
    String tag() {
        return tag;
    }

    /**
     * What was submitted.
     *
     * @param ends how many tasks end for it: those, the runs, and the steps that go to other workers
     */
    record Submitted(long tasks, long runs, long ends) {}

    Worker worker(Windlass connection, String id) {
        Environment own = connection.engine().environment();
        Worker.Builder builder = connection.worker().id(id).concurrency((int) workload.get(Setting.CONCURRENCY))
                .batch((int) workload.get(Setting.BATCH))
                .poll(seconds(Setting.POLL_SHORTEST), seconds(Setting.POLL_LONGEST))
                .lease(seconds(Setting.LEASE), time(workload.heartbeat()))
                .sweeper(workload.get(Setting.SWEEPER) == 1)
                .handle(TASK, (task, input) -> work(own, input, task.attempt()));
        queues.forEach(builder::queue);
        if (workload.hasRuns()) {
            Workflows workflows = Workflows.on(connection.engine()).stepType(STEP, (step, input, parents) -> {
                own.sleep(around(own, Setting.STEP_TIME));
                return filled(Setting.RESULT, "");
            });
            return workflows.worker(builder).start();
        }
        return builder.start();
    }

    private JsonNode work(Environment own, JsonNode input, int attempt) throws InterruptedException {
        String what = input.path("what").asString("");
        if (what.equals("warm-up")) {
            while (!warm) {
                own.sleep(LOOK);
            }
            return input;
        }
        own.sleep(around(own, Setting.HANDLER));
        if (what.equals("fail")) {
            throw new PermanentFailure("as the workload says");
        }
        if (what.equals("retry") && attempt == 1) {
            throw new IllegalStateException("as the workload says");
        }
        return filled(Setting.OUTPUT, "");
    }

    /** As long as the setting says on average, so that what has begun together does not end together. */
    private Duration around(Environment own, Setting setting) {
        return time(workload.get(setting) * (0.5 + own.random().nextDouble()));
    }

    private Duration seconds(Setting setting) {
        return time(workload.get(setting));
    }

    private static Duration time(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    private ObjectNode filled(Setting size, String what) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        int filler = (int) Math.max(0, workload.get(size) - AROUND - what.length());
        return json.put("what", what).put("filler", "x".repeat(filler));
    }

    int beginWarmUp() {
        int tasks = (int) (workload.get(Setting.WORKERS) * workload.get(Setting.CONCURRENCY));
        var inputs = new ArrayList<JsonNode>();
        for (int i = 0; i < tasks; i++) {
            inputs.add(JsonNodeFactory.instance.objectNode().put("what", "warm-up"));
        }
        return submitter.queue(queues.getFirst()).submitAll(TASK, inputs, SubmitOptions.ofDefaults()).size();
    }

    void endWarmUp() {
        warm = true;
    }

    /** Submits at the workload's rates for so long; returns when all is acknowledged. */
    Submitted submit(Duration length) throws InterruptedException {
        double days = length.toNanos() / 86_400e9;
        long tasks = Math.round(workload.get(Setting.TASKS) * days);
        long runs = Math.round(workload.get(Setting.RUNS) * days);
        var failure = new AtomicReference<@Nullable RuntimeException>();
        DagDefinition graph = graph();
        List<Strand> paces = List.of(
                environment.start("windlass-cost-tasks", () -> pace(length, tasks, (int) workload.get(Setting.BURST),
                        failure, this::submitTasks)),
                environment.start("windlass-cost-runs", () -> pace(length, runs, 1, failure, (first, count) -> Workflows
                        .on(submitter.engine()).start(graph, "cost-" + tag + '-' + first))));
        for (Strand pace : paces) {
            pace.join();
        }
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        return new Submitted(tasks, runs, tasks + runs * (1 + graph.steps().stream()
                .filter(step -> step.placement() == Placement.FLEET).count()));
    }

    /** Some of the things that are submitted, from the one with this number on. */
    private interface Submission {
        void submit(long first, int count);
    }

    /** Draws when each thing, or each burst of them, comes: anywhere in the time. */
    private void pace(Duration length, long number, int burst, AtomicReference<@Nullable RuntimeException> failure,
            Submission submission) {
        long events = (number + burst - 1) / burst;
        double[] times = new double[(int) events];
        for (int i = 0; i < events; i++) {
            times[i] = environment.random().nextDouble();
        }
        Arrays.sort(times);
        long begin = environment.nanoTime();
        var strands = new ArrayList<Strand>();
        try {
            for (int i = 0; i < events && failure.get() == null; i++) {
                long due = begin + (long) (times[i] * length.toNanos());
                environment.sleep(Duration.ofNanos(Math.max(0, due - environment.nanoTime())));
                long first = (long) i * burst;
                int count = (int) Math.min(burst, number - first);
                strands.add(environment.start("windlass-cost-submit", () -> {
                    try {
                        submission.submit(first, count);
                    } catch (RuntimeException e) {
                        failure.compareAndSet(null, e);
                    }
                }));
            }
            for (Strand strand : strands) {
                strand.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of each kind as many as the workload says, evenly among the others. */
    private void submitTasks(long first, int count) {
        double failed = workload.get(Setting.FAILED);
        double failing = failed + workload.get(Setting.RETRIED);
        var plain = new ArrayList<JsonNode>();
        var later = new ArrayList<JsonNode>();
        for (long i = first; i < first + count; i++) {
            double part = i * GOLDEN % 1;
            String what = part < failed ? "fail" : part < failing ? "retry" : "";
            (i * SILVER % 1 < workload.get(Setting.DELAYED) ? later : plain).add(filled(Setting.INPUT, what));
        }
        Duration wait = seconds(Setting.RETRY_DELAY);
        long event = first / Math.max(1, count);
        int level = (int) (event % (long) workload.get(Setting.PRIORITIES));
        SubmitOptions options = SubmitOptions.ofDefaults().withPriority((5 + level) % 10)
                .withRetry(wait.isZero() ? RetryPolicy.fixed(2, wait) : new RetryPolicy(2, wait, wait, 1, 0.25));
        var queue = submitter.queue(queues.get((int) (event % queues.size())));
        if (queue.submitAll(TASK, plain, options).size() + queue.submitAll(TASK, later,
                options.withDelay(seconds(Setting.DELAY))).size() != count) {
            throw new IllegalStateException("not all of " + count + " tasks were submitted");
        }
    }

    /** As many chains as can go on at once; of their steps, every so-many-th goes to the fleet. */
    private DagDefinition graph() {
        DagDefinition.Builder builder = DagDefinition.builder("cost");
        int steps = (int) workload.get(Setting.STEPS);
        int width = (int) workload.get(Setting.WIDTH);
        double share = workload.get(Setting.FLEET_STEPS);
        for (int i = 0; i < steps; i++) {
            List<String> needs = i < width ? List.of() : List.of("step-" + (i - width));
            builder.step(DagStep.of("step-" + i, STEP, null, needs)
                    .withPlacement((int) ((i + 1) * share + ROUNDING) > (int) (i * share + ROUNDING)
                            ? Placement.FLEET
                            : Placement.LOCAL));
        }
        return builder.build();
    }
}
