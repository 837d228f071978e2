package dev.windlass.workflow.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

import dev.windlass.environment.Environment;
import dev.windlass.queue.spi.SubmittedTask;
import dev.windlass.store.ListPage;
import dev.windlass.store.StoreException;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.Placement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Steps that the owner has sent out as tasks of their own: sends them, looks for their outcomes by LIST, takes back those
 * that nobody has claimed. A step's task has an id derived from run and step, so that the next owner finds it; one that
 * was taken back is never revived, but followed by a task with the next id. Methods are the owner's thread's only.
 */
final class FleetSteps {
    private static final int SENDING_AT_ONCE = 32;
    private static final int READING_AT_ONCE = 16;
    private static final int PAGE = 1000;
    private static final long SHORTEST_LOOK = Duration.ofMillis(20).toNanos();
    private static final long LONGEST_LOOK = Duration.ofSeconds(1).toNanos();
    private static final long WITHDRAW_PAUSE = Duration.ofSeconds(1).toNanos();
    private static final Logger LOG = LoggerFactory.getLogger(FleetSteps.class);

    private final Run run;
    private final StepTasks tasks;
    private final Environment environment;
    private final FleetPolicy policy;
    private final Map<Integer, Out> out = new LinkedHashMap<>();
    private int sending;
    private int withdrawing;
    private boolean looking;
    private long lookEvery = SHORTEST_LOOK;
    private long nextLook;
    private long noWithdrawBefore;
    private int refused;

    /** A step that is out; its task is looked up when it is wanted if an earlier owner sent it. */
    private static final class Out {
        private @Nullable SubmittedTask task;
        private boolean claimed;
        private StepTasks.@Nullable InDoubt inDoubt;
    }

    FleetSteps(Run run, FleetPolicy policy) {
        this.run = run;
        this.tasks = new StepTasks(run);
        this.environment = run.engine().environment();
        this.policy = policy;
        this.nextLook = environment.nanoTime();
        this.noWithdrawBefore = nextLook;
    }

    boolean isEmpty() {
        return out.isEmpty();
    }

    int size() {
        return out.size() + sending;
    }

    /** Whether no thread works on sending, taking back or looking. */
    boolean isIdle() {
        return sending == 0 && withdrawing == 0 && !looking;
    }

    boolean canSend() {
        return sending < SENDING_AT_ONCE && size() < run.options().maxOutstanding();
    }

    /** Whether a thread is sending a step out, or takes it back. */
    boolean isBusy(int step) {
        Out entry = out.get(step);
        return entry == null ? sending > 0 : entry.claimed && withdrawing > 0;
    }

    boolean isOut(int step) {
        return out.containsKey(step);
    }

    /** The steps that are out. */
    List<Integer> steps() {
        return List.copyOf(out.keySet());
    }

    /** An earlier owner has it out. */
    void adopt(int step) {
        out.put(step, new Out());
    }

    /** Sends a step out, on a thread of its own. */
    void send(int step) {
        sending++;
        StepOutcome[] parents = run.parents(step);
        environment.start("windlass-send-" + step, () -> {
            try {
                submit(step, parents);
            } catch (StoreException e) {
                try (var context = run.logContext(step)) {
                    LOG.warn("{}: step {} could not be sent out, trying again: {}", run.label(),
                            run.plan().step(step).name(), e.getMessage());
                }
                run.inbox().post(new RunEvent.SendFailed(step));
            } catch (Throwable failure) {
                run.inbox().post(new RunEvent.Broken(failure));
            }
        });
    }

    private void submit(int step, StepOutcome[] parents) {
        SubmittedTask task = ensureTask(step, parents);
        if (task != null) {
            run.inbox().post(new RunEvent.Sent(step, task));
        } else {
            run.inbox().post(new RunEvent.SendFailed(step));
        }
    }

    /** Makes sure that the step has an open task; null if its outcome was found instead, and has been posted. */
    private @Nullable SubmittedTask ensureTask(int step, StepOutcome[] parents) {
        DagStep definition = run.plan().step(step);
        String segment = run.segment(step);
        JsonNode input = FleetInput.of(run, step, parents).toJson();
        for (int life = 1;; life++) {
            SubmittedTask task = tasks.open(life, segment, definition.kind(), definition.options(), input);
            if (task != null) {
                return task;
            }
            StepRecords.Stored stored = run.records().read(segment);
            if (stored != null) {
                run.inbox().post(new RunEvent.Recorded(step, stored.outcome(), null, stored.size()));
                return null;
            }
        }
    }

    void sent(int step, SubmittedTask task, boolean done) {
        sending--;
        if (!done) {
            Out entry = new Out();
            entry.task = task;
            entry.inDoubt = tasks.inDoubt(task, run.plan().step(step).options(), environment.nanoTime());
            out.put(step, entry);
        }
    }

    void sendFailed() {
        sending--;
    }

    /** A step that is out is the owner's again, whatever has become of its task: it will be sent anew. */
    boolean dismiss(int step) {
        return out.remove(step) != null;
    }

    /** A step's outcome has landed. */
    void recorded(int step) {
        if (out.remove(step) != null) {
            policy.returned(1);
        }
    }

    /** Asks for steps back that could run here, newest first, on threads of their own. */
    void takeBack(int wanted, long now) {
        if (now - noWithdrawBefore < 0) {
            return;
        }
        List<Integer> newest = new ArrayList<>(out.keySet());
        for (int i = newest.size() - 1; i >= 0 && withdrawing < wanted; i--) {
            if (run.plan().placement(newest.get(i)) == Placement.AUTO) {
                withdraw(newest.get(i));
            }
        }
    }

    /** Asks for all steps back: the run ends. */
    void takeBackAll() {
        for (int step : steps()) {
            if (withdrawing < SENDING_AT_ONCE) {
                withdraw(step);
            }
        }
    }

    private void withdraw(int step) {
        Out entry = out.get(step);
        if (entry == null || entry.claimed) {
            return;
        }
        SubmittedTask known = entry.task;
        StepOutcome[] parents = run.parents(step);
        entry.claimed = true;
        withdrawing++;
        environment.start("windlass-withdraw-" + step, () -> {
            try {
                SubmittedTask task = known == null ? ensureTask(step, parents) : known;
                boolean taken = task != null && run.engine().withdraw(task);
                run.inbox().post(new RunEvent.Withdrawn(step, taken));
            } catch (StoreException e) {
                try (var context = run.logContext(step)) {
                    LOG.debug("{}: step {} could not be taken back", run.label(), run.plan().step(step).name(), e);
                }
                run.inbox().post(new RunEvent.WithdrawFailed(step));
            } catch (Throwable failure) {
                run.inbox().post(new RunEvent.Broken(failure));
            }
        });
    }

    /** Calls off the task of a step that is out, whether it waits or runs. Any thread's. */
    void callOff(int step) {
        tasks.callOff(run.segment(step), "the run was cancelled");
    }

    /** The answer to an attempt to take a step back; true if it is the owner's again. */
    boolean withdrawn(int step, boolean taken, long now) {
        withdrawing--;
        if (!taken) {
            if (++refused >= 2) {
                refused = 0;
                noWithdrawBefore = now + WITHDRAW_PAUSE;
            }
            return false;
        }
        refused = 0;
        boolean mine = out.remove(step) != null;
        policy.takenBack(out.size());
        return mine;
    }

    /** The step is asked back again later: until then it may be nobody's. */
    void withdrawFailed(int step, long now) {
        withdrawing--;
        noWithdrawBefore = now + WITHDRAW_PAUSE;
        Out entry = out.get(step);
        if (entry != null) {
            entry.claimed = false;
        }
    }

    /** When to look next, as the monotonic clock counts; null if there is nothing to look for. */
    @Nullable
    Long nextLook() {
        return out.isEmpty() || looking ? null : nextLook;
    }

    /** Whether the task of a step may be about to end without a record, which nobody would be told of if the run parked. */
    boolean isInDoubt(long now) {
        return out.values().stream().anyMatch(entry -> StepTasks.isInDoubt(entry.inDoubt, now));
    }

    private Map<Integer, StepTasks.InDoubt> tasksInDoubt(long now) {
        Map<Integer, StepTasks.InDoubt> inDoubt = new LinkedHashMap<>();
        out.forEach((step, entry) -> {
            StepTasks.InDoubt doubt = entry.inDoubt;
            if (doubt != null && StepTasks.isInDoubt(doubt, now)) {
                inDoubt.put(step, doubt);
            }
        });
        return inDoubt;
    }

    /** A step whose task has ended and has left no record is the owner's again. Any thread's. */
    private void giveBackWhatEnded(Map<Integer, StepTasks.InDoubt> inDoubt) {
        inDoubt.forEach((step, doubt) -> {
            if (tasks.hasEndedUnrecorded(doubt, run.segment(step))) {
                run.inbox().post(new RunEvent.Deed(() -> {
                    Out entry = out.get(step);
                    if (entry != null && doubt.equals(entry.inDoubt) && !isBusy(step) && dismiss(step)) {
                        run.plan().giveBack(step);
                    }
                }));
            }
        });
    }

    /** Looks for outcomes on a thread of its own, if it is time to. */
    void lookIfDue(long now) {
        if (out.isEmpty() || looking || now - nextLook < 0) {
            return;
        }
        looking = true;
        NavigableMap<String, Integer> wanted = wanted();
        Map<Integer, StepTasks.InDoubt> inDoubt = tasksInDoubt(now);
        environment.start("windlass-look", () -> {
            try {
                giveBackWhatEnded(inDoubt);
                look(wanted, event -> run.inbox().post(event));
            } catch (StoreException | InterruptedException e) {
                try (var context = run.logContext()) {
                    LOG.debug("{}: a look for outcomes failed", run.label(), e);
                }
                run.inbox().post(new RunEvent.Looked(0, 1));
            } catch (Throwable failure) {
                run.inbox().post(new RunEvent.Broken(failure));
            }
        });
    }

    /** Looks at once, on the caller's thread. */
    List<RunEvent> lookNow() throws InterruptedException {
        ConcurrentLinkedQueue<RunEvent> found = new ConcurrentLinkedQueue<>();
        look(wanted(), found::add);
        return List.copyOf(found);
    }

    void looked(int found, int requests, long now) {
        looking = false;
        long least = Math.max(SHORTEST_LOOK, requests * Math.max(SHORTEST_LOOK, policy.roundTripNanos()));
        lookEvery = found > 0 ? lookEvery / 2 : lookEvery + lookEvery / 2;
        lookEvery = Math.max(least, Math.min(Math.max(least, LONGEST_LOOK), lookEvery));
        nextLook = now + lookEvery;
    }

    private NavigableMap<String, Integer> wanted() {
        NavigableMap<String, Integer> wanted = new TreeMap<>();
        for (int step : out.keySet()) {
            wanted.put(run.keys().step(run.segment(step)), step);
        }
        return wanted;
    }

    /** A key that is before the first wanted key after another, and not before that one; null if none is wanted there. */
    private static @Nullable String before(NavigableMap<String, Integer> wanted, String after) {
        String next = wanted.higherKey(after);
        if (next == null) {
            return null;
        }
        String before = next.substring(0, next.length() - ".json".length());
        return after.compareTo(before) > 0 ? after : before;
    }

    /** Lists only the pages on which wanted keys may be, then reads what is new. */
    private void look(NavigableMap<String, Integer> wanted, Consumer<RunEvent> sink) throws InterruptedException {
        boolean ordered = run.engine().documents().listsInOrder();
        List<Integer> found = new ArrayList<>();
        int requests = 0;
        String last = "";
        String from = ordered ? before(wanted, last) : null;
        boolean more = !wanted.isEmpty();
        while (more) {
            ListPage page = run.engine().documents().list(run.keys().steps(), from, PAGE);
            requests++;
            for (ListPage.Entry entry : page.entries()) {
                Integer step = wanted.get(entry.key());
                if (step != null) {
                    found.add(step);
                }
                last = entry.key();
            }
            from = ordered ? before(wanted, last) : last;
            more = page.more() && !page.entries().isEmpty() && from != null;
        }
        Fanout.forEach(environment, "windlass-read", READING_AT_ONCE, found, step -> {
            StepRecords.Stored stored = run.records().read(run.segment(step));
            if (stored != null) {
                sink.accept(new RunEvent.Recorded(step, stored.outcome(), null, stored.size()));
            }
        });
        sink.accept(new RunEvent.Looked(found.size(), requests));
    }
}
