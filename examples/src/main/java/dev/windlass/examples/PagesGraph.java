package dev.windlass.examples;

import java.time.Duration;
import java.util.List;

import dev.windlass.Windlass;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.TypeRef;
import dev.windlass.workflow.Dag;
import dev.windlass.workflow.DagHandle;
import dev.windlass.workflow.OnFailure;
import dev.windlass.workflow.Placement;
import dev.windlass.workflow.StepContext;
import dev.windlass.workflow.StepOptions;
import dev.windlass.workflow.StepRef;
import dev.windlass.workflow.Workflows;

/** A typed graph: splits a document into pages, works on each page wherever there is room, and puts the findings together. */
public final class PagesGraph {
    /** What a run is given. */
    record Document(String title, String text, boolean isPrivate) {}

    /** What is found on one page. */
    record Page(int words, String longest) {}

    /** What a run results in. */
    record Summary(String title, int pages, int words, String longest) {}

    private static final TypeRef<List<String>> TEXTS = new TypeRef<>() {
    };

    static final Dag<Document, Summary> PAGES = Dag.define("pages", Document.class, Summary.class, d -> {
        StepRef<String> text = d.when(d.input(), Document::isPrivate)
                .step("redact", String.class, (step, document) -> document.text().replaceAll("\\d+", "***"));
        StepRef<List<String>> pages = d.join("split", TEXTS, d.input(), text.optional(),
                (step, document, redacted) -> List.of(redacted.orElse(document.text()).split("\\R\\R")));
        StepRef<List<Page>> found = d.with(StepOptions.retry(RetryPolicy.exponential(3))
                .withOnFailure(OnFailure.FAIL).withPlacement(Placement.FLEET).withTimeout(Duration.ofMinutes(1)))
                .map("read", Page.class, pages, 32, (step, page) -> read(page));
        return d.join("summarise", Summary.class, d.input(), found, PagesGraph::summarise);
    });

    private PagesGraph() {
    }

    private static Page read(String page) {
        List<String> words = List.of(page.split("\\s+"));
        return new Page(words.size(), words.stream().reduce("", (a, b) -> b.length() > a.length() ? b : a));
    }

    private static Summary summarise(StepContext step, Document document, List<Page> pages) {
        return new Summary(document.title(), pages.size(), pages.stream().mapToInt(Page::words).sum(),
                pages.stream().map(Page::longest).reduce("", (a, b) -> b.length() > a.length() ? b : a));
    }

    /**
     * Runs the graph on one document.
     *
     * @param args the store; default {@code file:./data}
     */
    public static void main(String[] args) throws InterruptedException {
        String store = args.length > 0 ? args[0] : "file:./data";
        var document = new Document("minutes", "We met at 9.\n\nNobody came,\nastonishingly.\n\nWe left at 10.", true);
        try (var windlass = Windlass.connect(store); var another = Windlass.connect(store)) {
            Workflows workflows = Workflows.on(windlass.engine()).register(PAGES);
            Workflows helping = Workflows.on(another.engine()).register(PAGES); // as another process would
            try (var worker = workflows.worker(windlass.worker()).start();
                    var helper = helping.worker(another.worker()).start()) {
                DagHandle<Summary> run = workflows.start(PAGES, "minutes-2026-11", document);
                System.out.println(run.await(Duration.ofMinutes(1)));
                System.out.println(run.workflow().steps().size() + " steps, of " + run.workflow().definition());
            }
        }
    }
}
