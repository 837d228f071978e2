package dev.windlass.python.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;

import dev.windlass.queue.SweepReport;
import dev.windlass.store.RequestCounts;
import dev.windlass.store.StoredObject;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls about a connection as a whole. */
final class ConnectionVerbs {
    /** Width of the shard in the keys of tasks where nobody chose one. */
    private static final int USUAL_WIDTH = 2;

    private final Connections connections;

    ConnectionVerbs(Connections connections) {
        this.connections = connections;
    }

    Verbs.Answer connect(Arguments arguments) {
        Map<String, String> options = new HashMap<>();
        Arguments given = arguments.object("options");
        for (String name : given.json().propertyNames()) {
            options.put(name, given.text(name));
        }
        Connections.Opened opened = connections.open(arguments.text("url"), options,
                arguments.count("concurrency", 256));
        try {
            if (arguments.has("shardWidth")) {
                opened.windlass().initialise(arguments.count("shardWidth", USUAL_WIDTH));
            }
            return Verbs.Answer.of(BoundaryJson.object().put("connection", opened.number())
                    .put("location", opened.windlass().location()).put("shardWidth", shardWidth(opened)));
        } catch (RuntimeException e) {
            connections.close(opened.number());
            throw e;
        }
    }

    private static int shardWidth(Connections.Opened opened) {
        StoredObject format = opened.store().get("meta/store.json").object();
        return format == null
                ? USUAL_WIDTH
                : BoundaryJson.parseObject("meta/store.json", new String(format.body(), UTF_8))
                        .path("shardWidth").asInt(USUAL_WIDTH);
    }

    Verbs.Answer close(Arguments arguments) {
        connections.close(arguments.number("connection"));
        return Verbs.Answer.nothing();
    }

    Verbs.Answer queues(Arguments arguments) {
        ArrayNode names = BoundaryJson.object().putArray("names");
        connections.get(arguments.number("connection")).windlass().queues().forEach(names::add);
        return Verbs.Answer.of(names);
    }

    Verbs.Answer now(Arguments arguments) {
        Connections.Opened opened = connections.get(arguments.number("connection"));
        return new Verbs.Answer.Text(BoundaryJson.quoted(opened.windlass().engine().storeTime().toString()));
    }

    Verbs.Answer sweep(Arguments arguments) {
        SweepReport report = connections.get(arguments.number("connection")).windlass()
                .sweep(arguments.flag("readyKeys", false));
        return new Verbs.Answer.Text(BoundaryJson.quoted(report.toString()));
    }

    Verbs.Answer requests(Arguments arguments) {
        RequestCounts counts = connections.get(arguments.number("connection")).windlass().requests();
        ObjectNode json = BoundaryJson.object();
        json.put("get", counts.get()).put("put", counts.put()).put("list", counts.list()).put("delete",
                counts.delete());
        return Verbs.Answer.of(json);
    }
}
