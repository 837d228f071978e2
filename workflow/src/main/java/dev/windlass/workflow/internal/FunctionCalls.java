package dev.windlass.workflow.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.windlass.IdempotencyConflictException;
import dev.windlass.environment.Environment;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.spi.EngineTaskSpec;
import dev.windlass.queue.spi.SubmittedTask;
import dev.windlass.store.ListPage;
import dev.windlass.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls of a durable function that run as tasks of their own: sends them, and looks for their outcomes by LIST. A call's task
 * has an id derived from run and name, so that the next owner finds it. The owner's thread only, but where it says
 * otherwise.
 */
final class FunctionCalls {
    private static final int SENDING_AT_ONCE = 32;
    private static final int PAGE = 1000;
    private static final long SHORTEST_LOOK = Duration.ofMillis(20).toNanos();
    private static final long LONGEST_LOOK = Duration.ofSeconds(1).toNanos();
    private static final long RESEND_WAIT = Duration.ofSeconds(1).toNanos();
    private static final Logger LOG = LoggerFactory.getLogger(FunctionCalls.class);

    private final FunctionRun run;
    private final FunctionOwner owner;
    private final Environment environment;
    private final Set<Op> ready = new LinkedHashSet<>();
    private final Map<String, Op> out = new LinkedHashMap<>();
    private int sending;
    private boolean looking;
    private long lookEvery = SHORTEST_LOOK;
    private long nextLook;
    private long notBefore;

    FunctionCalls(FunctionRun run, FunctionOwner owner) {
        this.run = run;
        this.owner = owner;
        this.environment = run.engine().environment();
        this.nextLook = environment.nanoTime();
        this.notBefore = nextLook;
    }

    void add(Op op) {
        op.phase = Op.Phase.READY;
        ready.add(op);
    }

    /** An earlier owner has it out. */
    void adopt(Op op) {
        op.phase = Op.Phase.WAITING;
        op.isOut = true;
        if (op.group != null) {
            op.group.began();
        }
        out.put(op.segment, op);
    }

    boolean isIdle() {
        return sending == 0 && !looking;
    }

    boolean hasReady() {
        return ready.stream().anyMatch(op -> op.group == null || !op.group.isFull());
    }

    boolean isEmpty() {
        return out.isEmpty();
    }

    List<Op> out() {
        return List.copyOf(out.values());
    }

    @Nullable
    Op bySegment(String segment) {
        return out.get(segment);
    }

    @Nullable
    Long next() {
        return out.isEmpty() || looking ? null : nextLook;
    }

    void send(long now) {
        if (now - notBefore < 0) {
            return;
        }
        for (Op op : List.copyOf(ready)) {
            if (sending >= SENDING_AT_ONCE || out.size() + sending >= run.options().maxOutstanding()) {
                return;
            }
            if (op.group == null || !op.group.isFull()) {
                ready.remove(op);
                send(op);
            }
        }
    }

    private void send(Op op) {
        sending++;
        op.phase = Op.Phase.SENDING;
        if (op.group != null) {
            op.group.began();
        }
        environment.start("windlass-send-" + op.segment, () -> {
            try (var context = run.logContext().step(op.name)) {
                StepRecords.Stored stored = ensureTask(op);
                run.inbox().post(new RunEvent.Deed(() -> sent(op, stored)));
            } catch (StoreException e) {
                LOG.warn("{}: step {} could not be sent out, trying again: {}", run.label(), op.name, e.getMessage());
                run.inbox().post(new RunEvent.Deed(() -> sendFailed(op)));
            } catch (Throwable failure) {
                run.inbox().post(new RunEvent.Broken(failure));
            }
        });
    }

    private void sent(Op op, StepRecords.@Nullable Stored stored) {
        sending--;
        op.phase = Op.Phase.WAITING;
        op.isOut = true;
        out.put(op.segment, op);
        lookEvery = SHORTEST_LOOK;
        nextLook = environment.nanoTime() + lookEvery;
        if (stored != null) {
            owner.landed(op, stored);
        }
    }

    private void sendFailed(Op op) {
        sending--;
        if (op.group != null) {
            op.group.ended();
        }
        notBefore = environment.nanoTime() + RESEND_WAIT;
        add(op);
    }

    private String taskId(Op op, int life) {
        return run.engine().deriveTaskId("workflow-step",
                run.keys().idempotencyKey(op.segment) + (life == 1 ? "" : "/" + life));
    }

    /** Makes sure that the call has an open task; its outcome if that was found instead. Any thread's. */
    private StepRecords.@Nullable Stored ensureTask(Op op) {
        String queue = op.options.queue();
        Integer priority = op.options.priority();
        Duration timeout = op.options.timeout();
        RetryPolicy retry = op.options.retry();
        RetryPolicy allowed = new RetryPolicy(Math.min(1000, retry.maxAttempts() + FleetSteps.CRASH_ALLOWANCE),
                retry.initialDelay(), retry.maxDelay(), retry.multiplier(), retry.jitter());
        for (int life = 1;; life++) {
            String id = taskId(op, life);
            SubmittedTask task = submit(new EngineTaskSpec(id, queue == null ? EngineNames.STEP_QUEUE : queue,
                    EngineNames.stepType(String.valueOf(op.callKind)), input(op),
                    priority == null ? run.claim().priority() : priority, allowed,
                    timeout == null ? null : timeout.plus(FleetSteps.TIMEOUT_SLACK)));
            if (task.created() || isOpen(id)) {
                return null;
            }
            StepRecords.Stored stored = run.records().read(op.segment);
            if (stored != null) {
                return stored;
            }
        }
    }

    private ObjectNode input(Op op) {
        JsonNode input = op.input;
        String inputKey = null;
        if (input != null) {
            byte[] encoded = run.engine().json().writeValueAsBytes(input);
            if (encoded.length > FleetInput.INLINE_LIMIT) {
                inputKey = run.engine().putPayload(run.claim().taskId(), "step-input", encoded);
                input = null;
            }
        }
        ObjectNode json = FleetInput.ofCall(op, run, input, inputKey).toJson();
        new Asked(op.position, op.kind.word(), null, null).write(json);
        return json;
    }

    private SubmittedTask submit(EngineTaskSpec spec) {
        try {
            return run.engine().submit(spec);
        } catch (IdempotencyConflictException taken) {
            TaskInfo info = run.engine().task(spec.id());
            JsonNode input = info == null ? null : info.input();
            if (input == null) {
                throw taken;
            }
            return run.engine().submit(new EngineTaskSpec(spec.id(), spec.queue(), spec.type(), input,
                    spec.priority(), spec.retry(), spec.timeout()));
        }
    }

    private boolean isOpen(String taskId) {
        TaskInfo info = run.engine().task(taskId);
        return info != null && (info.status() == TaskStatus.PENDING || info.status() == TaskStatus.RUNNING);
    }

    /** Calls off the task of a call, whether it waits or runs. Any thread's. */
    void callOff(Op op) {
        for (int life = 1;; life++) {
            TaskInfo info = run.engine().task(taskId(op, life));
            if (info == null) {
                return;
            }
            if (info.status() == TaskStatus.PENDING || info.status() == TaskStatus.RUNNING) {
                run.engine().cancel(info.id(), "the run has ended");
                return;
            }
        }
    }

    /** The outcome has landed. */
    void landed(Op op) {
        if (out.remove(op.segment) != null && op.group != null) {
            op.group.ended();
        }
    }

    void lookIfDue(long now) {
        if (out.isEmpty() || looking || now - nextLook < 0) {
            return;
        }
        looking = true;
        List<Op> wanted = out();
        environment.start("windlass-look", () -> {
            List<Found> found = List.of();
            try (var context = run.logContext()) {
                found = look(wanted);
            } catch (StoreException | InterruptedException e) {
                LOG.debug("{}: a look for outcomes failed", run.label(), e);
            } catch (Throwable failure) {
                run.inbox().post(new RunEvent.Broken(failure));
            }
            List<Found> all = found;
            run.inbox().post(new RunEvent.Deed(() -> looked(all)));
        });
    }

    /** An outcome that a look has found. */
    record Found(Op op, StepRecords.Stored stored) {}

    private void looked(List<Found> found) {
        looking = false;
        apply(found);
        lookEvery = found.isEmpty() ? Math.min(LONGEST_LOOK, lookEvery + lookEvery / 2) : SHORTEST_LOOK;
        nextLook = environment.nanoTime() + lookEvery;
    }

    /** Takes in what a look has found. */
    void apply(List<Found> found) {
        found.forEach(one -> owner.landed(one.op(), one.stored()));
    }

    /** Looks at once; any thread's. */
    List<Found> look(List<Op> wanted) throws InterruptedException {
        Map<String, Op> byKey = new LinkedHashMap<>();
        wanted.forEach(op -> byKey.put(run.keys().step(op.segment), op));
        List<Op> there = new ArrayList<>();
        String after = null;
        boolean more = !wanted.isEmpty();
        while (more) {
            ListPage page = run.engine().documents().list(run.keys().steps(), after, PAGE);
            for (ListPage.Entry entry : page.entries()) {
                Op op = byKey.get(entry.key());
                if (op != null) {
                    there.add(op);
                }
                after = entry.key();
            }
            more = page.more() && !page.entries().isEmpty();
        }
        List<Found> found = new CopyOnWriteArrayList<>();
        Fanout.forEach(environment, "windlass-read", SENDING_AT_ONCE, there, op -> {
            StepRecords.Stored stored = run.records().read(op.segment);
            if (stored != null) {
                found.add(new Found(op, stored));
            }
        });
        return found;
    }
}
