package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

import dev.windlass.WindlassException;
import dev.windlass.environment.Strand;
import dev.windlass.observer.PollOutcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queues that share slots, and the poller that fills them: finds candidates, hands them to the claimer, rests when there is
 * nothing, longer from time to time, until something is due or arrives.
 */
final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final Duration SHORTEST_LINGER = Duration.ofMillis(1);
    private static final Duration LONGEST_LINGER = Duration.ofMillis(250);
    private static final double REST_JITTER = 0.25;

    private final Core core;
    private final String name;
    private final Slots slots;
    private final List<CandidateFinder> finders;
    private final Turns turns;
    private final Budget budget;
    private final TypeRules rules;
    private final Claimer claimer;
    private final Consumer<Attempt> run;
    private final int batch;
    private final Duration shortestPoll;
    private final Duration longestPoll;
    private final Pulse polls;
    private volatile boolean stopping;
    private volatile boolean waiting;
    private volatile Duration cycle = SHORTEST_LINGER;
    private @Nullable Strand poller;

    Lane(Core core, String name, Slots slots, List<CandidateFinder> finders, Turns turns, Claimer claimer,
            Budget budget, TypeRules rules, Consumer<Attempt> run, int batch, Duration shortestPoll,
            Duration longestPoll) {
        this.core = core;
        this.name = name;
        this.slots = slots;
        this.finders = List.copyOf(finders);
        this.turns = turns;
        this.claimer = claimer;
        this.budget = budget;
        this.rules = rules;
        this.run = run;
        this.batch = batch;
        this.shortestPoll = shortestPoll;
        this.longestPoll = longestPoll;
        this.polls = new Pulse(core.environment());
    }

    /** The name of the lane: its queues. */
    String name() {
        return name;
    }

    /** By how long the poller is late to turn; not at all while it waits for a slot and none is free. */
    Duration overdue() {
        return waiting && slots.isFull() ? Duration.ZERO : polls.overdue(jittered(longestPoll, 1));
    }

    Slots slots() {
        return slots;
    }

    void start() {
        poller = core.environment().start("windlass-poll-" + name, this::poll);
    }

    void claimNothingMore() {
        stopping = true;
        Strand strand = poller;
        if (strand != null) {
            strand.interrupt();
        }
    }

    /** Claims nothing more; returns when the poller has ended. */
    void stop() throws InterruptedException {
        claimNothingMore();
        Strand strand = poller;
        if (strand != null) {
            strand.join();
        }
    }

    private void poll() {
        Duration rest = shortestPoll;
        while (!stopping) {
            polls.turn();
            try {
                waiting = true;
                int taken = slots.take(batch, linger());
                waiting = false;
                polls.turn();
                int used = 0;
                int allowed = budget.take(taken);
                boolean failed = false;
                boolean released = rules.releaseHeld();
                try {
                    used = stopping || allowed == 0 ? 0 : claim(allowed);
                } catch (WindlassException e) {
                    failed = true;
                    if (!stopping) {
                        LOG.warn("queue {}: looking for tasks failed, and is tried again: {}", name, e.getMessage());
                    }
                } finally {
                    budget.giveBack(allowed - used);
                    slots.giveBack(taken - used);
                }
                if (used > 0) {
                    rest = shortestPoll;
                    continue;
                }
                if (released) {
                    rest = shortestPoll;
                }
                // Workers that have raced once would look at the same moments ever after.
                Duration wait = jittered(rest, core.environment().random().nextDouble());
                slots.rest(failed ? wait : untilDue(wait));
                rest = rest.multipliedBy(2).compareTo(longestPoll) > 0 ? longestPoll : rest.multipliedBy(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Under load, a moment's wait lets one claim serve several slots: as long as a claim takes anyway. */
    private Duration linger() {
        boolean backlog = finders.stream().anyMatch(CandidateFinder::hasBacklog);
        return backlog ? cycle : Duration.ZERO;
    }

    private int claim(int free) {
        for (int index : turns.order()) {
            CandidateFinder finder = finders.get(index);
            List<ReadyKey> keys = next(finder, free);
            if (!keys.isEmpty()) {
                turns.served(index, keys.size());
                claimer.claim(keys, finder, run, () -> slots.giveBack(1), this::learn);
                return keys.size();
            }
        }
        return 0;
    }

    private List<ReadyKey> next(CandidateFinder finder, int free) {
        List<ReadyKey> keys;
        try {
            keys = finder.next(free);
        } catch (WindlassException e) {
            core.observers().polled(finder.queue(), PollOutcome.FAILED);
            throw e;
        }
        core.observers().polled(finder.queue(), keys.isEmpty() ? PollOutcome.EMPTY : PollOutcome.FOUND);
        return keys;
    }

    private void learn(Duration claimTook) {
        Duration bounded = claimTook.compareTo(SHORTEST_LINGER) < 0 ? SHORTEST_LINGER : claimTook;
        cycle = bounded.compareTo(LONGEST_LINGER) > 0 ? LONGEST_LINGER : bounded;
    }

    private static Duration jittered(Duration rest, double draw) {
        return Duration.ofNanos((long) (rest.toNanos() * (1 + REST_JITTER * (2 * draw - 1))));
    }

    private Duration untilDue(Duration rest) {
        Duration wait = rest;
        for (CandidateFinder finder : finders) {
            Instant due = finder.nextDue();
            if (due != null) {
                Duration left = Duration.between(core.clock().now(), due);
                wait = left.compareTo(wait) < 0 ? left : wait;
            }
        }
        return wait.compareTo(SHORTEST_LINGER) < 0 ? SHORTEST_LINGER : wait;
    }
}
