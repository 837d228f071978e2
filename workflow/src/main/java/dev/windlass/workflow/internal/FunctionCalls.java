package dev.windlass.workflow.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.windlass.environment.Environment;
import dev.windlass.queue.spi.SubmittedTask;
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
    private static final long SHORTEST_LOOK = Duration.ofMillis(20).toNanos();
    private static final long LONGEST_LOOK = Duration.ofSeconds(1).toNanos();
    private static final long RESEND_WAIT = Duration.ofSeconds(1).toNanos();
    private static final Logger LOG = LoggerFactory.getLogger(FunctionCalls.class);

    private final FunctionRun run;
    private final StepTasks tasks;
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
        this.tasks = new StepTasks(run);
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
                Sent sent = ensureTask(op);
                run.inbox().post(new RunEvent.Deed(() -> sent(op, sent)));
            } catch (StoreException e) {
                LOG.warn("{}: step {} could not be sent out, trying again: {}", run.label(), op.name, e.getMessage());
                run.inbox().post(new RunEvent.Deed(() -> sendFailed(op)));
            } catch (Throwable failure) {
                run.inbox().post(new RunEvent.Broken(failure));
            }
        });
    }

    /**
     * A call as it was sent.
     *
     * @param task its task
     * @param stored its outcome, if that was found in place of an open task
     */
    private record Sent(@Nullable SubmittedTask task, StepRecords.@Nullable Stored stored) {}

    private void sent(Op op, Sent how) {
        sending--;
        SubmittedTask task = how.task();
        StepRecords.Stored stored = how.stored();
        op.inDoubt = task == null ? null : tasks.inDoubt(task, op.options, environment.nanoTime());
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

    /** Makes sure that the call has an open task; its outcome if that was found instead. Any thread's. */
    private Sent ensureTask(Op op) {
        JsonNode input = input(op);
        for (int life = 1;; life++) {
            SubmittedTask task = tasks.open(life, op.segment, String.valueOf(op.callKind), op.options, input);
            StepRecords.Stored stored = task == null ? run.records().read(op.segment) : null;
            if (task != null || stored != null) {
                return new Sent(task, stored);
            }
        }
    }

    /** Whether the task of a call may be about to end without a record, which nobody would be told of if the run parked. */
    boolean isInDoubt(long now) {
        return out.values().stream().anyMatch(op -> StepTasks.isInDoubt(op.inDoubt, now));
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

    /** Calls off the task of a call, whether it waits or runs. Any thread's. */
    void callOff(Op op) {
        tasks.callOff(op.segment, "the run has ended");
    }

    /** One that is out may have ended without a record: it is sent out again, if it is not out still. */
    void sendAnew(Op op) {
        landed(op);
        op.isOut = false;
        add(op);
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
        Map<Op, StepTasks.InDoubt> inDoubt = new LinkedHashMap<>();
        wanted.forEach(op -> {
            StepTasks.InDoubt doubt = op.inDoubt;
            if (doubt != null && StepTasks.isInDoubt(doubt, now)) {
                inDoubt.put(op, doubt);
            }
        });
        environment.start("windlass-look", () -> {
            List<Found> found = List.of();
            try (var context = run.logContext()) {
                found = look(wanted);
                sendAnewWhatEnded(inDoubt);
            } catch (StoreException | InterruptedException e) {
                LOG.debug("{}: a look for outcomes failed", run.label(), e);
            } catch (Throwable failure) {
                run.inbox().post(new RunEvent.Broken(failure));
            }
            List<Found> all = found;
            run.inbox().post(new RunEvent.Deed(() -> looked(all)));
        });
    }

    /** A call whose task has ended and has left no record is sent again. Any thread's. */
    private void sendAnewWhatEnded(Map<Op, StepTasks.InDoubt> inDoubt) {
        inDoubt.forEach((op, doubt) -> {
            if (tasks.hasEndedUnrecorded(doubt, op.segment)) {
                run.inbox().post(new RunEvent.Deed(() -> {
                    if (out.get(op.segment) == op && doubt.equals(op.inDoubt)) {
                        sendAnew(op);
                    }
                }));
            }
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
        List<String> keys = wanted.isEmpty() ? List.of() : run.engine().documents().keys(run.keys().steps());
        for (String key : keys) {
            Op op = byKey.get(key);
            if (op != null) {
                there.add(op);
            }
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
