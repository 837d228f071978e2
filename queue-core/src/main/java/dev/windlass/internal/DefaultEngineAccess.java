package dev.windlass.internal;

import java.time.Instant;
import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.environment.Environment;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.spi.Documents;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.EngineTaskSpec;
import dev.windlass.queue.spi.ParkState;
import dev.windlass.queue.spi.SubmittedTask;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The connection as engines see it. */
final class DefaultEngineAccess implements EngineAccess {
    private final Core core;
    private final Submission submission;
    private final Cancellation cancellation;

    DefaultEngineAccess(Core core) {
        this.core = core;
        this.submission = new Submission(core);
        this.cancellation = new Cancellation(core);
    }

    @Override
    public Environment environment() {
        return core.environment();
    }

    @Override
    public <T> List<T> observers(Class<T> listener) {
        return core.observers().ofType(listener);
    }

    @Override
    public JsonMapper json() {
        return core.mapper();
    }

    @Override
    public Documents documents() {
        return core.documents();
    }

    @Override
    public Instant storeTime() {
        return core.clock().now();
    }

    @Override
    public String newWriteId() {
        return core.newWriteId();
    }

    @Override
    public String deriveTaskId(String scope, String name) {
        return Keys.derivedTaskId(scope, name);
    }

    @Override
    public String keySegment(String what, String name) {
        return Keys.segment(what, name);
    }

    @Override
    public SubmittedTask submit(EngineTaskSpec spec) {
        Keys.segment("name of the queue", spec.queue());
        byte[] input = Json.bytes(spec.input());
        if (input.length > Payloads.INLINE) {
            throw new InvalidInputException("The input of task " + spec.id() + " has " + input.length
                    + " bytes; an engine's task takes at most " + Payloads.INLINE + ". Store a payload beside it.");
        }
        return submission.submit(new Submission.Draft(spec.id(), spec.queue(), spec.type(), spec.priority(),
                spec.retry(), spec.timeout(), null, null, true,
                Submission.inputHash(spec.queue(), spec.type(), input), spec.input(), null, null,
                Submission.Extras.NONE));
    }

    @Override
    public SubmittedTask submitTask(String id, String queue, String type, JsonNode input, SubmitOptions options) {
        Keys.segment("name of the queue", queue);
        Keys.segment("name of the task type", type);
        byte[] encoded = Json.bytes(input);
        Payloads.check("The input of a task of type \"" + type + "\"", encoded);
        return submission.submit(id, queue, type, encoded, options, options.idempotencyKey());
    }

    @Override
    public void checkInput(String type, JsonNode input) {
        core.checks().input(type, input);
    }

    @Override
    public void ensureInitialised() {
        core.format().ensureWritten();
    }

    @Override
    public boolean withdraw(SubmittedTask task) {
        return cancellation.withdraw(task.id(), task.version());
    }

    @Override
    public boolean cancel(String taskId, String reason) {
        return cancellation.cancel(taskId, reason, null) != Cancellation.Answer.ENDED;
    }

    @Override
    public @Nullable TaskInfo task(String taskId) {
        TaskDocument document = core.tasks().readDocument(taskId);
        return document == null ? null : document.info();
    }

    @Override
    public ParkState parkState(String taskId) {
        return parkState(core.tasks().readDocument(taskId));
    }

    private static ParkState parkState(@Nullable TaskDocument document) {
        if (document == null) {
            return new ParkState(ParkState.Kind.MISSING, 0);
        }
        return switch (document.state()) {
            case PENDING -> new ParkState(document.isParked() ? ParkState.Kind.PARKED : ParkState.Kind.READY,
                    document.gen());
            // The park that is announced will be the next generation: both looks name the same wake key.
            case RUNNING -> new ParkState(document.isParking() ? ParkState.Kind.PARKED : ParkState.Kind.RUNNING,
                    document.gen() + 1);
            // The name of a submission that came to nothing, for now: whoever repeats it uses it again.
            case TOMBSTONE -> new ParkState(ParkState.Kind.MISSING, document.gen());
            default -> new ParkState(ParkState.Kind.ENDED, document.gen());
        };
    }

    @Override
    public void wake(String taskId, String queue, int priority, Instant time, String wakeId) {
        String key = Keys.wake(queue, priority, time, taskId, wakeId);
        core.ready().add(key);
        core.notices().arrived(queue, key);
    }

    @Override
    public String putPayload(String taskId, String name, byte[] content) {
        core.format().ensureWritten();
        return core.payloads().put(taskId, name, content);
    }

    @Override
    public ParkState wakeIfParked(String taskId) {
        TaskDocument document = core.tasks().readDocument(taskId);
        ParkState state = parkState(document);
        if (document != null && state.kind() == ParkState.Kind.PARKED) {
            wake(taskId, document.queue(), document.priority(), document.info().createdAt(), "g" + state.generation());
        }
        return state;
    }

    @Override
    public byte[] payload(String key) {
        return core.payloads().get(key);
    }
}
