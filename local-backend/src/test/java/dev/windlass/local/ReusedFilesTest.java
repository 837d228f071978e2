package dev.windlass.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.windlass.environment.Environment;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoreSettings;
import dev.windlass.store.StoredObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of versions that are gone are written again, while others may still read them. */
class ReusedFilesTest {
    private static final int KEYS = 6;
    private static final int WRITES = 6_000;

    @TempDir
    Path directory;

    private ObjectStore open(String options) {
        return new LocalStores().open(URI.create("file:" + directory.resolve("store") + options),
                new StoreSettings(Environment.system(), 8, Map.of()));
    }

    private static String key(int number) {
        return "some/key-" + number;
    }

    /** Every byte of it says whose it is, and whether it has ever come to stand there. */
    private static byte[] body(int key, boolean wins, int length) {
        return String.valueOf((char) ((wins ? 'A' : 'a') + key)).repeat(length).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void get_whileFilesAreUsedAgain_isWholeAndOfThatKeyAndNeverALosers() throws Exception {
        try (ObjectStore store = open("?fsync=false"); var threads = Executors.newFixedThreadPool(5)) {
            for (int key = 0; key < KEYS; key++) {
                store.put(key(key), body(key, true, 100), Precondition.ifAbsent());
            }
            var writing = new AtomicInteger(2);
            List<Future<Integer>> ends = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                int seed = thread;
                ends.add(threads.submit(() -> {
                    try {
                        return write(store, new Random(seed));
                    } finally {
                        writing.decrementAndGet();
                    }
                }));
            }
            Callable<Integer> reader = () -> read(store, writing);
            for (int thread = 0; thread < 3; thread++) {
                ends.add(threads.submit(reader));
            }
            for (Future<Integer> end : ends) {
                assertThat(result(end)).isPositive();
            }
        }
    }

    private static int write(ObjectStore store, Random random) {
        for (int i = 0; i < WRITES; i++) {
            int key = random.nextInt(KEYS);
            int length = 1 + random.nextInt(random.nextBoolean() ? 40 : 7_000);
            // One half loses: it is there already.
            boolean wins = random.nextBoolean();
            PutResult put = store.put(key(key), body(key, wins, length),
                    wins ? Precondition.none() : Precondition.ifAbsent());
            assertThat(put instanceof PutResult.Applied).isEqualTo(wins);
        }
        return WRITES;
    }

    private static int read(ObjectStore store, AtomicInteger writing) {
        int reads = 0;
        while (writing.get() > 0) {
            int key = reads++ % KEYS;
            StoredObject object = store.get(key(key)).object();
            assertThat(object).isNotNull();
            byte[] body = object == null ? new byte[0] : object.body();
            assertThat(body).containsOnly(body(key, true, 1)[0]);
        }
        return reads;
    }

    private static int result(Future<Integer> end) throws Exception {
        try {
            return end.get();
        } catch (ExecutionException failure) {
            throw new AssertionError(failure.getCause());
        }
    }

    @Test
    void put_afterReplacementsAndDeletes_usesTheirFilesAgain() throws IOException {
        try (ObjectStore store = open("?fsync=false")) {
            for (int i = 0; i < 200; i++) {
                store.put("a/1", new byte[i], Precondition.none());
                store.put("a/2", new byte[i + 1], Precondition.ifAbsent());
                store.delete("a/2");
            }
            assertThat(files("writing")).as("one each that was replaced or deleted, the lock, and a spare")
                    .isLessThanOrEqualTo(4);
            assertThat(store.get("a/1").object()).isNotNull().extracting(StoredObject::body).isEqualTo(new byte[199]);
        }
        assertThat(files("writing")).isZero();
    }

    /** An empty object is a link: to write through it would make a file of its target's name. */
    @Test
    void put_emptyObjectsThatLoseOrAreReplaced_leaveNoLinksToWriteThrough() throws IOException {
        try (ObjectStore store = open("?fsync=false")) {
            store.put("a/1", new byte[1], Precondition.none());
            for (int i = 0; i < 20; i++) {
                assertThat(store.put("a/1", new byte[0], Precondition.ifMatch("stale")))
                        .isInstanceOf(PutResult.Conflict.class);
                store.put("a/2", new byte[0], Precondition.none());
                store.put("a/2", new byte[0], Precondition.none());
                store.put("a/2", new byte[2], Precondition.none());
            }
            try (Stream<Path> paths = Files.walk(directory.resolve("store/writing"))) {
                assertThat(paths.filter(Files::isSymbolicLink)).isEmpty();
            }
            assertThat(files("writing")).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void put_durableStore_neverUsesAFileAgain() throws IOException {
        try (ObjectStore store = open("")) {
            for (int i = 1; i < 20; i++) {
                store.put("a/1", new byte[i], Precondition.none());
                store.put("a/2", new byte[i], Precondition.none());
                store.delete("a/2");
            }
            assertThat(files("writing")).as("the lock alone").isEqualTo(1);
        }
    }

    /** As after a power loss, when the old name of a file is back that has been used again. */
    @Test
    void get_fileOfAnotherKeyOrChanged_isRefused() throws IOException {
        try (ObjectStore store = open("?fsync=false")) {
            store.put("a/1", new byte[10], Precondition.none());
            store.put("a/2", new byte[10], Precondition.none());
            Path first = directory.resolve("store/objects/a^/1");
            Files.copy(first, directory.resolve("store/objects/a^/3"));
            byte[] bytes = Files.readAllBytes(first);
            bytes[bytes.length - 1]++;
            Files.write(first, bytes);

            for (String key : List.of("a/1", "a/3")) {
                assertThat(refusal(store, key)).contains("damaged", key.substring(2));
            }
            assertThat(store.get("a/2").object()).isNotNull();
        }
    }

    private static String refusal(ObjectStore store, String key) {
        try {
            return "read " + store.get(key);
        } catch (StoreRefusedException refusal) {
            return String.valueOf(refusal.getMessage());
        }
    }

    private long files(String below) throws IOException {
        try (Stream<Path> paths = Files.walk(directory.resolve("store").resolve(below))) {
            return paths.filter(Files::isRegularFile).count();
        }
    }
}
