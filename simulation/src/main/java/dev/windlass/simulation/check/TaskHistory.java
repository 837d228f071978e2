package dev.windlass.simulation.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import org.jspecify.annotations.Nullable;

/**
 * What clients and handlers saw of one task: operations, each with the moment at which it was invoked and, if its outcome
 * was learnt, the moment and the text of its answer. {@link Linearizability} judges it.
 *
 * <p>Record each event as it happens. Their order is the order of the calls of this object; the instants are nanoseconds
 * since the simulation began ({@code Simulation.elapsed()}, not the clock of an actor, which may be wrong), and never go
 * back. An operation whose outcome is not known (the store was unavailable, the client crashed) is never answered: it may
 * take effect at any time after its invocation, or never.
 *
 * <p>Not safe for use by several threads; the threads of a simulation, of which one runs at a time, may share it.
 */
public final class TaskHistory {
    private static final long NANOS = 1_000_000_000L;

    private final String taskId;
    private final List<Call<?>> calls = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private long last = Long.MIN_VALUE;
    private int largestAttempt;
    private boolean expires;

    /** An empty history: there is no such task yet. */
    public TaskHistory(String taskId) {
        this.taskId = taskId;
    }

    /** What a submit answers. */
    public enum SubmitAnswer {
        /** The task was not there, and this call made it. */
        CREATED,
        /** The task was there, with the same input. */
        DUPLICATE,
        /** One of the two above; the public API does not say which. */
        ACKNOWLEDGED,
        /** The task was there, with another input. */
        CONFLICTING_INPUT
    }

    /** What a cancel answers. */
    public enum CancelAnswer {
        /** The method returned true: the task is cancelled, or has been asked to. */
        TRUE,
        /** The method returned false: the task had ended otherwise. */
        FALSE,
        /** There is no such task. */
        NOT_FOUND
    }

    /** What a read of the task, or a wait for its end, answers. */
    public static final class ReadAnswer {
        private static final int ANY = -1;
        private static final ReadAnswer NOT_FOUND = new ReadAnswer(null, ANY, false);

        private final @Nullable TaskStatus status;
        private final int attempt;
        private final boolean cancelRequested;

        private ReadAnswer(@Nullable TaskStatus status, int attempt, boolean cancelRequested) {
            this.status = status;
            this.attempt = attempt;
            this.cancelRequested = cancelRequested;
        }

        /** The task as read. */
        public static ReadAnswer of(TaskInfo info) {
            return of(info.status(), info.attempt(), info.cancelRequested());
        }

        /**
         * The task as read.
         *
         * @param status its status
         * @param attempt how often it had been claimed; not negative
         * @param cancelRequested whether somebody had asked to cancel it while it ran
         */
        public static ReadAnswer of(TaskStatus status, int attempt, boolean cancelRequested) {
            return new ReadAnswer(status, notNegative(attempt), cancelRequested);
        }

        /** Only its status was seen, as by who waits for its end. */
        public static ReadAnswer ofStatus(TaskStatus status) {
            return new ReadAnswer(status, ANY, false);
        }

        /** There is no such task. */
        public static ReadAnswer notFound() {
            return NOT_FOUND;
        }

        /** Null if there is no such task. */
        @Nullable
        TaskStatus status() {
            return status;
        }

        boolean knowsAttempt() {
            return attempt != ANY;
        }

        int attempt() {
            return attempt;
        }

        boolean cancelRequested() {
            return cancelRequested;
        }

        @Override
        public String toString() {
            if (status == null) {
                return "not found";
            }
            return status + (knowsAttempt() ? " in attempt " + attempt : "")
                    + (cancelRequested ? ", cancel requested" : "");
        }
    }

    /** How a worker ends an attempt. */
    public enum Verdict {
        /** With a result. */
        COMPLETE,
        /** As failed: tried again while attempts are left. */
        FAIL,
        /** As failed, whatever attempts are left. */
        FAIL_FOR_GOOD,
        /** Rescheduled or released: back to the queue, without counting as a failure. */
        GO_BACK
    }

    /**
     * What a worker learns of the end that it recorded. The status is the one that this very write gave to the task; where
     * only a later status is known, the answer is {@link #RECORDED}.
     */
    public enum EndAnswer {
        /** It is written; which status it gave to the task is not known. */
        RECORDED,
        /** The task waits again. */
        PENDING,
        /** The task is completed. */
        COMPLETED,
        /** The task has failed for good. */
        FAILED,
        /** The task is cancelled, as somebody had asked for. */
        CANCELLED,
        /** The lease was lost: nothing was written, and never will be. */
        LOST
    }

    /** What an operation does. */
    enum Kind {
        SUBMIT, CANCEL, READ, START, END
    }

    /**
     * An operation that has been invoked. Answer it once, when its outcome is learnt; never, if it is not known.
     *
     * @param <A> its answers
     */
    public static final class Call<A> {
        private final TaskHistory history;
        private final int number;
        private final Kind kind;
        private final int attempt;
        private final @Nullable Verdict verdict;
        private final long invoked;
        private @Nullable A answer;
        private long answered;

        private Call(TaskHistory history, Kind kind, int attempt, @Nullable Verdict verdict, long invoked) {
            this.history = history;
            this.number = history.calls.size() + 1;
            this.kind = kind;
            this.attempt = attempt;
            this.verdict = verdict;
            this.invoked = invoked;
        }

        /**
         * Records the answer.
         *
         * @param answer what it answered
         * @param at the moment, in nanoseconds since the simulation began
         * @throws IllegalStateException if it has been answered
         * @throws IllegalArgumentException if something later has been recorded
         */
        public void answer(A answer, long at) {
            if (this.answer != null) {
                throw new IllegalStateException("operation " + this + " has been answered");
            }
            history.add(new Event(this, true, at));
            if (answer instanceof ReadAnswer read) {
                history.mention(read.attempt());
            }
            this.answer = answer;
            this.answered = at;
        }

        /** From 1, in the order of recording. */
        int number() {
            return number;
        }

        Kind kind() {
            return kind;
        }

        int attempt() {
            return attempt;
        }

        @Nullable
        Verdict verdict() {
            return verdict;
        }

        /** Null if it is not known. */
        @Nullable
        A answer() {
            return answer;
        }

        @Override
        public String toString() {
            String from = kind == Kind.START ? "-" : instant(invoked);
            String what = switch (kind) {
                case SUBMIT -> "submit";
                case CANCEL -> "cancel";
                case READ -> "get";
                case START -> "handler starts attempt " + attempt;
                case END -> "end of attempt " + attempt + ": " + word(String.valueOf(verdict));
            };
            String outcome = answer == null ? " → not known" : kind == Kind.START ? "" : " → " + text(answer);
            return "#" + number + " [" + from + ", " + (answer == null ? "?" : instant(answered)) + "] " + what
                    + outcome;
        }

        private static String text(Object answer) {
            return answer instanceof SubmitAnswer || answer instanceof CancelAnswer
                    ? word(answer.toString())
                    : answer.toString();
        }

        private static String word(String name) {
            return name.toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        private static String instant(long nanos) {
            return String.format(Locale.ROOT, "+%d.%09d", nanos / NANOS, nanos % NANOS);
        }
    }

    /** An invocation, or an answer. */
    record Event(Call<?> call, boolean isAnswer, long at) {}

    /** Somebody submits the task. */
    public Call<SubmitAnswer> submit(long at) {
        return invoke(new Call<>(this, Kind.SUBMIT, 0, null, at));
    }

    /**
     * The same, recorded later: a submitter that chose no id learns it from the answer, when handlers may have started.
     *
     * @param at when it was invoked; what has been recorded at that instant or later counts as concurrent with it
     */
    public Call<SubmitAnswer> submittedSince(long at) {
        var call = new Call<SubmitAnswer>(this, Kind.SUBMIT, 0, null, at);
        int index = events.size();
        while (index > 0 && events.get(index - 1).at() >= at) {
            index--;
        }
        events.add(index, new Event(call, false, at));
        last = Math.max(last, at);
        calls.add(call);
        return call;
    }

    /** Somebody asks to cancel the task. */
    public Call<CancelAnswer> cancel(long at) {
        return invoke(new Call<>(this, Kind.CANCEL, 0, null, at));
    }

    /** Somebody reads the task, or waits for its end. */
    public Call<ReadAnswer> get(long at) {
        return invoke(new Call<>(this, Kind.READ, 0, null, at));
    }

    /**
     * A handler starts. The claim that it works on took effect at any time before.
     *
     * @param attempt the attempt that it is told; from 1
     */
    public void started(int attempt, long at) {
        var call = new Call<Boolean>(this, Kind.START, positive(attempt), null, at);
        call.answer(true, at);
        mention(attempt);
        calls.add(call);
    }

    /**
     * A handler has come to its end, and its worker is about to record it. To be recorded even where the answer is never
     * learnt: a completion that nobody has recorded fits no order.
     *
     * @param attempt the attempt that it was told; from 1
     */
    public Call<EndAnswer> end(int attempt, Verdict verdict, long at) {
        mention(positive(attempt));
        return invoke(new Call<>(this, Kind.END, attempt, verdict, at));
    }

    /** The task may expire: while it waits, it may end at any time. */
    public void mayExpire() {
        expires = true;
    }

    boolean expires() {
        return expires;
    }

    /** How many operations have been recorded. */
    public int size() {
        return calls.size();
    }

    /** The id of the task. */
    public String taskId() {
        return taskId;
    }

    /** The operations in the order of recording, a line each. */
    @Override
    public String toString() {
        var text = new StringBuilder("task ").append(taskId);
        calls.forEach(call -> text.append("\n  ").append(call));
        return text.toString();
    }

    List<Call<?>> calls() {
        return calls;
    }

    /** Invocations and answers, in order; a start is an answer without an invocation. */
    List<Event> events() {
        return events;
    }

    /** The largest attempt that an operation or an answer names; 0 if none does. */
    int largestAttempt() {
        return largestAttempt;
    }

    private <A> Call<A> invoke(Call<A> call) {
        add(new Event(call, false, call.invoked));
        calls.add(call);
        return call;
    }

    private void add(Event event) {
        if (event.at() < last) {
            throw new IllegalArgumentException("events are recorded as they happen, and +" + event.at()
                    + " ns is before +" + last + " ns: task " + taskId);
        }
        last = event.at();
        events.add(event);
    }

    private void mention(int attempt) {
        largestAttempt = Math.max(largestAttempt, attempt);
    }

    private static int positive(int attempt) {
        if (attempt < 1) {
            throw new IllegalArgumentException("attempts count from 1, but this is " + attempt);
        }
        return attempt;
    }

    private static int notNegative(int attempt) {
        if (attempt < 0) {
            throw new IllegalArgumentException("an attempt is not negative, but this is " + attempt);
        }
        return attempt;
    }
}
