package dev.windlass.simulation.workload;

import java.time.Duration;

import dev.windlass.simulation.Seeded;

/**
 * One thing that happens in a history, at a time: what exactly, its own number decides, so that leaving others out does
 * not change it.
 *
 * @param number its place in the plan, from 0
 * @param kind what
 * @param at when, from the beginning
 * @param draws decides the rest
 */
public record Op(int number, Kind kind, Duration at, long draws) {

    /** What can happen. */
    public enum Kind {
        /** A client submits a task, now and then twice. */
        SUBMIT,
        /** A client cancels a task, or a run. */
        CANCEL,
        /** A client reads a task. */
        READ,
        /** A client starts a run, and sends it signals if it is one of a durable function. */
        START,
        /** A client submits a task that may start for a while only. */
        SUBMIT_EXPIRING,
        /** Somebody pauses a queue, or a type in it, or a run, and resumes it after a while. */
        HOLD,
        /** A program that is no worker claims a task, and ends its claim, or forgets it. */
        BY_HAND,
        /** Somebody makes a task's body unreadable. */
        POISON,
        /** A process is killed, and started again later. */
        CRASH,
        /** A process is killed at its n-th request from now, before or after it lands. */
        CRASH_AT_REQUEST,
        /** A process stops for a while, and wakes up in the middle of what it did. */
        PAUSE,
        /** The same with its monotonic clock standing still. */
        SUSPEND,
        /** A request of a process is lost, slow or late, and just then the process is killed or stops for a while. */
        STRAY,
        /** A worker leaves in good order, and another is started later. */
        DRAIN,
        /** The store answers 503 for a while. */
        OUTAGE,
        /** A process's wall clock jumps. */
        CLOCK,
        /** Somebody sweeps once more. */
        SWEEP,
        /** A supervisor says that a crashed worker has ended. */
        RETIRE,
        /** Somebody audits, and repairs. */
        AUDIT,
        /** A client pauses, resumes, triggers, or deletes and creates a schedule. */
        SCHEDULE,
        /** A client submits under a debounce key. */
        BURST,
        /** A client submits under an idempotency key that holds for a while only. */
        SUBMIT_KEYED,
        /** A client submits a task that reschedules itself for ever, and may so a few times. */
        SUBMIT_EVASIVE,
        /** A client cancels all tasks of a kind. */
        CANCEL_ALL,
        /** A client lets a task that has ended begin anew. */
        REDRIVE
    }

    /** The numbers that decide it, from the first, at every call. */
    public Seeded random() {
        return Seeded.stream(draws, 5);
    }
}
