package dev.windlass.simulation.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.windlass.TaskCancelledException;
import dev.windlass.TaskFailedException;
import dev.windlass.Windlass;
import dev.windlass.environment.Environment;
import dev.windlass.queue.AuditReport;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.Worker;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.ObjectStores;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoreSettings;
import dev.windlass.store.StoredObject;
import dev.windlass.workflow.WorkflowFailedException;
import dev.windlass.workflow.Workflows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What versions before this one have stored is read and worked on: fixtures/format-N/VERSION holds the objects of a store
 * that the code of that version wrote. fixtures/README.md says how a folder is added, and that none is ever changed.
 */
class StoredFormatTest {
    private static final Path FIXTURES = Path.of("..", "fixtures");
    private static final String NOW = "format-" + Windlass.formatVersion() + '/';
    private static final String TO_ADD = "windlass.fixtures";
    /** Of each folder, so that nobody changes one by mistake. */
    private static final Map<String, String> DIGESTS = Map.of("format-1/0.1",
            "a9c090e5b9d36f89cad56c5e642283bc7b59886f140f7c4faa7c783228d4c23f");
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    /** Of all formats: {@code format-1/0.1}. */
    static List<String> folders() throws IOException {
        try (Stream<Path> folders = Files.walk(FIXTURES, 2)) {
            return folders.filter(folder -> Files.isDirectory(folder) && folder.getNameCount() == 4)
                    .map(StoredFormatTest::name).sorted().toList();
        }
    }

    private static String name(Path folder) {
        return FIXTURES.relativize(folder).toString().replace('\\', '/');
    }

    /** The objects of a folder by key. */
    private static SortedMap<String, byte[]> objects(String folder) throws IOException {
        var objects = new TreeMap<String, byte[]>();
        try (Stream<Path> files = Files.walk(FIXTURES.resolve(folder))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                objects.put(name(file).substring(folder.length() + 1), Files.readAllBytes(file));
            }
        }
        return objects;
    }

    private String uri() {
        return "file:" + directory.resolve("store") + "?fsync=false";
    }

    private ObjectStore open() {
        return ObjectStores.open(uri(), new StoreSettings(Environment.system(), 64, Map.of()));
    }

    /** Lays a store as a later version could have left it: with fields that this one does not know. */
    private void lay(SortedMap<String, byte[]> objects) {
        try (ObjectStore store = open()) {
            objects.forEach((key, body) -> assertThat(store.put(key, later(key, body), Precondition.none())).as(key)
                    .isInstanceOf(PutResult.Applied.class));
        }
    }

    private static boolean keepsWhatIsUnknown(String key) {
        return key.startsWith("tasks/") || key.endsWith("/state.json");
    }

    private static byte[] later(String key, byte[] body) {
        if (!keepsWhatIsUnknown(key) || !(parsed(body) instanceof ObjectNode json)) {
            return body;
        }
        json.putObject("novelty").putArray("deep").add(1);
        if (json.path("history").path(0) instanceof ObjectNode line) {
            line.put("colour", "red");
        }
        return MAPPER.writeValueAsBytes(json);
    }

    /** Not of an object that is no JSON, as the poison body is. */
    private static JsonNode parsed(byte[] body) {
        try {
            return MAPPER.readTree(body);
        } catch (RuntimeException e) {
            return MAPPER.missingNode();
        }
    }

    private static SortedMap<String, JsonNode> tasks(SortedMap<String, byte[]> objects) {
        var tasks = new TreeMap<String, JsonNode>();
        objects.forEach((key, body) -> {
            JsonNode json = parsed(body);
            if (key.startsWith("tasks/") && json.has("id")) {
                tasks.put(json.path("id").asString(), json);
            }
        });
        return tasks;
    }

    private static Worker work(Windlass windlass, Iterable<String> queues) {
        Workflows workflows = Workflows.on(windlass.engine());
        for (String kind : List.of(FormatWorld.ADD, FormatWorld.FAR)) {
            workflows.stepType(kind, (step, input, parents) -> FormatWorld.add(input, parents));
        }
        Worker.Builder builder = windlass.worker().lease(Duration.ofSeconds(2), Duration.ofMillis(500))
                .poll(Duration.ofMillis(5), Duration.ofMillis(100))
                .handle(FormatWorld.MAIL, (task, input) -> "sent at last to " + input);
        queues.forEach(builder::queue);
        return workflows.worker(builder).start();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void directory_laidFromAFolder_isReadAndWorkedOff(String folder) throws Exception {
        SortedMap<String, byte[]> before = objects(folder);
        SortedMap<String, JsonNode> tasks = tasks(before);
        lay(before);
        var queues = new TreeSet<String>();
        tasks.values().stream().filter(task -> task.path("type").asString().equals("send-mail"))
                .forEach(task -> queues.add(task.path("queue").asString()));
        queues.add(FormatWorld.ELSEWHERE);
        try (var windlass = Windlass.connect(uri()); Worker worker = work(windlass, queues)) {
            for (JsonNode task : tasks.values()) {
                if (task.path("type").asString().equals("send-mail")) {
                    requireEnd(windlass, task);
                }
            }
            requireRuns(windlass);
            requireKeysAreKept(windlass, tasks);
            assertThat(worker.stats().leasesLost()).isZero();
        }
        requireNothingIsLost(before, tasks);
    }

    /** Each task ends as it has to; those that had ended say what they said. */
    private static void requireEnd(Windlass windlass, JsonNode task) throws InterruptedException {
        TaskHandle<String> handle = windlass.queue(task.path("queue").asString()).handle(FormatWorld.MAIL,
                task.path("id").asString());
        String said = task.toPrettyString();
        if (task.path("dueAt").asLong() > Instant.now().toEpochMilli()) {
            assertThat(handle.get().status().name()).as(said).isEqualTo("PENDING");
            return;
        }
        String status = task.path("status").asString();
        boolean cancelled = status.equals("CANCELLED") || task.has("cancelRequested");
        if (status.equals("FAILED")) {
            assertThatThrownBy(() -> handle.await(LONG)).as(said).isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining(task.path("error").path("message").asString());
        } else if (cancelled) {
            assertThatThrownBy(() -> handle.await(LONG)).as(said).isInstanceOf(TaskCancelledException.class);
        } else {
            String result = handle.await(LONG);
            assertThat(result).as(said).startsWith(!status.equals("COMPLETED")
                    ? "sent at last to "
                    : task.has("outputRef") ? "yyyy" : task.path("output").asString());
            if (task.has("outputRef") || task.has("inputRef")) {
                assertThat(result).hasSizeGreaterThanOrEqualTo(FormatWorld.LARGE);
            }
        }
        assertThat(handle.get().history()).as(said).hasSizeGreaterThanOrEqualTo(task.path("history").size());
    }

    private static void requireRuns(Windlass windlass) throws InterruptedException {
        Workflows workflows = Workflows.on(windlass.engine());
        Map<String, Integer> sums = Map.of("parked", 6, "woken", 6, "parking", 6, "interrupted", 6,
                "with a checkpoint", 130 * 131 / 2 - 130);
        for (Map.Entry<String, Integer> run : sums.entrySet()) {
            assertThat(workflows.handle(run.getKey()).await(LONG).values()).as(run.getKey()).singleElement()
                    .satisfies(result -> assertThat(result.asInt()).isEqualTo(run.getValue()));
        }
        assertThat(workflows.handle("completed").await(LONG)).hasEntrySatisfying("large",
                result -> assertThat(result.asString()).hasSize(FormatWorld.LARGE));
        assertThat(workflows.handle("completed").steps()).hasSize(2);
        assertThat(workflows.handle("with a large graph").definition().steps()).hasSize(1);
        assertThat(workflows.handle("with a large graph").await(LONG)).hasSize(1);
        assertThatThrownBy(() -> workflows.handle("failed").await(LONG)).isInstanceOf(WorkflowFailedException.class)
                .hasMessageContaining("nothing to add");
    }

    /** An idempotency key of that time still names its task. */
    private static void requireKeysAreKept(Windlass windlass, SortedMap<String, JsonNode> tasks) {
        List<JsonNode> keyed = tasks.values().stream().filter(task -> task.has("idempotencyKey")).toList();
        assertThat(keyed).hasSizeGreaterThan(1).allSatisfy(task -> assertThat(
                windlass.queue(task.path("queue").asString()).submit(FormatWorld.MAIL, task.path("input").asString(),
                        SubmitOptions.ofDefaults().withRetry(RetryPolicy.none())
                                .withIdempotencyKey(task.path("idempotencyKey").asString()))
                        .id())
                .isEqualTo(task.path("id").asString()));
    }

    /** What was not known is still there, also where it was written anew; and only the poison body is amiss. */
    private void requireNothingIsLost(SortedMap<String, byte[]> before, SortedMap<String, JsonNode> tasks) {
        int rewritten = 0;
        try (ObjectStore store = open()) {
            for (Map.Entry<String, byte[]> object : before.entrySet()) {
                if (!keepsWhatIsUnknown(object.getKey()) || !parsed(object.getValue()).isObject()) {
                    continue;
                }
                StoredObject found = Objects.requireNonNull(store.get(object.getKey()).object(), object.getKey());
                JsonNode now = parsed(found.body());
                assertThat(now.path("novelty").path("deep").path(0).asInt()).as(object.getKey()).isOne();
                if (object.getKey().startsWith("tasks/")) {
                    assertThat(now.path("history").path(0).path("colour").asString()).as(object.getKey())
                            .isEqualTo("red");
                }
                rewritten += now.path("writeId").equals(parsed(object.getValue()).path("writeId")) ? 0 : 1;
            }
        }
        assertThat(rewritten).isGreaterThan(12);
        try (var windlass = Windlass.connect(uri())) {
            AuditReport report = windlass.audit(false);
            assertThat(report.tasks()).isGreaterThanOrEqualTo(tasks.size());
            assertThat(report.findings()).singleElement().asString().containsIgnoringCase("poison");
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void folder_everyKindAndState_isThere(String folder) throws IOException {
        SortedMap<String, byte[]> objects = objects(folder);

        Set<String> statuses = new TreeSet<>();
        tasks(objects).values().forEach(task -> statuses.add(task.path("status").asString()
                + (task.path("parked").asBoolean(false) ? " parked" : "")
                + (task.path("parking").asBoolean(false) ? " parking" : "")
                + (task.has("cancelRequested") ? " cancel requested" : "")
                + (task.has("inputRef") ? " large input" : "") + (task.has("outputRef") ? " large output" : "")));
        assertThat(statuses).contains("PENDING", "PENDING large input", "PENDING parked", "RUNNING", "RUNNING parking",
                "RUNNING cancel requested", "COMPLETED", "COMPLETED large output", "FAILED", "CANCELLED",
                "CANCELLED cancel requested", "TOMBSTONE");
        Set<String> leases = new TreeSet<>();
        objects.forEach((key, body) -> {
            if (key.startsWith("leases/")) {
                JsonNode lease = parsed(body);
                leases.add(lease.path("state").asString() + (lease.path("mailbox").isEmpty() ? "" : " told"));
            }
        });
        assertThat(leases).contains("LIVE", "LIVE told", "DEAD");
        for (String pattern : List.of("meta/store\\.json", "ready/.+\\.\\d+\\.\\w{16}", "ready/.+\\.wg\\d+",
                "workers/.+\\.json", "dead/.+-[^.]+\\.\\w{16}", "dead/.+-[^.]+", "payloads/.+/input\\..+",
                "payloads/.+/output\\..+", "payloads/.+/definition\\..+", "payloads/.+/step-result\\..+",
                "workflow/.+/state\\.json", "workflow/.+/steps/.+\\.json", "workflow/.+/result\\.json",
                "workflow/.+/checkpoint\\.json")) {
            assertThat(objects.keySet()).as("keys of " + folder).anyMatch(key -> key.matches(pattern));
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void folder_onceAdded_isNeverChanged(String folder) throws IOException, NoSuchAlgorithmException {
        var digest = MessageDigest.getInstance("SHA-256");
        objects(folder).forEach((key, body) -> {
            digest.update(key.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(body);
        });

        assertThat(HexFormat.of().formatHex(digest.digest())).as("the digest of fixtures of " + folder
                + "; stores with such objects exist, so put what is new into a folder of its own")
                .isEqualTo(DIGESTS.get(folder));
    }

    /** The fields of each kind of object: {@code tasks/ retry.jitter}. */
    private static SortedSet<String> fields(SortedMap<String, byte[]> objects) {
        var fields = new TreeSet<String>();
        objects.forEach((key, body) -> {
            String kind = key.startsWith("workflow/")
                    ? key.replaceFirst("^workflow/[^/]+/(runs/\\d+/)?", "").replaceFirst("/.*", "/") + ' '
                    : key.substring(0, key.indexOf('/') + 1) + ' ';
            if (!key.startsWith("payloads/")) {
                collect(kind, parsed(body), fields);
            }
        });
        return fields;
    }

    /** What users put in, and names that they give, are not the format's. */
    private static void collect(String path, JsonNode node, Set<String> fields) {
        if (node.isObject()) {
            node.properties().forEach(field -> {
                boolean named = path.endsWith(" steps") || path.endsWith(" retries") || path.endsWith(" parents");
                String at = named ? path + " *" : path + (path.endsWith(" ") ? "" : ".") + field.getKey();
                fields.add(at);
                if (!Set.of("input", "output", "result").contains(field.getKey()) || path.startsWith("tasks/ input")) {
                    collect(at, field.getValue(), fields);
                }
            });
        } else if (node.isArray()) {
            node.forEach(element -> collect(path + "[]", element, fields));
        }
    }

    @Test
    void written_byThisVersion_hasNoFieldThatNoFolderHas() throws IOException {
        var known = new TreeSet<String>();
        for (String folder : folders()) {
            if (folder.startsWith(NOW)) {
                known.addAll(fields(objects(folder)));
            }
        }

        SortedMap<String, byte[]> now = FormatWorld.play();

        assertThat(known).as("fields of stored objects in the fixtures; see fixtures/README.md for how to add those of "
                + "a new version").containsAll(fields(now));
        assertThat(fields(now)).hasSizeGreaterThan(80);
    }

    @Test
    void world_playedTwice_isTheSameToTheByte() {
        SortedMap<String, byte[]> once = FormatWorld.play();
        SortedMap<String, byte[]> again = FormatWorld.play();

        assertThat(again.keySet()).isEqualTo(once.keySet());
        once.forEach((key, body) -> assertThat(again.get(key)).as(key).isEqualTo(body));
    }

    @Test
    void connect_toANewerFormat_refusesAndWritesNothing() throws IOException {
        SortedMap<String, byte[]> objects = objects(folders().getLast());
        ObjectNode meta = (ObjectNode) parsed(Objects.requireNonNull(objects.get("meta/store.json")));
        int newer = Windlass.formatVersion() + 1;
        objects.put("meta/store.json", MAPPER.writeValueAsBytes(meta.put("format", newer)));
        lay(objects);
        Map<String, String> before = files();

        assertThatThrownBy(() -> {
            try (var windlass = Windlass.connect(uri())) {
                windlass.queue(FormatWorld.QUEUE).submit(FormatWorld.MAIL, "never");
            }
        }).isInstanceOf(StoreRefusedException.class).hasMessageContaining("format " + newer)
                .hasMessageContaining("up to " + Windlass.formatVersion())
                .hasMessageContaining("Nothing was written");

        assertThat(files()).isEqualTo(before);
    }

    private Map<String, String> files() throws IOException {
        var files = new TreeMap<String, String>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(file.toString(), HexFormat.of().formatHex(Files.readAllBytes(file)) + ' '
                        + Files.getLastModifiedTime(file));
            }
        }
        return files;
    }

    /** No test, but the way to a new folder: {@code -Dwindlass.fixtures=VERSION}. */
    @Test
    @EnabledIfSystemProperty(named = TO_ADD, matches = "\\d+\\.\\d+")
    void folder_asked_isWritten() throws IOException {
        Path folder = FIXTURES.resolve(NOW + System.getProperty(TO_ADD));
        assertThat(folder).as("a folder that is there is never written again").doesNotExist();
        for (Map.Entry<String, byte[]> object : FormatWorld.play().entrySet()) {
            Path file = folder.resolve(object.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, object.getValue());
        }
    }
}
