package dev.windlass.workflow.internal;

import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.EngineTaskSpec;
import dev.windlass.workflow.StartOptions;
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
    private final RunStarts starts;

    FunctionStarts(EngineAccess engine, RunStates states, RunRequests requests) {
        this.engine = engine;
        this.states = states;
        this.requests = requests;
        this.starts = new RunStarts(engine, states);
    }

    /** Starts a run, or finds it; the number of the run. */
    int start(WorkflowType<?, ?> type, String workflowId, JsonNode value, StartOptions options,
            FunctionInput.@Nullable Parent parent) {
        engine.keySegment("workflow type", EngineNames.functionType(type.name()));
        return begin(type, workflowId, value, options, parent).run();
    }

    private RunStates.State begin(WorkflowType<?, ?> type, String workflowId, JsonNode value, StartOptions options,
            FunctionInput.@Nullable Parent parent) {
        RunKeys keys = starts.choose(RunKeys.of(engine, workflowId, 1), options);
        return submit(keys, FunctionInput.of(engine, keys, type, value, parent), options);
    }

    private RunStates.State submit(RunKeys keys, FunctionInput input, StartOptions options) {
        String taskType = EngineNames.functionType(input.name());
        RunStarts.Put put = starts.put(keys, input, taskType, input.toJson(), options);
        TaskInfo info = put.task();
        JsonNode standing = put.standing();
        if (info != null && (standing == null || !info.type().equals(taskType))) {
            throw RunStarts.taken(keys, ". It is of another type (task type '" + info.type() + "'). Use another id.");
        }
        FunctionInput stands = standing == null ? input : FunctionInput.read(standing);
        RunStates.State settled = states.settle(put.state(), keys, stands);
        if (!settled.hash().equals(input.hash())) {
            throw RunStarts.taken(keys, ". It is of another type, version or input (type '"
                    + settled.json().path("name").asString("") + "'; "
                    + (settled.status().isFinal() ? "ended" : "open") + "). Use another id, or the same input.");
        }
        if (!put.created() && options.existing() == StartOptions.ExistingId.REJECT) {
            throw RunStarts.taken(keys, ". Use another id.");
        }
        if (input.parent() != null && !input.parent().equals(stands.parent())) {
            throw RunStarts.taken(keys, noChild(input.parent(), stands.parent()));
        }
        return settled;
    }

    private static String noChild(FunctionInput.Parent parent, FunctionInput.@Nullable Parent other) {
        return other != null && other.workflowId().equals(parent.workflowId())
                ? ". It is a child of run " + other.run() + " of workflow '" + parent.workflowId()
                        + "', and this is run "
                        + parent.run() + ". Give children ids with the run's number in them."
                : ". It is no child of workflow '" + parent.workflowId() + "'. Use another id.";
    }

    /** The number of the run by which the child tells of its end: the first of those that have gone on as the next. */
    int startChild(FunctionRun parent, Op op) {
        WorkflowType<?, ?> type = op.childType;
        JsonNode value = op.input;
        if (type == null || op.childId == null) {
            throw new IllegalStateException("no child: " + op.label());
        }
        engine.keySegment("workflow type", EngineNames.functionType(type.name()));
        return begin(type, op.childId, value == null ? NullNode.getInstance() : value,
                op.childOptions.start().withExistingId(StartOptions.ExistingId.RETURN),
                new FunctionInput.Parent(parent.keys().workflowId(), parent.keys().run())).since();
    }

    /** The parent has ended: its child is told to, if there is one. */
    void cancelChild(FunctionRun parent, Op op) {
        RunKeys first = RunKeys.of(engine, String.valueOf(op.childId), 1);
        RunStates.State state = states.read(first);
        RunKeys keys = state == null ? first : first.ofRun(state.run());
        TaskInfo task = state == null ? null : engine.task(keys.taskId(engine));
        JsonNode input = task == null ? null : task.input();
        var mine = new FunctionInput.Parent(parent.keys().workflowId(), parent.keys().run());
        if (task == null || input == null || !input.has("parent") || !mine.equals(FunctionInput.read(input).parent())) {
            return;
        }
        boolean asked = requests.cancel(keys, "its parent, workflow '" + mine.workflowId() + "', has ended");
        LOG.debug("{}: child {} is told to end: {}", parent.label(), op.childId, asked);
        if (asked && task.attempt() == 0) {
            // Whoever has started it may have died before it could be found; now it only ends.
            engine.submit(new EngineTaskSpec(task.id(), task.queue(), task.type(), input, task.priority(), task.retry(),
                    task.timeout()));
        }
    }
}
