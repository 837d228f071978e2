package dev.windlass.workflow.internal;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.queue.spi.Documents;
import dev.windlass.store.ListPage;

/** Keys below a prefix, page by page. */
final class Listing {
    private static final int PAGE = 1000;

    private Listing() {
    }

    /** All keys below a prefix, as the store lists them: one LIST per thousand. */
    static List<String> keys(Documents documents, String prefix) {
        List<String> keys = new ArrayList<>();
        String after = null;
        boolean more = true;
        while (more) {
            ListPage page = documents.list(prefix, after, PAGE);
            for (ListPage.Entry entry : page.entries()) {
                after = entry.key();
                keys.add(after);
            }
            more = page.more() && !page.entries().isEmpty();
        }
        return keys;
    }
}
