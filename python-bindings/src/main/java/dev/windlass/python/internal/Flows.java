package dev.windlass.python.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import dev.windlass.WindlassException;
import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.workflow.WorkflowContext;
import dev.windlass.workflow.WorkflowType;
import org.jspecify.annotations.Nullable;
import org.slf4j.helpers.NOPLogger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Durable functions that Python runs. The function's own thread does for its context what Python asks for, one thing after the
 * other, and tells Python what comes of it. When the run is put aside, the thread has Python unwind the coroutine, and
 * unwinds itself once that has happened. Safe for use by any number of threads.
 */
public final class Flows {
    /** How often it is looked whether a function is put aside that computes between two things that it asks for. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Environment environment;
    private final Outbox outbox;
    private final Invocations invocations;
    private final Monitor monitor;
    private final Map<Long, Flow> running = new HashMap<>();
    private long last;

    /**
     * @param outbox where Python is told what to run
     * @param invocations runs the bodies of steps
     */
    public Flows(Environment environment, Outbox outbox, Invocations invocations) {
        this.environment = environment;
        this.outbox = outbox;
        this.invocations = invocations;
        this.monitor = environment.newMonitor();
    }

    /** What Python has said and nobody has dealt with. */
    private static final class Flow {
        private final Monitor said;
        private final Deque<String> requests = new ArrayDeque<>();
        private @Nullable String result;
        private @Nullable String failure;
        /** Python does not run it any more. */
        private boolean ended;

        private Flow(Monitor said) {
            this.said = said;
        }
    }

    /**
     * Has Python run a durable function, and waits for it. The function's thread only.
     *
     * @param worker the number of the worker, as Python knows it
     * @param type the name of the function's type
     * @param version its version
     * @param context the function's
     * @param input its input
     * @param cancelled asks the store whether the run is being cancelled, rather than parked; one get
     * @return its result, or null if that is null
     * @throws Exception what the function's failure comes to
     */
    @Nullable
    JsonNode run(long worker, String type, int version, WorkflowContext context, @Nullable JsonNode input,
            BooleanSupplier cancelled) throws Exception {
        var flow = new Flow(environment.newMonitor());
        long id = enter(flow);
        try {
            ObjectNode about = BoundaryJson.object();
            about.put("worker", worker).put("type", type).put("version", version)
                    .put("workflow", context.workflowId()).put("run", context.run())
                    .put("replaying", isReplaying(context))
                    .put("seed", Long.toHexString(context.random().nextLong()));
            outbox.flow(id, BoundaryJson.text(about), input == null ? "null" : BoundaryJson.text(input));
            var requests = new FlowRequests(context, invocations, id, worker,
                    WorkflowType.of(type, JsonNode.class, JsonNode.class).withVersion(version));
            for (String request = next(flow, context); request != null; request = next(flow, context)) {
                answer(id, context, requests, request);
            }
        } catch (Error | InterruptedException putAside) {
            unwind(id, flow, cancelled);
            throw putAside;
        } finally {
            leave(id);
        }
        String failure = flow.failure;
        if (failure != null) {
            throw Invocations.failure(failure);
        }
        return Invocations.result("The result of workflow " + context.workflowId(), flow.result);
    }

    private static boolean isReplaying(WorkflowContext context) {
        return context.log() instanceof NOPLogger;
    }

    private long enter(Flow flow) {
        monitor.lock();
        try {
            last++;
            running.put(last, flow);
            return last;
        } finally {
            monitor.unlock();
        }
    }

    private void leave(long id) {
        monitor.lock();
        try {
            running.remove(id);
        } finally {
            monitor.unlock();
        }
    }

    /**
     * What Python asks for next; null if its function has returned or failed. One that Python has given up stays here until the
     * run is put aside: it has not ended.
     */
    private static @Nullable String next(Flow flow, WorkflowContext context) throws InterruptedException {
        while (true) {
            flow.said.lock();
            try {
                String request = flow.requests.poll();
                if (request != null || flow.result != null || flow.failure != null) {
                    return request;
                }
                flow.said.await(LOOK);
            } finally {
                flow.said.unlock();
            }
            isReplaying(context); // throws if the run is put aside
        }
    }

    private void answer(long id, WorkflowContext context, FlowRequests requests, String request) {
        ObjectNode about = BoundaryJson.object();
        String value;
        try {
            Arguments asked = Arguments.parse("A request of a durable function", request);
            about.put("token", asked.number("token"));
            FlowRequests.Answer answer = requests.perform(asked);
            if (answer == null) {
                return; // it has begun; Python asks for its end
            }
            about.put("ok", true);
            value = answer.json();
        } catch (WindlassException | IllegalStateException | IllegalArgumentException e) {
            about.put("ok", false);
            value = Failures.json(e);
        }
        about.put("replaying", isReplaying(context));
        outbox.settled(id, BoundaryJson.text(about), value);
    }

    /** Lets Python's coroutine end before the thread does, so that no two activations of a run are under way here. */
    private void unwind(long id, Flow flow, BooleanSupplier cancelled) {
        flow.said.lock();
        try {
            if (flow.ended) {
                return;
            }
        } finally {
            flow.said.unlock();
        }
        outbox.unwind(id, isCancelled(cancelled) ? "cancelled" : "parked");
        boolean interrupted = false;
        flow.said.lock();
        try {
            while (!flow.ended) {
                try {
                    flow.said.await();
                } catch (InterruptedException e) {
                    interrupted = true; // the owner has said in its log that the function does not return
                }
            }
        } finally {
            flow.said.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean isCancelled(BooleanSupplier cancelled) {
        try {
            return cancelled.getAsBoolean();
        } catch (RuntimeException e) {
            return false; // the store does not say: the run goes on elsewhere, and tells its function then
        }
    }

    /** See {@link dev.windlass.python.Gateway#ask}. */
    public void ask(long id, String request) {
        say(id, flow -> flow.requests.add(request));
    }

    /** See {@link dev.windlass.python.Gateway#returned}. */
    public void returned(long id, @Nullable String result, @Nullable String failure) {
        say(id, flow -> {
            flow.ended = true;
            flow.result = result;
            flow.failure = failure;
        });
    }

    /** Python says something of a function that has not ended; nobody hears it if it has. */
    private void say(long id, Consumer<Flow> what) {
        Flow flow = find(id);
        if (flow == null) {
            return;
        }
        flow.said.lock();
        try {
            if (!flow.ended) {
                what.accept(flow);
                flow.said.signalAll();
            }
        } finally {
            flow.said.unlock();
        }
    }

    private @Nullable Flow find(long id) {
        monitor.lock();
        try {
            return running.get(id);
        } finally {
            monitor.unlock();
        }
    }
}
