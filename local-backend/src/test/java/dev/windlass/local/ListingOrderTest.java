package dev.windlass.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;

import dev.windlass.InvalidInputException;
import dev.windlass.environment.Environment;
import dev.windlass.store.ListPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listings against a sorted set, over random keys, with directories divided at few objects and at many. */
class ListingOrderTest {

    private static final String ALPHABET = "aabbcAB-./0~^+!% ";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {3, 17, 2048})
    void list_randomKeysPutAndDeleted_isWhatASortedSetSays(int splitAt) {
        Random random = new Random(splitAt);
        TreeSet<String> model = new TreeSet<>();
        try (ObjectStore store = new FileObjectStore(new StoreDirectory(directory.resolve("s")), false,
                Environment.system(), splitAt)) {
            for (int step = 0; step < 2000; step++) {
                String key = randomKey(random);
                if (key != null && random.nextInt(4) > 0) {
                    byte[] body = new byte[random.nextInt(3)];
                    store.put(key, body, random.nextBoolean() ? Precondition.ifAbsent() : Precondition.none());
                    model.add(key);
                } else if (!model.isEmpty()) {
                    String gone = random.nextBoolean() && key != null ? key : model.ceiling(model.first());
                    store.delete(gone);
                    model.remove(gone);
                }
                if (step % 10 == 0) {
                    String prefix = prefix(random, model);
                    String after = random.nextInt(3) == 0 ? null : randomText(random, 6);
                    int limit = 1 + random.nextInt(20);
                    assertThat(keys(store.list(prefix, after, limit))).as("list('%s', '%s', %d)", prefix, after, limit)
                            .isEqualTo(expected(model, prefix, after, limit));
                }
            }
            List<String> all = new ArrayList<>();
            String after = null;
            ListPage page;
            do {
                page = store.list("", after, 37);
                all.addAll(keys(page));
                after = all.isEmpty() ? null : all.getLast();
            } while (page.more());
            assertThat(all).containsExactlyElementsOf(model);
            for (String key : model) {
                assertThat(store.get(key).object()).as(key).isNotNull();
            }
        }
    }

    private static List<String> keys(ListPage page) {
        return page.entries().stream().map(ListPage.Entry::key).toList();
    }

    private static List<String> expected(NavigableSet<String> model, String prefix, @Nullable String after, int limit) {
        return model.stream().filter(key -> key.startsWith(prefix) && (after == null || key.compareTo(after) > 0))
                .limit(limit).toList();
    }

    private static String prefix(Random random, NavigableSet<String> model) {
        String key = model.isEmpty() ? null : model.floor(model.last());
        String some = model.ceiling(randomText(random, 3));
        String from = some == null ? key : some;
        return from == null || random.nextBoolean() ? "" : from.substring(0, from.indexOf('/') + 1);
    }

    private static String randomText(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(length); i > 0; i--) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    /** A key that the rules allow, or null. */
    private static @Nullable String randomKey(Random random) {
        String key = randomText(random, 12);
        if (random.nextInt(20) == 0) {
            key = key + randomText(random, 1).repeat(120) + randomText(random, 4).repeat(20);
        }
        try {
            Keys.checkKey(key);
            return key;
        } catch (InvalidInputException notAKey) {
            return null;
        }
    }
}
