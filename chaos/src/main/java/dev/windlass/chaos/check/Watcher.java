package dev.windlass.chaos.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import dev.windlass.WindlassException;
import dev.windlass.store.ListPage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Reads tasks and steps while the run goes on, and remembers what it saw as final, so that nothing final can change behind
 * the back of the account at the end. Used by one thread.
 */
public final class Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
    private static final int READ_AT_ONCE = 60;
    private static final int READ_AGAIN = 10;
    private static final Set<String> OPEN = Set.of("PENDING", "RUNNING");

    private final StoreReader store;
    private final Random random;
    private final Map<String, Seen> seen = new HashMap<>();
    private final List<Changed> changed = new ArrayList<>();

    /**
     * Something final.
     *
     * @param status of a task, or {@code STEP}
     * @param writeId the write that made it so
     */
    public record Seen(String status, String writeId) {

        /** What an object says. A later write that changes nothing but its own id is none of a task's transitions. */
        static Seen of(String key, JsonNode json) {
            if (!key.startsWith("tasks/")) {
                return new Seen("STEP", json.path("writeId").asString(""));
            }
            JsonNode history = json.path("history");
            return new Seen(json.path("status").asString(""),
                    history.path(history.size() - 1).path("w").asString(""));
        }
    }

    /**
     * Something final that was seen to change.
     *
     * @param key of its object
     * @param before as it was
     * @param after as it was then
     */
    public record Changed(String key, Seen before, Seen after) {}

    /**
     * A watcher.
     *
     * @param store what it reads
     * @param seed decides what it reads when
     */
    public Watcher(StoreReader store, long seed) {
        this.store = store;
        this.random = new Random(seed);
    }

    /** Looks once: at some tasks and steps that were not final yet, and again at a few that were. */
    public void look() throws InterruptedException {
        try {
            look("tasks/");
            look("workflow/");
        } catch (WindlassException e) {
            LOG.debug("the store is away", e); // its server is down
        }
    }

    private void look(String prefix) throws InterruptedException {
        var fresh = new ArrayList<String>();
        var known = new ArrayList<String>();
        for (ListPage.Entry entry : store.list(prefix)) {
            if (prefix.equals("tasks/") || entry.key().contains("/steps/")) {
                (seen.containsKey(entry.key()) ? known : fresh).add(entry.key());
            }
        }
        Collections.shuffle(fresh, random);
        Collections.shuffle(known, random);
        var keys = new ArrayList<String>(fresh.subList(0, Math.min(READ_AT_ONCE, fresh.size())));
        keys.addAll(known.subList(0, Math.min(READ_AGAIN, known.size())));
        store.readAll(keys).forEach(this::note);
    }

    private void note(String key, JsonNode json) {
        Seen before = seen.get(key);
        Seen now = Seen.of(key, json);
        if (before == null && !OPEN.contains(now.status())) {
            seen.put(key, now);
        } else if (before != null && !before.equals(now)) {
            changed.add(new Changed(key, before, now));
        }
    }

    /** What was seen as final, by key. */
    public Map<String, Seen> seen() {
        return new TreeMap<>(seen);
    }

    /** What was seen to change though it was final. */
    public List<Changed> changed() {
        return List.copyOf(changed);
    }
}
