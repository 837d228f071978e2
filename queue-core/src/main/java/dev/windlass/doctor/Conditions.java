package dev.windlass.doctor;

import java.util.Arrays;
import java.util.HashSet;

import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoredObject;

/** Whether single requests do what they say. */
final class Conditions {
    private static final int[] SIZES = {0, 1, 4_096, 262_144, 5 << 20};

    private final Examination examination;
    private final ObjectStore store;

    Conditions(Examination examination) {
        this.examination = examination;
        this.store = examination.connection(0);
    }

    /** Can anything be done here at all? */
    Check reach() {
        String key = examination.key("hello");
        examination.put(key, Examination.bytes("hello"));
        if (!Examination.text(store.get(key).object()).equals("hello")) {
            return Check.bad("reach", "what was put is not what is read", Examination.LOSES);
        }
        store.list(examination.key(""), null, 1);
        store.delete(key);
        if (store.get(key).object() != null) {
            return Check.bad("reach", "what was deleted is still read", Examination.LOSES);
        }
        return Check.good("reach", "objects can be put, read, listed and deleted");
    }

    /** A condition that does not hold is refused, and nothing changes. */
    Check conditions() {
        String key = examination.key("conditions");
        String first = applied(store.put(key, Examination.bytes("1"), Precondition.ifAbsent()));
        String wrong = refuses(key, Precondition.ifAbsent(), "a create of an object that is there");
        if (wrong.isEmpty()) {
            applied(store.put(key, Examination.bytes("2"), Precondition.ifMatch(first)));
            wrong = refuses(key, Precondition.ifMatch(first), "a swap with the ETag of an earlier version");
        }
        if (wrong.isEmpty() && !Examination.text(store.get(key).object()).equals("2")) {
            wrong = "a put that was refused has changed the object";
        }
        if (wrong.isEmpty()) {
            wrong = afterDelete(key);
        }
        return wrong.isEmpty()
                ? Check.good("conditions", "puts whose condition does not hold are refused, and change nothing")
                : Check.bad("conditions", wrong, Examination.LOSES);
    }

    private String afterDelete(String key) {
        StoredObject last = store.get(key).object();
        store.delete(key);
        String etag = last == null ? "\"none\"" : last.etag();
        String wrong = refuses(key, Precondition.ifMatch(etag), "a swap of an object that has been deleted");
        if (wrong.isEmpty() && store.get(key).object() != null) {
            return "a swap that was refused has brought a deleted object back";
        }
        return wrong;
    }

    private String refuses(String key, Precondition precondition, String what) {
        return switch (store.put(key, Examination.bytes("never"), precondition)) {
            case PutResult.Conflict conflict -> "";
            case PutResult.Applied applied -> what + " is applied";
            case PutResult.Unknown unknown -> what + " is neither applied nor refused: "
                    + unknown.cause().getMessage();
        };
    }

    private static String applied(PutResult result) {
        if (result instanceof PutResult.Applied applied) {
            return applied.etag();
        }
        throw new UnsupportedOperationException("a put whose condition holds is not applied: " + result);
    }

    /** An ETag names a version, and the same one everywhere. */
    Check etags() {
        String key = examination.key("etags");
        var seen = new HashSet<String>();
        for (int i = 0; i < examination.rounds; i++) {
            String etag = examination.put(key, Examination.bytes("body " + (1_000_000 + i)));
            StoredObject read = store.get(key).object();
            if (read == null || !read.etag().equals(etag)) {
                return Check.bad("etags", "a put answers the ETag " + etag + ", and a read right after it "
                        + (read == null ? "finds nothing" : read.etag()), Examination.LOSES);
            }
            if (!seen.add(etag)) {
                return Check.bad("etags", "other bytes have the ETag of an earlier version, " + etag,
                        Examination.LOSES);
            }
        }
        return Check.good("etags", "every version has an ETag of its own, the same from put and get");
    }

    /** A put that has landed is found by what is read; sent once more, it changes nothing, whatever has come since. */
    Check ownWrites() {
        String key = examination.key("own-writes");
        byte[] first = Examination.bytes("first write");
        byte[] second = Examination.bytes("second write");
        String created = applied(store.put(key, first, Precondition.ifAbsent()));
        String wrong = repeated(key, first, Precondition.ifAbsent(), "first write", "a create");
        if (wrong.isEmpty()) {
            String swapped = applied(store.put(key, second, Precondition.ifMatch(created)));
            wrong = repeated(key, second, Precondition.ifMatch(created), "second write", "a swap");
            if (wrong.isEmpty()) {
                applied(store.put(key, Examination.bytes("third write"), Precondition.ifMatch(swapped)));
                wrong = repeated(key, second, Precondition.ifMatch(created), "third write",
                        "a swap that has been swapped away");
            }
        }
        return wrong.isEmpty()
                ? Check.good("own-writes", "a put that has landed is recognised by a read, and does nothing when it is"
                        + " sent again")
                : Check.bad("own-writes", wrong, Examination.LOSES);
    }

    private String repeated(String key, byte[] body, Precondition precondition, String stands, String what) {
        if (store.put(key, body, precondition) instanceof PutResult.Applied) {
            return what + " that is sent again is applied again";
        }
        String read = Examination.text(store.get(key).object());
        return read.equals(stands)
                ? ""
                : "after " + what + " was sent again, \"" + read + "\" stands there instead of \""
                        + stands + '"';
    }

    /** Deletes, with and without a condition. */
    Check deletes() {
        String key = examination.key("deleted");
        store.delete(key);
        if (!store.capabilities().conditionalDelete()) {
            return Check.good("delete", "deletes are plain ones: the protocol needs no others");
        }
        String first = examination.put(key, Examination.bytes("1"));
        String second = examination.put(key, Examination.bytes("2"));
        if (store.delete(key, first) || store.get(key).object() == null) {
            return Check.bad("delete", "a conditional delete removes another version than the one named",
                    Examination.LOSES);
        }
        if (!store.delete(key, second) || store.get(key).object() != null) {
            return Check.bad("delete", "a conditional delete does not remove the version named", Examination.LOSES);
        }
        return Check.good("delete", "deletes go by their condition");
    }

    /** Bodies of all sizes come back. */
    Check bodies() {
        for (int size : SIZES) {
            var body = new byte[size];
            for (int i = 0; i < size; i++) {
                body[i] = (byte) (i * 31 + i / 251);
            }
            String key = examination.key("body-" + size);
            examination.put(key, body);
            StoredObject read = store.get(key).object();
            if (read == null || !Arrays.equals(read.body(), body)) {
                return Check.bad("bodies", "a body of " + size + " bytes comes back "
                        + (read == null ? "as nothing" : "changed, with " + read.body().length),
                        "Check for a proxy that changes or cuts bodies on their way.");
            }
        }
        return Check.good("bodies", "bodies of 0 bytes to 5 MiB come back as they were");
    }
}
