package dev.windlass.workflow.internal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import dev.windlass.IdempotencyConflictException;
import dev.windlass.environment.Strand;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.EngineTaskSpec;
import dev.windlass.workflow.StartOptions;
import dev.windlass.workflow.WorkflowAlreadyExistsException;
import dev.windlass.workflow.WorkflowType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Starts runs of durable functions: for users, and as children. Safe for use by any number of threads. */
final class FunctionStarts {
    private static final Logger LOG = LoggerFactory.getLogger(FunctionStarts.class);

    private final EngineAccess engine;
    private final RunStates states;
    private final RunRequests requests;

    FunctionStarts(EngineAccess engine, RunStates states, RunRequests requests) {
        this.engine = engine;
        this.states = states;
        this.requests = requests;
    }

    /** Starts a run, or finds it; the number of the run. */
    int start(WorkflowType<?, ?> type, String workflowId, JsonNode value, StartOptions options,
            FunctionInput.@Nullable Parent parent) {
        engine.keySegment("workflow type", EngineNames.functionType(type.name()));
        RunKeys keys = RunKeys.of(engine, workflowId, 1);
        if (options.existing() == StartOptions.ExistingId.NEW_RUN_AFTER_END) {
            RunStates.State state = states.read(keys);
            if (state != null && (state.run() > 1 || state.status().isFinal())) {
                keys = keys.ofRun(state.status().isFinal() ? state.run() + 1 : state.run());
            }
        } else if (options.existing() == StartOptions.ExistingId.REJECT && isStarted(keys)) {
            throw taken(keys, "Use another id.");
        }
        return submit(keys, FunctionInput.of(engine, keys, type, value, parent), options);
    }

    private boolean isStarted(RunKeys keys) {
        RunStates.State state = states.read(keys);
        TaskInfo task = state == null ? null : engine.task(state.taskId());
        return task != null && task.input() != null;
    }

    private static WorkflowAlreadyExistsException taken(RunKeys keys, String remedy) {
        return new WorkflowAlreadyExistsException(keys.workflowId(), "There is a workflow '" + keys.workflowId()
                + "' already. " + remedy);
    }

    /** State, task and ready key in parallel: the task decides whose run it is. */
    private int submit(RunKeys keys, FunctionInput input, StartOptions options) {
        String taskId = keys.taskId(engine);
        AtomicReference<RunStates.@Nullable State> state = new AtomicReference<>();
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        Strand putter = engine.environment().start("windlass-start", () -> {
            try {
                state.set(states.create(keys, input));
            } catch (RuntimeException e) {
                failure.set(e);
            }
        });
        boolean created;
        try {
            created = engine.submit(new EngineTaskSpec(taskId, EngineNames.RUN_QUEUE,
                    EngineNames.functionType(input.name()), input.toJson(), options.priority(),
                    new RetryPolicy(options.attempts(), Duration.ofMillis(100), Duration.ofSeconds(10), 2, 0.25),
                    null)).created();
        } catch (IdempotencyConflictException other) {
            created = false;
        } finally {
            WorkflowEngine.join(putter);
        }
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        TaskInfo info = created ? null : engine.task(taskId);
        JsonNode standing = info == null ? null : info.input();
        if (info != null && (standing == null || !info.type().equals(EngineNames.functionType(input.name())))) {
            throw taken(keys, "It is of another type (task type '" + info.type() + "'). Use another id.");
        }
        FunctionInput stands = standing == null ? input : FunctionInput.read(standing);
        RunStates.State settled = states.settle(state.get(), keys, stands);
        if (!settled.hash().equals(input.hash())) {
            throw taken(keys, "It is of another type, version or input (type '"
                    + settled.json().path("name").asString("") + "'; "
                    + (settled.status().isFinal() ? "ended" : "open") + "). Use another id, or the same input.");
        }
        if (!created && options.existing() == StartOptions.ExistingId.REJECT) {
            throw taken(keys, "Use another id.");
        }
        if (input.parent() != null && !input.parent().equals(stands.parent())) {
            throw taken(keys, "It is no child of workflow '" + input.parent().workflowId() + "'. Use another id.");
        }
        return settled.run();
    }

    int startChild(FunctionRun parent, Op op) {
        WorkflowType<?, ?> type = op.childType;
        JsonNode value = op.input;
        if (type == null || op.childId == null) {
            throw new IllegalStateException("no child: " + op.label());
        }
        return start(type, op.childId, value == null ? NullNode.getInstance() : value,
                op.childOptions.start().withExistingId(StartOptions.ExistingId.RETURN),
                new FunctionInput.Parent(parent.keys().workflowId(), parent.keys().run()));
    }

    /** The parent has ended: its child is told to, if there is one. */
    void cancelChild(FunctionRun parent, Op op) {
        RunKeys first = RunKeys.of(engine, String.valueOf(op.childId), 1);
        RunStates.State state = states.read(first);
        RunKeys keys = state == null ? first : first.ofRun(state.run());
        TaskInfo task = state == null ? null : engine.task(keys.taskId(engine));
        JsonNode input = task == null ? null : task.input();
        var mine = new FunctionInput.Parent(parent.keys().workflowId(), parent.keys().run());
        if (input == null || !input.has("parent") || !mine.equals(FunctionInput.read(input).parent())) {
            return;
        }
        boolean asked = requests.cancel(keys, "its parent, workflow '" + mine.workflowId() + "', has ended");
        LOG.debug("{}: child {} is told to end: {}", parent.label(), op.childId, asked);
    }
}
