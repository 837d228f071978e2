package dev.windlass.workflow;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What tests of durable functions share: a bucket, processes that know one function, and what has begun in them. */
abstract class FunctionScene<I> {
    final Bucket bucket = new Bucket();
    final List<String> begun = new CopyOnWriteArrayList<>();
    private final WorkflowType<I, String> type;

    FunctionScene(WorkflowType<I, String> type) {
        this.type = type;
    }

    final String mark(String step) {
        begun.add(step);
        return step;
    }

    final Node node(WorkflowFunction<I, String> function) {
        Node node = new Node(bucket);
        node.workflows().workflow(type, function);
        return node;
    }
}
