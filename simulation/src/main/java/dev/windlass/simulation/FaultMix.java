package dev.windlass.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/** How probable each fault is, per request. Immutable. */
public final class FaultMix {
    private static final FaultMix NONE = new FaultMix(new EnumMap<>(Fault.Kind.class));

    private final EnumMap<Fault.Kind, Double> probabilities;

    private FaultMix(EnumMap<Fault.Kind, Double> probabilities) {
        this.probabilities = probabilities;
        double total = probabilities.values().stream().mapToDouble(Double::doubleValue).sum();
        if (total > 1) {
            throw new IllegalArgumentException("the probabilities of all faults sum up to " + total + ", over 1");
        }
    }

    /** No faults. */
    public static FaultMix none() {
        return NONE;
    }

    /**
     * Every fault but crashes, each with the same probability.
     *
     * @param each the probability of each, 0 to 0.1
     */
    public static FaultMix each(double each) {
        FaultMix mix = NONE;
        for (Fault.Kind kind : Fault.Kind.values()) {
            if (kind != Fault.Kind.CRASH_BEFORE && kind != Fault.Kind.CRASH_AFTER) {
                mix = mix.with(kind, each);
            }
        }
        return mix;
    }

    /**
     * Draws which faults are on, and how probable each of those is: every seed tries another mix. Crashes are never on,
     * since only a scenario can restart what crashed.
     *
     * @param random decides
     * @param most the highest probability of one fault, 0 to 0.1
     */
    public static FaultMix swarm(RandomGenerator random, double most) {
        FaultMix mix = NONE;
        for (Fault.Kind kind : Fault.Kind.values()) {
            boolean on = random.nextInt(2) == 0;
            double probability = random.nextDouble() * most;
            if (on && kind != Fault.Kind.CRASH_BEFORE && kind != Fault.Kind.CRASH_AFTER) {
                mix = mix.with(kind, probability);
            }
        }
        return mix;
    }

    /** The same mix with another probability for one fault. */
    public FaultMix with(Fault.Kind kind, double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("the probability of " + kind + " must be 0 to 1, but is " + probability);
        }
        EnumMap<Fault.Kind, Double> copy = new EnumMap<>(probabilities);
        if (probability == 0) {
            copy.remove(kind);
        } else {
            copy.put(kind, probability);
        }
        return new FaultMix(copy);
    }

    /** How probable a fault is, 0 to 1. */
    public double probability(Fault.Kind kind) {
        return probabilities.getOrDefault(kind, 0.0);
    }

    @Nullable
    Fault draw(Seeded random) {
        if (probabilities.isEmpty()) {
            return null;
        }
        double left = random.nextDouble();
        for (Map.Entry<Fault.Kind, Double> one : probabilities.entrySet()) {
            left -= one.getValue();
            if (left < 0) {
                return Fault.of(one.getKey());
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return probabilities.isEmpty() ? "no faults" : "faults: " + probabilities;
    }
}
