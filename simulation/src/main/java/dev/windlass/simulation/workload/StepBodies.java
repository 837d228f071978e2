package dev.windlass.simulation.workload;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import dev.windlass.queue.PermanentFailure;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.check.RunChecks;
import dev.windlass.workflow.StepContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What steps of a history do: their input says it. */
final class StepBodies {
    private static final int MEDIUM = 6_000;
    private static final int BIG = 270_000;

    private final RunChecks checks;
    private final Map<String, Integer> crashes = new HashMap<>();
    private int starts;

    StepBodies(RunChecks checks) {
        this.checks = checks;
    }

    JsonNode handle(Actor actor, StepContext step, JsonNode input, Map<String, JsonNode> parents) throws Exception {
        checks.started(actor.name(), step, parents);
        int start = ++starts;
        long millis = input.path("millis").asLong(0);
        int times = input.path("times").asInt(0);
        String deed = input.path("do").asString("");
        switch (deed) {
            case "slow", "slower" -> actor.environment().sleep(Duration.ofMillis(millis));
            case "stubborn" -> Handlers.sleepStubbornly(actor, Duration.ofMillis(millis));
            case "flaky" -> {
                if (step.attempt() <= times) {
                    throw checks.throwing(step, new IllegalStateException("not yet: " + start));
                }
            }
            case "broken" -> throw checks.throwing(step, new IllegalStateException("never: " + start));
            case "hopeless" -> throw checks.throwing(step, new PermanentFailure("no use: " + start));
            case "crash" -> {
                if (crashes.merge(step.idempotencyKey(), 1, Integer::sum) <= times) {
                    actor.crash();
                }
            }
            default -> {
                // done at once
            }
        }
        JsonNode result = deed.equals("null") ? JsonNodeFactory.instance.nullNode() : result(step, start, deed);
        checks.returned(step, result);
        return result;
    }

    /** Whether a body has killed its process. */
    boolean haveCrashed() {
        return !crashes.isEmpty();
    }

    private static ObjectNode result(StepContext step, int start, String deed) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.put("of", step.name()).put("start", start);
        int length = deed.equals("big") ? BIG : deed.equals("medium") ? MEDIUM : 0;
        if (length > 0) {
            result.put("filler", String.valueOf((char) ('a' + start % 26)).repeat(length));
        }
        return result;
    }
}
