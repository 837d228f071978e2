package dev.windlass.benchmarks.measure;

import java.util.List;

/** All measures, in the order of docs/performance.md. */
public final class Measures {
    /** All of them. */
    public static final List<Measure> ALL = List.of(new RequestsPerTask(), new FlatClaims(), new DrainUnderLatency(),
            new ShareOfServer(), new Contention(), new PickUp(), new GraphRuns(),
            new SharedDirectory(), new AtRest(), new InFlight(), new Fleets(),
            new AgainstDatabase());

    private Measures() {
    }
}
