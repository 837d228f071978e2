package dev.windlass.examples;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import dev.windlass.Windlass;
import dev.windlass.workflow.Placement;
import dev.windlass.workflow.StepOptions;
import dev.windlass.workflow.StepType;
import dev.windlass.workflow.WorkflowContext;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;

/** Documents that the whole fleet works on, eight at a time, and one summary of all. */
public final class DocumentPipeline {

    static final WorkflowType<Integer, String> PIPELINE = WorkflowType.of("documents", Integer.class, String.class);
    static final StepType<String, Integer> COUNT_WORDS = StepType.of("count-words", String.class, Integer.class);

    private DocumentPipeline() {
    }

    static String pipeline(WorkflowContext ctx, int documents) {
        List<String> texts = ctx.map("fetch", numbers(documents), String.class, 4, StepOptions.ofDefaults(),
                (step, number) -> "document number " + number + (number % 2 == 0 ? "" : " is odd"));
        // Any worker that has registered the type takes part; what each has counted is recorded.
        List<Integer> counts = ctx.mapCalls("count", texts, COUNT_WORDS, 8,
                StepOptions.ofDefaults().withPlacement(Placement.FLEET));
        int words = counts.stream().mapToInt(Integer::intValue).sum();
        return ctx.step("summary", String.class, step -> documents + " documents, " + words + " words");
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    /**
     * Runs it on a fleet of two.
     *
     * @param args the store; default {@code file:./data}
     */
    public static void main(String[] args) throws InterruptedException {
        String store = args.length > 0 ? args[0] : "file:./data";
        try (var windlass = Windlass.connect(store); var other = Windlass.connect(store)) {
            var owner = Workflows.on(windlass.engine()).workflow(PIPELINE, DocumentPipeline::pipeline);
            var helper = Workflows.on(other.engine()).stepType(COUNT_WORDS,
                    (step, text) -> text.split(" ").length);
            try (var first = owner.worker(windlass.worker()).start();
                    var second = helper.worker(other.worker()).start()) {
                var run = owner.start(PIPELINE, "documents-1", 20);
                System.out.println(run.await(Duration.ofMinutes(1)));
                System.out.println("owned by " + first.id() + ", counted by " + second.id());
            }
        }
    }
}
