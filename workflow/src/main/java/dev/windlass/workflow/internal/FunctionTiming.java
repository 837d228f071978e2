package dev.windlass.workflow.internal;

import java.time.Duration;
import java.time.Instant;

import dev.windlass.environment.Environment;
import org.jspecify.annotations.Nullable;

/**
 * When there is something to do next for a run of a function, and whether that is so far off that the run parks until then.
 * The owner's thread only.
 */
final class FunctionTiming {
    private static final Duration GLANCE = Duration.ofSeconds(2);
    /** Waits for a time that are shorter stay here: a park costs some ten requests. */
    private static final Duration SHORT_WAIT = Duration.ofSeconds(2);
    /** How long a run stays that could park, since what it waits for may come at once. */
    private static final Duration LINGER = Duration.ofMillis(200);
    private static final Duration LONGEST_PARK = Duration.ofMinutes(5);

    private final FunctionRun run;
    private final Environment environment;
    private final RunControl control;
    private final FunctionSteps steps;
    private final FunctionCalls calls;
    private final FunctionWaits waits;
    private long lastNews;

    FunctionTiming(FunctionRun run, RunControl control, FunctionSteps steps, FunctionCalls calls, FunctionWaits waits) {
        this.run = run;
        this.environment = run.engine().environment();
        this.control = control;
        this.steps = steps;
        this.calls = calls;
        this.waits = waits;
        this.lastNews = environment.nanoTime();
    }

    /** Something has come in, and more may follow. */
    void news() {
        lastNews = environment.nanoTime();
    }

    /** Whether what the run waits for is far off, or has not come for a while. */
    boolean isWorthParking(long now) {
        Instant due = waits.nextDue();
        Long nextTry = steps.nextTry();
        Instant store = run.engine().storeTime();
        boolean soon = (due != null && Duration.between(store, due).compareTo(SHORT_WAIT) < 0)
                || (nextTry != null && nextTry - now < SHORT_WAIT.toNanos());
        if (soon) {
            return false;
        }
        Duration quiet = !calls.isEmpty() ? run.options().parkAfter() : waits.isListening() ? LINGER : Duration.ZERO;
        return now - lastNews >= quiet.toNanos();
    }

    /** Until when the run parks, by the store's time; null if only somebody else can wake it. */
    @Nullable
    Instant parkedUntil(long now) {
        Instant store = run.engine().storeTime();
        Instant due = waits.nextDue();
        Long nextTry = steps.nextTry();
        if (nextTry != null) {
            Instant retry = store.plusNanos(Math.max(0, nextTry - now));
            due = due == null || retry.isBefore(due) ? retry : due;
        }
        if (!calls.isEmpty()) {
            Instant look = store.plus(LONGEST_PARK);
            due = due == null || look.isBefore(due) ? look : due;
        }
        return due;
    }

    /**
     * How long there is nothing to do unless somebody tells something.
     *
     * @param works whether the run is to go on here
     * @param starts whether something may start
     * @param lingers whether the run stays for what may come at once
     */
    Duration untilNext(long now, boolean works, boolean starts, boolean lingers) {
        long wait = GLANCE.toNanos();
        if (control.isIdle()) {
            wait = Math.min(wait, control.nextLook() - now);
        }
        for (Long next : new Long[]{steps.next(starts), works ? calls.next() : null, starts ? waits.next() : null}) {
            if (next != null) {
                wait = Math.min(wait, next - now);
            }
        }
        Instant due = starts ? waits.nextDue() : null;
        if (due != null) {
            wait = Math.min(wait, Math.max(Duration.ofMillis(5).toNanos(),
                    Duration.between(run.engine().storeTime(), due).toNanos()));
        }
        if (lingers) {
            wait = Math.min(wait, LINGER.toNanos());
        }
        return Duration.ofNanos(Math.max(0, wait));
    }
}
