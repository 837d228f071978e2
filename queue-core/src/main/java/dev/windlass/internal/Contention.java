package dev.windlass.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import dev.windlass.environment.Monitor;

/**
 * How workers keep out of each other's way at the head of a queue (docs/protocol.md, "Contention"). Alone, a worker takes
 * keys strictly in order. Once claims are lost to others, it looks at a window that grows with the measured rate of
 * conflicts, and in it takes the keys whose hash falls to its own place among the live leases: one LIST every ten seconds, or
 * every second while there are many conflicts,
 * so a fleet shares a page without talking. The hash changes every ten seconds, so that no key hangs on a worker that is
 * slow; a worker that has no keys of its own takes others', in random order. After half a minute without conflicts the
 * window narrows again.
 */
final class Contention {
    private static final int WIDEST = 64;
    private static final long TURN_MILLIS = 10_000;
    private static final Duration CALM = Duration.ofSeconds(30);
    private static final Duration FLEET_LEARNT = Duration.ofSeconds(10);
    private static final Duration FLEET_MISSED = Duration.ofSeconds(1);

    private final Core core;
    private final boolean strict;
    private final Sweeper fleet;
    private final Supplier<String> ownLease;
    private final Monitor monitor;
    private double conflictRate;
    private int window = 1;
    private long lastConflict;
    private long fleetLearnt;
    private boolean fleetKnown;

    Contention(Core core, boolean strict, Sweeper fleet, Supplier<String> ownLease) {
        this.core = core;
        this.strict = strict;
        this.fleet = fleet;
        this.ownLease = ownLease;
        this.monitor = core.environment().newMonitor();
    }

    /** Learns from a claim: how many were tried, and how many of them others had taken. */
    void learn(int tried, int lost) {
        if (tried == 0 || strict) {
            return;
        }
        monitor.lock();
        try {
            conflictRate = 0.7 * conflictRate + 0.3 * lost / tried;
            long now = core.environment().nanoTime();
            if (lost > 0) {
                lastConflict = now;
            }
            if (conflictRate > 0.1) {
                window = Math.min(WIDEST, window * 2);
            } else if (window > 1 && now - lastConflict > CALM.toNanos()) {
                window--; // slowly: that there are no conflicts is the window's doing
                lastConflict = now;
            }
        } finally {
            monitor.unlock();
        }
    }

    /** How many times the keys wanted to look at: at least once for each member of the fleet, once there are conflicts. */
    int window() {
        int measured = measured();
        return measured == 1 ? 1 : Math.max(measured, Math.min(WIDEST, fleet.liveLeases().size()));
    }

    private int measured() {
        monitor.lock();
        try {
            return window;
        } finally {
            monitor.unlock();
        }
    }

    /** Who else is there: one LIST now and then, while there are conflicts. */
    private List<String> fleet() {
        long now = core.environment().nanoTime();
        boolean listsOwn = fleet.liveLeases().contains(ownLease.get());
        boolean due;
        monitor.lock();
        try {
            boolean calm = listsOwn && conflictRate < 0.1;
            due = !fleetKnown || now - fleetLearnt > (calm ? FLEET_LEARNT : FLEET_MISSED).toNanos();
            if (due) {
                fleetKnown = true;
                fleetLearnt = now;
            }
        } finally {
            monitor.unlock();
        }
        if (due) {
            fleet.learnLiveLeases();
        }
        return fleet.liveLeases();
    }

    /** The keys of a window in the order in which this worker should try them. */
    List<ReadyKey> order(List<ReadyKey> keys) {
        if (strict || measured() == 1 || keys.size() < 2) {
            return keys;
        }
        List<String> leases = fleet();
        String ownKey = ownLease.get();
        boolean shared = leases.size() > 1 && leases.contains(ownKey);
        var own = new ArrayList<ReadyKey>();
        var others = new ArrayList<ReadyKey>();
        long turn = core.clock().now().toEpochMilli() / TURN_MILLIS;
        for (ReadyKey key : keys) {
            (shared && ownKey.equals(owner(key, leases, turn)) ? own : others).add(key);
        }
        if (!own.isEmpty()) {
            return own; // the others are the business of others, until they have another turn
        }
        for (int i = others.size() - 1; i > 0; i--) {
            int j = core.environment().random().nextInt(i + 1);
            ReadyKey swapped = others.get(i);
            others.set(i, others.get(j));
            others.set(j, swapped);
        }
        return others;
    }

    /** The lease with the highest hash beside the key's: who knows of one lease more or less differs in few keys only. */
    private static String owner(ReadyKey key, List<String> leases, long turn) {
        long seed = key.taskId().hashCode() * 31L + turn;
        String highest = "";
        int best = Integer.MIN_VALUE;
        for (String lease : leases) {
            int hash = mix(seed * 0x9e3779b97f4a7c15L + lease.hashCode());
            if (hash >= best) {
                best = hash;
                highest = lease;
            }
        }
        return highest;
    }

    /** The finaliser of MurmurHash3 (Austin Appleby): neighbours get unrelated values. */
    private static int mix(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return (int) (mixed ^ (mixed >>> 33));
    }
}
