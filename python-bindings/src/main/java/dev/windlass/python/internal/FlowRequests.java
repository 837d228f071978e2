package dev.windlass.python.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.windlass.InvalidInputException;
import dev.windlass.workflow.ChildOptions;
import dev.windlass.workflow.Promise;
import dev.windlass.workflow.StepFunction;
import dev.windlass.workflow.StepOptions;
import dev.windlass.workflow.StepType;
import dev.windlass.workflow.WorkflowContext;
import dev.windlass.workflow.WorkflowType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What one durable function of Python's has asked its context for, by Python's numbers. The function's thread only. */
final class FlowRequests {
    private final WorkflowContext context;
    private final Invocations invocations;
    private final long flow;
    private final long worker;
    private final WorkflowType<JsonNode, JsonNode> type;
    private final Map<Long, Promise<?>> promises = new HashMap<>();
    /** Those that could not begin: whoever asks for their end is told why. */
    private final Map<Long, RuntimeException> refused = new HashMap<>();

    /** @param type the function's own */
    FlowRequests(WorkflowContext context, Invocations invocations, long flow, long worker,
            WorkflowType<JsonNode, JsonNode> type) {
        this.context = context;
        this.invocations = invocations;
        this.flow = flow;
        this.worker = worker;
        this.type = type;
    }

    /** @param json the result */
    record Answer(String json) {
        private static final Answer NOTHING = new Answer("null");

        static Answer of(@Nullable Object value) {
            return value instanceof JsonNode tree ? new Answer(BoundaryJson.text(tree)) : NOTHING;
        }
    }

    /** What it comes to; null if it has begun, and Python will ask for its end. */
    @Nullable
    Answer perform(Arguments asked) {
        String what = asked.text("ask");
        return switch (what) {
            case "step", "call", "timer", "until", "signal", "child" -> {
                begin(asked, what);
                yield null;
            }
            case "get" -> Answer.of(promise(asked.number("of")).get());
            case "any" -> new Answer(Long.toString(any(asked)));
            case "map" -> new Answer(BoundaryJson.text(map(asked)));
            case "mapCalls" -> new Answer(BoundaryJson.text(mapCalls(asked)));
            case "now" -> new Answer(BoundaryJson.quoted(context.now().toString()));
            case "continue" -> Answer.of(context.continueAsNew(
                    type.withVersion(asked.count("version", type.version())), asked.tree("input")));
            case "patched" -> new Answer(Boolean.toString(context.patched(asked.text("id"))));
            default -> throw new InvalidInputException("A durable function cannot ask for \"" + what
                    + "\": the Python package and the jars beside it are of different versions.");
        };
    }

    private void begin(Arguments asked, String what) {
        long number = asked.number("token");
        try {
            promises.put(number, switch (what) {
                case "step" -> context.stepAsync(asked.text("name"), JsonNode.class, options(asked), body(number));
                case "call" -> context.callAsync(
                        StepType.of(asked.text("name"), JsonNode.class, JsonNode.class), asked.tree("input"),
                        options(asked));
                case "timer" -> context.timer(asked.millis("millis", Duration.ZERO));
                case "until" -> until(asked);
                case "signal" -> signal(asked);
                default -> context.childAsync(
                        WorkflowType.of(asked.text("type"), JsonNode.class, JsonNode.class)
                                .withVersion(asked.count("version", 1)),
                        asked.text("workflow"), asked.tree("input"), child(asked));
            });
        } catch (InvalidInputException | IllegalStateException e) {
            refused.put(number, e);
        }
    }

    private ArrayNode map(Arguments asked) {
        long number = asked.number("token");
        List<Integer> items = new ArrayList<>();
        for (int i = 0; i < asked.count("count", 0); i++) {
            items.add(i);
        }
        return array(context.map(asked.text("name"), items, JsonNode.class, asked.count("parallelism", 16),
                options(asked), (step, item) -> {
                    ObjectNode about = BoundaryJson.object().put("worker", worker).put("flow", flow)
                            .put("body", number).put("item", item);
                    return invocations.run(about, step, JsonNodeFactory.instance.nullNode());
                }));
    }

    private ArrayNode mapCalls(Arguments asked) {
        List<JsonNode> items = new ArrayList<>();
        asked.tree("items").forEach(items::add);
        return array(context.mapCalls(asked.text("name"), items,
                StepType.of(asked.text("kind"), JsonNode.class, JsonNode.class), asked.count("parallelism", 16),
                options(asked)));
    }

    private static ArrayNode array(List<JsonNode> results) {
        ArrayNode array = BoundaryJson.object().putArray("results");
        results.forEach(array::add);
        return array;
    }

    private StepFunction<JsonNode> body(long number) {
        return step -> {
            ObjectNode about = BoundaryJson.object().put("worker", worker).put("flow", flow).put("body", number);
            return invocations.run(about, step, JsonNodeFactory.instance.nullNode());
        };
    }

    private Promise<Void> until(Arguments asked) {
        Instant time = asked.instant("time");
        Instant now = context.now();
        return context.timer(time == null || time.isBefore(now) ? Duration.ZERO : Duration.between(now, time));
    }

    private Promise<JsonNode> signal(Arguments asked) {
        String name = asked.text("name");
        Duration limit = asked.millis("limitMillis");
        return limit == null ? context.signal(name, JsonNode.class) : context.signal(name, JsonNode.class, limit);
    }

    private static ChildOptions child(Arguments asked) {
        ChildOptions options = ChildOptions.ofDefaults();
        return asked.flag("abandoned", false) ? options.abandoned() : options;
    }

    private static StepOptions options(Arguments asked) {
        return StepOptionsJson.read(asked.object("options"));
    }

    private Promise<?> promise(long number) {
        RuntimeException why = refused.get(number);
        if (why != null) {
            throw why;
        }
        Promise<?> promise = promises.get(number);
        if (promise == null) {
            throw new InvalidInputException("This run has not asked for number " + number + ".");
        }
        return promise;
    }

    private long any(Arguments asked) {
        List<Promise<?>> several = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        for (JsonNode number : asked.tree("of")) {
            numbers.add(number.asLong());
            several.add(promise(number.asLong()));
        }
        Promise<?> first = context.any(several);
        return numbers.get(several.indexOf(first));
    }
}
