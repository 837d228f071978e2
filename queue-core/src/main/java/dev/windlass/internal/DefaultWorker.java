package dev.windlass.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.windlass.WindlassException;
import dev.windlass.environment.Monitor;
import dev.windlass.environment.ProcessName;
import dev.windlass.environment.Strand;
import dev.windlass.queue.Worker;
import dev.windlass.queue.WorkerHealth;
import dev.windlass.queue.WorkerStats;
import dev.windlass.queue.spi.LogContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A worker: lanes that claim, one lease, one sweeper, and the attempts in hand. */
final class DefaultWorker implements Worker {
    private static final Logger LOG = LoggerFactory.getLogger(DefaultWorker.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    private static final int CANCELS_KEPT = 1000;
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(2);

    private final Core core;
    private final WorkerSettings settings;
    private final LeaseKeeper leases;
    private final Deadlines deadlines;
    private final Execution execution;
    private final Quarantine quarantine;
    private final Unhandled unhandled;
    private final Budget budget;
    private final TypeRules rules;
    private final Hooks hooks;
    private final Tally tally = new Tally();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Runnable> unsubscribe = new ArrayList<>();
    private final Monitor monitor;
    private final Set<Attempt> attempts = new LinkedHashSet<>();
    private final Set<String> cancelled = new LinkedHashSet<>();
    private final Sweeper sweeper;
    private final List<Runnable> companions = new ArrayList<>();
    private List<Strand> strands = List.of();
    private boolean draining;
    private boolean drained;
    private boolean allEnded = true;

    DefaultWorker(Core core, WorkerSettings settings) {
        this.core = core;
        this.settings = settings;
        this.monitor = core.environment().newMonitor();
        this.quarantine = new Quarantine(core);
        this.unhandled = new Unhandled(settings.id(), settings.handlers());
        this.budget = new Budget(core.environment(), settings.maxTasks());
        this.rules = new TypeRules(core.environment(), settings.types().concurrency(), settings.types().timeouts());
        this.hooks = new Hooks(settings.listeners());
        this.leases = new LeaseKeeper(core, settings.id(), settings.leaseTtl(), settings.heartbeat(), this::leaseLost,
                this::message);
        this.deadlines = new Deadlines(core.environment(), "windlass-deadlines-" + settings.id());
        this.execution = new Execution(core, settings.id(), leases, settings.handlers(), deadlines, tally, rules,
                hooks);
        this.sweeper = new Sweeper(core, settings.leaseTtl());
        for (WorkerSettings.LaneSettings lane : settings.lanes()) {
            lanes.add(lane(lane));
        }
    }

    private Lane lane(WorkerSettings.LaneSettings lane) {
        var skips = new SkipCache(core.environment(), 50_000);
        var contention = new Contention(core, settings.strictOrder(), sweeper, leases::currentKey);
        var slots = new Slots(core.environment(), lane.concurrency());
        var finders = new ArrayList<CandidateFinder>();
        for (String queue : lane.queues()) {
            var finder = new CandidateFinder(core, queue, skips, contention, settings.shortestPoll());
            finders.add(finder);
            Consumer<ReadyKey> listener = key -> {
                finder.offer(key);
                slots.nudge();
            };
            core.notices().onArrival(queue, listener);
            unsubscribe.add(() -> core.notices().removeArrivalListener(queue, listener));
        }
        var claimer = new Claimer(core, settings.id(), leases, settings.handlers(), skips, contention, quarantine,
                unhandled, budget, rules, slots::nudge);
        return new Lane(core, String.join(",", lane.queues()), slots, finders, new Turns(lane.weights()), claimer,
                budget, rules, this::work,
                Math.min(settings.batch(), lane.concurrency()), settings.shortestPoll(), settings.longestPoll());
    }

    DefaultWorker start() {
        core.format().ensureWritten();
        register("running");
        var started = new ArrayList<>(leases.start());
        if (settings.sweeper()) {
            started.add(core.environment().start("windlass-sweeper-" + settings.id(), this::sweepAgainAndAgain));
        }
        strands = started;
        lanes.forEach(Lane::start);
        beginCompanions();
        try (var context = LogContext.ofWorker(settings.id())) {
            LOG.info("worker {} started", settings.id());
            hooks.started(settings.id());
        }
        return this;
    }

    private void beginCompanions() {
        try {
            for (Companion companion : settings.companions()) {
                companions.add(companion.begin(settings.id()));
            }
        } catch (RuntimeException e) {
            drain(CLOSE_LIMIT);
            throw e;
        }
    }

    private void endCompanions() {
        for (Runnable end : companions) {
            try {
                end.run();
            } catch (RuntimeException e) {
                try (var context = LogContext.ofWorker(settings.id())) {
                    LOG.warn("worker {}: what ran beside it did not close well", settings.id(), e);
                }
            }
        }
    }

    private void register(String state) {
        ProcessName process = core.environment().process();
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("workerId", settings.id());
        json.put("state", state);
        json.put("pid", process.pid());
        json.put("host", process.host());
        json.put("at", core.clock().isKnown() ? core.clock().now().toEpochMilli() : 0L);
        ArrayNode queues = json.putArray("queues");
        settings.lanes().forEach(lane -> lane.queues().forEach(queues::add));
        ArrayNode types = json.putArray("types");
        settings.handlers().types().forEach(types::add);
        core.documents().put(Keys.worker(settings.id()), Json.bytes(json));
    }

    private void work(Attempt attempt) {
        boolean stop;
        boolean cancel;
        monitor.lock();
        try {
            attempts.add(attempt);
            stop = draining;
            TaskDocument now = attempt.version().document();
            cancel = cancelled.remove(attempt.claimWriteId()) || (now != null && now.cancelReason() != null);
        } finally {
            monitor.unlock();
        }
        if (cancel) {
            askToStop(attempt);
        }
        try {
            if (!leases.holds(attempt.leaseId())) {
                attempt.stop(Attempt.Stop.LEASE_LOST); // it was lost while the claim was made
                execution.release(attempt, Execution.LOST_LEASE);
            } else if (stop) {
                execution.release(attempt, Execution.STOPS);
            } else {
                execution.run(attempt);
            }
        } finally {
            monitor.lock();
            try {
                attempts.remove(attempt);
            } finally {
                monitor.unlock();
            }
            if (budget.end()) {
                core.environment().start("windlass-drain-" + settings.id(), this::close);
            }
        }
    }

    private List<Attempt> attempts(Predicate<Attempt> which) {
        monitor.lock();
        try {
            return attempts.stream().filter(which).toList();
        } finally {
            monitor.unlock();
        }
    }

    private void leaseLost(String leaseId) {
        attempts(attempt -> attempt.leaseId().equals(leaseId)).forEach(attempt -> {
            try (var context = attempt.logContext()) {
                LOG.warn(
                        "task {}: attempt {} has lost its lease {}; its handler is interrupted, and the task runs again",
                        attempt.taskId(), attempt.document().attempt(), leaseId);
                attempt.stop(Attempt.Stop.LEASE_LOST);
                hooks.leaseLost(attempt);
            }
        });
    }

    private void message(LeaseDocument.Message message) {
        switch (message.kind()) {
            case "cancel" -> cancel(message.claimWriteId());
            case "drain" -> core.environment().start("windlass-drain-" + settings.id(), this::close);
            default ->
                LOG.warn("worker {}: a message of unknown kind \"{}\" is ignored", settings.id(), message.kind());
        }
    }

    private void cancel(@Nullable String claim) {
        if (claim == null) {
            return;
        }
        monitor.lock();
        try {
            // It may come before the claim's own answer: work() looks.
            cancelled.add(claim);
            if (cancelled.size() > CANCELS_KEPT) {
                cancelled.remove(cancelled.iterator().next());
            }
        } finally {
            monitor.unlock();
        }
        attempts(attempt -> attempt.claimWriteId().equals(claim)).forEach(DefaultWorker::askToStop);
    }

    private static void askToStop(Attempt attempt) {
        try (var context = attempt.logContext()) {
            LOG.info("task {}: attempt {} is interrupted, since somebody asked to cancel the task", attempt.taskId(),
                    attempt.document().attempt());
            attempt.stop(Attempt.Stop.CANCEL_REQUESTED);
        }
    }

    private void sweepAgainAndAgain() {
        while (true) {
            sweeper.pulse().turn();
            try {
                double jitter = 0.75 + core.environment().random().nextDouble() / 2;
                core.environment().sleep(Duration.ofNanos((long) (settings.leaseTtl().toNanos() / 2.0 * jitter)));
                monitor.lock();
                try {
                    if (draining) {
                        return;
                    }
                } finally {
                    monitor.unlock();
                }
                sweeper.sweep();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (WindlassException e) {
                core.observers().sweepFailed();
                try (var context = LogContext.ofWorker(settings.id())) {
                    LOG.warn("worker {}: the sweep failed, and is tried again: {}", settings.id(), e.getMessage());
                }
            }
        }
    }

    @Override
    public String id() {
        return settings.id();
    }

    @Override
    public WorkerStats stats() {
        // Not the slots taken: the poller holds some while it looks for tasks.
        return tally.snapshot(attempts(attempt -> true).size(), quarantine.count());
    }

    @Override
    public boolean isIdle() {
        return leases.isEmpty();
    }

    @Override
    public WorkerHealth health() {
        var late = new TreeMap<String, Duration>();
        late.put("the heartbeat", leases.beats().overdue(settings.heartbeat()));
        late.put("the watch over the lease", leases.looks().overdue(settings.leaseTtl()));
        boolean running = isRunning();
        if (running) { // the others end when the worker drains
            lanes.forEach(lane -> late.put("the poller of " + lane.name(), lane.overdue()));
            if (settings.sweeper()) {
                late.put("the sweeper", sweeper.pulse().overdue(settings.leaseTtl()));
            }
        }
        var worst = Collections.max(late.entrySet(), Map.Entry.comparingByValue());
        return new WorkerHealth(running, core.answers().age(), !leases.currentKey().isEmpty(),
                attempts(attempt -> true).size(), worst.getKey(), worst.getValue());
    }

    @Override
    public boolean isRunning() {
        monitor.lock();
        try {
            return !draining;
        } finally {
            monitor.unlock();
        }
    }

    @Override
    public boolean drain(Duration limit) {
        boolean interrupted = false;
        monitor.lock();
        try {
            if (draining) {
                while (!drained) {
                    try {
                        monitor.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return false;
                    }
                }
                return allEnded;
            }
            draining = true;
        } finally {
            monitor.unlock();
        }
        endCompanions();
        boolean ended = true;
        try {
            unsubscribe.forEach(Runnable::run);
            lanes.forEach(Lane::claimNothingMore); // all of them, also if waiting for one is interrupted
            for (Lane lane : lanes) {
                lane.stop();
            }
            attempts(attempt -> true).forEach(Attempt::drain);
            long end = core.environment().nanoTime() + limit.toNanos();
            for (Lane lane : lanes) {
                ended &= lane.slots().awaitAllFree(Duration.ofNanos(end - core.environment().nanoTime()));
            }
            if (!ended) {
                attempts(attempt -> true).forEach(attempt -> attempt.stop(Attempt.Stop.DRAINED));
                long last = core.environment().nanoTime() + AFTER_INTERRUPT.toNanos();
                for (Lane lane : lanes) {
                    lane.slots().awaitAllFree(Duration.ofNanos(last - core.environment().nanoTime()));
                }
                attempts(attempt -> true).forEach(attempt -> execution.release(attempt, Execution.STOPS));
            }
        } catch (InterruptedException e) {
            interrupted = true;
            ended = false;
        }
        leave(ended);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return ended;
    }

    private void leave(boolean ended) {
        try (var context = LogContext.ofWorker(settings.id())) {
            leaveNow();
            hooks.stopped(settings.id(), stats());
        } finally {
            monitor.lock();
            try {
                drained = true;
                allEnded = ended;
                monitor.signalAll();
            } finally {
                monitor.unlock();
            }
        }
    }

    private void leaveNow() {
        try {
            deadlines.stop();
            leases.stop();
            strands.forEach(Strand::interrupt);
            core.ready().flush();
            core.documents().delete(Keys.worker(settings.id()));
            LOG.info("worker {} stopped", settings.id());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (WindlassException e) {
            LOG.warn("worker {}: what it leaves in the store is for a sweeper to clean: {}", settings.id(),
                    e.getMessage());
        }
    }

    @Override
    public void close() {
        drain(CLOSE_LIMIT);
    }
}
