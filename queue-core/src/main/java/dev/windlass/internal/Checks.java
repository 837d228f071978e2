package dev.windlass.internal;

import java.util.List;

import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.PayloadCheck;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The checks of a connection, in the order in which they were given. */
final class Checks {
    private final List<PayloadCheck.Factory> factories;
    private volatile List<PayloadCheck> checks = List.of();

    Checks(List<PayloadCheck.Factory> factories) {
        this.factories = List.copyOf(factories);
    }

    /** Makes them, once the connection is put together. */
    void start(EngineAccess access) {
        checks = factories.stream().map(factory -> factory.on(access)).toList();
    }

    void input(String type, JsonNode input) {
        checks.forEach(check -> check.input(type, input));
    }

    void output(String type, @Nullable JsonNode output) {
        JsonNode value = output == null ? Json.MAPPER.nullNode() : output;
        checks.forEach(check -> check.output(type, value));
    }
}
