package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;

import dev.windlass.queue.RescheduleRequest;
import dev.windlass.queue.TaskContext;
import org.jspecify.annotations.Nullable;

/** What a handler may ask about its task. */
record HandlerContext(Attempt attemptInHand) implements TaskContext {

    @Override
    public String id() {
        return attemptInHand.taskId();
    }

    @Override
    public String queue() {
        return attemptInHand.document().queue();
    }

    @Override
    public String type() {
        return attemptInHand.document().type();
    }

    @Override
    public int attempt() {
        return attemptInHand.document().attempt();
    }

    @Override
    public String idempotencyKey() {
        return attemptInHand.taskId();
    }

    @Override
    public @Nullable Instant deadline() {
        return attemptInHand.document().deadlineAt();
    }

    @Override
    public boolean isCancelled() {
        return attemptInHand.stop() != null;
    }

    @Override
    public void progress(double percent, @Nullable String message) {
        attemptInHand.progress().say(percent, message);
    }

    @Override
    public void count(String name, long more) {
        attemptInHand.progress().count(name, more);
    }

    @Override
    public void print(String text) {
        attemptInHand.progress().print(text);
    }

    @Override
    public RescheduleRequest reschedule(Duration delay) {
        return new RescheduleRequest(delay);
    }
}
