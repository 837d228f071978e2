package dev.windlass.simulation.workload;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.environment.Strand;
import dev.windlass.simulation.Actor;
import dev.windlass.store.StoreException;

/** Runs what clients do, on threads of their processes, and knows what is under way. */
final class Deeds {
    private final List<Strand> active = new ArrayList<>();

    /** What a client does; a crash of its process ends it anywhere. */
    interface Deed {
        void run() throws InterruptedException;
    }

    /** How many are under way. */
    int active() {
        active.removeIf(strand -> !strand.isAlive());
        return active.size();
    }

    /** Starts one, if the process lives. If the store does not answer, it ends there. */
    void run(Actor actor, Op op, Deed deed) {
        if (actor.isCrashed()) {
            return;
        }
        active.add(actor.start(op.kind() + " #" + op.number(), () -> {
            try {
                deed.run();
            } catch (StoreException e) {
                actor.note("does not know what came of " + op.kind() + " #" + op.number());
            }
        }));
    }
}
