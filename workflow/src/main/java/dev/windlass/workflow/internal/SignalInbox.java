package dev.windlass.workflow.internal;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The signals of a workflow as an owner of one of its runs sees them, {@code
 * workflow/{id}/signals/{name}/{millis13}-{signalId}.json}. What is consumed is known by id, never by a place in the order: a
 * signal whose key sorts earlier and comes later is still delivered. Looking is any thread's, all else the owner's.
 */
final class SignalInbox {
    /** The name under which children tell of their end. */
    static final String CHILD = "~child";
    private static final int READING_AT_ONCE = 16;
    private static final Logger LOG = LoggerFactory.getLogger(SignalInbox.class);

    private final OwnedRun run;
    private final int since;
    private final Set<String> seen = new HashSet<>();
    private final Map<String, TreeMap<String, Signal>> waiting = new HashMap<>();
    private final Map<String, Set<String>> consumed = new HashMap<>();

    /**
     * A signal.
     *
     * @param key where it is
     * @param name its name
     * @param id its id: the same for each time that it was sent
     * @param run the run that it is for
     * @param sender who sent it
     * @param sequence the how manieth of that sender
     * @param value its value
     */
    record Signal(String key, String name, String id, int run, String sender, long sequence, JsonNode value) {

        ObjectNode toJson(long at) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("v", 1).put("name", name).put("id", id).put("run", run).put("sender", sender)
                    .put("sequence", sequence).put("at", at).set("value", value);
            return json;
        }

        static @Nullable Signal read(EngineAccess engine, StoredObject object) {
            try {
                JsonNode json = engine.json().readTree(object.body());
                String name = json.path("name").asString("");
                String id = json.path("id").asString("");
                return name.isEmpty() || id.isEmpty()
                        ? null
                        : new Signal(object.key(), name, id, json.path("run").asInt(1),
                                json.path("sender").asString(""), json.path("sequence").asLong(0), json.path("value"));
            } catch (JacksonException e) {
                LOG.warn("{} is no signal, and is left aside: '{}'", object.key(),
                        new String(object.body(), 0, Math.min(60, object.body().length), StandardCharsets.UTF_8), e);
                return null;
            }
        }
    }

    /** @param since the first of the runs that have gone on up to this one, whose signals are for this one, too */
    SignalInbox(OwnedRun run, int since) {
        this.run = run;
        this.since = since;
    }

    /** The keys that stand in the inbox now: one LIST per thousand. */
    List<String> list() {
        return run.engine().documents().keys(run.keys().signals());
    }

    /** Those of some keys that the owner has not seen. */
    List<String> unseen(List<String> keys) {
        return keys.stream().filter(key -> !seen.contains(key)).toList();
    }

    /** Reads signals: one get each. */
    Collection<Signal> read(List<String> keys) throws InterruptedException {
        var found = new ConcurrentLinkedQueue<Signal>();
        Fanout.forEach(run.engine().environment(), "windlass-signals", READING_AT_ONCE, keys, key -> {
            StoredObject object = run.engine().documents().read(key);
            Signal signal = object == null ? null : Signal.read(run.engine(), object);
            if (signal != null) {
                found.add(signal);
            }
        });
        return found;
    }

    /** Takes in what a look has found; how many are new. */
    int add(List<String> keys, Collection<Signal> signals) {
        seen.addAll(keys);
        int fresh = 0;
        for (Signal signal : signals) {
            if (signal.run() < since || signal.run() > run.keys().run()) {
                continue;
            }
            if (isConsumed(signal.name(), signal.id())) {
                removeSoon(signal.key()); // sent again, or its consumer died before it was removed
            } else {
                waiting.computeIfAbsent(signal.name(), name -> new TreeMap<>()).put(signal.key(), signal);
                fresh++;
            }
        }
        return fresh;
    }

    private boolean isConsumed(String name, String id) {
        return consumed.getOrDefault(name, Set.of()).contains(id);
    }

    /** The next signal of a name: the first by key, but never before an earlier one of its sender. */
    @Nullable
    Signal next(String name) {
        TreeMap<String, Signal> all = waiting.get(name);
        if (all == null || all.isEmpty()) {
            return null;
        }
        Signal next = all.firstEntry().getValue();
        for (Signal other : all.values()) {
            if (other.sender().equals(next.sender()) && other.sequence() < next.sequence()) {
                next = other;
            }
        }
        return next;
    }

    /** A signal by its id, if it has come. */
    @Nullable
    Signal byId(String name, String id) {
        for (Signal signal : waiting.getOrDefault(name, new TreeMap<>()).values()) {
            if (signal.id().equals(id)) {
                return signal;
            }
        }
        return null;
    }

    /** It is recorded that a signal was consumed: all that were sent by its id are done with. */
    void consumed(String name, String id) {
        consumed.computeIfAbsent(name, any -> new LinkedHashSet<>()).add(id);
        TreeMap<String, Signal> all = waiting.get(name);
        if (all != null) {
            all.values().removeIf(signal -> {
                boolean same = signal.id().equals(id);
                if (same) {
                    removeSoon(signal.key());
                }
                return same;
            });
        }
    }

    /** The ids of the signals that users have sent and that were consumed, by name: the latest, so many of each name. */
    Map<String, List<String>> consumed(int most) {
        Map<String, List<String>> latest = new TreeMap<>();
        consumed.forEach((name, ids) -> {
            if (!name.equals(CHILD)) {
                latest.put(name, ids.stream().skip(Math.max(0, ids.size() - most)).toList());
            }
        });
        return latest;
    }

    /** Off the critical path; one that stays is known by its id. */
    private void removeSoon(String key) {
        run.engine().environment().start("windlass-consumed", () -> {
            try (var context = run.logContext()) {
                run.engine().documents().delete(key);
            } catch (RuntimeException e) {
                LOG.debug("{}: a consumed signal stays: {}", run.label(), key, e);
            }
        });
    }
}
