package dev.windlass.workflow.internal;

import java.util.Map;

import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.EngineClaim;
import dev.windlass.queue.spi.EngineHandler;
import dev.windlass.queue.spi.EngineOutcome;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.Placement;
import dev.windlass.workflow.StepHandler;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.WorkflowListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Runs the tasks that are runs of a graph. A first claim on a fresh run reads the state only; a later one also the
 * checkpoint, the names of the step objects, and those that the checkpoint does not hold. Steps of kinds that this
 * process does not know are sent out to those that do, so an owner that knows one kind of a run brings it on.
 */
public final class RunHandler implements EngineHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RunHandler.class);

    private final EngineAccess engine;
    private final Map<String, StepHandler> kinds;
    private final WorkerOptions options;
    private final WorkflowListener listener;
    private final LiveRuns live;
    private final RunClaims claims;

    RunHandler(EngineAccess engine, Map<String, StepHandler> kinds, WorkerOptions options, LiveRuns live) {
        this.engine = engine;
        this.kinds = Map.copyOf(kinds);
        this.options = options;
        this.listener = Listeners.of(engine, options);
        this.live = live;
        this.claims = new RunClaims(engine, live, listener);
    }

    /** A run of whose kinds this process knows none is left to others: it could only send everything out. */
    @Override
    public boolean accepts(String type, JsonNode input) {
        for (JsonNode kind : input.path("kinds")) {
            if (kinds.containsKey(kind.asString(""))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public EngineOutcome execute(EngineClaim claim) throws Exception {
        RunInput input = RunInput.read(claim.input());
        return claims.claimed(input, (keys, state) -> own(claim, input, keys, state));
    }

    private EngineOutcome own(EngineClaim claim, RunInput input, RunKeys keys, RunStates.State state)
            throws Exception {
        DagDefinition started = input.dag(engine);
        DagDefinition mine = definition(input, started);
        DagChange change = DagChange.between(started, mine);
        Run run = prepare(claim, input, state, keys, change.isRefused() ? started : mine);
        RunControl control = new RunControl(run, claims.states(), state);
        if (change.isRefused()) {
            control.pause(change.reason(mine));
        } else if (!change.added().isEmpty()) {
            LOG.info("{}: goes on with a definition that has more steps: {}", run.label(), change.added());
        }
        RunOwner owner = new RunOwner(run, control);
        live.add(run);
        claim.onStop(() -> run.inbox().post(new RunEvent.Stopping()));
        try {
            RunBasis basis = RunBasis.read(claim.input());
            if (basis != null) {
                RunTakeover.ofGraph(run, basis, started);
            }
            if (claim.attempt() > 1 || basis != null) {
                owner.restore(Recovery.read(run));
            }
            if (claim.wakeKey() != null) {
                claim.acknowledgeWake();
            }
            EngineOutcome givenUp = owner.own();
            if (givenUp != null) {
                return givenUp;
            }
        } finally {
            live.remove(run);
        }
        if (control.isOver()) {
            return claims.over(control.state(), keys);
        }
        TaskError error = owner.failure();
        return claims.end(control.state(), keys, input, RunEnd.of(run, error, owner.cancelled()), error,
                run.plan().size());
    }

    /** What the run is to go by: the definition that this process has as code, or else that which came with the run. */
    private DagDefinition definition(RunInput input, DagDefinition started) {
        for (String kind : input.kinds()) {
            if (kinds.get(kind) instanceof DagHandler graph) {
                return graph.definition();
            }
        }
        return started;
    }

    private Run prepare(EngineClaim claim, RunInput input, RunStates.State state, RunKeys keys, DagDefinition dag) {
        RunPlan plan = new RunPlan(dag, this::placement);
        return new Run(engine, claim, input, state.createdMillis(), keys, plan,
                new StepRecords(engine, keys, claim.taskId()), kinds, options, listener,
                new RunInbox(engine.environment()));
    }

    private Placement placement(DagStep step) {
        return step.queue() != null || !kinds.containsKey(step.kind()) ? Placement.FLEET : step.placement();
    }

    @Override
    public EngineOutcome finalise(EngineClaim claim) throws Exception {
        return claims.finalise(claim, RunInput.read(claim.input()), result -> {});
    }
}
