package dev.windlass.simulation.check;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.windlass.schedule.Cron;
import dev.windlass.simulation.Invariant;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.workload.Site;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Watches the schedules of a store, write by write: between two versions, each fire time that the one has still to come and
 * the other has not is fired, or passed over and counted (W6); no fire time comes to something twice, or before its time;
 * and no task is there that no version has decided on.
 */
public final class ScheduleChecks {
    private static final Set<String> FINAL = Set.of("COMPLETED", "FAILED", "CANCELLED");
    private static final String FOLDER = "schedules/";

    private final Simulation sim;
    private final Map<String, JsonNode> versions = new HashMap<>();
    private final Map<String, String> decided = new LinkedHashMap<>();
    private final Set<String> abandoned = new HashSet<>();

    private ScheduleChecks(Simulation sim) {
        this.sim = sim;
    }

    /** Watches from now on. */
    public static ScheduleChecks watch(Simulation sim) {
        var checks = new ScheduleChecks(sim);
        sim.store().onChange(checks::changed);
        return checks;
    }

    /** Firings whose task is not there, or has not ended; those of schedules deleted meanwhile aside. */
    public List<String> open() {
        var open = new ArrayList<String>();
        decided.forEach((id, what) -> {
            String status = Site.status(sim, id);
            boolean lost = status.isEmpty() || status.equals("TOMBSTONE"); // of which a name alone was buried
            if (!FINAL.contains(status) && !(lost && abandoned.contains(id))) {
                open.add(what + ' ' + (lost ? "lost" : status));
            }
        });
        return open;
    }

    /** Schedules that are active and have fallen behind. */
    public List<String> behind(Instant time) {
        var late = new ArrayList<String>();
        versions.forEach((key, version) -> {
            Instant next = time(version, "nextAt");
            if (isActive(version) && next != null && next.isBefore(time)) {
                late.add(key + " at " + next);
            }
        });
        return late;
    }

    private void changed(String key) {
        if (key.startsWith("tasks/")) {
            JsonNode task = Site.json(sim.store().peek(key));
            if (task.path("idempotencyKey").asString("").startsWith("schedule ")) {
                String id = task.path("id").asString("");
                require(decided.containsKey(id),
                        "task " + id + " is there, and no version of its schedule has decided on it");
            }
        } else if (key.startsWith(FOLDER)) {
            JsonNode now = Site.json(sim.store().peek(key));
            JsonNode before = versions.put(key, now);
            decidedOn(key, before, now);
            if (before != null && !isAnother(before, now)) {
                account(key, before, now);
            }
        }
    }

    private void decidedOn(String key, @Nullable JsonNode before, JsonNode now) {
        if (now.path("status").asString("").equals("DELETED")) {
            if (before != null) {
                before.path("open").forEach(open -> abandoned.add(open.path("id").asString("")));
            }
            return;
        }
        firings(now).forEach((id, at) -> {
            if (!decided.containsKey(id)) {
                require(!at.isAfter(sim.now()), key + " fires " + at + " before its time");
                String previous = before == null ? "" : before.path("last").path("id").asString("");
                if (isByClock(now, id) && !now.path("overlap").asString("").equals("ALLOW") && !previous.isEmpty()
                        && before != null && !isAnother(before, now)) {
                    require(FINAL.contains(Site.status(sim, previous)) || abandoned.contains(previous),
                            key + " fires " + at + ", and " + previous + " has not ended: "
                                    + Site.status(sim, previous));
                }
                decided.put(id, key + ' ' + at + ' ' + id);
            }
        });
    }

    /** All firings that a version tells of. */
    private static Map<String, Instant> firings(JsonNode version) {
        var all = new LinkedHashMap<String, Instant>();
        version.path("history").forEach(line -> {
            if (line.has("id")) {
                all.put(line.path("id").asString(""), Instant.ofEpochMilli(line.path("fireTime").asLong()));
            }
        });
        version.path("open").forEach(
                open -> all.put(open.path("id").asString(""), Instant.ofEpochMilli(open.path("at").asLong())));
        return all;
    }

    private static boolean isByClock(JsonNode version, String id) {
        for (JsonNode line : version.path("history")) {
            if (line.path("id").asString("").equals(id) && line.path("event").asString("").equals("triggered")) {
                return false;
            }
        }
        return true;
    }

    private static boolean isActive(JsonNode version) {
        return version.path("status").asString("").equals("ACTIVE");
    }

    private static boolean isAnother(JsonNode before, JsonNode now) {
        return before.path("status").asString("").equals("DELETED") || now.path("status").asString("").equals("DELETED")
                || before.path("createdAt").asLong() != now.path("createdAt").asLong();
    }

    private void account(String key, JsonNode before, JsonNode now) {
        if (!isActive(before) && isActive(now)) {
            return; // what was due while it was paused is not fired
        }
        long fired = count(now, "fired") - count(before, "fired");
        long triggered = 0;
        Map<String, Instant> known = firings(before);
        for (String id : firings(now).keySet()) {
            triggered += known.containsKey(id) || isByClock(now, id) ? 0 : 1;
        }
        long over = count(now, "missed") - count(before, "missed") + count(now, "skipped") - count(before, "skipped")
                + count(now, "refused") - count(before, "refused");
        long waits = (now.has("bufferedAt") ? 1L : 0L) - (before.has("bufferedAt") ? 1L : 0L);
        long due = matches(now, time(before, "nextAt"), time(now, "nextAt"));
        require(due == fired - triggered + over + waits,
                key + " goes from " + time(before, "nextAt") + " to " + time(now, "nextAt") + ", past " + due
                        + " fire times, of which " + (fired - triggered) + " are fired, " + over + " passed over, "
                        + waits
                        + " wait: " + now);
    }

    private static long count(JsonNode version, String what) {
        return version.path("counts").path(what).asLong(0);
    }

    private static long matches(JsonNode version, @Nullable Instant from, @Nullable Instant to) {
        if (from == null) {
            return 0;
        }
        Cron cron = Cron.parse(version.path("cron").asString(""));
        ZoneId zone = ZoneId.of(version.path("zone").asString(""));
        long count = 0;
        for (Instant next = from; next != null && !next.equals(to); next = cron.next(next, zone)) {
            count++;
            if (count > 1_000_000) {
                return count;
            }
        }
        return count;
    }

    private static @Nullable Instant time(JsonNode version, String field) {
        return version.path(field).isIntegralNumber() ? Instant.ofEpochMilli(version.path(field).asLong()) : null;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            sim.fail(Invariant.W6, otherwise);
        }
    }
}
