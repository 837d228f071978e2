package dev.windlass.doctor;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.environment.Monitor;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoredObject;

/** Whether conditional puts are atomic when many clients send them at once. */
final class Races {
    private static final int TRIES = 500;

    private final Examination examination;

    Races(Examination examination) {
        this.examination = examination;
    }

    /** What came of one race. */
    static final class Outcome {
        private final Monitor monitor;
        private final List<String> winners = new ArrayList<>();
        private String etag = "";
        private int unknown;

        Outcome(Monitor monitor) {
            this.monitor = monitor;
        }

        void add(String who, PutResult result) {
            monitor.lock();
            try {
                if (result instanceof PutResult.Applied applied) {
                    winners.add(who);
                    etag = applied.etag();
                } else if (result instanceof PutResult.Unknown) {
                    unknown++;
                }
            } finally {
                monitor.unlock();
            }
        }

        /** Who was told that the put is applied. */
        List<String> winners() {
            return winners;
        }

        /** The ETag that the last of them was told. */
        String etag() {
            return etag;
        }

        /** How many were told neither that nor the contrary. */
        int unknown() {
            return unknown;
        }
    }

    /** All clients put the same key under the same condition at once, each its own name. */
    Outcome race(String key, Precondition precondition, String name) throws InterruptedException {
        var outcome = new Outcome(examination.environment.newMonitor());
        examination.together(examination.clients, number -> {
            String who = name + ' ' + number;
            outcome.add(who, examination.connection(number).put(key, Examination.bytes(who), precondition));
        });
        return outcome;
    }

    /** Of all who create an object exactly one is told that it has. */
    Check creates() throws InterruptedException {
        return races("create-race", "create the same object", round -> Precondition.ifAbsent());
    }

    /** Of all who swap one version exactly one is told that it has. */
    Check swaps() throws InterruptedException {
        return races("swap-race", "swap the same version", round -> Precondition
                .ifMatch(examination.put(examination.key("swap-race-" + round), Examination.bytes("base"))));
    }

    /** Which condition all have in a round. */
    private interface Condition {
        Precondition of(int round);
    }

    private Check races(String name, String deed, Condition condition) throws InterruptedException {
        int several = 0;
        int none = 0;
        int replaced = 0;
        int unknown = 0;
        for (int round = 0; round < examination.rounds; round++) {
            Precondition precondition = condition.of(round);
            String key = examination.key(name + '-' + round);
            Outcome outcome = race(key, precondition, "client");
            String stands = Examination.text(examination.connection(round).get(key).object());
            unknown += outcome.unknown;
            several += outcome.winners.size() > 1 ? 1 : 0;
            none += outcome.winners.isEmpty() && outcome.unknown == 0 ? 1 : 0;
            replaced += outcome.winners.size() == 1 && !outcome.winners.contains(stands) ? 1 : 0;
        }
        String races = " of " + examination.rounds + " races in which " + examination.clients + " clients " + deed;
        if (several > 0) {
            return Check.bad(name, "in " + several + races + ", several are told that they did", Examination.LOSES);
        }
        if (replaced > 0) {
            return Check.bad(name, "in " + replaced + races + ", the one that is told so is overwritten",
                    Examination.LOSES);
        }
        if (none > 0) {
            return Check.bad(name, "in " + none + races + ", all are refused", Examination.LOSES);
        }
        String good = "in each" + races + ", exactly one does";
        return unknown == 0
                ? Check.good(name, good)
                : Check.note(name, good + "; " + unknown + " puts were not answered",
                        Examination.OVERLOADED);
    }

    /** A counter that all count up: what was acknowledged is in it. */
    Check updates() throws InterruptedException {
        String key = examination.key("counter");
        examination.put(key, Examination.bytes("0"));
        var acknowledged = new Outcome(examination.environment.newMonitor());
        int each = Math.max(1, examination.rounds / 5);
        examination.together(examination.clients, number -> {
            for (int i = 0; i < each; i++) {
                increment(examination.connection(number), key, "client " + number, acknowledged);
            }
        });
        long counted = Long.parseLong(Examination.text(examination.connection(0).get(key).object()));
        int done = acknowledged.winners.size();
        String sum = done + " increments by " + examination.clients + " clients were acknowledged";
        if (counted < done) {
            return Check.bad("lost-updates", sum + ", and the counter says " + counted, Examination.LOSES);
        }
        if (counted > done + acknowledged.unknown) {
            return Check.bad("lost-updates", sum + ", and the counter says " + counted + ": refused ones were applied",
                    Examination.LOSES);
        }
        if (done < each * examination.clients - acknowledged.unknown) {
            return Check.note("lost-updates", sum + ", none was lost, and others were refused " + TRIES + " times",
                    "See whether the store refuses puts that nobody competes with.");
        }
        return Check.good("lost-updates", sum + ", and none was lost");
    }

    private static void increment(ObjectStore store, String key, String who, Outcome acknowledged) {
        for (int tries = 0; tries < TRIES; tries++) {
            StoredObject object = store.get(key).object();
            if (object == null) {
                throw new UnsupportedOperationException("an object that is only ever swapped is gone");
            }
            long next = Long.parseLong(Examination.text(object)) + 1;
            PutResult result = store.put(key, Examination.bytes(Long.toString(next)),
                    Precondition.ifMatch(object.etag()));
            acknowledged.add(who, result);
            if (!(result instanceof PutResult.Conflict)) {
                return;
            }
        }
    }
}
