package dev.windlass.python;

import java.nio.ByteBuffer;

import dev.windlass.environment.Environment;
import dev.windlass.python.internal.Calls;
import dev.windlass.python.internal.Connections;
import dev.windlass.python.internal.Flows;
import dev.windlass.python.internal.Invocations;
import dev.windlass.python.internal.LogTap;
import dev.windlass.python.internal.Metrics;
import dev.windlass.python.internal.Outbox;
import dev.windlass.python.internal.SchemaValidation;
import org.jspecify.annotations.Nullable;

/**
 * All that Python calls. Calls return at once; what comes of them, and the tasks that Python is to handle, is taken in batches
 * with {@link #take()}. Safe for use by any number of threads, those that Python started included.
 *
 * <p>Text that crosses is JSON in ASCII, other characters escaped, so that its length is the same on both sides.
 */
public final class Gateway {
    private final Outbox outbox;
    private final Invocations invocations;
    private final Flows flows;
    private final Metrics metrics;
    private final Connections connections;
    private final Calls calls;

    private Gateway(Environment environment) {
        this.outbox = new Outbox(environment);
        this.invocations = new Invocations(environment, outbox);
        this.flows = new Flows(environment, outbox, invocations);
        this.metrics = new Metrics(environment);
        this.connections = new Connections(environment, outbox, invocations, flows, metrics);
        this.calls = new Calls(environment, outbox, connections);
    }

    /** A gateway; one a process is enough. */
    public static Gateway open() {
        var gateway = new Gateway(Environment.system());
        LogTap.install(gateway.outbox);
        return gateway;
    }

    /**
     * Which lines of the log Python is told of, as messages of kind {@code log}.
     *
     * @param level Python's number of the lowest level: 10 for debug, 20 for info, 30 for warnings, 40 for errors
     */
    public void logLevel(int level) {
        LogTap.level(level);
    }

    /**
     * Waits for something to say to Python, and takes all that there is, up to some megabytes.
     *
     * @return a line of JSON that lists the messages, each as {@code [kind, id, length, length…]}, and after it their texts, one
     *         behind the other; null once the gateway is closed
     * @throws InterruptedException if the thread is interrupted
     */
    public @Nullable String take() throws InterruptedException {
        return outbox.take();
    }

    /**
     * Starts a call. Its result or failure is a message of kind {@code ok}, {@code bytes} or {@code error} with the same id.
     *
     * @param id chosen by the caller, used for one call
     * @param verb what to do
     * @param arguments a JSON object
     */
    public void call(long id, String verb, String arguments) {
        calls.start(id, verb, arguments, null);
    }

    /**
     * The same with bytes beside the arguments.
     *
     * @param id chosen by the caller, used for one call
     * @param verb what to do
     * @param arguments a JSON object
     * @param body handed over
     */
    public void callWithBytes(long id, String verb, String arguments, byte[] body) {
        calls.start(id, verb, arguments, body);
    }

    /**
     * The bytes that a message of kind {@code bytes} announced. Once only.
     *
     * @param id of the call
     * @return a direct buffer, or null if there are none
     */
    public @Nullable ByteBuffer bytes(long id) {
        return outbox.bytes(id);
    }

    /**
     * Nobody waits for a call any more: it is interrupted, and may or may not have had its effect.
     *
     * @param id of the call; an unknown one does nothing
     */
    public void abandon(long id) {
        calls.abandon(id);
    }

    /**
     * A handler has returned.
     *
     * @param invocation the id in the message of kind {@code run}; an unknown one does nothing
     * @param result its result as JSON
     */
    public void succeed(long invocation, String result) {
        invocations.succeed(invocation, result);
    }

    /**
     * A handler has failed.
     *
     * @param invocation the id in the message of kind {@code run}; an unknown one does nothing
     * @param failure a JSON object: {@code outcome} ({@code retry}, {@code permanent}, {@code reschedule} or
     *            {@code cancelled}), {@code type}, {@code message}, {@code traceback}, {@code delayMillis}
     */
    public void fail(long invocation, String failure) {
        invocations.fail(invocation, failure);
    }

    /**
     * Whether a handler should stop. No request.
     *
     * @param invocation the id in the message of kind {@code run}
     * @return true also for one that is unknown
     */
    public boolean isCancelled(long invocation) {
        return invocations.isCancelled(invocation);
    }

    /**
     * A handler says how far its work is. Does not wait; written as {@link dev.windlass.queue.TaskContext#progress} says.
     *
     * @param invocation the id in the message of kind {@code run}; an unknown one, and one of a step, does nothing
     * @param said a JSON object: {@code percent} with {@code message}, {@code counter} with {@code more}, or {@code print}
     * @return null, or the failure if it cannot be accepted
     */
    public @Nullable String say(long invocation, String said) {
        return invocations.say(invocation, said);
    }

    /**
     * Checks a value by a JSON Schema, without a store. Does not wait.
     *
     * @param request a JSON object: {@code schema}, {@code value}, and {@code what} the value is, for the message
     * @return null, or the failure if it does not fit, or the schema is none
     */
    public @Nullable String validate(String request) {
        return SchemaValidation.validate(request);
    }

    /**
     * A durable function asks for something. What comes of it is a message of kind {@code settled}, but of what has only
     * begun, whose end is asked for by itself.
     *
     * @param flow the id in the message of kind {@code flow}; an unknown one does nothing
     * @param request a JSON object: {@code ask} says what, {@code token} is Python's number for it
     */
    public void ask(long flow, String request) {
        flows.ask(flow, request);
    }

    /**
     * A durable function has returned, failed, or been unwound: then it has neither result nor failure, and its run goes on
     * elsewhere.
     *
     * @param flow the id in the message of kind {@code flow}; an unknown one does nothing
     * @param result its result as JSON, or null
     * @param failure as of {@link #fail}, or null
     */
    public void returned(long flow, @Nullable String result, @Nullable String failure) {
        flows.returned(flow, result, failure);
    }

    /** Counts what the connections do that are opened from now on. A second call does nothing. */
    public void enableMetrics() {
        metrics.enable();
    }

    /** What has been counted, as the text that Prometheus reads; empty if nothing is. */
    public String scrape() {
        return metrics.scrape();
    }

    /** Closes all connections, and lets {@link #take()} return null. A second call does nothing. */
    public void close() {
        connections.closeAll();
        outbox.close();
    }
}
