package dev.windlass.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.TaskInfo;
import dev.windlass.store.ListPage;

/** What waits in a queue, for people to look at. */
final class Waiting {
    private static final int MOST = 1000;
    private static final int PAGE = 1000;
    private static final int PARALLEL = 32;

    private Waiting() {
    }

    private record Entry(int level, ReadyKey key) {}

    /** At most so many tasks that wait: what is due first, in the order of claims; then by due time. */
    static List<TaskInfo> peek(Core core, String queue, int limit) {
        if (limit < 1 || limit > MOST) {
            throw new InvalidInputException("The limit is " + limit + ". Use 1 to " + MOST + ".");
        }
        var entries = new ArrayList<Entry>();
        for (String level : core.documents().names(Keys.readyQueue(queue))) {
            if (level.length() == 1 && Character.isDigit(level.charAt(0))) {
                collect(core, queue, level.charAt(0) - '0', limit, entries);
            }
        }
        Instant now = core.clock().now();
        Comparator<Entry> byDue = Comparator.comparing(entry -> entry.key().due());
        entries.sort(Comparator.<Entry>comparingInt(entry -> entry.key().due().isAfter(now) ? 10 : entry.level())
                .thenComparing(byDue).thenComparing(entry -> entry.key().key()));
        var tasks = new ArrayList<TaskInfo>();
        // A key may be garbage: so read on until there are enough.
        for (int begin = 0; begin < entries.size() && tasks.size() < limit; begin += limit) {
            List<Entry> some = entries.subList(begin, Math.min(entries.size(), begin + limit));
            var read = new TaskDocument[some.size()];
            var indices = new ArrayList<Integer>();
            for (int i = 0; i < some.size(); i++) {
                indices.add(i);
            }
            Fork.forEach(core.environment(), "windlass-peek", indices, PARALLEL, i -> {
                TaskDocument document = core.tasks().readDocument(some.get(i).key().taskId());
                if (document != null && document.state() == TaskState.PENDING
                        && some.get(i).key().key().equals(document.readyKey())) {
                    read[i] = document;
                }
            });
            for (TaskDocument document : read) {
                if (document != null && tasks.size() < limit) {
                    tasks.add(core.payloads().info(document));
                }
            }
        }
        return tasks;
    }

    private static void collect(Core core, String queue, int level, int limit, List<Entry> entries) {
        boolean ordered = core.store().capabilities().orderedList();
        String after = null;
        int seen = 0;
        while (true) {
            ListPage page = core.documents().list(Keys.readyLevel(queue, level), after, PAGE);
            for (ListPage.Entry entry : page.entries()) {
                ReadyKey key = ReadyKey.parse(entry.key());
                if (key != null && !key.wake()) {
                    entries.add(new Entry(level, key));
                    seen++;
                }
            }
            if (!page.more() || page.entries().isEmpty() || (ordered && seen >= 2 * limit)) {
                return;
            }
            after = page.entries().getLast().key();
        }
    }
}
