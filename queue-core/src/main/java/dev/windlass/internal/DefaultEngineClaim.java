package dev.windlass.internal;

import dev.windlass.LeaseLostException;
import dev.windlass.queue.spi.EngineClaim;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A claim as an engine sees it. */
record DefaultEngineClaim(Core core, Attempt attemptInHand, String workerId) implements EngineClaim {

    @Override
    public String taskId() {
        return attemptInHand.taskId();
    }

    @Override
    public String queue() {
        return attemptInHand.document().queue();
    }

    @Override
    public int priority() {
        return attemptInHand.document().priority();
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
    public int failures() {
        return attemptInHand.document().failures();
    }

    @Override
    public JsonNode input() {
        JsonNode input = attemptInHand.document().input();
        return input == null ? Json.MAPPER.nullNode() : input;
    }

    @Override
    public boolean isLost() {
        return attemptInHand.stop() == Attempt.Stop.LEASE_LOST;
    }

    @Override
    public boolean isStopping() {
        return attemptInHand.isStopping() || attemptInHand.stop() != null;
    }

    @Override
    public void onStop(Runnable action) {
        attemptInHand.onStop(action);
    }

    @Override
    public void announcePark() {
        TaskVersion version = attemptInHand.version();
        while (true) {
            TaskDocument document = version.document();
            if (document == null || !document.isOwnedBy(attemptInHand.claimWriteId())) {
                throw new LeaseLostException(taskId(),
                        "The claim on task " + taskId() + " was lost before it could park.", null);
            }
            if (document.isParking()) {
                attemptInHand.version(version);
                return;
            }
            TaskDocument announced = document.edit().flag("parking", true).set("writeId", core.newWriteId()).build();
            switch (core.tasks().replace(version, announced)) {
                case TaskStore.Outcome.Won won -> version = won.version();
                case TaskStore.Outcome.Lost lost -> {
                    TaskVersion current = lost.current();
                    if (current == null) {
                        throw new LeaseLostException(taskId(), "Task " + taskId() + " is gone.", null);
                    }
                    version = current;
                }
            }
        }
    }

    @Override
    public @Nullable String wakeKey() {
        return attemptInHand.readyKey().wake() ? attemptInHand.readyKey().key() : null;
    }

    @Override
    public void acknowledgeWake() {
        String key = wakeKey();
        if (key != null) {
            core.ready().removeSoon(key);
        }
    }
}
