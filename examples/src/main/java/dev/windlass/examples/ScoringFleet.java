package dev.windlass.examples;

import java.time.Duration;
import java.util.List;

import dev.windlass.Windlass;
import dev.windlass.queue.TypeRef;
import dev.windlass.workflow.StepOptions;
import dev.windlass.workflow.StepType;
import dev.windlass.workflow.WorkflowContext;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;

/**
 * A Java fleet with a step in Python: Java counts words, and a worker of {@code score_worker.py}, in a process of its own, scores
 * the counts by numpy.
 */
public final class ScoringFleet {

    /**
     * What Python answers.
     *
     * @param mean of the counts
     * @param spread their standard deviation
     */
    public record Score(double mean, double spread) {}

    static final WorkflowType<List<String>, String> SCORING = WorkflowType.ofGeneric("scoring", new TypeRef<>() {
    }, new TypeRef<>() {
    });
    /** Known here by its name and types alone: no Java has a handler for it. */
    static final StepType<List<Integer>, Score> SCORE = StepType.ofGeneric("score", new TypeRef<>() {
    }, new TypeRef<>() {
    });

    private ScoringFleet() {
    }

    static String scoring(WorkflowContext ctx, List<String> texts) {
        List<Integer> counts = ctx.map("count", texts, Integer.class, 4, StepOptions.ofDefaults(),
                (step, text) -> text.split(" ").length);
        Score score = ctx.call(SCORE, counts);
        return "mean " + score.mean() + ", spread " + score.spread();
    }

    /**
     * Runs it; some Python must score.
     *
     * @param args the store; default {@code file:./data}
     */
    public static void main(String[] args) throws InterruptedException {
        try (var windlass = Windlass.connect(args.length > 0 ? args[0] : "file:./data")) {
            var workflows = Workflows.on(windlass.engine()).workflow(SCORING, ScoringFleet::scoring);
            try (var worker = workflows.worker(windlass.worker()).start()) {
                var run = workflows.start(SCORING, "scoring-1", List.of("one", "one two three", "one two"));
                System.out.println(run.await(Duration.ofMinutes(1)) + ", asked for by " + worker.id());
            }
        }
    }
}
