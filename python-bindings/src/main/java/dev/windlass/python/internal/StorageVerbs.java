package dev.windlass.python.internal;

import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.store.ListPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreUnavailableException;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls about objects: those of the protocol can be read, and a program's own can be written beside them. */
final class StorageVerbs {
    /** Written by the protocol alone (docs/protocol.md, section 4). */
    private static final List<String> PROTOCOL = List.of("meta/", "doctor/", "tasks/", "ready/", "leases/", "workers/",
            "dead/", "payloads/", "workflow/", "schedules/", "events/", "control/", "schemas/");

    private final Connections connections;

    StorageVerbs(Connections connections) {
        this.connections = connections;
    }

    private ObjectStore store(Arguments arguments) {
        return connections.get(arguments.number("connection")).store();
    }

    Verbs.Answer get(Arguments arguments) {
        StoredObject object = store(arguments).get(arguments.text("key")).object();
        return object == null ? Verbs.Answer.nothing() : new Verbs.Answer.Bytes(object.body());
    }

    Verbs.Answer put(Arguments arguments, byte[] body) {
        String key = ownKey(arguments);
        return switch (store(arguments).put(key, body, Precondition.none())) {
            case PutResult.Applied applied -> Verbs.Answer.nothing();
            case PutResult.Conflict conflict -> throw unknown(key, null);
            case PutResult.Unknown unknown -> throw unknown(key, unknown.cause());
        };
    }

    private static StoreUnavailableException unknown(String key, @Nullable Exception cause) {
        return new StoreUnavailableException(
                "It is not known whether the object " + key + " was written. Writing it again is safe.", cause);
    }

    Verbs.Answer delete(Arguments arguments) {
        store(arguments).delete(ownKey(arguments));
        return Verbs.Answer.nothing();
    }

    private static String ownKey(Arguments arguments) {
        String key = arguments.text("key");
        for (String prefix : PROTOCOL) {
            if (key.startsWith(prefix)) {
                throw new InvalidInputException(
                        "The key \"" + key + "\" belongs to Windlass: everything below " + prefix
                                + " is written by the protocol alone. Use another prefix, such as files/.");
            }
        }
        return key;
    }

    Verbs.Answer list(Arguments arguments) {
        ObjectNode json = BoundaryJson.object();
        ListPage page = store(arguments).list(arguments.text("prefix"), arguments.textOrNull("startAfter"),
                arguments.count("limit", 1000));
        ArrayNode keys = json.putArray("keys");
        page.entries().forEach(entry -> keys.add(entry.key()));
        json.put("more", page.more());
        return Verbs.Answer.of(json);
    }
}
