package dev.windlass.chaos.workload;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import dev.windlass.chaos.ledger.Ledger;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RescheduleRequest;
import dev.windlass.queue.TaskContext;
import dev.windlass.queue.Worker;
import dev.windlass.workflow.StepContext;
import dev.windlass.workflow.Workflows;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a worker process does: handlers of all kinds of tasks and of steps, each of which says when it starts and how it
 * ends in the worker's ledger, before anything comes of it.
 */
public final class Handlers {
    private static final long UNTIL_INTERRUPTED = 60_000;

    private final Ledger ledger;
    private final String worker;

    /**
     * Handlers of one worker.
     *
     * @param ledger where they write
     * @param worker the worker's id
     */
    public Handlers(Ledger ledger, String worker) {
        this.ledger = ledger;
        this.worker = worker;
    }

    /** Registers all of them. */
    public Worker.Builder addTo(Worker.Builder builder) {
        for (Kind kind : Kind.values()) {
            builder.handle(kind.type(), (task, job) -> handle(kind, task, job));
        }
        return builder;
    }

    /** Registers the handler of steps. */
    public void addTo(Workflows workflows) {
        workflows.stepType(RunShape.STEP_KIND, this::step);
    }

    private String handle(Kind kind, TaskContext task, Job job) throws Exception {
        ledger.append(run("start", task));
        try {
            String result = work(kind, task, job);
            ledger.append(run("end", task).put("how", "returned").put("result", Job.digest(result)));
            return result;
        } catch (InterruptedException e) {
            ledger.append(run("end", task).put("how", "interrupted"));
            throw e;
        } catch (RescheduleRequest | PermanentFailure | PlannedFailure e) {
            ledger.append(run("end", task).put("how", "threw").put("what", e.getClass().getSimpleName()));
            throw e;
        }
    }

    private ObjectNode run(String event, TaskContext task) {
        return Ledger.line(event).put("id", task.id()).put("attempt", task.attempt()).put("worker", worker);
    }

    private static String work(Kind kind, TaskContext task, Job job) throws Exception {
        boolean early = task.attempt() <= job.failures();
        switch (kind) {
            case RETRIED -> {
                if (early) {
                    throw new PlannedFailure("attempt " + task.attempt() + " is to fail");
                }
            }
            case RESCHEDULED -> {
                if (early) {
                    throw task.reschedule(Duration.ofMillis(300));
                }
            }
            case TIMED_OUT -> Thread.sleep(early ? UNTIL_INTERRUPTED : 0);
            case PERMANENT -> throw new PermanentFailure("is to fail for good");
            case EXHAUSTED -> throw new PlannedFailure("always fails");
            case DELAYED, CANCELLED -> {
                return job.result(); // its time is the delay
            }
            default -> {
                // returns after its time
            }
        }
        Thread.sleep(job.millis());
        return job.result();
    }

    private JsonNode step(StepContext step, JsonNode input, Map<String, JsonNode> parents) throws Exception {
        var sorted = new TreeMap<String, String>();
        parents.forEach((name, result) -> sorted.put(name, Job.digest(result.asString(""))));
        ledger.append(run("step-start", step).put("parents", sorted.toString()));
        try {
            Thread.sleep(input.path("millis").asLong(0));
            if (input.path("fatal").asBoolean(false)) {
                throw new PermanentFailure("step " + step.name() + " is to fail for good");
            }
            if (step.attempt() <= input.path("failures").asInt(0)) {
                throw new PlannedFailure("try " + step.attempt() + " is to fail");
            }
            String result = RunShape.result(step.name(), sorted, input);
            ledger.append(run("step-end", step).put("how", "returned"));
            return JsonNodeFactory.instance.stringNode(result);
        } catch (InterruptedException e) {
            ledger.append(run("step-end", step).put("how", "interrupted"));
            throw e;
        } catch (PermanentFailure | PlannedFailure e) {
            ledger.append(run("step-end", step).put("how", "threw"));
            throw e;
        }
    }

    private ObjectNode run(String event, StepContext step) {
        return Ledger.line(event).put("workflow", step.workflowId()).put("run", step.run()).put("step", step.name())
                .put("attempt", step.attempt()).put("worker", worker);
    }

    /** A failure that the input asks for. */
    private static final class PlannedFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PlannedFailure(String message) {
            super(message, null, false, false);
        }
    }
}
