package dev.windlass.chaos.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.windlass.store.ListPage;
import tools.jackson.databind.JsonNode;

/** Which tasks have not ended yet; those that were seen to have ended are not read again. Used by one thread. */
public final class OpenTasks {
    private final StoreReader store;
    private final Set<String> ended = new HashSet<>();

    /**
     * Nothing is known yet.
     *
     * @param store what to read
     */
    public OpenTasks(StoreReader store) {
        this.store = store;
    }

    /** The keys of those that somebody can go on with: all that are open, but for those that wait without a ready key. */
    public List<String> movable() throws InterruptedException {
        var open = new ArrayList<String>();
        List<String> unknown = store.list("tasks/").stream().map(ListPage.Entry::key)
                .filter(key -> !ended.contains(key)).toList();
        store.readAll(unknown).forEach((key, task) -> {
            switch (task.path("status").asString("")) {
                case "PENDING" -> {
                    if (hasReadyKey(task)) {
                        open.add(key);
                    }
                }
                case "RUNNING" -> open.add(key);
                default -> ended.add(key);
            }
        });
        return open;
    }

    private boolean hasReadyKey(JsonNode task) {
        return store.read(task.path("readyKey").asString("none")) != null;
    }
}
