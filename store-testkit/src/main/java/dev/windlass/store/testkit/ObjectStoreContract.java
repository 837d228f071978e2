package dev.windlass.store.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.windlass.doctor.Checkup;
import dev.windlass.doctor.Doctor;
import dev.windlass.doctor.Verdict;
import dev.windlass.environment.Environment;
import dev.windlass.store.GetResult;
import dev.windlass.store.ListPage;
import dev.windlass.store.NamesPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreUnavailableException;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link ObjectStore} must do. A backend's test extends this class and says how to open a store:
 *
 * <pre>{@code
 * class MyStoreTest extends ObjectStoreContract {
 *     @Override
 *     protected ObjectStore open(String place) {
 *         return MyStore.connect(bucket, "contract/" + place);
 *     }
 * }
 * }</pre>
 *
 * <p>The tests assume a store without faults: an Unknown fails them, save where a thread is interrupted.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(180)
public abstract class ObjectStoreContract {

    private static final byte[] EMPTY = {};

    private final List<ObjectStore> opened = Collections.synchronizedList(new ArrayList<>());
    /** A client of an empty store. */
    @SuppressWarnings("NullAway.Init") // before each test
    private ObjectStore store;
    /** Another client of the same store. */
    @SuppressWarnings("NullAway.Init") // before each test
    private ObjectStore other;

    /** For subclasses. */
    protected ObjectStoreContract() {
        // nothing to set
    }

    /**
     * Opens a client of the store at a place: empty at first, and the same store for every client that is opened with the
     * same place. The contract closes it.
     *
     * @param place a short name of lower-case letters and digits, never used twice by one run for different stores
     */
    protected abstract ObjectStore open(String place) throws Exception;

    /** How many writers the concurrent tests use in all; 8 unless overridden. */
    protected int writers() {
        return 8;
    }

    /** How many increments, creates and the like the concurrent tests do; 200 unless overridden. */
    protected int rounds() {
        return 200;
    }

    @BeforeEach
    final void openTwoClients() throws Exception {
        String place = "c" + Long.toString(System.nanoTime(), 36);
        store = opened(open(place));
        other = opened(open(place));
    }

    @AfterEach
    final void closeClients() {
        for (ObjectStore each : opened) {
            each.close();
        }
    }

    private ObjectStore opened(ObjectStore client) {
        opened.add(client);
        return client;
    }

    // ---- one object

    @Test
    void get_of_a_key_that_was_never_put_finds_nothing() {
        assertThat(store.get("tasks/00/absent.json").object()).isNull();
        assertThat(store.get("absent").object()).isNull();
    }

    @Test
    void get_after_put_gives_the_bytes_the_key_and_the_etag_of_the_put() {
        String etag = applied(store.put("tasks/00/a.json", bytes("one"), Precondition.none()));

        for (ObjectStore client : List.of(store, other)) {
            StoredObject object = present(client, "tasks/00/a.json");
            assertThat(object.body()).isEqualTo(bytes("one"));
            assertThat(object.key()).isEqualTo("tasks/00/a.json");
            assertThat(object.etag()).isEqualTo(etag);
        }
    }

    @Test
    void put_without_a_precondition_overwrites() {
        String first = applied(store.put("k", bytes("one"), Precondition.none()));
        String second = applied(other.put("k", bytes("two"), Precondition.none()));

        assertThat(second).isNotEqualTo(first);
        assertThat(present(store, "k").body()).isEqualTo(bytes("two"));
    }

    @Test
    void put_if_absent_creates_once_and_then_conflicts() {
        applied(store.put("k", bytes("one"), Precondition.ifAbsent()));

        conflict(other.put("k", bytes("two"), Precondition.ifAbsent()));
        conflict(store.put("k", EMPTY, Precondition.ifAbsent()));
        assertThat(present(store, "k").body()).isEqualTo(bytes("one"));
    }

    @Test
    void put_if_absent_of_an_empty_body_creates_once_and_then_conflicts() {
        applied(store.put("ready/q/5/0001-a.1.x", EMPTY, Precondition.ifAbsent()));

        conflict(other.put("ready/q/5/0001-a.1.x", EMPTY, Precondition.ifAbsent()));
        conflict(other.put("ready/q/5/0001-a.1.x", bytes("x"), Precondition.ifAbsent()));
        assertThat(present(other, "ready/q/5/0001-a.1.x").body()).isEmpty();
    }

    @Test
    void put_if_absent_after_a_delete_creates_again() {
        applied(store.put("k", bytes("one"), Precondition.ifAbsent()));
        other.delete("k");

        applied(store.put("k", bytes("two"), Precondition.ifAbsent()));
        assertThat(present(other, "k").body()).isEqualTo(bytes("two"));
    }

    @Test
    void put_if_match_with_the_current_etag_is_applied() {
        String first = applied(store.put("k", bytes("one"), Precondition.ifAbsent()));
        String second = applied(other.put("k", bytes("two"), Precondition.ifMatch(first)));
        String third = applied(store.put("k", bytes("three"), Precondition.ifMatch(second)));

        assertThat(present(other, "k").body()).isEqualTo(bytes("three"));
        assertThat(present(other, "k").etag()).isEqualTo(third);
    }

    @Test
    void put_if_match_with_an_etag_that_a_get_gave_is_applied() {
        applied(store.put("k", bytes("one"), Precondition.none()));

        applied(other.put("k", bytes("two"), Precondition.ifMatch(present(other, "k").etag())));
    }

    @Test
    void put_if_match_with_a_stale_etag_conflicts_and_changes_nothing() {
        String first = applied(store.put("k", bytes("one"), Precondition.none()));
        String second = applied(store.put("k", bytes("two"), Precondition.none()));

        conflict(other.put("k", bytes("three"), Precondition.ifMatch(first)));
        assertThat(present(store, "k").body()).isEqualTo(bytes("two"));
        assertThat(present(store, "k").etag()).isEqualTo(second);
    }

    @Test
    void put_if_match_on_a_missing_key_conflicts_and_creates_nothing() {
        String etag = applied(store.put("elsewhere", bytes("one"), Precondition.none()));

        conflict(store.put("k", bytes("one"), Precondition.ifMatch(etag)));
        assertThat(store.get("k").object()).isNull();
    }

    @Test
    void put_if_match_on_a_deleted_key_conflicts_and_creates_nothing() {
        String etag = applied(store.put("k", bytes("one"), Precondition.none()));
        store.delete("k");

        conflict(other.put("k", bytes("two"), Precondition.ifMatch(etag)));
        assertThat(store.get("k").object()).isNull();
    }

    @Test
    void put_if_match_with_the_etag_of_a_life_before_conflicts_and_changes_nothing() {
        String before = applied(store.put("k", bytes("first life"), Precondition.ifAbsent()));
        store.delete("k");
        applied(other.put("k", bytes("second life"), Precondition.ifAbsent()));

        conflict(store.put("k", bytes("late"), Precondition.ifMatch(before)));
        assertThat(present(store, "k").body()).isEqualTo(bytes("second life"));
    }

    @Test
    void put_if_match_between_empty_and_full_bodies_is_applied() {
        String empty = applied(store.put("k", EMPTY, Precondition.ifAbsent()));
        String full = applied(other.put("k", bytes("full"), Precondition.ifMatch(empty)));
        conflict(store.put("k", bytes("x"), Precondition.ifMatch(empty)));
        String emptyAgain = applied(store.put("k", EMPTY, Precondition.ifMatch(full)));

        assertThat(present(other, "k").body()).isEmpty();
        assertThat(present(other, "k").etag()).isEqualTo(emptyAgain);
    }

    @Test
    void put_of_other_bytes_gives_another_etag_every_time() {
        Set<String> etags = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            etags.add(applied(store.put("k", bytes("version " + i), Precondition.none())));
        }

        assertThat(etags).hasSize(50);
    }

    @Test
    void put_keeps_no_hold_of_the_callers_array() {
        byte[] body = bytes("before");
        applied(store.put("k", body, Precondition.none()));
        body[0] = 'X';
        present(store, "k").body()[1] = 'X';

        assertThat(present(store, "k").body()).isEqualTo(bytes("before"));
    }

    @Test
    void delete_removes_for_every_client_and_a_second_one_is_no_error() {
        applied(store.put("a/b/c", bytes("one"), Precondition.none()));
        other.delete("a/b/c");
        other.delete("a/b/c");
        store.delete("never/was");

        assertThat(store.get("a/b/c").object()).isNull();
        assertThat(keys(store, "")).isEmpty();
    }

    @Test
    void conditional_delete_removes_only_the_version_named() {
        String first = applied(store.put("k", bytes("one"), Precondition.none()));
        String second = applied(store.put("k", bytes("two"), Precondition.none()));
        if (!store.capabilities().conditionalDelete()) {
            assertThatThrownBy(() -> store.delete("k", second)).isInstanceOf(UnsupportedOperationException.class);
            assertThat(present(store, "k").etag()).isEqualTo(second);
            return;
        }

        assertThat(other.delete("k", first)).isFalse();
        assertThat(present(store, "k").body()).isEqualTo(bytes("two"));
        assertThat(other.delete("k", second)).isTrue();
        assertThat(store.get("k").object()).isNull();
        assertThat(store.delete("k", second)).isFalse();
    }

    // ---- bodies

    @Test
    void bodies_of_0_bytes_1_MiB_and_16_MiB_come_back_as_they_were() {
        for (int size : new int[]{0, 1, 1023, 1 << 20, 16 << 20}) {
            byte[] body = new byte[size];
            new Random(size).nextBytes(body);
            applied(store.put("blobs/" + size, body, Precondition.ifAbsent()));

            assertThat(Arrays.equals(present(other, "blobs/" + size).body(), body)).as("body of %d bytes", size)
                    .isTrue();
        }
        assertThat(all(store, "blobs/", 1000).stream().map(ListPage.Entry::size).sorted().toList())
                .containsExactly(0L, 1L, 1023L, 1L << 20, 16L << 20);
    }

    @Test
    void bodies_with_every_byte_value_come_back_as_they_were() {
        byte[] body = new byte[256];
        for (int i = 0; i < 256; i++) {
            body[i] = (byte) i;
        }
        applied(store.put("k", body, Precondition.none()));

        assertThat(present(other, "k").body()).isEqualTo(body);
    }

    // ---- keys

    @Test
    void awkward_keys_are_stored_listed_and_deleted_apart_from_each_other() {
        List<String> awkward = awkwardKeys();
        for (String key : awkward) {
            applied(store.put(key, bytes(key), Precondition.ifAbsent()));
        }

        for (String key : awkward) {
            assertThat(present(other, key).body()).as(key).isEqualTo(bytes(key));
        }
        assertThat(keys(other, "")).containsExactlyInAnyOrderElementsOf(awkward);
        for (String key : awkward) {
            other.delete(key);
            assertThat(store.get(key).object()).as(key).isNull();
        }
        assertThat(keys(store, "")).isEmpty();
    }

    private static List<String> awkwardKeys() {
        List<String> keys = new ArrayList<>(
                List.of("a%2Fb/c", "a%2fb/c", "a=b/c=d", "a+b/c+d", "a b/c d", "~/~", "~tilde",
                        "%F0%9F%8E%89/x", "%2E/x", "%2E%2E/x", ".hidden/.x", ".x", "...", "..a/..b", "Case/KEY",
                        "case/key", "case/Key",
                        "q'uote\"s/`x`", "a&b?c#d/e", "{x}[y](z)/!$,;:@", "<a>|b/\\back", "^caret/^^/^a^", "-dash/--x",
                        "_/x", "a*/b*",
                        "trailing./x.", "trailing /x ", "tasks/0a/0190-long.json", "ready/q/5/0001732300000000-id.1.w",
                        "a,b/c"));
        keys.add("long/" + "s".repeat(255));
        keys.add("long/" + "S".repeat(255));
        keys.add("long/" + "%2F".repeat(85));
        keys.add("S".repeat(255) + "/x");
        keys.add("s".repeat(254) + "/x");
        StringBuilder longest = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            longest.append(String.valueOf((char) ('w' + i)).repeat(204)).append('/');
        }
        keys.add(longest + "e".repeat(1024 - longest.length()));
        keys.add(longest + "E".repeat(1023 - longest.length()));
        return keys;
    }

    // ---- listing

    @Test
    void list_of_an_empty_store_or_prefix_has_no_entries_and_no_more() {
        ListPage page = store.list("ready/q/5/", null, 10);

        assertThat(page.entries()).isEmpty();
        assertThat(page.more()).isFalse();
        assertThat(store.list("", null, 10).entries()).isEmpty();
    }

    @Test
    void list_comes_in_the_order_of_UTF_8_bytes_of_whole_keys() {
        List<String> keys = List.of("a-b/x", "a/x", "a0", "a!", "a.b/c", "B/a", "b/a", "a/x-y", "a/x.z", "a/x0", "~",
                "a/~", "A", "a b");
        for (String key : keys) {
            applied(store.put(key, bytes("x"), Precondition.none()));
        }

        if (store.capabilities().orderedList()) {
            assertThat(keys(store, "")).containsExactlyElementsOf(new TreeSet<>(keys));
            assertThat(keys(store, "a/")).containsExactly("a/x", "a/x-y", "a/x.z", "a/x0", "a/~");
        } else {
            assertThat(keys(store, "")).containsExactlyInAnyOrderElementsOf(keys);
        }
    }

    @Test
    void list_starts_after_a_key_whether_it_exists_or_not() {
        List<String> keys = List.of("a-b/x", "a/x", "a/y/z", "a/z", "b");
        for (String key : keys) {
            applied(store.put(key, EMPTY, Precondition.none()));
        }
        if (!store.capabilities().orderedList()) {
            return;
        }

        for (String after : List.of("a", "a-", "a-b/x", "a-b/xx", "a-c", "a/", "a/w", "a/x", "a/y", "a/y/", "a/y/z",
                "a/y0", "a/zz", "b",
                "c", "!", "~")) {
            assertThat(names(store.list("", after, 1000))).as("after '%s'", after)
                    .containsExactlyElementsOf(new TreeSet<>(keys).tailSet(after, false));
        }
        assertThat(names(store.list("a/", "a/x", 1000))).containsExactly("a/y/z", "a/z");
        assertThat(names(store.list("a/", "a-b/x", 1000))).containsExactly("a/x", "a/y/z", "a/z");
        assertThat(names(store.list("a/", "b", 1000))).isEmpty();
    }

    @Test
    void list_gives_at_most_the_limit_and_says_that_there_is_more() {
        for (int i = 0; i < 5; i++) {
            applied(store.put("p/" + i, EMPTY, Precondition.none()));
        }

        ListPage page = store.list("p/", null, 3);
        assertThat(page.entries()).hasSize(3);
        assertThat(page.more()).isTrue();
        assertThat(store.list("p/", null, 1).entries()).hasSize(1);
        if (store.capabilities().orderedList()) {
            assertThat(names(page)).containsExactly("p/0", "p/1", "p/2");
            assertThat(names(store.list("p/", "p/2", 3))).containsExactly("p/3", "p/4");
        }
    }

    @Test
    void list_pages_to_the_end_over_more_than_1000_keys_give_each_once() throws Exception {
        Set<String> expected = new TreeSet<>();
        for (int i = 0; i < 1203; i++) {
            expected.add("p/%04d-%s".formatted(i * 7 % 1203, i % 3 == 0 ? "a/b" : "c"));
        }
        inParallel(expected.stream().toList(), key -> applied(store.put(key, EMPTY, Precondition.ifAbsent())));

        assertThat(all(other, "p/", 1000)).extracting(ListPage.Entry::key)
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(all(other, "p/", 97)).extracting(ListPage.Entry::key).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void list_of_a_prefix_gives_nothing_of_its_neighbours() {
        for (String key : List.of("a/x", "a/b/y", "ab/x", "a-/x", "a", "b/a/x", "a0/x", "A/x")) {
            applied(store.put(key.equals("a") ? "a!" : key, EMPTY, Precondition.none()));
        }

        assertThat(keys(store, "a/")).containsExactlyInAnyOrder("a/x", "a/b/y");
        assertThat(keys(store, "a/b/")).containsExactly("a/b/y");
        assertThat(keys(store, "a/b/c/")).isEmpty();
    }

    @Test
    void list_entries_have_the_size_and_the_time_that_a_get_has() {
        long start = System.nanoTime();
        applied(store.put("k/full", bytes("12345"), Precondition.none()));
        applied(store.put("k/empty", EMPTY, Precondition.ifAbsent()));
        // Either may be any moment of the put, which takes its time on a busy machine.
        Duration most = tolerance().plusNanos(System.nanoTime() - start);

        for (ListPage.Entry entry : store.list("k/", null, 10).entries()) {
            StoredObject object = present(store, entry.key());
            assertThat(entry.size()).isEqualTo(object.body().length);
            assertThat(Duration.between(entry.lastModified(), object.lastModified()).abs())
                    .isLessThanOrEqualTo(most);
        }
    }

    @Test
    void listNames_gives_each_name_one_level_below_once_and_no_objects() {
        for (String key : List.of("ready/mail/5/1-a", "ready/mail/5/2-b", "ready/mail/3/1-c", "ready/mail-x/5/1-a",
                "ready/Mail/5/1",
                "ready/%2E/1/x", "ready/.a/1/x", "ready/object", "readyx/no/1", "ready/" + "L".repeat(200) + "/5/x")) {
            applied(store.put(key, EMPTY, Precondition.none()));
        }

        NamesPage page = store.listNames("ready/", null, 1000);
        assertThat(page.names()).containsExactlyInAnyOrder("mail", "mail-x", "Mail", "%2E", ".a", "L".repeat(200));
        assertThat(page.more()).isFalse();
        assertThat(store.listNames("ready/mail/", null, 1000).names()).containsExactlyInAnyOrder("3", "5");
        assertThat(store.listNames("ready/mail/5/", null, 1000).names()).isEmpty();
        assertThat(store.listNames("", null, 1000).names()).containsExactlyInAnyOrder("ready", "readyx");
        assertThat(store.listNames("none/", null, 1000).names()).isEmpty();
    }

    @Test
    void listNames_pages_to_the_end_give_each_once() {
        Set<String> expected = new TreeSet<>();
        for (int i = 0; i < 25; i++) {
            expected.add("n%02d".formatted(i));
            applied(store.put("x/n%02d/a".formatted(i), EMPTY, Precondition.none()));
            applied(store.put("x/n%02d/b/c".formatted(i), EMPTY, Precondition.none()));
        }

        List<String> found = new ArrayList<>();
        String after = null;
        NamesPage page;
        do {
            page = store.listNames("x/", after, 7);
            assertThat(page.names()).hasSizeLessThanOrEqualTo(7);
            found.addAll(page.names());
            after = page.names().isEmpty() ? after : page.names().getLast();
        } while (page.more());
        assertThat(found).containsExactlyElementsOf(expected);
    }

    @Test
    void listNames_forgets_a_name_when_its_last_object_is_deleted() {
        applied(store.put("ready/q/5/1-a", EMPTY, Precondition.none()));
        applied(store.put("ready/p/5/1-a", EMPTY, Precondition.none()));
        store.delete("ready/q/5/1-a");

        assertThat(other.listNames("ready/", null, 10).names()).containsExactly("p");
        applied(other.put("ready/q/5/2-a", EMPTY, Precondition.none()));
        assertThat(store.listNames("ready/", null, 10).names()).containsExactlyInAnyOrder("p", "q");
    }

    // ---- several clients at once

    @Test
    void what_one_client_wrote_or_deleted_the_other_sees_at_once() {
        for (int i = 0; i < 100; i++) {
            ObjectStore writer = i % 2 == 0 ? store : other;
            ObjectStore reader = i % 2 == 0 ? other : store;
            String key = "ready/q/5/" + i;
            applied(writer.put(key, i % 3 == 0 ? EMPTY : bytes("x"), Precondition.ifAbsent()));
            assertThat(reader.get(key).object()).isNotNull();
            assertThat(keys(reader, "ready/q/5/")).contains(key);
            if (i % 4 == 0) {
                writer.delete(key);
                assertThat(reader.get(key).object()).isNull();
                assertThat(keys(reader, "ready/q/5/")).doesNotContain(key);
            }
        }
    }

    @Test
    void a_counter_that_many_threads_of_two_clients_swap_loses_no_update() throws Exception {
        applied(store.put("counter", bytes("0"), Precondition.ifAbsent()));
        AtomicInteger landed = new AtomicInteger();
        together(writers(), writer -> {
            ObjectStore client = writer % 2 == 0 ? store : other;
            for (int i = 0; i < rounds(); i++) {
                StoredObject read = present(client, "counter");
                int value = count(read.body());
                PutResult result = client.put("counter", bytes((value + 1) + " by " + writer + " in " + i),
                        Precondition.ifMatch(read.etag()));
                if (isApplied(result)) {
                    landed.incrementAndGet();
                }
            }
        });

        assertThat(text(present(store, "counter").body())).startsWith(landed.get() + " ");
        assertThat(landed.get()).isPositive();
    }

    @Test
    void of_all_who_create_one_key_exactly_one_wins_and_its_bytes_stand() throws Exception {
        ConcurrentLinkedQueue<String> winners = new ConcurrentLinkedQueue<>();
        together(writers(), writer -> {
            ObjectStore client = writer % 2 == 0 ? store : other;
            for (int i = 0; i < 200; i++) {
                if (isApplied(client.put("race/" + i, bytes(i + " " + writer), Precondition.ifAbsent()))) {
                    winners.add(i + " " + writer);
                }
            }
        });

        Set<String> standing = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            standing.add(text(present(store, "race/" + i).body()));
        }
        assertThat(winners).hasSize(200).containsExactlyInAnyOrderElementsOf(standing);
    }

    @Test
    void of_all_who_create_one_empty_key_exactly_one_wins() throws Exception {
        AtomicInteger wins = new AtomicInteger();
        together(writers(), writer -> {
            ObjectStore client = writer % 2 == 0 ? store : other;
            for (int i = 0; i < 200; i++) {
                if (isApplied(client.put("race/" + i, EMPTY, Precondition.ifAbsent()))) {
                    wins.incrementAndGet();
                }
            }
        });

        assertThat(wins).hasValue(200);
        assertThat(keys(store, "race/")).hasSize(200);
    }

    @Test
    void creates_swaps_and_deletes_of_one_key_leave_a_history_that_adds_up() throws Exception {
        boolean conditional = store.capabilities().conditionalDelete();
        AtomicInteger balance = new AtomicInteger();
        together(writers(), writer -> {
            ObjectStore client = writer % 2 == 0 ? store : other;
            for (int i = 0; i < rounds(); i++) {
                StoredObject read = client.get("k/x").object();
                byte[] body = bytes(writer + " " + i);
                if (read == null) {
                    if (isApplied(client.put("k/x", body, Precondition.ifAbsent()))) {
                        balance.incrementAndGet();
                    }
                } else if (conditional && i % 2 == 0) {
                    if (client.delete("k/x", read.etag())) {
                        balance.decrementAndGet();
                    }
                } else {
                    client.put("k/x", body, Precondition.ifMatch(read.etag()));
                }
            }
        });

        assertThat(balance.get()).isEqualTo(store.get("k/x").object() == null ? 0 : 1);
    }

    @Test
    void a_reader_during_overwrites_never_sees_half_an_object_nor_none() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        applied(store.put("k", uniform(0), Precondition.none()));
        together(4, member -> {
            if (member == 0) {
                try {
                    for (int i = 1; i <= rounds(); i++) {
                        applied(store.put("k", uniform(i), Precondition.none()));
                    }
                } finally {
                    done.set(true);
                }
            } else {
                while (!done.get()) {
                    byte[] body = present(member % 2 == 0 ? store : other, "k").body();
                    assertThat(Arrays.equals(body, uniform(body.length == 0 ? -1 : body[0]))).as("all of one version")
                            .isTrue();
                }
            }
        });
    }

    /** A body whose length and every byte follow from its number. */
    private static byte[] uniform(int number) {
        byte[] body = new byte[20_000 + 100 * (number & 0x7f)];
        Arrays.fill(body, (byte) (number & 0x7f));
        return body;
    }

    @Test
    void listing_while_others_write_gives_every_lasting_key_and_none_twice() throws Exception {
        List<String> lasting = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            lasting.add("p/%03d".formatted(i));
        }
        inParallel(lasting, key -> applied(store.put(key, EMPTY, Precondition.ifAbsent())));
        AtomicBoolean done = new AtomicBoolean();
        together(4, member -> {
            if (member == 0) {
                try {
                    for (int i = 0; i < Math.max(5, rounds() / 10); i++) {
                        List<String> found = all(store, "p/", 40).stream().map(ListPage.Entry::key).toList();
                        assertThat(found).containsAll(lasting).doesNotHaveDuplicates();
                        if (store.capabilities().orderedList()) {
                            assertThat(found).isSorted();
                        }
                    }
                } finally {
                    done.set(true);
                }
            } else {
                for (int i = 0; !done.get(); i++) {
                    String key = "p/%03d-%d".formatted(i * 7 % 150, member);
                    applied(other.put(key, member == 1 ? EMPTY : bytes("x"), Precondition.none()));
                    other.delete(key);
                }
            }
        });
        assertThat(keys(store, "p/")).containsExactlyInAnyOrderElementsOf(lasting);
    }

    @Test
    void puts_beside_deletes_that_empty_their_prefix_all_land() throws Exception {
        together(writers(), writer -> {
            ObjectStore client = writer % 2 == 0 ? store : other;
            for (int i = 0; i < rounds(); i++) {
                String key = "deep/er/and/deeper/" + writer;
                applied(client.put(key, i % 2 == 0 ? EMPTY : bytes("x"), Precondition.ifAbsent()));
                assertThat(client.get(key).object()).isNotNull();
                client.delete(key);
            }
        });
        assertThat(keys(store, "")).isEmpty();
    }

    // ---- time

    @Test
    void store_time_never_goes_back_by_more_than_the_stated_uncertainty() {
        Instant latest = Instant.MIN;
        for (int i = 0; i < 20; i++) {
            for (Instant sample : samples(i)) {
                assertThat(sample.plus(tolerance())).isAfterOrEqualTo(latest);
                latest = sample.isAfter(latest) ? sample : latest;
            }
        }
        assertThat(store.capabilities().timeUncertainty()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
    }

    private List<Instant> samples(int i) {
        List<@Nullable Instant> samples = new ArrayList<>();
        if (store.put("t/" + i, bytes("x"), Precondition.ifAbsent()) instanceof PutResult.Applied put) {
            samples.add(put.storeTime());
        }
        samples.add(other.get("t/" + i).storeTime());
        samples.add(store.list("t/", null, 10).storeTime());
        samples.add(other.listNames("", null, 10).storeTime());
        List<Instant> given = new ArrayList<>();
        for (Instant sample : samples) {
            if (sample != null) {
                given.add(sample);
            }
        }
        return given;
    }

    @Test
    void last_modified_lies_between_the_store_times_before_and_after_the_put() {
        applied(store.put("before", bytes("x"), Precondition.none()));
        Instant before = store.get("before").storeTime();
        applied(store.put("k", bytes("x"), Precondition.none()));
        GetResult read = store.get("k");
        StoredObject object = read.object();
        if (object == null) {
            throw new AssertionError("put, but not there");
        }

        if (before != null) {
            assertThat(object.lastModified().plus(tolerance())).isAfterOrEqualTo(before);
        }
        if (read.storeTime() != null) {
            assertThat(object.lastModified()).isBeforeOrEqualTo(read.storeTime().plus(tolerance()));
        }
    }

    /** A lease lives by its swaps: each is a write, and LIST says its time as GET does. */
    @Test
    void last_modified_of_a_swap_is_the_time_of_the_swap_in_get_and_list() {
        String etag = applied(store.put("leases/l", bytes("0"), Precondition.ifAbsent()));
        Instant created = present(store, "leases/l").lastModified();
        Duration step = tolerance().plusMillis(1);
        for (int i = 1; present(store, "leases/l").lastModified().isBefore(created.plus(step)); i++) {
            assertThat(i).as("swaps until the time of the last write moves on by " + step).isLessThan(100_000);
            etag = applied(store.put("leases/l", bytes("" + i), Precondition.ifMatch(etag)));
        }
        Instant listed = store.list("leases/", null, 10).entries().getFirst().lastModified();
        assertThat(listed).isAfterOrEqualTo(created.plus(step).minus(tolerance()));
    }

    /** Each of two samples may be early by the uncertainty. */
    private Duration tolerance() {
        return store.capabilities().timeUncertainty();
    }

    // ---- threads and closing

    @Test
    void an_interrupted_thread_keeps_its_flag_and_harms_nobody_else() throws Exception {
        applied(store.put("k", bytes("start"), Precondition.none()));
        List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        Thread thread = Thread.ofVirtual().start(() -> {
            Thread.currentThread().interrupt();
            PutResult put = store.put("k", bytes("by an interrupted thread"), Precondition.none());
            if (put instanceof PutResult.Conflict) {
                wrong.add("a conflict without a precondition");
            }
            try {
                store.get("k");
            } catch (StoreUnavailableException allowed) {
                // It may give up, since it is interrupted.
            }
            if (!Thread.currentThread().isInterrupted()) {
                wrong.add("the flag is gone");
            }
        });
        thread.join();

        assertThat(wrong).isEmpty();
        assertThat(text(present(store, "k").body())).isIn("start", "by an interrupted thread");
        applied(store.put("k", bytes("after"), Precondition.ifMatch(present(other, "k").etag())));
    }

    @Test
    void threads_interrupted_in_the_midst_of_swaps_lose_no_update_of_others() throws Exception {
        applied(store.put("counter", bytes("0"), Precondition.ifAbsent()));
        AtomicBoolean done = new AtomicBoolean();
        Thread victim = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                try {
                    store.put("victim", bytes("x"), Precondition.none());
                    store.get("victim");
                } catch (StoreUnavailableException interrupted) {
                    // What an interrupted thread gets.
                }
                Thread.interrupted();
            }
        });
        AtomicInteger landed = new AtomicInteger();
        try {
            together(4, writer -> {
                for (int i = 0; i < rounds(); i++) {
                    if (writer == 0) {
                        victim.interrupt();
                    }
                    ObjectStore client = writer % 2 == 0 ? store : other;
                    StoredObject read = present(client, "counter");
                    int value = count(read.body());
                    if (isApplied(client.put("counter", bytes((value + 1) + " " + writer + " " + i),
                            Precondition.ifMatch(read.etag())))) {
                        landed.incrementAndGet();
                    }
                }
            });
        } finally {
            done.set(true);
            victim.join();
        }
        assertThat(text(present(other, "counter").body())).startsWith(landed.get() + " ");
    }

    @Test
    void close_may_be_called_twice_and_leaves_the_other_client_working() throws Exception {
        applied(store.put("k", bytes("one"), Precondition.none()));
        store.close();
        store.close();

        assertThat(present(other, "k").body()).isEqualTo(bytes("one"));
        applied(other.put("k", bytes("two"), Precondition.none()));
    }

    @Test
    void a_doctor_finds_it_fit_for_tasks() throws Exception {
        Checkup checkup = Doctor.of(Environment.system()).withClients(writers()).withRounds(10)
                .withLoad(Duration.ofMillis(100)).examine(store, other);

        assertThat(checkup.checks()).as("checks").noneMatch(check -> check.verdict() == Verdict.BAD
                || check.verdict() == Verdict.SKIPPED);
        assertThat(checkup.fit()).isTrue();
        assertThat(checkup.location()).isEqualTo(store.location());
        assertThat(store.list("", null, 1000).entries()).as("what it leaves").isEmpty();
    }

    @Test
    void location_names_a_place_and_no_secret() {
        assertThat(store.location()).isNotBlank().isEqualTo(other.location()).doesNotContainIgnoringCase("password")
                .doesNotContainIgnoringCase("secret");
    }

    // ---- tools

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The number that a counter's body begins with; who wrote it follows. */
    private static int count(byte[] body) {
        String text = text(body);
        int space = text.indexOf(' ');
        return Integer.parseInt(space < 0 ? text : text.substring(0, space));
    }

    private static String applied(PutResult result) {
        return switch (result) {
            case PutResult.Applied applied -> applied.etag();
            case PutResult.Conflict conflict -> fail("conflict: " + conflict);
            case PutResult.Unknown unknown -> throw new AssertionError("unknown", unknown.cause());
        };
    }

    private static void conflict(PutResult result) {
        if (!(result instanceof PutResult.Conflict)) {
            fail("a conflict was due, not " + result);
        }
    }

    private static boolean isApplied(PutResult result) {
        if (result instanceof PutResult.Unknown unknown) {
            throw new AssertionError("unknown", unknown.cause());
        }
        return result instanceof PutResult.Applied;
    }

    private static StoredObject present(ObjectStore client, String key) {
        StoredObject object = client.get(key).object();
        if (object == null) {
            throw new AssertionError("nothing under " + key);
        }
        return object;
    }

    private static List<String> names(ListPage page) {
        return page.entries().stream().map(ListPage.Entry::key).toList();
    }

    private static List<String> keys(ObjectStore client, String prefix) {
        return all(client, prefix, 1000).stream().map(ListPage.Entry::key).toList();
    }

    private static List<ListPage.Entry> all(ObjectStore client, String prefix, int limit) {
        List<ListPage.Entry> entries = new ArrayList<>();
        String after = null;
        while (true) {
            ListPage page = client.list(prefix, after, limit);
            assertThat(page.entries()).hasSizeLessThanOrEqualTo(limit);
            entries.addAll(page.entries());
            if (!page.more()) {
                return entries;
            }
            assertThat(page.entries()).as("a page that says more has entries").isNotEmpty();
            after = page.entries().getLast().key();
        }
    }

    @FunctionalInterface
    private interface Member {
        void run(int number) throws Exception;
    }

    @FunctionalInterface
    private interface Each {
        void run(String item) throws Exception;
    }

    private void inParallel(List<String> items, Each each) throws Exception {
        AtomicInteger next = new AtomicInteger();
        together(writers(), member -> {
            for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
                each.run(items.get(i));
            }
        });
    }

    /**
     * Runs so many at once; the first failure fails the test. On platform threads: a virtual one that never blocks, as with
     * a store in memory, would keep the others off the processor.
     */
    private static void together(int count, Member member) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                Callable<Boolean> body = () -> {
                    start.await();
                    member.run(number);
                    return true;
                };
                running.add(threads.submit(body));
            }
            start.countDown();
            for (Future<?> each : running) {
                try {
                    each.get();
                } catch (ExecutionException failure) {
                    throw new AssertionError("a concurrent client failed: " + failure.getCause(), failure.getCause());
                }
            }
        }
    }
}
