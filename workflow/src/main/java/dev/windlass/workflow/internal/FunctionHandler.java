package dev.windlass.workflow.internal;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.EngineClaim;
import dev.windlass.queue.spi.EngineHandler;
import dev.windlass.queue.spi.EngineOutcome;
import dev.windlass.workflow.StepHandler;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.WorkflowListener;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Runs the tasks that are runs of one durable function, of the versions that are registered here; runs of other versions are
 * left to others.
 */
public final class FunctionHandler implements EngineHandler {
    /** The name under which a function's result stands among the outcomes of its run's end. */
    static final String RESULT = "~result";

    private final EngineAccess engine;
    private final Map<Integer, RegisteredFunction> versions;
    private final Map<String, StepHandler> kinds;
    private final WorkerOptions options;
    private final WorkflowListener listener;
    private final LiveRuns live;
    private final RunClaims claims;
    private final FunctionStarts starts;
    private final SignalSender sender;

    FunctionHandler(EngineAccess engine, Map<Integer, RegisteredFunction> versions, Map<String, StepHandler> kinds,
            WorkerOptions options, LiveRuns live, FunctionStarts starts, SignalSender sender) {
        this.engine = engine;
        this.versions = Map.copyOf(versions);
        this.kinds = Map.copyOf(kinds);
        this.options = options;
        this.listener = Listeners.of(engine, options);
        this.live = live;
        this.claims = new RunClaims(engine, live, listener);
        this.starts = starts;
        this.sender = sender;
    }

    @Override
    public boolean accepts(String type, JsonNode input) {
        return versions.containsKey(input.path("version").asInt(0));
    }

    @Override
    public EngineOutcome execute(EngineClaim claim) throws Exception {
        FunctionInput input = FunctionInput.read(claim.input());
        RegisteredFunction function = versions.get(input.version());
        if (function == null) {
            throw new IllegalStateException(
                    "version " + input.version() + " of " + input.name() + " is not known here");
        }
        return claims.claimed(input, (keys, state) -> own(claim, input, function, keys, state));
    }

    private EngineOutcome own(EngineClaim claim, FunctionInput input, RegisteredFunction function, RunKeys keys,
            RunStates.State state) throws Exception {
        FunctionRun run = new FunctionRun(engine, claim, input, state.createdMillis(), keys,
                new StepRecords(engine, keys, claim.taskId()), kinds, options, listener,
                new RunInbox(engine.environment()), engine.environment().newMonitor());
        RunControl control = new RunControl(run, claims.states(), state);
        RunBasis basis = RunBasis.read(claim.input());
        if (basis != null) {
            RunTakeover.ofFunction(run, basis);
        }
        FunctionRecovery recovery = claim.attempt() > 1 || basis != null
                ? FunctionRecovery.read(run)
                : FunctionRecovery.NOTHING;
        FunctionOwner owner = new FunctionOwner(run, control, recovery, starts::startChild);
        live.add(run);
        claim.onStop(() -> run.inbox().post(new RunEvent.Stopping()));
        EngineOutcome givenUp;
        try {
            givenUp = owner.own(function.body(run));
        } finally {
            live.remove(run);
        }
        return givenUp == null ? ended(run, owner, control) : givenUp;
    }

    private EngineOutcome ended(FunctionRun run, FunctionOwner owner, RunControl control) {
        for (Op child : owner.childrenToCancel()) {
            starts.cancelChild(run, child);
        }
        if (control.isOver()) {
            tellParent(run.input(), RunEnd.termination("it was ended from outside"));
            return claims.over(control.state(), run.keys());
        }
        Map<String, StepOutcome> outcomes = new LinkedHashMap<>(owner.outcomes());
        if (owner.goesOn()) {
            return claims.end(control.state(), run.keys(), run.input(), RunEnd.Result.goingOn(outcomes), null,
                    outcomes.size());
        }
        JsonNode value = owner.value();
        TaskError error = owner.failure();
        if (value != null && error == null) {
            outcomes.put(RESULT, result(run, value));
        }
        RunEnd.Result result = new RunEnd.Result(outcomes, value == null ? List.of() : List.of(RESULT), error,
                owner.cancelled());
        tellParent(run.input(), result);
        return claims.end(control.state(), run.keys(), run.input(), result, error, outcomes.size());
    }

    private StepOutcome result(FunctionRun run, JsonNode value) {
        byte[] encoded = engine.json().writeValueAsBytes(value);
        Instant now = engine.storeTime();
        String key = encoded.length <= StepRecords.INLINE_LIMIT
                ? null
                : engine.putPayload(run.claim().taskId(), "result", encoded);
        return new StepOutcome(key == null ? value : null, key, null, 1, now, now, false, run.claim().workerId());
    }

    /** Before the end is recorded here: whoever dies between the two tells again. */
    private void tellParent(FunctionInput input, RunEnd.Result result) {
        FunctionInput.@Nullable Parent parent = input.parent();
        if (parent != null && !result.goesOn()) {
            sender.childEnded(RunKeys.of(engine, parent.workflowId(), parent.run()),
                    input.workflowId() + "/" + input.since(), FunctionWaits.childEnd(result));
        }
    }

    @Override
    public EngineOutcome finalise(EngineClaim claim) throws Exception {
        FunctionInput input = FunctionInput.read(claim.input());
        return claims.finalise(claim, input, result -> tellParent(input, result));
    }
}
