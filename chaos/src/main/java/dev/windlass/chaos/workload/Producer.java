package dev.windlass.chaos.workload;

import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.windlass.IdempotencyConflictException;
import dev.windlass.Windlass;
import dev.windlass.WindlassException;
import dev.windlass.chaos.ledger.Ledger;
import dev.windlass.queue.TaskHandle;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.StartOptions;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Submits tasks and starts runs until it is told to stop. Writes down in its ledger what it is about to do, before it does
 * it, and what it was told, before it goes on. Safe for use by any number of threads.
 */
public final class Producer {
    /** The queue of all tasks. */
    public static final String QUEUE = "chaos";
    private static final int KEYS = 60;
    private static final int TRIES = 3;
    private static final int RUN_EVERY = 12;

    private final Windlass windlass;
    private final Workflows workflows;
    private final Ledger ledger;
    private final String name;
    private final long pauseMillis;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();

    /**
     * A producer.
     *
     * @param windlass where it submits
     * @param ledger where it writes
     * @param name the process; the names of all it submits begin with it
     * @param pauseMillis how long each thread waits on average before the next thing
     */
    public Producer(Windlass windlass, Ledger ledger, String name, long pauseMillis) {
        this.windlass = windlass;
        this.workflows = Workflows.on(windlass.engine());
        this.ledger = ledger;
        this.name = name;
        this.pauseMillis = pauseMillis;
    }

    /** Lets threads end after what they do now. */
    public void stop() {
        stopped.set(true);
    }

    /**
     * Works until {@link #stop}.
     *
     * @param seed what to draw from
     */
    public void run(long seed) throws InterruptedException {
        var random = new Random(seed);
        while (!stopped.get()) {
            int number = count.incrementAndGet();
            if (number % RUN_EVERY == 0) {
                String workflow = name + "-run" + number;
                start(workflow, RunShape.draw(workflow, random));
            } else {
                submit(name + "-" + number, drawKind(random), random);
            }
            Thread.sleep(pauseMillis / 2 + random.nextLong(pauseMillis + 1));
        }
    }

    /**
     * Submits a task of a kind, and does what goes with it: again under the same key, or cancels it.
     *
     * @param submission names it in the ledger
     * @param kind its kind
     * @param random for the rest
     */
    public void submit(String submission, Kind kind, Random random) throws InterruptedException {
        String jobName = kind == Kind.KEYED ? "key-" + random.nextInt(KEYS) : submission;
        Job job = Job.draw(kind, jobName, random);
        boolean repeats = kind == Kind.KEYED; // only that may be repeated
        TaskHandle<String> handle = null;
        for (int i = 0; i < (repeats ? TRIES : 1) && handle == null; i++) {
            handle = trySubmit(submission, kind, job);
        }
        if (handle == null) {
            return;
        }
        if (kind == Kind.KEYED && random.nextInt(4) == 0) {
            offerOtherInput(submission, job);
        }
        if (kind == Kind.CANCELLED || kind == Kind.STOPPED) {
            Thread.sleep(random.nextInt(kind == Kind.STOPPED ? 2_000 : 300));
            for (int i = 0; i < TRIES; i++) {
                if (cancel(handle)) {
                    return;
                }
            }
        }
    }

    private static Kind drawKind(Random random) {
        int all = 0;
        for (Kind kind : Kind.values()) {
            all += kind.weight();
        }
        int drawn = random.nextInt(all);
        for (Kind kind : Kind.values()) {
            drawn -= kind.weight();
            if (drawn < 0) {
                return kind;
            }
        }
        return Kind.SUCCESS;
    }

    private @Nullable TaskHandle<String> trySubmit(String submission, Kind kind, Job job) {
        ObjectNode line = Ledger.line("submit").put("name", submission).put("kind", kind.name());
        ledger.append(line.set("job", Ledger.JSON.valueToTree(job)));
        try {
            TaskHandle<String> handle = windlass.queue(QUEUE).submit(kind.type(), job, kind.options(job));
            ledger.append(Ledger.line("submitted").put("name", submission).put("id", handle.id()));
            return handle;
        } catch (WindlassException e) {
            ledger.append(Ledger.line("unknown").put("name", submission).put("why", e.getMessage()));
            return null;
        }
    }

    /** The key is taken: another input must be refused. */
    private void offerOtherInput(String submission, Job taken) {
        Job other = new Job(taken.name(), taken.failures(), taken.millis() + 1, "");
        ledger.append(Ledger.line("offer-other").put("name", submission).put("key", taken.name()));
        try {
            String id = windlass.queue(QUEUE).submit(Kind.KEYED.type(), other, Kind.KEYED.options(other)).id();
            ledger.append(Ledger.line("other-taken").put("name", submission).put("id", id));
        } catch (IdempotencyConflictException e) {
            ledger.append(Ledger.line("other-refused").put("name", submission));
        } catch (WindlassException e) {
            ledger.append(Ledger.line("unknown").put("name", submission).put("why", e.getMessage()));
        }
    }

    private boolean cancel(TaskHandle<String> handle) {
        ledger.append(Ledger.line("cancel").put("id", handle.id()));
        try {
            boolean answer = handle.cancel("called off by " + name);
            ledger.append(Ledger.line("cancelled").put("id", handle.id()).put("answer", answer));
            return true;
        } catch (WindlassException e) {
            ledger.append(Ledger.line("unknown").put("name", handle.id()).put("why", e.getMessage()));
            return false;
        }
    }

    /**
     * Starts a run.
     *
     * @param workflow its id
     * @param dag its graph, as {@link RunShape} draws them
     */
    public void start(String workflow, DagDefinition dag) {
        for (int i = 0; i < TRIES; i++) {
            ledger.append(Ledger.line("start-run").put("workflow", workflow).set("dag", dag.toJson()));
            try {
                int run = workflows.start(dag, workflow, StartOptions.ofDefaults().withAttempts(1000)).run();
                ledger.append(Ledger.line("started-run").put("workflow", workflow).put("run", run));
                return;
            } catch (WindlassException e) {
                ledger.append(Ledger.line("unknown").put("name", workflow).put("why", e.getMessage()));
            }
        }
    }
}
