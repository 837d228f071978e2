package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.windlass.environment.Monitor;
import dev.windlass.queue.WorkerInfo;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads many objects at once: who works, and what he holds; for people, so that several requests are no matter. */
final class Census {
    private static final int PARALLEL = 32;

    private final Core core;

    Census(Core core) {
        this.core = core;
    }

    /** The objects of these keys that are there, by key. */
    Map<String, StoredObject> read(List<String> keys) {
        var objects = new TreeMap<String, StoredObject>();
        Monitor monitor = core.environment().newMonitor();
        Fork.forEach(core.environment(), "windlass-read", keys, PARALLEL, key -> {
            StoredObject object = core.documents().read(key);
            if (object != null) {
                monitor.lock();
                try {
                    objects.put(key, object);
                } finally {
                    monitor.unlock();
                }
            }
        });
        return objects;
    }

    /** All leases that can be read, with the objects they stand in. */
    Map<StoredObject, LeaseDocument> leases() {
        var leases = new java.util.LinkedHashMap<StoredObject, LeaseDocument>();
        read(core.documents().keys(Keys.LEASES)).values().forEach(object -> {
            LeaseDocument lease = LeaseDocument.parse(object.body());
            if (lease != null) {
                leases.put(object, lease);
            }
        });
        return leases;
    }

    /** The ids of the tasks of a queue that wait or run; one that goes from one to the other meanwhile may be missing. */
    List<String> openTasks(String queue) {
        var ids = new TreeSet<String>();
        for (String readyKey : core.documents().keys(Keys.readyQueue(queue))) {
            ReadyKey key = ReadyKey.parse(readyKey);
            if (key != null) {
                ids.add(key.taskId());
            }
        }
        leases().values().forEach(lease -> lease.claims().forEach(claim -> ids.add(claim.taskId())));
        return List.copyOf(ids);
    }

    /** All workers that have registered, and all who hold a lease. */
    List<WorkerInfo> workers() {
        var leases = new TreeMap<String, List<Map.Entry<StoredObject, LeaseDocument>>>();
        leases().entrySet().forEach(
                lease -> leases.computeIfAbsent(lease.getValue().workerId(), id -> new ArrayList<>()).add(lease));
        var workers = new ArrayList<WorkerInfo>();
        for (StoredObject object : read(core.documents().keys(Keys.WORKERS)).values()) {
            ObjectNode json = Json.object(object.body());
            if (json != null) {
                String id = json.path("workerId").asString("");
                workers.add(worker(id, json, leases.getOrDefault(id, List.of())));
                leases.remove(id);
            }
        }
        leases.forEach((id, held) -> workers.add(worker(id, Json.MAPPER.createObjectNode(), held)));
        workers.sort(java.util.Comparator.comparing(WorkerInfo::id));
        return workers;
    }

    private WorkerInfo worker(String id, ObjectNode json, List<Map.Entry<StoredObject, LeaseDocument>> held) {
        @Nullable
        Instant seen = null;
        boolean alive = false;
        boolean byHand = !held.isEmpty();
        var tasks = new TreeSet<String>();
        for (Map.Entry<StoredObject, LeaseDocument> entry : held) {
            LeaseDocument lease = entry.getValue();
            Instant renewed = lease.aliveAt() == null ? entry.getKey().lastModified() : lease.aliveAt();
            Duration age = Duration.between(renewed, core.clock().now());
            seen = seen == null || renewed.isAfter(seen) ? renewed : seen;
            alive |= !lease.isDead() && age.compareTo(lease.ttl().plus(core.clock().uncertainty())) <= 0;
            byHand &= Keys.isManualLease(lease.leaseId());
            lease.claims().forEach(claim -> tasks.add(claim.taskId()));
        }
        long at = json.path("at").asLong(0);
        return new WorkerInfo(id, json.path("host").asString(""), json.path("pid").asLong(0),
                at == 0 ? null : Instant.ofEpochMilli(at), texts(json.path("queues")), texts(json.path("types")),
                byHand, seen, alive, List.copyOf(tasks));
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(text -> texts.add(text.asString("")));
        return texts;
    }
}
