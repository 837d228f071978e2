package dev.windlass.simulation;

import java.time.Duration;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * One request: sent, landed or not, answered or not. The landing is an event of the world, so it comes whether or not the
 * sender still waits, or lives.
 */
final class Exchange {
    private static final long NEVER = -1;

    private final SimulatedStore store;
    private final Scheduler scheduler;
    private final Actor actor;
    private final RequestKind kind;
    private final String key;
    private final String details;
    private final Supplier<StoreClient.Landed> effect;
    private String trouble = "";
    private long number;
    private StoreClient.@Nullable Landed landed;
    private long landedAt;

    /** How a request ended for its sender. */
    enum End {
        /** With the truth. */
        ANSWERED,
        /** With the claim that the precondition did not hold. */
        FALSE_CONFLICT,
        /** With a refusal: it has had no effect. */
        REFUSED,
        /** With nothing that says what came of it. */
        UNKNOWN
    }

    Exchange(SimulatedStore store, Actor actor, RequestKind kind, String key, String details,
            Supplier<StoreClient.Landed> effect) {
        this.store = store;
        this.scheduler = store.scheduler;
        this.actor = actor;
        this.kind = kind;
        this.key = key;
        this.details = details;
        this.effect = effect;
    }

    /** Sends it and waits for the answer. */
    End await(boolean conditional) {
        SimulatedThread me = scheduler.caller();
        scheduler.check(me, actor);
        StoreRequest request = store.sent(actor, kind, key);
        number = request.number();
        Fault fault = store.fault(request);
        Seeded random = store.random;
        long there = latency(random) / 2;
        long back = latency(random) / 2;
        if (fault == null) {
            return exchange(me, there, there + back, "", End.ANSWERED);
        }
        long timeout = store.options.requestTimeout.toNanos();
        long givesUp = random.nextInt(2) == 0 ? there + back : timeout;
        return switch (fault.kind()) {
            case LOST_BEFORE -> exchange(me, NEVER, givesUp, "lost on its way", End.UNKNOWN);
            case LOST_AFTER -> exchange(me, there, Math.max(givesUp, there), "answer lost", End.UNKNOWN);
            case LANDS_LATE -> exchange(me, timeout + late(fault, random), timeout, "time-out, may land later",
                    End.UNKNOWN);
            case LURKS -> {
                store.lurk(actor, key, this::land);
                yield exchange(me, timeout + late(fault, random), timeout, "time-out, lurks", End.UNKNOWN);
            }
            case CONFLICT_409 -> exchange(me, random.nextInt(2) == 0 ? there : NEVER, there + back, "409", End.UNKNOWN);
            case FALSE_412 -> exchange(me, there, there + back, "412 after a retry in between",
                    conditional ? End.FALSE_CONFLICT : End.UNKNOWN);
            case ERROR_500 -> exchange(me, random.nextInt(2) == 0 ? there : NEVER, there + back, "500", End.UNKNOWN);
            case UNAVAILABLE_503 -> exchange(me, NEVER, there + back, "503", End.UNKNOWN);
            case REFUSED_403 -> exchange(me, NEVER, there + back, "403", End.REFUSED);
            case SLOW -> {
                long answered = fault.delay() == null ? random.between(there, timeout) : fault.delay().toNanos();
                long lands = random.nextInt(2) == 0 ? answered : random.between(0, answered);
                yield exchange(me, lands, answered, "", End.ANSWERED);
            }
            case CRASH_BEFORE -> {
                trace("crash before it is sent");
                actor.crash();
                scheduler.check(me, actor);
                yield End.UNKNOWN;
            }
            case CRASH_AFTER -> {
                scheduler.schedule(scheduler.now() + there, () -> {
                    land();
                    actor.crash();
                });
                yield exchange(me, NEVER, Long.MAX_VALUE - scheduler.now(), "", End.UNKNOWN);
            }
        };
    }

    private End exchange(SimulatedThread me, long lands, long answered, String problem, End end) {
        trouble = problem;
        // a request that the seed loses when its sender dies is drawn here, so that a crash changes no other draw
        boolean outlives = lands > answered || store.random.nextInt(2) == 0;
        if (me.thread.isInterrupted()) {
            if (lands != NEVER && outlives) {
                scheduler.schedule(scheduler.now() + lands, this::land);
            }
            return interrupted();
        }
        if (lands != NEVER) {
            scheduler.schedule(scheduler.now() + lands, () -> {
                if (outlives || !actor.isCrashed()) {
                    land();
                } else {
                    trace("lost with its sender");
                }
            });
        }
        if (scheduler.block(me, actor, true, kind.name(), key, scheduler.now() + answered) == Wake.INTERRUPT) {
            return interrupted();
        }
        if (end == End.ANSWERED) {
            me.answered(key, landedAt);
        } else {
            trace("answered " + trouble);
        }
        return end;
    }

    private End interrupted() {
        trouble = "interrupted";
        trace(trouble);
        return End.UNKNOWN;
    }

    private void land() {
        if (landed != null) {
            return; // it has lurked, and its time was not over before
        }
        StoreClient.Landed result = effect.get();
        landed = result;
        landedAt = scheduler.now();
        trace(result.outcome());
        if (result.changed() != null) {
            store.changed(result.changed());
        }
    }

    private void trace(String outcome) {
        scheduler.trace.add(scheduler.now(), actor.name(), number, kind.name(), key + details, outcome);
    }

    private long latency(Seeded random) {
        return random.between(store.options.minLatency.toNanos(), store.options.maxLatency.toNanos());
    }

    private long late(Fault fault, Seeded random) {
        Duration delay = fault.delay();
        return delay == null ? random.between(0, store.options.maxLateness.toNanos()) : delay.toNanos();
    }

    <T> T answer(Class<T> type) {
        StoreClient.Landed result = landed;
        if (result == null) {
            throw new IllegalStateException("request " + number + " has an answer though it has not landed");
        }
        return type.cast(result.answer());
    }

    String trouble() {
        return kind + " " + key + ": " + trouble + "; its outcome is not known";
    }
}
