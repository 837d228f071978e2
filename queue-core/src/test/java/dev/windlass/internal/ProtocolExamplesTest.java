package dev.windlass.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.windlass.environment.Environment;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.Transition;
import dev.windlass.queue.spi.Documents;
import dev.windlass.queue.spi.Written;
import dev.windlass.store.ListPage;
import dev.windlass.store.NamesPage;
import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The examples of docs/protocol.md are what the code reads and writes, and what refers to the text finds it. */
class ProtocolExamplesTest {
    private static final Path ROOT = Path.of("..");
    private static final Path FIXTURES = Path.of("src", "test", "resources", "protocol");
    private static final Pattern EXAMPLE = Pattern
            .compile("(?ms)(?:^<!-- fixture: ([\\w.-]+) -->\\n)?^```(json|text)\\n(.*?)^```");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (?:[\\d.]+ )?(.+)$");
    private static final Pattern REFERENCE = Pattern.compile("protocol\\.md,\\s+\"([^\"]+)\"");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\|");
    private static final String KEYED = "k55ab9f8a3e824b907688b500ece5b0cd3b6ba3b";
    private static final String RUN = "k7b62cc75c7680afca666ff69d7c399c98e16b87";
    private static final String BROKEN = "01b8dac5-b465-7f7d-9790-cd11975d6caa";
    /** What users put in: not the protocol's. */
    private static final Set<String> VALUES = Set.of("input", "output", "tags", "types", "target.input", "counters");

    private static String text() throws IOException {
        return Files.readString(ROOT.resolve("docs").resolve("protocol.md"));
    }

    private static byte[] fixture(String name) throws IOException {
        return Files.readAllBytes(FIXTURES.resolve(name));
    }

    private static List<String> lines(String name) throws IOException {
        return Files.readAllLines(FIXTURES.resolve(name));
    }

    private static ObjectNode tree(String name) throws IOException {
        return Objects.requireNonNull(Json.object(fixture(name)), name);
    }

    private static TaskDocument task(String name) throws IOException {
        return Objects.requireNonNull(TaskDocument.parse(fixture(name), tree(name).path("id").asString()), name);
    }

    private static LeaseDocument lease(String name) throws IOException {
        return Objects.requireNonNull(LeaseDocument.parse(fixture(name)), name);
    }

    private static List<String> fixtures() throws IOException {
        try (Stream<Path> files = Files.list(FIXTURES)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void text_everyExample_isItsFixture() throws IOException {
        Map<@Nullable String, String> examples = new LinkedHashMap<>();
        Matcher matcher = EXAMPLE.matcher(text());
        while (matcher.find()) {
            String name = matcher.group(1);
            assertThat(name).as("the marker of the example " + matcher.group(3)).isNotNull();
            assertThat(examples.put(name, matcher.group(3))).as("a second example of " + name).isNull();
        }
        assertThat(examples.keySet()).containsExactlyInAnyOrderElementsOf(fixtures());
        for (String name : fixtures()) {
            assertThat(examples.get(name)).as(name)
                    .isEqualTo(new String(fixture(name), StandardCharsets.UTF_8).stripTrailing() + '\n');
        }
    }

    @Test
    void text_fieldTables_nameTheFieldsOfTheFixturesAndNoOthers() throws IOException {
        Map<String, String> kinds = Map.ofEntries(Map.entry("store", "store"), Map.entry("task", "task-|tombstone"),
                Map.entry("lease", "lease"), Map.entry("worker", "worker"), Map.entry("dead", "dead-"),
                Map.entry("checked", "checked"), Map.entry("pauses", "pauses"), Map.entry("schedule", "schedule-"),
                Map.entry("scheduler", "scheduler.json"), Map.entry("progress", "progress"),
                Map.entry("debounce", "debounce"), Map.entry("schema", "schema\\.|schema-"));
        var covered = new TreeSet<String>();
        for (Map.Entry<String, String> kind : kinds.entrySet()) {
            var paths = new TreeSet<String>();
            for (String name : fixtures()) {
                if (name.endsWith(".json") && name.matches("(?:" + kind.getValue() + ").*")) {
                    collect("", tree(name), paths);
                    covered.add(name);
                }
            }
            assertThat(rows(kind.getKey())).as("fields of the object \"" + kind.getKey() + '"').isEqualTo(paths);
        }
        assertThat(covered)
                .isEqualTo(new TreeSet<>(fixtures().stream().filter(name -> name.endsWith(".json")).toList()));
    }

    /** The first column of the table behind the marker {@code <!-- fields: kind -->}. */
    private static Set<String> rows(String kind) throws IOException {
        String text = text();
        int start = text.indexOf("<!-- fields: " + kind + " -->");
        assertThat(start).as("the table of the fields of \"" + kind + '"').isNotNegative();
        Matcher rows = ROW.matcher(text.substring(start, text.indexOf("\n\n", start)));
        var found = new TreeSet<String>();
        while (rows.find()) {
            assertThat(found.add(rows.group(1))).as("a second row for " + rows.group(1)).isTrue();
        }
        return found;
    }

    /** The paths of all fields: {@code retry.jitter}, {@code history[].at}. */
    private static void collect(String path, JsonNode node, Set<String> paths) {
        if (node.isObject()) {
            node.properties().forEach(field -> {
                String at = path.isEmpty() ? field.getKey() : path + '.' + field.getKey();
                paths.add(at);
                if (!VALUES.contains(at)) {
                    collect(at, field.getValue(), paths);
                }
            });
        } else if (node.isArray()) {
            node.forEach(element -> collect(path + "[]", element, paths));
        }
    }

    @Test
    void text_invariants_eachHasOneStatementAndEachCitedOneIsThere() throws IOException {
        String text = text();
        int start = text.indexOf("<!-- invariants -->");
        String table = text.substring(start, text.indexOf("\n\n", start));
        var ids = new ArrayList<String>();
        Matcher rows = Pattern.compile("(?m)^\\| \\*\\*(\\w+)\\*\\* \\| \\S.{20,} \\|$").matcher(table);
        while (rows.find()) {
            ids.add(rows.group(1));
        }
        assertThat(ids).containsExactly("R1", "R2", "L1", "L2", "L3", "F1", "C1", "P1", "P2", "T1", "K1", "E1", "D1",
                "S1", "G1",
                "N1",
                "B1", "H1", "O1");
        var cited = new TreeSet<String>();
        Matcher citations = Pattern.compile("\\b[A-U]\\d\\b").matcher(text.replaceAll("\\bS3\\b", ""));
        while (citations.find()) {
            cited.add(citations.group());
        }
        assertThat(ids).containsAll(cited);
    }

    @Test
    void sources_thatReferToAHeading_referToOneThatIsThere() throws IOException {
        var headings = new TreeSet<String>();
        Matcher found = HEADING.matcher(text());
        while (found.find()) {
            headings.add(found.group(1).toLowerCase(Locale.ROOT));
        }
        var references = new ArrayList<String>();
        for (String place : List.of("queue-core/src", "workflow/src", "simulation/src", "docs")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(place))) {
                for (Path file : files.filter(path -> path.toString().matches(".*\\.(java|md)")).sorted().toList()) {
                    Matcher matcher = REFERENCE.matcher(Files.readString(file).replaceAll("\\R\\s*\\*\\s", " "));
                    while (matcher.find()) {
                        references.add(matcher.group(1));
                        assertThat(headings).as("the heading that " + file + " refers to")
                                .contains(matcher.group(1).toLowerCase(Locale.ROOT));
                    }
                }
            }
        }
        assertThat(references).contains("Fence before forget", "submit", "Park and wake").hasSizeGreaterThan(10);
    }

    @Test
    void text_links_leadSomewhere() throws IOException {
        var anchors = new TreeSet<String>();
        Matcher headings = Pattern.compile("(?m)^#+ (.+)$").matcher(text());
        while (headings.find()) {
            anchors.add(
                    '#' + headings.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-'));
        }
        Matcher links = Pattern.compile("\\]\\(([^)\\s]+)\\)").matcher(text());
        int count = 0;
        while (links.find()) {
            String target = links.group(1);
            count++;
            if (target.startsWith("#")) {
                assertThat(anchors).contains(target);
            } else {
                assertThat(ROOT.resolve("docs").resolve(target)).exists();
            }
        }
        assertThat(count).isGreaterThan(12);
    }

    @Test
    void sections_referredToByNumber_areThere() throws IOException {
        var numbers = new TreeSet<String>();
        Matcher headings = Pattern.compile("(?m)^#+ ([\\d.]+) ").matcher(text());
        while (headings.find()) {
            numbers.add(headings.group(1).replaceAll("\\.$", ""));
        }
        Matcher references = Pattern.compile("(?<=[sS]ection )\\d+(?:\\.\\d+)?|(?<=[( ])7\\.\\d+(?=[,);: ])")
                .matcher(text());
        var cited = new TreeSet<String>();
        while (references.find()) {
            cited.add(references.group());
        }
        assertThat(cited).hasSizeGreaterThan(8);
        assertThat(numbers).containsAll(cited);
    }

    @Test
    void tasks_read_sayWhatTheTextSays() throws IOException {
        TaskDocument pending = task("task-pending.json");
        assertThat(pending.state()).isEqualTo(TaskState.PENDING);
        assertThat(pending.id()).isEqualTo(KEYED).isEqualTo(Keys.derivedTaskId("type:send-mail", "order 17"));
        assertThat(pending.readyKey()).isEqualTo(lines("ready-keys.txt").getFirst()).endsWith(pending.writeId());
        assertThat(pending.inputHash()).isEqualTo(Submission.inputHash("emails", "send-mail",
                "\"ada@example.org\"".getBytes(StandardCharsets.UTF_8)));
        assertThat(pending.retry()).isEqualTo(RetryPolicy.fixed(2, Duration.ofSeconds(1)));
        assertThat(pending.timeout()).isEqualTo(Duration.ofMinutes(5));

        TaskDocument running = task("task-running.json");
        assertThat(running.isOwnedBy(running.writeId())).isTrue();
        assertThat(running.readyKey()).isNull();
        assertThat(running.attempt()).isEqualTo(1);
        assertThat(running.leaseId()).isEqualTo(lease("lease.json").leaseId());
        assertThat(Duration.between(Objects.requireNonNull(running.info().startedAt()), running.deadlineAt()))
                .isEqualTo(running.timeout());

        TaskDocument completed = task("task-completed.json");
        assertThat(completed.info().status()).isEqualTo(TaskStatus.COMPLETED);
        assertThat(Objects.requireNonNull(completed.output()).asString()).isEqualTo("sent to ada@example.org");
        assertThat(events(completed)).containsExactly("submitted", "claimed", "completed");
        assertThat(completed.claimWriteId()).isEqualTo(completed.history().get(1).writeId());

        TaskDocument large = task("task-large.json");
        assertThat(large.input()).isNull();
        assertThat(large.inputRef()).startsWith("payloads/" + large.id() + "/input.");
        assertThat(large.outputRef()).isEqualTo(lines("keys.txt").getLast());
    }

    @Test
    void tasks_thatEndedOtherwise_sayWhatTheTextSays() throws IOException {
        TaskDocument failed = task("task-failed.json");
        assertThat(failed.state()).isEqualTo(TaskState.FAILED);
        assertThat(failed.failures()).isEqualTo(failed.attempt()).isEqualTo(failed.retry().maxAttempts());
        assertThat(failed.gen()).isEqualTo(2);
        TaskError error = Objects.requireNonNull(failed.error());
        assertThat(error.message()).isEqualTo("no such address");
        assertThat(error.summary()).isEqualTo(tree("dead-failed.json").path("error").asString());

        TaskDocument cancelled = task("task-cancelled.json");
        assertThat(cancelled.state()).isEqualTo(TaskState.CANCELLED);
        assertThat(cancelled.cancelReason()).isEqualTo("not needed");
        assertThat(events(cancelled)).containsExactly("submitted", "claimed", "cancel-requested", "cancelled");

        TaskDocument parking = task("task-parking.json");
        assertThat(parking.isParking()).isTrue();
        assertThat(parking.isOwnedBy(Objects.requireNonNull(parking.claimWriteId()))).isTrue();
        assertThat(parking.writeId()).isNotEqualTo(parking.history().getLast().writeId());
        TaskDocument parked = task("task-parked.json");
        assertThat(parked.isEngine() && parked.isParked() && !parked.isParking()).isTrue();
        assertThat(parked.claimWriteId()).isNull();
        assertThat(parked.readyKey()).isEqualTo(lines("ready-keys.txt").get(2));

        TaskDocument tombstone = task("tombstone.json");
        assertThat(tombstone.state()).isEqualTo(TaskState.TOMBSTONE);
        assertThat(tombstone.state().isFinal()).isFalse();
        assertThat(tombstone.gen()).isEqualTo(1);
    }

    private static List<String> events(TaskDocument task) {
        return task.history().stream().map(Transition::event).toList();
    }

    @Test
    void tasks_edited_keepWhatIsUnknown() throws IOException {
        for (String name : fixtures()) {
            if (!name.startsWith("task-") && !name.equals("tombstone.json")) {
                continue;
            }
            ObjectNode later = tree(name);
            later.putObject("novelty").putArray("deep").add(1);
            ((ObjectNode) later.path("history").path(0)).put("colour", "red");
            TaskDocument task = Objects
                    .requireNonNull(TaskDocument.parse(Json.bytes(later), later.path("id").asString()));

            TaskDocument edited = task.edit().state(TaskState.RUNNING)
                    .record("w", Instant.ofEpochMilli(7), "claimed", "a", null).build();

            ObjectNode written = Objects.requireNonNull(Json.object(edited.bytes()));
            assertThat(written.path("novelty")).as(name).isEqualTo(later.path("novelty"));
            assertThat(written.path("history").path(0)).as(name).isEqualTo(later.path("history").path(0));
            assertThat(written.path("writeId").asString()).isEqualTo("w");
            assertThat(task.edit().build().bytes()).as(name).isEqualTo(Json.bytes(later));
        }
    }

    @Test
    void leases_readAndWritten_areTheSameBytes() throws IOException {
        for (String name : List.of("lease.json", "lease-message.json", "lease-dead.json")) {
            assertThat(new String(lease(name).bytes(), StandardCharsets.UTF_8)).as(name)
                    .isEqualTo(new String(Json.bytes(tree(name)), StandardCharsets.UTF_8));
        }
        LeaseDocument live = lease("lease.json");
        assertThat(live.isDead()).isFalse();
        assertThat(live.aliveAt()).isNull();
        assertThat(live.ownerWriteId()).isEqualTo(live.writeId());
        assertThat(live.ttl()).isEqualTo(Duration.ofSeconds(30));
        assertThat(live.claims()).hasSize(2);
        assertThat(live.claims().getFirst().deadline()).isNotNull();
        assertThat(live.claims().getLast().deadline()).isNull();

        LeaseDocument told = lease("lease-message.json");
        assertThat(told.mailbox()).containsExactly(new LeaseDocument.Message(told.writeId(), "cancel",
                task("task-cancelled.json").id(), task("task-cancelled.json").claimWriteId(), "not needed"));
        assertThat(told.aliveAt()).isNotNull();
        assertThat(told.ownerWriteId()).isNotEqualTo(told.writeId());

        LeaseDocument dead = lease("lease-dead.json");
        assertThat(dead.isDead()).isTrue();
        assertThat(dead).isEqualTo(live.asDead(Objects.requireNonNull(dead.aliveAt()), dead.writeId()));
    }

    @Test
    void leases_ofALaterVersion_areRead() throws IOException {
        ObjectNode later = tree("lease.json");
        later.put("novelty", 1);
        ((ObjectNode) later.path("claims").path(0)).put("novelty", 2);

        assertThat(LeaseDocument.parse(Json.bytes(later))).isEqualTo(lease("lease.json"));
    }

    @Test
    void readyKeys_takenApart_sayWhatTheTextSays() throws IOException {
        List<String> keys = lines("ready-keys.txt");
        var parsed = keys.stream().map(key -> Objects.requireNonNull(ReadyKey.parse(key))).toList();
        assertThat(parsed).containsExactly(
                new ReadyKey(keys.get(0), Instant.ofEpochMilli(1_893_455_996_016L), KEYED, 1, false),
                new ReadyKey(keys.get(1), Instant.ofEpochMilli(1_893_456_001_059L), BROKEN, 2, false),
                new ReadyKey(keys.get(2), Instant.ofEpochMilli(9_999_999_999_999L), RUN, 2, false),
                new ReadyKey(keys.get(3), Instant.ofEpochMilli(1_893_456_001_000L), RUN, 0, true));
        assertThat(keys).containsExactly(
                Keys.ready("emails", 5, parsed.get(0).due(), KEYED, 1, task("task-pending.json").writeId()),
                Keys.ready("emails", 5, parsed.get(1).due(), BROKEN, 2, "e4sr3ph4n8ksrfwg"),
                Keys.ready("emails", 5, parsed.get(2).due(), RUN, 2, task("task-parked.json").writeId()),
                Keys.wake("emails", 5, parsed.get(3).due(), RUN, "g2"));
    }

    @Test
    void keys_ofTheLayout_areThoseOfTheExamples() throws IOException {
        TaskDocument failed = task("task-failed.json");
        String payload = Objects.requireNonNull(task("task-large.json").outputRef());
        assertThat(lines("keys.txt")).containsExactly(Keys.STORE,
                Keys.checked(tree("checked.json").path("location").asString()), Keys.task(KEYED, 2),
                lines("ready-keys.txt").getFirst(), lines("ready-keys.txt").getLast(),
                Keys.lease(lease("lease.json").leaseId()),
                Keys.worker(tree("worker.json").path("workerId").asString()),
                Keys.dead("emails", failed.history().getLast().at(), failed.id(), failed.writeId()), payload);
        assertThat(payload).matches("\\Q" + Keys.payload(task("task-large.json").id(), "output", new byte[0])
                .replaceFirst("[0-9a-f]{32}$", "") + "\\E[0-9a-f]{32}");
    }

    @Test
    void deadEntry_ofAPoisonBody_namesTheKeyThatLedThere() throws IOException {
        ObjectNode entry = tree("dead-poison.json");
        ReadyKey key = Objects.requireNonNull(ReadyKey.parse(entry.path("readyKey").asString()));
        assertThat(key.taskId()).isEqualTo(entry.path("id").asString());
        byte[] body = entry.path("begins").asString().getBytes(StandardCharsets.UTF_8);
        assertThat(TaskDocument.parse(body, key.taskId())).isNull();
    }

    @Test
    void store_asInTheText_isUnderstoodAndANewerOneRefused() throws IOException {
        ObjectNode json = tree("store.json");
        assertThat(json.path("format").asInt()).isEqualTo(StoreFormat.VERSION);
        assertThat(format(json.put("novelty", 1)).shardWidth()).isEqualTo(json.path("shardWidth").asInt())
                .isEqualTo(StoreFormat.DEFAULT_SHARD_WIDTH);
        assertThat(format(json.put("shardWidth", 4)).shardWidth()).isEqualTo(4);
        for (int width : List.of(0, 5)) {
            assertThatThrownBy(() -> format(json.put("shardWidth", width))).isInstanceOf(StoreRefusedException.class);
        }
        assertThatThrownBy(() -> format(json.put("shardWidth", 2).put("format", 2)))
                .isInstanceOf(StoreRefusedException.class).hasMessageContaining("format 2")
                .hasMessageContaining("up to 1");
    }

    private static StoreFormat format(ObjectNode json) {
        return new StoreFormat(new OneObject(Keys.STORE, Json.bytes(json)), Environment.system(), "here");
    }

    /** A store with one object, to read. */
    private record OneObject(String key, @SuppressWarnings("ArrayRecordComponent") byte[] body) implements Documents {
        @Override
        public boolean listsInOrder() {
            return true;
        }

        @Override
        public @Nullable StoredObject read(String wanted) {
            return wanted.equals(key) ? new StoredObject(key, body, "etag", Instant.EPOCH) : null;
        }

        @Override
        public Written create(String wanted, byte[] content, String writeId) {
            throw new AssertionError("writes " + wanted);
        }

        @Override
        public Written replace(StoredObject base, byte[] content, String writeId) {
            throw new AssertionError("writes " + base.key());
        }

        @Override
        public void put(String wanted, byte[] content) {
            throw new AssertionError("writes " + wanted);
        }

        @Override
        public void delete(String wanted) {
            throw new AssertionError("deletes " + wanted);
        }

        @Override
        public NamesPage names(String prefix, @Nullable String startAfter, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ListPage list(String prefix, @Nullable String startAfter, int limit) {
            throw new AssertionError("lists " + prefix);
        }
    }
}
