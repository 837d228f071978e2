package dev.windlass.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.windlass.environment.Environment;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreSettings;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes, real ones, on one directory. */
@Timeout(120)
class ProcessesTest {

    private static final int PROCESSES = 3;

    @TempDir
    Path directory;

    private final List<Process> running = new ArrayList<>();

    @AfterEach
    void stopProcesses() throws InterruptedException {
        for (Process process : running) {
            process.destroyForcibly().waitFor();
        }
    }

    private String uri() {
        return "file:" + directory.resolve("store") + "?fsync=false";
    }

    private ObjectStore open() {
        return new LocalStores().open(URI.create(uri()), new StoreSettings(Environment.system(), 8, Map.of()));
    }

    private BufferedReader start(String what, int number, int rounds) throws IOException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                Contender.class.getName(), uri(),
                what, Integer.toString(number), Integer.toString(rounds)).redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        running.add(process);
        return process.inputReader(StandardCharsets.UTF_8);
    }

    private List<BufferedReader> startTogether(String what, int rounds) throws IOException {
        List<BufferedReader> outputs = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            outputs.add(start(what, i, rounds));
        }
        for (BufferedReader output : outputs) {
            assertThat(output.readLine()).isEqualTo("ready");
        }
        for (Process process : running) {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        }
        return outputs;
    }

    private static int number(@Nullable String line) {
        if (line == null) {
            throw new AssertionError("the process ended without a number");
        }
        return Integer.parseInt(line);
    }

    @Test
    void put_counterSwappedByProcesses_losesNoUpdate() throws Exception {
        try (ObjectStore store = open()) {
            store.put("shared/counter", "0".getBytes(StandardCharsets.UTF_8), Precondition.ifAbsent());
            for (BufferedReader output : startTogether("count", 1000)) {
                assertThat(number(output.readLine())).isEqualTo(1000);
            }

            StoredObject counter = present(store, "shared/counter");
            assertThat(new String(counter.body(), StandardCharsets.UTF_8)).isEqualTo("" + PROCESSES * 1000);
        }
    }

    @Test
    void put_keysCreatedByProcessesAtOnce_haveOneWinnerEach() throws Exception {
        int wins = 0;
        for (BufferedReader output : startTogether("create", 0)) {
            wins += number(output.readLine());
        }

        assertThat(wins).isEqualTo(Contender.KEYS);
    }

    @Test
    void put_processesKilledWhileTheyWrite_leaveWholeObjectsAndFreeLocks() throws Exception {
        List<BufferedReader> outputs = startTogether("write", 0);
        Set<String> acknowledged = new HashSet<>();
        for (int i = 0; i < PROCESSES; i++) {
            for (int n = 0; n < 300; n++) {
                acknowledged.add("ready/" + i + "-" + number(outputs.get(i).readLine()));
            }
            running.get(i).destroyForcibly().waitFor();
        }

        try (ObjectStore store = open()) {
            for (String key : acknowledged) {
                assertThat(store.get(key).object()).as(key).isNotNull();
            }
            for (var entry : store.list("written/", null, 1000).entries()) {
                StoredObject object = present(store, entry.key());
                assertThat(object.body()).as(entry.key()).hasSize(5000).containsOnly(object.body()[0]);
                assertThat(store.put(entry.key(), new byte[]{1}, Precondition.ifMatch(object.etag())))
                        .isInstanceOf(PutResult.Applied.class);
            }
            assertThat(store.list("written/", null, 1000).entries()).hasSizeGreaterThanOrEqualTo(PROCESSES * 50);

            Path writing = directory.resolve("store/writing");
            assertThat(count(writing)).isEqualTo(PROCESSES + 1);
            Scratch.removeDead(writing.toRealPath(), Environment.system(), Duration.ZERO);
            assertThat(count(writing)).as("only the live writer's directory is left").isEqualTo(1);
            assertThat(store.put("after", new byte[]{1}, Precondition.ifAbsent()))
                    .isInstanceOf(PutResult.Applied.class);
        }
    }

    private static StoredObject present(ObjectStore store, String key) {
        StoredObject object = store.get(key).object();
        if (object == null) {
            throw new AssertionError("nothing under " + key);
        }
        return object;
    }

    private static long count(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
