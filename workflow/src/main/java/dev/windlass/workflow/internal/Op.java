package dev.windlass.workflow.internal;

import java.lang.reflect.Type;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import dev.windlass.workflow.ChildOptions;
import dev.windlass.workflow.StepHandler;
import dev.windlass.workflow.StepOptions;
import dev.windlass.workflow.WorkflowType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One thing that a durable function has asked for. What it is, is set by the function's thread before the owner learns of
 * it; how it stands is the owner's thread's; its outcome is guarded by the run's gate.
 */
final class Op {

    /** What kind of thing. Part of the format: never renamed. */
    enum Kind {
        STEP, CALL, TIMER, SIGNAL, CHILD, ANY, PATCH, CLOCK, CONTINUE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How it stands. */
    enum Phase {
        /** The owner has not dealt with it. */
        NEW,
        /** To be run as soon as there is room. */
        READY,
        /** A body runs. */
        RUNNING,
        /** Waits for its next try, a time, a signal, another process, another op. */
        WAITING,
        /** A task of its own is being made. */
        SENDING,
        /** Its outcome is being recorded. */
        RECORDING,
        /** Its outcome is recorded. */
        DONE
    }

    /** How many of a map run at once. The owner's thread only. */
    static final class Group {
        private final int most;
        private int running;

        Group(int most) {
            this.most = most;
        }

        boolean isFull() {
            return running >= most;
        }

        void began() {
            running++;
        }

        void ended() {
            running--;
        }
    }

    final int position;
    final String name;
    final String segment;
    final Kind kind;
    final Type type;
    final StepOptions options;

    @Nullable
    StepHandler body;
    @Nullable
    String callKind;
    @Nullable
    JsonNode input;
    @Nullable
    Group group;
    @Nullable
    String signal;
    @Nullable
    Instant due;
    List<Op> candidates = List.of();
    @Nullable
    WorkflowType<?, ?> childType;
    @Nullable
    String childId;
    ChildOptions childOptions = ChildOptions.ofDefaults();
    /** Of the version of the type by which the next run goes. */
    int version = 1;

    Phase phase = Phase.NEW;
    int failures;
    long retryAt;
    boolean isOut;
    /** Of a call that was sent anew, the task that was found open. */
    StepTasks.@Nullable InDoubt inDoubt;
    int childRun;

    /** Guarded by the gate. */
    @Nullable
    StepOutcome outcome;

    Op(int position, String name, String segment, Kind kind, Type type, StepOptions options) {
        this.position = position;
        this.name = name;
        this.segment = segment;
        this.kind = kind;
        this.type = type;
        this.options = options;
    }

    /** How messages name it. */
    String label() {
        return kind.word() + " '" + name + "'";
    }
}
