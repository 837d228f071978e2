package dev.windlass.python.internal;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.queue.spi.Documents;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The signals of workflows as they stand in the store (docs/workflow.md, "Signals"): what was sent and not yet taken. */
final class SignalObjects {
    private final EngineAccess engine;
    private final Documents documents;

    SignalObjects(Connections.Opened opened) {
        this.engine = opened.windlass().engine();
        this.documents = engine.documents();
    }

    private String prefix(String workflow, @Nullable String name) {
        String all = "workflow/" + engine.keySegment("workflow id", workflow) + "/signals/";
        return name == null ? all : all + engine.keySegment("signal name", name) + "/";
    }

    private List<String> keys(String workflow, @Nullable String name) {
        // Those that begin with ~ are the engine's.
        return documents.keys(prefix(workflow, name)).stream()
                .filter(key -> !key.startsWith("~", key.indexOf("/signals/") + "/signals/".length())).sorted().toList();
    }

    /**
     * Reads them.
     *
     * @param name of this name only; null for all
     * @param after only those whose keys are behind this one; null for all
     */
    List<ObjectNode> read(String workflow, @Nullable String name, @Nullable String after, int limit) {
        var signals = new ArrayList<ObjectNode>();
        for (String key : keys(workflow, name)) {
            if (signals.size() >= limit) {
                break;
            }
            StoredObject object = after != null && key.compareTo(after) <= 0 ? null : documents.read(key);
            if (object != null && engine.json().readTree(object.body()) instanceof ObjectNode signal) {
                signals.add(signal.put("key", key));
            }
        }
        return signals;
    }

    int delete(String workflow, @Nullable String name) {
        List<String> keys = keys(workflow, name);
        keys.forEach(documents::delete);
        return keys.size();
    }
}
