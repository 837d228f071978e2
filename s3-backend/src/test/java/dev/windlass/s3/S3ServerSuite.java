package dev.windlass.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.windlass.environment.Environment;
import dev.windlass.s3.server.S3Server;
import dev.windlass.store.GetResult;
import dev.windlass.store.ListPage;
import dev.windlass.store.NamesPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoredObject;
import org.junit.jupiter.api.Test;

/** A real server: what the scripted one cannot show. The same for every server. */
abstract class S3ServerSuite extends S3TraitsSuite {

    @Test
    void put_readBack_isWhatWasWritten() {
        try (ObjectStore store = fresh("team/a")) {
            PutResult.Applied applied = applied(store.put("x/y.json", "one".getBytes(UTF_8), Precondition.ifAbsent()));
            GetResult result = store.get("x/y.json");
            StoredObject object = object(result);
            assertThat(object.body()).asString(UTF_8).isEqualTo("one");
            assertThat(object.etag()).isEqualTo(applied.etag());
            assertThat(object.key()).isEqualTo("x/y.json");
            assertThat(result.storeTime()).isNotNull();
            assertThat(applied.storeTime()).isNotNull();
            assertThat(store.put("x/y.json", new byte[0], Precondition.ifAbsent()))
                    .isInstanceOf(PutResult.Conflict.class);
            assertThat(store.put("x/y.json", "two".getBytes(UTF_8), Precondition.ifMatch(applied.etag())))
                    .isInstanceOf(PutResult.Applied.class);
            assertThat(store.put("x/y.json", "three".getBytes(UTF_8), Precondition.ifMatch(applied.etag())))
                    .isInstanceOf(PutResult.Conflict.class);
            assertThat(store.put("x/none.json", "three".getBytes(UTF_8), Precondition.ifMatch(applied.etag())))
                    .isInstanceOf(PutResult.Conflict.class);
            store.delete("x/y.json");
            store.delete("x/y.json");
            assertThat(store.get("x/y.json").object()).isNull();
        }
    }

    @Test
    void put_largeAndEmptyBodies_areKeptWhole() {
        try (ObjectStore store = fresh("")) {
            byte[] large = new byte[5 << 20];
            Environment.system().random().nextBytes(large);
            store.put("large", large, Precondition.none());
            store.put("empty", new byte[0], Precondition.none());
            assertThat(object(store.get("large")).body()).isEqualTo(large);
            assertThat(object(store.get("empty")).body()).isEmpty();
        }
    }

    @Test
    void put_manyAtOnceOnOneVersion_oneWins() throws Exception {
        try (ObjectStore store = fresh("race"); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Precondition precondition = Precondition.ifAbsent();
            for (int round = 0; round < 20; round++) {
                List<Future<PutResult>> puts = new ArrayList<>();
                for (int i = 0; i < 32; i++) {
                    byte[] body = (round + "-" + i).getBytes(UTF_8);
                    Precondition same = precondition;
                    puts.add(threads.submit(() -> store.put("one", body, same)));
                }
                List<PutResult.Applied> winners = new ArrayList<>();
                for (Future<PutResult> each : puts) {
                    if (each.get() instanceof PutResult.Applied applied) {
                        winners.add(applied);
                    }
                }
                assertThat(winners).hasSize(1);
                precondition = Precondition.ifMatch(winners.getFirst().etag());
            }
        }
    }

    @Test
    void list_awkwardKeysAndPages_eachOnceInOrder() {
        List<String> keys = List.of("l/%2F%", "l/a b", "l/a&b", "l/a+b", "l/a=b?c", "l/a~", "l/b'\"", "l/c/d", "l/e#");
        try (ObjectStore store = fresh("pre fix+1")) {
            for (String key : keys) {
                applied(store.put(key, key.getBytes(UTF_8), Precondition.ifAbsent()));
            }
            applied(store.put("lz/other", new byte[0], Precondition.none()));
            for (String key : keys) {
                assertThat(object(store.get(key)).body()).asString(UTF_8).isEqualTo(key);
            }
            List<String> found = new ArrayList<>();
            String last = null;
            ListPage page;
            do {
                page = store.list("l/", last, 2);
                assertThat(page.entries()).hasSizeLessThanOrEqualTo(2);
                page.entries().forEach(entry -> found.add(entry.key()));
                last = found.getLast();
            } while (page.more());
            assertThat(found).isEqualTo(keys.stream().sorted().toList());
            assertThat(store.list("l/", "l/b", 1).entries()).extracting(ListPage.Entry::key).containsExactly("l/b'\"");
            assertThat(store.list("nothing/", null, 10).entries()).isEmpty();
        }
    }

    @Test
    void listNames_pages_eachNameOnceAndNoObjects() {
        try (ObjectStore store = fresh("p")) {
            for (String name : List.of("a", "a-b", "a0", "b", "c")) {
                for (int i = 0; i < 3; i++) {
                    store.put("q/" + name + "/" + i, new byte[0], Precondition.none());
                }
            }
            store.put("q/object", new byte[0], Precondition.none());
            List<String> found = new ArrayList<>();
            String last = null;
            NamesPage page;
            do {
                page = store.listNames("q/", last, 2);
                found.addAll(page.names());
                last = found.getLast();
            } while (page.more());
            assertThat(found).containsExactly("a-b", "a", "a0", "b", "c");
        }
    }

    @Test
    void everyRequest_noSuchBucket_saysSo() {
        try (ObjectStore store = open(server().storeUri("no-such-bucket", "p"))) {
            for (Runnable request : new Runnable[]{() -> store.get("k"), () -> store.list("", null, 1),
                () -> store.put("k", new byte[0], Precondition.ifMatch("\"e\"")), () -> store.delete("k")}) {
                assertThatThrownBy(request::run).isInstanceOf(StoreRefusedException.class)
                        .hasMessageContaining("there is no bucket 'no-such-bucket'");
            }
        }
    }

    private ObjectStore fresh(String prefix) {
        S3Server server = server();
        return open(server.storeUri(server.newBucket(), prefix.replace(" ", "%20")));
    }
}
