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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.windlass.TaskCancelledException;
import dev.windlass.TaskFailedException;
import dev.windlass.Windlass;
import dev.windlass.environment.Environment;
import dev.windlass.queue.AuditReport;
import dev.windlass.queue.Debounce;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskProgress;
import dev.windlass.queue.Worker;
import dev.windlass.schedule.Schedules;
import dev.windlass.schema.Schemas;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.ObjectStores;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoreSettings;
import dev.windlass.store.StoredObject;
import dev.windlass.workflow.StepInfo;
import dev.windlass.workflow.WorkflowFailedException;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.WorkflowStatus;
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
    private static final String NOW = "format-" + Windlass.formatVersion() + '/';
    private static final String TO_ADD = "windlass.fixtures";
    /** Of each folder, so that nobody changes one by mistake. */
    private static final Map<String, String> DIGESTS = Map.of("format-1/0.1",
            "a9c090e5b9d36f89cad56c5e642283bc7b59886f140f7c4faa7c783228d4c23f",
            "format-1/0.1-functions",
            "8417c4686ae8b8d92e66692713f2ffc3733ccf5cc53550724e57fdf3e89d4339",
            "format-1/0.1-following",
            "1f446d6cf11ce2f095d69ee93f23bba27f53dfc5680211e88c956cb3d3cee11c",
            "format-1/0.1-queue",
            "c8b2123e6d64466b2e399b15039f41803f4255acc33486cc8fbcb47b04f064b1");
    /** Folders from before there were progress, bursts, schemas and schedules. */
    private static final Set<String> OLDER = Set.of("format-1/0.1", "format-1/0.1-functions",
            "format-1/0.1-following");
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    static List<String> folders() throws IOException {
        return FixtureFolders.folders();
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
        if (key.startsWith("leases/") && FixtureFolders.parsed(body) instanceof ObjectNode lease) {
            return ofItsTime(lease);
        }
        if (!keepsWhatIsUnknown(key) || !(FixtureFolders.parsed(body) instanceof ObjectNode json)) {
            return body;
        }
        json.putObject("novelty").putArray("deep").add(1);
        if (json.path("history").path(0) instanceof ObjectNode line) {
            line.put("colour", "red");
        }
        return MAPPER.writeValueAsBytes(json);
    }

    /**
     * A lease is as old as its object if it does not say more, so that one laid now would live on for its time to live, and
     * a sweep in it would time out the claim whose deadline is long over, to be tried again an hour later, instead of
     * taking it over.
     */
    private static byte[] ofItsTime(ObjectNode lease) {
        for (JsonNode claim : lease.path("claims")) {
            if (claim.has("deadline") && !lease.has("aliveAt")) {
                lease.put("aliveAt", claim.path("deadline").asLong());
            }
        }
        return MAPPER.writeValueAsBytes(lease);
    }

    private static SortedMap<String, JsonNode> tasks(SortedMap<String, byte[]> objects) {
        var tasks = new TreeMap<String, JsonNode>();
        objects.forEach((key, body) -> {
            JsonNode json = FixtureFolders.parsed(body);
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
        workflows.workflow(FunctionRuns.ORDER, (ctx, what) -> FunctionRuns.order(ctx, what, step -> "paid"))
                .workflow(FollowingRuns.TALLY, FollowingRuns::tally)
                .workflow(FunctionRuns.NEWER, (ctx, what) -> "newer")
                .workflow(FunctionRuns.PACK, FunctionRuns::pack)
                .stepType(FunctionRuns.WEIGH, (step, item) -> "weighs " + item)
                .stepType(FunctionRuns.PICK, (step, input, parents) -> FunctionRuns.pick(step.name()))
                .stepType(FunctionRuns.CARRY, (step, input, parents) -> input.asString("carried"));
        queues.forEach(builder::queue);
        return workflows.worker(builder).start();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void directory_laidFromAFolder_isReadAndWorkedOff(String folder) throws Exception {
        SortedMap<String, byte[]> before = FixtureFolders.of(folder);
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
            if (before.containsKey("workflow/order%20done/state.json")) {
                requireFunctions(windlass);
            }
            if (before.containsKey("workflow/tally/state.json")) {
                requireFollowing(windlass);
            }
            requireWhatWasSaid(windlass, before);
            requireOrder(windlass, before);
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
        boolean expired = status.equals("EXPIRED") || (status.equals("PENDING")
                && task.path("expiresAt").asLong(Long.MAX_VALUE) < Instant.now().toEpochMilli());
        boolean cancelled = status.equals("CANCELLED") || expired || task.has("cancelRequested");
        if (status.equals("FAILED")) {
            assertThatThrownBy(() -> handle.await(LONG)).as(said).isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining(task.path("error").path("message").asString());
        } else if (cancelled) {
            assertThatThrownBy(() -> handle.await(LONG)).as(said).isInstanceOf(TaskCancelledException.class);
        } else {
            String result = handle.await(LONG);
            assertThat(result).as(said).startsWith(!status.equals("COMPLETED")
                    ? "sent at last to "
                    : task.has("outputRef")
                            ? "yyyy"
                            : task.has("outputCodec")
                                    ? "sent to " + FormatWorld.TALKATIVE
                                    : task.path("output").asString());
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

    /** Functions replay what was recorded, take the signals that were sent, and go on where they were left. */
    private static void requireFunctions(Windlass windlass) throws InterruptedException {
        Workflows workflows = Workflows.on(windlass.engine());
        assertThat(workflows.handle(FunctionRuns.ORDER, "order done").await(LONG))
                .isEqualTo(FunctionRuns.given("a lamp", "at noon"));
        assertThat(workflows.handle("order done").steps()).extracting(StepInfo::name).contains("pay", "sent", "weigh",
                "~child:pack", "~any", "~timer", "~clock", "~patch:politeness");
        for (String paused : List.of("order paused", "order interrupted")) {
            WorkflowHandle handle = workflows.handle(paused);
            while (handle.status() != WorkflowStatus.PAUSED) {
                Thread.onSpinWait(); // of the one, the dead owner's lease has to end first
            }
            handle.resume();
        }
        workflows.start(FunctionRuns.ORDER, "order to come", "a lamp");
        for (String id : List.of("order waiting", "order paused", "order interrupted", "order with a child",
                "order of much")) {
            workflows.signal(id, "received", "at last", "received-1");
            String item = id.endsWith("much") ? "much" : id.endsWith("paused") ? FunctionRuns.PENNILESS : "a lamp";
            assertThat(workflows.handle(FunctionRuns.ORDER, id).await(LONG)).as(id)
                    .isEqualTo(FunctionRuns.given(item, "at last"));
        }
        assertThat(workflows.handle(FunctionRuns.ORDER, "order to come").await(LONG))
                .isEqualTo(FunctionRuns.given("a lamp", "too soon"));
        assertThat(workflows.handle(FunctionRuns.NEWER, "order of version 2").await(LONG)).isEqualTo("newer");
        assertThatThrownBy(() -> workflows.handle("order cancelled").await(LONG))
                .isInstanceOf(TaskCancelledException.class).hasMessageContaining("not needed");
        assertThatThrownBy(() -> workflows.handle("order withdrawn").await(LONG))
                .isInstanceOf(TaskCancelledException.class).hasMessageContaining("sold out");
        WorkflowHandle retried = workflows.handle("order failed");
        assertThat(retried.run()).isEqualTo(2);
        assertThatThrownBy(() -> retried.await(LONG)).isInstanceOf(WorkflowFailedException.class)
                .hasMessageContaining("nothing to send");
        assertThat(workflows.handle("everything").await(LONG)).hasEntrySatisfying("each",
                items -> assertThat(items).hasSize(2)).hasEntrySatisfying("perhaps",
                        result -> assertThat(result.asString()).isEqualTo("lightly"));
        for (String id : List.of("with large inputs", "tried again")) {
            assertThat(workflows.handle(id).await(LONG)).as(id).hasSize(1);
        }
    }

    /** A function that has gone on as a new run takes the signals of both, and none twice; forks are worked off. */
    private static void requireFollowing(Windlass windlass) throws InterruptedException {
        Workflows workflows = Workflows.on(windlass.engine());
        workflows.signal("tally", "count", "a", "count-1");
        workflows.signal("tally", "count", "b", "count-2");
        workflows.signal("tally", "count", "c", "count-3");
        assertThat(workflows.handle(FollowingRuns.TALLY, "tally").await(LONG)).isEqualTo("abc");
        for (String forked : List.of("completed", "order done")) {
            WorkflowHandle handle = workflows.handle(forked);
            assertThat(handle.run()).isEqualTo(2);
            assertThat(handle.status()).isEqualTo(WorkflowStatus.COMPLETED);
        }
    }

    /** What handlers said is read, by those that know nothing of them. */
    private static void requireWhatWasSaid(Windlass windlass, SortedMap<String, byte[]> objects)
            throws InterruptedException {
        for (String key : objects.keySet()) {
            if (key.matches("progress/.+\\.json")) {
                String id = key.split("/", -1)[1];
                TaskHandle<String> handle = windlass.queue(FormatWorld.QUEUE).handle(FormatWorld.MAIL, id);
                TaskProgress progress = Objects.requireNonNull(handle.progress());
                assertThat(progress.percent()).isEqualTo(40);
                assertThat(progress.message()).isEqualTo("sending");
                assertThat(progress.counters()).isEqualTo(Map.of("mails", 3L));
                assertThat(windlass.engine().documents().read(key.replace(".json", ".1.log"))).isNotNull();
                assertThat(handle.await(LONG)).startsWith("sent to " + FormatWorld.TALKATIVE);
            }
        }
    }

    /** What clients have agreed on still stands: pauses, keys of bursts, schemas, schedules. */
    private static void requireOrder(Windlass windlass, SortedMap<String, byte[]> objects) {
        objects.forEach((key, body) -> {
            if (key.startsWith("debounce/")) {
                var burst = SubmitOptions.ofDefaults().withDebounce(Debounce.unlessWaiting(FormatWorld.BURST));
                TaskHandle<String> waiting = windlass.queue(FormatWorld.QUEUE).submit(FormatWorld.MAIL, "more", burst);
                assertThat(Objects.requireNonNull(waiting.get().input()).asString()).isEqualTo("a burst");
            } else if (key.startsWith("meta/pauses/")) {
                assertThat(windlass.queue("paused").pauses().isNone()).isFalse();
            } else if (key.startsWith("schemas/")) {
                assertThat(Schemas.on(windlass).list()).singleElement()
                        .satisfies(schema -> assertThat(schema.type()).isEqualTo(FormatWorld.MAIL.name()));
            } else if (key.startsWith("schedules/")) {
                assertThat(Schedules.on(windlass).list()).singleElement()
                        .satisfies(schedule -> assertThat(schedule.name()).isEqualTo("each new year"));
            }
        });
    }

    /** An idempotency key of that time still names its task. */
    private static void requireKeysAreKept(Windlass windlass, SortedMap<String, JsonNode> tasks) {
        List<JsonNode> keyed = tasks.values().stream().filter(task -> task.has("idempotencyKey")
                // There the key is a remark, and the id is derived from the fire time.
                && !task.path("idempotencyKey").asString().startsWith("schedule ")).toList();
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
                if (!keepsWhatIsUnknown(object.getKey()) || !FixtureFolders.parsed(object.getValue()).isObject()) {
                    continue;
                }
                StoredObject found = Objects.requireNonNull(store.get(object.getKey()).object(), object.getKey());
                JsonNode now = FixtureFolders.parsed(found.body());
                assertThat(now.path("novelty").path("deep").path(0).asInt()).as(object.getKey()).isOne();
                if (object.getKey().startsWith("tasks/")) {
                    assertThat(now.path("history").path(0).path("colour").asString()).as(object.getKey())
                            .isEqualTo("red");
                }
                rewritten += now.path("writeId").equals(FixtureFolders.parsed(object.getValue()).path("writeId"))
                        ? 0
                        : 1;
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
        SortedMap<String, byte[]> objects = FixtureFolders.of(folder);

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
                JsonNode lease = FixtureFolders.parsed(body);
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
        if (!OLDER.contains(folder)) {
            for (String pattern : List.of("progress/.+\\.json", "progress/.+\\.1\\.log", "debounce/.+\\.json",
                    "schemas/.+\\.json", "schedules/.+\\.json", "meta/pauses/.+\\.json")) {
                assertThat(objects.keySet()).as("keys of " + folder).anyMatch(key -> key.matches(pattern));
            }
            assertThat(statuses).contains("EXPIRED");
        }
    }

    /** Of the folders since there are durable functions. */
    @Test
    void folder_everyFormOfFunctions_isThere() throws IOException {
        SortedMap<String, byte[]> objects = FixtureFolders.of("format-1/0.1-functions");

        for (String pattern : List.of("workflow/.+/signals/sent/\\d{13}-sent-1\\.json", "workflow/.+/signals/~child/.+",
                "workflow/.+/begun/pay\\.json", "workflow/.+/runs/2/steps/pay\\.json", "payloads/.+/input\\..+",
                "payloads/.+/step-input\\..+", "payloads/.+/item\\..+", "workflow/.+/steps/never\\.json")) {
            assertThat(objects.keySet()).anyMatch(key -> key.matches(pattern));
        }
        assertThat(FixtureFolders.parsed(objects.get("workflow/order%20paused/runs/1/begun/pay.json"))
                .path("forgotten").asBoolean()).isTrue();
        assertThat(FixtureFolders.parsed(objects.get("workflow/order%20interrupted/runs/1/begun/pay.json"))
                .has("begunAt")).isTrue();
        Set<String> kinds = new TreeSet<>();
        objects.forEach((key, body) -> {
            if (key.contains("/steps/")) {
                kinds.add(FixtureFolders.parsed(body).path("asked").path("kind").asString("of a graph"));
            }
        });
        assertThat(kinds).containsExactlyInAnyOrder("of a graph", "step", "call", "timer", "signal", "child", "any",
                "patch", "clock");
    }

    /** Of the folders since runs follow others. */
    @Test
    void folder_everyFormOfFollowingRuns_isThere() throws IOException {
        SortedMap<String, byte[]> objects = FixtureFolders.of("format-1/0.1-following");

        assertThat(FixtureFolders.parsed(objects.get("workflow/tally/runs/1/steps/~continue.json")).path("asked")
                .path("kind").asString()).isEqualTo("continue");
        assertThat(FixtureFolders.parsed(objects.get("workflow/tally/runs/1/result.json")).path("goesOn").asBoolean())
                .isTrue();
        assertThat(FixtureFolders.parsed(objects.get("workflow/tally/state.json")).path("since").asInt()).isOne();
        assertThat(tasks(objects).values().stream().map(task -> task.path("input").path("from").asString(""))
                .filter(from -> !from.isEmpty())).containsExactlyInAnyOrder("large", "weigh");
    }

    @ParameterizedTest
    @MethodSource("folders")
    void folder_onceAdded_isNeverChanged(String folder) throws IOException, NoSuchAlgorithmException {
        var digest = MessageDigest.getInstance("SHA-256");
        FixtureFolders.of(folder).forEach((key, body) -> {
            digest.update(key.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(body);
        });

        assertThat(HexFormat.of().formatHex(digest.digest())).as("the digest of fixtures of " + folder
                + "; stores with such objects exist, so put what is new into a folder of its own")
                .isEqualTo(DIGESTS.get(folder));
    }

    @Test
    void written_byThisVersion_hasNoFieldThatNoFolderHas() throws IOException {
        var known = new TreeSet<String>();
        for (String folder : folders()) {
            if (folder.startsWith(NOW)) {
                known.addAll(FixtureFolders.fields(FixtureFolders.of(folder)));
            }
        }

        SortedMap<String, byte[]> now = FormatWorld.play();

        assertThat(known).as("fields of stored objects in the fixtures; see fixtures/README.md for how to add those of "
                + "a new version").containsAll(FixtureFolders.fields(now));
        assertThat(FixtureFolders.fields(now)).hasSizeGreaterThan(80);
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
        SortedMap<String, byte[]> objects = FixtureFolders.of(folders().getLast());
        ObjectNode meta = (ObjectNode) FixtureFolders.parsed(Objects.requireNonNull(objects.get("meta/store.json")));
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
    @EnabledIfSystemProperty(named = TO_ADD, matches = "\\d+\\.\\d+(-\\w+)?")

    void folder_asked_isWritten() throws IOException {
        Path folder = FixtureFolders.FIXTURES.resolve(NOW + System.getProperty(TO_ADD));
        assertThat(folder).as("a folder that is there is never written again").doesNotExist();
        for (Map.Entry<String, byte[]> object : FormatWorld.play().entrySet()) {
            Path file = folder.resolve(object.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, object.getValue());
        }
    }
}
