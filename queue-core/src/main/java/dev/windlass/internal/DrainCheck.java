package dev.windlass.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.windlass.environment.Monitor;
import dev.windlass.store.ListPage;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;

/**
 * Whether nothing waits in a queue and nothing runs that might come back. A task goes from ready key to lease and back while
 * one looks: so the leases are read before and after the ready keys, and only if nobody has written one of them meanwhile, no
 * claim was covered in between (L1), and what was not in the leases would have been among the ready keys (R1).
 */
final class DrainCheck {
    private static final int PAGE = 1000;
    private static final int PARALLEL = 64;
    /** More than there are markers of a pause. */
    private static final int FEW = 16;
    private static final int TRIES = 5;

    private final Core core;
    private final String queue;
    /** Claims that were found not to run a task of this queue: a claim never moves to another task. */
    private final Set<String> others = new HashSet<>();

    DrainCheck(Core core, String queue) {
        this.core = core;
        this.queue = queue;
    }

    boolean isDrained() {
        for (int i = 0; i < TRIES; i++) {
            if (isWaiting()) {
                return false;
            }
            Map<String, StoredObject> before = leases();
            if (isRunning(before) || isWaiting()) {
                return false;
            }
            if (writes(before).equals(writes(leases()))) {
                return true;
            }
        }
        return false;
    }

    private boolean isWaiting() {
        String after = null;
        while (true) {
            ListPage page = core.documents().list(Keys.readyQueue(queue), after, FEW);
            if (page.entries().stream().anyMatch(entry -> !Keys.isPauseMarker(entry.key()))) {
                return true;
            }
            if (!page.more() || page.entries().isEmpty()) {
                return false;
            }
            after = page.entries().getLast().key();
        }
    }

    private Map<String, StoredObject> leases() {
        var keys = new ArrayList<String>();
        String after = null;
        while (true) {
            ListPage page = core.documents().list(Keys.LEASES, after, PAGE);
            page.entries().forEach(entry -> keys.add(entry.key()));
            if (!page.more() || page.entries().isEmpty()) {
                break;
            }
            after = page.entries().getLast().key();
        }
        var leases = new HashMap<String, StoredObject>();
        Monitor monitor = core.environment().newMonitor();
        Fork.forEach(core.environment(), "windlass-drain-check", keys, PARALLEL, key -> {
            StoredObject object = core.documents().read(key);
            if (object != null) {
                monitor.lock();
                try {
                    leases.put(key, object);
                } finally {
                    monitor.unlock();
                }
            }
        });
        return leases;
    }

    /** Which write each of them is; one that cannot be read is its ETag. */
    private static Map<String, String> writes(Map<String, StoredObject> leases) {
        var writes = new HashMap<String, String>();
        leases.forEach((key, object) -> {
            LeaseDocument lease = LeaseDocument.parse(object.body());
            writes.put(key, lease == null ? object.etag() : lease.writeId());
        });
        return writes;
    }

    private boolean isRunning(Map<String, StoredObject> leases) {
        var claims = new ArrayList<LeaseDocument.Claim>();
        for (StoredObject object : leases.values()) {
            LeaseDocument lease = LeaseDocument.parse(object.body());
            if (lease != null) {
                claims.addAll(lease.claims());
            }
        }
        List<LeaseDocument.Claim> unknown = claims.stream().filter(claim -> !others.contains(claim.claimWriteId()))
                .toList();
        for (int begin = 0; begin < unknown.size(); begin += PARALLEL) {
            List<LeaseDocument.Claim> some = unknown.subList(begin, Math.min(unknown.size(), begin + PARALLEL));
            var open = core.environment().newMonitor();
            boolean[] found = {false};
            Fork.forEach(core.environment(), "windlass-drain-check", some, PARALLEL, claim -> {
                @Nullable
                TaskDocument task = core.tasks().readDocument(claim.taskId());
                boolean here = task != null && task.queue().equals(queue) && !task.state().isFinal();
                open.lock();
                try {
                    found[0] |= here;
                    if (!here) {
                        others.add(claim.claimWriteId());
                    }
                } finally {
                    open.unlock();
                }
            });
            if (found[0]) {
                return true;
            }
        }
        return false;
    }
}
