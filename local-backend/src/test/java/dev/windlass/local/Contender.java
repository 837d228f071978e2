package dev.windlass.local;

import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

import dev.windlass.environment.Environment;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreSettings;
import dev.windlass.store.StoredObject;

/** What {@link ProcessesTest} runs as a process of its own: store URI, what to do, its number, how often. */
final class Contender {

    static final int KEYS = 200;

    private Contender() {
    }

    public static void main(String[] args) throws Exception {
        int number = Integer.parseInt(args[2]);
        int rounds = Integer.parseInt(args[3]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (ObjectStore store = new LocalStores().open(URI.create(args[0]),
                new StoreSettings(Environment.system(), 8, Map.of()))) {
            out.println("ready");
            // All start when the test says so.
            if (System.in.read() < 0) {
                return;
            }
            switch (args[1]) {
                case "count" -> out.println(count(store, number, rounds));
                case "create" -> out.println(create(store, number));
                case "write" -> write(store, number, out);
                default -> throw new IllegalArgumentException(args[1]);
            }
        }
    }

    private static int count(ObjectStore store, int number, int rounds) {
        int landed = 0;
        while (landed < rounds) {
            StoredObject read = store.get("shared/counter").object();
            if (read == null) {
                throw new IllegalStateException("the counter is gone");
            }
            long value = Long.parseLong(new String(read.body(), StandardCharsets.UTF_8));
            byte[] next = Long.toString(value + 1).getBytes(StandardCharsets.UTF_8);
            PutResult result = store.put("shared/counter", next, Precondition.ifMatch(read.etag()));
            if (result instanceof PutResult.Unknown unknown) {
                throw new IllegalStateException("process " + number, unknown.cause());
            }
            landed += result instanceof PutResult.Applied ? 1 : 0;
        }
        return landed;
    }

    private static int create(ObjectStore store, int number) {
        int wins = 0;
        for (int i = 0; i < KEYS; i++) {
            byte[] body = i % 2 == 0 ? new byte[0] : new byte[]{(byte) number};
            wins += store.put("race/" + i, body, Precondition.ifAbsent()) instanceof PutResult.Applied ? 1 : 0;
        }
        return wins;
    }

    /** Writes until it is killed, and tells each write once it is acknowledged. */
    private static void write(ObjectStore store, int number, PrintStream out) {
        for (int i = 0;; i++) {
            byte[] body = new byte[5000];
            Arrays.fill(body, (byte) i);
            String key = "written/" + number + "-" + i % 50;
            if (store.put(key, body, Precondition.none()) instanceof PutResult.Applied
                    && store.put("ready/" + number + "-" + i, new byte[0],
                            Precondition.ifAbsent()) instanceof PutResult.Applied) {
                out.println(i);
            }
        }
    }
}
