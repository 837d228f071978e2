package dev.windlass.doctor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;

import dev.windlass.store.ListPage;
import dev.windlass.store.NamesPage;
import dev.windlass.store.ObjectStore;

/** Whether reads and listings tell what there is, at once, whole, and in order. */
final class Listings {
    private static final int KEYS = 25;
    private static final int[] PAGES = {1, 7, 1000};
    private static final List<String> AWKWARD = List.of("a", "A", "a-b", "a_b", "a~b", "a.b", "a%2Fb", "a%20b",
            "a%C3%A4",
            "...", "a..b", "0", "00", "x".repeat(250));

    private final Examination examination;
    private final ObjectStore store;

    Listings(Examination examination) {
        this.examination = examination;
        this.store = examination.connection(0);
    }

    /** What one client has been told is there, or is gone, every client sees so. */
    Check fresh() {
        ObjectStore reader = examination.connection(1);
        for (int i = 0; i < examination.rounds; i++) {
            String key = examination.key("fresh/" + i % 3);
            String body = "round " + i;
            examination.put(key, Examination.bytes(body));
            String read = Examination.text(reader.get(key).object());
            if (!read.equals(body)) {
                return stale("a read after a put finds " + (read.isEmpty() ? "nothing" : "an earlier version"));
            }
            if (!keys(reader, "fresh/", 1000).contains(key)) {
                return stale("a listing after a put leaves the object out");
            }
            if (i % 2 == 1) {
                store.delete(key);
                if (reader.get(key).object() != null) {
                    return stale("a read after a delete still finds the object");
                }
                if (keys(reader, "fresh/", 1000).contains(key)) {
                    return stale("a listing after a delete still shows the object");
                }
            }
        }
        return Check.good("fresh-reads", "what one client writes or deletes, the other sees at once");
    }

    private static Check stale(String found) {
        return Check.bad("fresh-reads", found,
                "Do not keep tasks on this store: it shows what is no longer so. Look for a cache or a replica in between.");
    }

    /** Pages of all sizes give every key once. */
    Check pages() {
        var wanted = new TreeSet<String>();
        for (int i = 0; i < KEYS; i++) {
            wanted.add(examination.key("pages/" + (i % 5) + "/" + (i % 2 == 0 ? "k" : "K") + i));
        }
        wanted.forEach(key -> examination.put(key, Examination.bytes("x")));
        boolean ordered = true;
        for (int size : PAGES) {
            List<String> got = keys(store, "pages/", size);
            ordered &= got.equals(List.copyOf(wanted));
            var once = new HashSet<>(got);
            if (once.size() < got.size()) {
                return Check.bad("listing", "pages of " + size + " give some keys twice", Examination.LOSES);
            }
            if (!once.equals(wanted)) {
                return Check.bad("listing", "pages of " + size + " give " + once.size() + " keys of " + KEYS,
                        "Do not keep tasks on this store: its listings leave objects out.");
            }
        }
        if (store.capabilities().orderedList() && !ordered) {
            return Check.bad("listing", "the keys do not come in the order of their bytes",
                    "Tell the backend so with its setting for unordered listings, or use another store: tasks would be"
                            + " taken out of turn.");
        }
        return store.capabilities().orderedList()
                ? Check.good("listing", "pages of 1 to 1,000 give every key once, in order")
                : Check.note("listing", "pages of 1 to 1,000 give every key once, in no order",
                        "Nothing is lost, but a poll reads whole queues: keep them short, or use a store that lists in"
                                + " order, as S3 general purpose buckets do.");
    }

    private List<String> keys(ObjectStore from, String folder, int size) {
        var keys = new ArrayList<String>();
        String after = null;
        while (true) {
            ListPage page = from.list(examination.key(folder), after, size);
            page.entries().forEach(entry -> keys.add(entry.key()));
            if (!page.more() || page.entries().isEmpty() || keys.size() > 10 * KEYS) {
                return keys;
            }
            after = page.entries().getLast().key();
        }
    }

    /** The names one level below a prefix. */
    Check names() {
        for (String name : List.of("b", "a", "a-b", "c")) {
            examination.put(examination.key("names/" + name + "/1"), Examination.bytes("x"));
            examination.put(examination.key("names/" + name + "/2"), Examination.bytes("x"));
        }
        examination.put(examination.key("names/plain"), Examination.bytes("x"));
        for (int size : new int[]{1, 3, 1000}) {
            var names = new ArrayList<String>();
            String after = null;
            while (true) {
                NamesPage page = store.listNames(examination.key("names/"), after, size);
                names.addAll(page.names());
                if (!page.more() || page.names().isEmpty() || names.size() > 100) {
                    break;
                }
                after = page.names().getLast();
            }
            Collections.sort(names);
            if (!names.equals(List.of("a", "a-b", "b", "c"))) {
                return Check.bad("names", "the names below a prefix, in pages of " + size + ", are " + names
                        + " instead of a, a-b, b and c",
                        "Do not keep tasks on this store: priorities would be missed.");
            }
        }
        return Check.good("names", "the names below a prefix are listed, each once");
    }

    /** Keys that servers and file systems like to change. */
    Check awkwardKeys() {
        for (String name : AWKWARD) {
            examination.put(examination.key("keys/" + name), Examination.bytes(name));
        }
        for (String name : AWKWARD) {
            String read = Examination.text(store.get(examination.key("keys/" + name)).object());
            if (!read.equals(name)) {
                return Check.bad(
                        "keys", "under the key " + name + (read.isEmpty()
                                ? " is nothing"
                                : " is what was put under "
                                        + read),
                        "Check for a proxy that changes addresses on their way, and for a file system that"
                                + " does not tell upper from lower case.");
            }
        }
        var listed = new HashSet<>(keys(store, "keys/", 1000));
        for (String name : AWKWARD) {
            if (!listed.contains(examination.key("keys/" + name))) {
                return Check.bad("keys", "a listing does not show the key " + name + " as it was put",
                        "Check for a proxy that changes answers on their way.");
            }
        }
        return Check.good("keys", "awkward keys are kept apart, and listed as they were put");
    }
}
