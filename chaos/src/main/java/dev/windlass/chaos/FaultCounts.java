package dev.windlass.chaos;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/** How often each fault has really happened. Safe for use by any number of threads. */
public final class FaultCounts {
    private final Map<Fault, AtomicLong> counts = new EnumMap<>(Fault.class);

    /** All zero. */
    public FaultCounts() {
        for (Fault fault : Fault.values()) {
            counts.put(fault, new AtomicLong());
        }
    }

    private AtomicLong count(Fault fault) {
        return Objects.requireNonNull(counts.get(fault));
    }

    /** It has happened once more. */
    public void add(Fault fault) {
        count(fault).incrementAndGet();
    }

    /** How often it has happened. */
    public long of(Fault fault) {
        return count(fault).get();
    }

    /** All counts, as of now. */
    public Map<Fault, Long> all() {
        var all = new EnumMap<Fault, Long>(Fault.class);
        for (Fault fault : Fault.values()) {
            all.put(fault, of(fault));
        }
        return all;
    }
}
