package dev.windlass.workflow.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.windlass.WindlassException;
import dev.windlass.environment.Environment;
import dev.windlass.queue.TaskError;
import dev.windlass.store.StoreException;
import dev.windlass.workflow.WorkflowStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;

/**
 * What a durable function waits for that is not its own work: times, signals, children, the first of several. What ends a wait
 * is recorded before it is acted upon. The owner's thread only, but where it says otherwise.
 */
final class FunctionWaits {
    /** The type of the error of a wait for a signal that did not come in time. */
    static final String TIMEOUT = "timeout";
    private static final long SHORTEST_LOOK = Duration.ofMillis(250).toNanos();
    private static final long LONGEST_LOOK = Duration.ofSeconds(1).toNanos();
    private static final Logger LOG = LoggerFactory.getLogger(FunctionWaits.class);

    private final FunctionRun run;
    private final FunctionOwner owner;
    private final Environment environment;
    private final SignalInbox inbox;
    private final Set<Op> timers = new LinkedHashSet<>();
    private final Set<Op> signals = new LinkedHashSet<>();
    private final Set<Op> children = new LinkedHashSet<>();
    private final Set<Op> races = new LinkedHashSet<>();
    private final Set<String> consuming = new LinkedHashSet<>();
    private int starting;
    private boolean looking;
    private boolean lookAgain;
    private long lookEvery = SHORTEST_LOOK;
    private long nextLook;
    /** When the last look began that is over, by the store's time; null before the first. */
    private @Nullable Instant lookedAt;

    FunctionWaits(FunctionRun run, FunctionOwner owner) {
        this.run = run;
        this.owner = owner;
        this.environment = run.engine().environment();
        this.inbox = new SignalInbox(run, run.input().since());
        this.nextLook = environment.nanoTime();
    }

    SignalInbox inbox() {
        return inbox;
    }

    void add(Op op, long now) {
        op.phase = Op.Phase.WAITING;
        switch (op.kind) {
            case TIMER -> timers.add(op);
            case SIGNAL -> {
                signals.add(op);
                lookSoon(now);
            }
            case CHILD -> start(op);
            case ANY -> {
                races.add(op);
                settled(now);
            }
            default -> owner.record(op, nothing(), null); // a patch, a look at the clock
        }
    }

    private StepOutcome nothing() {
        return outcome(NullNode.getInstance());
    }

    private StepOutcome outcome(JsonNode result) {
        Instant at = run.engine().storeTime();
        return new StepOutcome(result, null, null, 1, at, at, false, run.claim().workerId());
    }

    private StepOutcome failure(TaskError error) {
        Instant at = run.engine().storeTime();
        return new StepOutcome(null, null, error, 1, at, at, false, run.claim().workerId());
    }

    /** Whether a child is being started. */
    boolean isStarting() {
        return starting > 0;
    }

    /** Whether no thread works on starting a child, or looks. */
    boolean isIdle() {
        return starting == 0 && !looking;
    }

    /** Whether what comes from outside could end a wait. */
    boolean isListening() {
        return !signals.isEmpty() || !children.isEmpty();
    }

    /** Children that have been started, and have not ended as far as is known. */
    Collection<Op> children() {
        return children;
    }

    // The first of several

    /** Something has ended: perhaps the first of several. */
    void settled(long now) {
        for (Op race : List.copyOf(races)) {
            for (int i = 0; i < race.candidates.size(); i++) {
                if (owner.isSettled(race.candidates.get(i))) {
                    races.remove(race);
                    owner.record(race, outcome(JsonNodeFactory.instance.numberNode(i)), null);
                    break;
                }
            }
        }
    }

    // Times

    /** When the next time is due, by the store's clock; null if none is waited for. */
    @Nullable
    Instant nextDue() {
        Instant next = null;
        for (Set<Op> some : List.of(timers, signals)) {
            for (Op op : some) {
                if (op.due != null && (next == null || op.due.isBefore(next))) {
                    next = op.due;
                }
            }
        }
        return next;
    }

    void fire(long now) {
        Instant store = run.engine().storeTime();
        for (Op op : List.copyOf(timers)) {
            if (op.due == null || !op.due.isAfter(store)) {
                timers.remove(op);
                owner.record(op, nothing(), null);
            }
        }
        for (Op op : List.copyOf(signals)) {
            if (op.due != null && !op.due.isAfter(store) && !isConsuming(op)) {
                // One that was acknowledged in time goes before the time-out: the time is over only once a look says so.
                if (lookedAt != null && !lookedAt.isBefore(op.due)) {
                    signals.remove(op);
                    owner.record(op, failure(new TaskError(TIMEOUT, "The signal '" + op.signal
                            + "' did not come until " + op.due + ".", null)), null);
                } else {
                    nextLook = now;
                }
            }
        }
    }

    private boolean isConsuming(Op op) {
        return op.signal != null && consuming.contains(op.signal);
    }

    // Signals

    /** Somebody in this process has put something into the inbox. */
    void lookSoon(long now) {
        lookEvery = SHORTEST_LOOK;
        nextLook = now;
        lookAgain = looking;
    }

    @Nullable
    Long next() {
        return isListening() && !looking ? nextLook : null;
    }

    void lookIfDue(long now) {
        if (!isListening() || looking || now - nextLook < 0) {
            return;
        }
        looking = true;
        Instant began = run.engine().storeTime();
        environment.start("windlass-inbox", () -> {
            try (var context = run.logContext()) {
                List<String> keys = inbox.list();
                run.inbox().post(new RunEvent.Deed(() -> listed(keys, began)));
            } catch (StoreException e) {
                LOG.debug("{}: its inbox could not be listed", run.label(), e);
                run.inbox().post(new RunEvent.Deed(() -> lookFailed(now)));
            } catch (Throwable failure) {
                run.inbox().post(new RunEvent.Broken(failure));
            }
        });
    }

    private void lookFailed(long now) {
        looking = false;
        nextLook = now + LONGEST_LOOK;
    }

    private void listed(List<String> keys, Instant began) {
        List<String> unseen = inbox.unseen(keys);
        if (unseen.isEmpty()) {
            looked(List.of(), List.of(), began);
            return;
        }
        environment.start("windlass-inbox", () -> {
            try (var context = run.logContext()) {
                Collection<SignalInbox.Signal> read = inbox.read(unseen);
                run.inbox().post(new RunEvent.Deed(() -> looked(unseen, read, began)));
            } catch (StoreException | InterruptedException e) {
                LOG.debug("{}: its inbox could not be read", run.label(), e);
                run.inbox().post(new RunEvent.Deed(() -> lookFailed(environment.nanoTime())));
            } catch (Throwable failure) {
                run.inbox().post(new RunEvent.Broken(failure));
            }
        });
    }

    private void looked(List<String> keys, Collection<SignalInbox.Signal> read, Instant began) {
        looking = false;
        lookedAt = began;
        int fresh = inbox.add(keys, read);
        lookEvery = fresh > 0 ? SHORTEST_LOOK : Math.min(LONGEST_LOOK, lookEvery + lookEvery / 2);
        long now = environment.nanoTime();
        nextLook = lookAgain ? now : now + lookEvery;
        lookAgain = false;
        if (fresh > 0) {
            owner.news();
        }
        consume();
    }

    /** Looks at once, for the last time before a park; whether there is something for a wait. */
    boolean lookNow() throws InterruptedException {
        if (!isListening()) {
            return false;
        }
        Instant began = run.engine().storeTime();
        List<String> unseen = inbox.unseen(inbox.list());
        inbox.add(unseen, inbox.read(unseen));
        lookedAt = began;
        return signals.stream().anyMatch(op -> inbox.next(String.valueOf(op.signal)) != null)
                || children.stream().anyMatch(op -> end(op) != null);
    }

    /**
     * Gives signals to waits, one of each name at a time: only when it is known what the one before has consumed, can the
     * next be chosen, since another owner may have given it something else.
     */
    void consume() {
        for (Op op : List.copyOf(signals)) {
            String name = String.valueOf(op.signal);
            SignalInbox.Signal signal = consuming.contains(name) ? null : inbox.next(name);
            if (signal != null) {
                consuming.add(name);
                signals.remove(op);
                owner.record(op, outcome(signal.value()), signal.id());
            }
        }
        for (Op op : List.copyOf(children)) {
            SignalInbox.Signal end = end(op);
            if (end != null) {
                children.remove(op);
                owner.record(op, childOutcome(end.value()), end.id());
            }
        }
    }

    /** It is recorded, by whomever, what a wait has consumed. */
    void consumed(Op op, StepOutcome outcome) {
        Asked asked = outcome.asked();
        String id = asked == null ? null : asked.signalId();
        if (op.kind == Op.Kind.CHILD) {
            if (id != null) {
                inbox.consumed(SignalInbox.CHILD, id);
            }
            return;
        }
        String name = String.valueOf(op.signal);
        consuming.remove(name);
        if (id != null) {
            inbox.consumed(name, id);
        }
        consume();
    }

    // Children

    /** No wait is given a signal any more: those that are open are closed, if nobody else has given them one. */
    void closeSignals() {
        for (Op op : List.copyOf(signals)) {
            signals.remove(op);
            owner.record(op,
                    failure(new TaskError(Continuation.CONTINUED, "The run went on as a new one while it waited "
                            + "for the signal '" + op.signal + "'.", null)),
                    null);
        }
    }

    private static String childEnd(String workflowId, int number) {
        return workflowId + "/" + number;
    }

    private SignalInbox.@Nullable Signal end(Op op) {
        return inbox.byId(SignalInbox.CHILD, childEnd(String.valueOf(op.childId), op.childRun));
    }

    private void start(Op op) {
        starting++;
        environment.start("windlass-child-" + op.segment, () -> {
            try (var context = run.logContext().step(op.name)) {
                int number = owner.startChild(op);
                run.inbox().post(new RunEvent.Deed(() -> started(op, number)));
            } catch (StoreException e) {
                LOG.warn("{}: child {} could not be started, trying again: {}", run.label(), op.childId,
                        e.getMessage());
                run.inbox().post(new RunEvent.Deed(() -> {
                    starting--;
                    start(op);
                }));
            } catch (WindlassException refused) {
                run.inbox().post(new RunEvent.Deed(() -> {
                    starting--;
                    owner.record(op, failure(TaskError.of(refused)), null);
                }));
            } catch (Throwable failure) {
                run.inbox().post(new RunEvent.Broken(failure));
            }
        });
    }

    private void started(Op op, int number) {
        starting--;
        op.childRun = number;
        children.add(op);
        lookSoon(environment.nanoTime());
        consume();
    }

    /** What a child tells its parent. */
    static JsonNode childEnd(RunEnd.Result result) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("status", result.status().name());
        TaskError error = result.error();
        StepOutcome value = result.steps().get(FunctionHandler.RESULT);
        if (error != null) {
            json.set("error", StepOutcome.errorJson(error));
        } else if (result.cancelled() != null) {
            json.set("error", StepOutcome.errorJson(new TaskError("cancelled", "It was cancelled: "
                    + result.cancelled(), null)));
        } else if (value != null) {
            json.set("outcome", value.toJson());
        }
        return json;
    }

    private StepOutcome childOutcome(JsonNode end) {
        if (!end.path("status").asString("").equals(WorkflowStatus.COMPLETED.name())) {
            return failure(StepOutcome.readError(end.path("error")));
        }
        StepOutcome value = StepOutcome.read(end.path("outcome"));
        Instant at = run.engine().storeTime();
        return new StepOutcome(value.result() == null && value.resultKey() == null
                ? NullNode.getInstance()
                : value.result(), value.resultKey(), null, 1, at, at, false, run.claim().workerId());
    }

    /** Waits that are open, for a run that ends. */
    List<Op> open() {
        return new ArrayList<>(children);
    }
}
