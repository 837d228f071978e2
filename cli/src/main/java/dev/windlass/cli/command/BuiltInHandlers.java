package dev.windlass.cli.command;

import java.time.Duration;

import dev.windlass.WindlassException;
import dev.windlass.environment.Environment;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.JsonNode;

/** The handlers that {@code windlass worker} has: to try things out, and to measure. */
final class BuiltInHandlers {
    private static final String SLEEP_REMEDY = "; give {\"ms\": 250}, a number of milliseconds, or a duration such as \"2s\"";

    private BuiltInHandlers() {
    }

    /** Gives them to a worker. */
    static Worker.Builder addTo(Worker.Builder worker, Environment environment) {
        return worker.handle(type("echo"), (task, input) -> input).handle(type("sleep"), (task, input) -> {
            environment.sleep(pause(input));
            return input;
        }).handle(type("fail"), (task, input) -> fail(input));
    }

    private static TaskType<JsonNode, JsonNode> type(String name) {
        return TaskType.of(name, JsonNode.class, JsonNode.class);
    }

    private static Duration pause(JsonNode input) {
        JsonNode length = input.isObject() ? input.path("ms") : input;
        if (length.isNumber()) {
            double millis = length.asDouble();
            if (millis < 0 || millis > Duration.ofDays(3660).toMillis()) {
                throw new PermanentFailure("the input of sleep is " + length + SLEEP_REMEDY);
            }
            return Duration.ofNanos((long) (millis * 1e6));
        }
        if (length.isString() && !input.isObject()) {
            try {
                return DurationConverter.parse(length.asString());
            } catch (TypeConversionException e) {
                throw new PermanentFailure("the input of sleep: " + e.getMessage(), e);
            }
        }
        throw new PermanentFailure("the input of sleep is " + cut(input.toString()) + SLEEP_REMEDY);
    }

    private static JsonNode fail(JsonNode input) {
        String message = input.path("message").asString("the built-in handler \"fail\" fails");
        if (input.path("permanent").asBoolean(false)) {
            throw new PermanentFailure(message);
        }
        throw new WindlassException(message);
    }

    private static String cut(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
