package dev.windlass.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.windlass.store.GetResult;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreException;
import dev.windlass.store.StoreUnavailableException;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;

/**
 * The cheap form of an examination, on one object: three clients create it at once, three swap it at once, one reads it
 * and deletes it, one swaps what is no longer there. 7 PUT, 1 GET, 1 DELETE.
 *
 * <p>It must never refuse an honest store, whatever becomes of single requests. So only answers that an honest store
 * cannot give are held against it; where an answer is missing, the rest is left out.
 */
final class Glance {
    static final int CLIENTS = 3;
    private static final String CREATE = "create-race";
    private static final String SWAP = "swap-race";
    private static final String BODY = "bodies";
    private static final String TIME = "time";
    private static final String DELETED = "conditions";
    private static final String NO_ANSWER = "a request was not answered";

    private final Examination examination;
    private final ObjectStore store;
    private final Races races;
    private final List<Check> checks = new ArrayList<>();

    Glance(Examination examination) {
        this.examination = examination;
        this.store = examination.connection(0);
        this.races = new Races(examination);
    }

    Checkup run() throws InterruptedException {
        long start = examination.environment.nanoTime();
        String key = examination.key("start");
        boolean gone = false;
        try {
            gone = look(key);
        } catch (StoreException e) {
            leaveOut("not looked at: " + e.getMessage());
        }
        leaveOut("not looked at: a check before it failed");
        if (!gone) {
            remove(key);
        }
        return examination.checkup(checks, start);
    }

    /** Returns whether the object is gone for certain. */
    private boolean look(String key) throws InterruptedException {
        Races.Outcome created = races.race(key, Precondition.ifAbsent(), "create");
        if (!oneWinner(CREATE, created, "created the same object")) {
            return false;
        }
        Races.Outcome swapped = races.race(key, Precondition.ifMatch(created.etag()), "swap");
        if (!oneWinner(SWAP, swapped, "swapped the same version")) {
            return false;
        }
        GetResult read = store.get(key);
        if (!body(swapped, read.object())) {
            return false;
        }
        checks.add(read.storeTime() == null
                ? Check.bad(TIME, "a read does not say the store's time",
                        "Use another store: leases and due times go by its clock.")
                : Check.good(TIME, "answers say the store's time"));
        try {
            store.delete(key);
        } catch (StoreUnavailableException e) {
            leaveOut(NO_ANSWER);
            return false;
        }
        return deleted(key, swapped.etag());
    }

    private boolean oneWinner(String name, Races.Outcome outcome, String deed) {
        int winners = outcome.winners().size();
        if (winners > 1) {
            checks.add(Check.bad(name, "of " + CLIENTS + " clients that " + deed + " at once, " + winners
                    + " are told that they did", Examination.LOSES));
            return false;
        }
        if (winners == 0) {
            leaveOut(outcome.unknown() > 0 ? NO_ANSWER : "all who " + deed + " were refused");
            return false;
        }
        checks.add(Check.good(name, "of " + CLIENTS + " clients that " + deed + " at once, one did"));
        return true;
    }

    private boolean body(Races.Outcome swapped, @Nullable StoredObject object) {
        String wanted = swapped.winners().getFirst();
        if (object == null || !Examination.text(object).equals(wanted) || !object.etag().equals(swapped.etag())) {
            checks.add(Check.bad(BODY, "what was put is not what is read: " + (object == null
                    ? "nothing is there"
                    : String.format(Locale.ROOT, "%d bytes with the ETag %s instead of %d with %s",
                            object.body().length,
                            object.etag(), wanted.length(), swapped.etag())),
                    "Do not keep tasks on this store as it is: look for a proxy, a cache or a client setting that changes"
                            + " bodies on their way."));
            return false;
        }
        checks.add(Check.good(BODY, "what was put is what is read"));
        return true;
    }

    private boolean deleted(String key, String etag) {
        return switch (store.put(key, Examination.bytes("never"), Precondition.ifMatch(etag))) {
            case PutResult.Conflict conflict -> {
                checks.add(Check.good(DELETED, "a swap of what has been deleted is refused"));
                yield true;
            }
            case PutResult.Applied applied -> {
                checks.add(Check.bad(DELETED, "a swap of an object that has been deleted is applied",
                        Examination.LOSES));
                yield false;
            }
            case PutResult.Unknown unknown -> {
                leaveOut(NO_ANSWER);
                yield false;
            }
        };
    }

    /** What has not been looked at is left out, for that reason. */
    private void leaveOut(String reason) {
        for (String name : List.of(CREATE, SWAP, BODY, TIME, DELETED)) {
            if (checks.stream().noneMatch(check -> check.name().equals(name))) {
                checks.add(Check.skipped(name, reason, null));
            }
        }
    }

    private void remove(String key) {
        try {
            store.delete(key);
        } catch (StoreException e) {
            Examination.LOG.debug("{} is left for the next examination to remove: {}", key, e.getMessage());
        }
    }
}
