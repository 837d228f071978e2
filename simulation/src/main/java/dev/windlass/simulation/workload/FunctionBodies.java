package dev.windlass.simulation.workload;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.windlass.queue.RetryPolicy;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.check.FunctionChecks;
import dev.windlass.workflow.ChildOptions;
import dev.windlass.workflow.Promise;
import dev.windlass.workflow.SignalTimeoutException;
import dev.windlass.workflow.StepContext;
import dev.windlass.workflow.StepFailedException;
import dev.windlass.workflow.StepOptions;
import dev.windlass.workflow.StepType;
import dev.windlass.workflow.WorkflowContext;
import dev.windlass.workflow.WorkflowType;

/** Durable functions of a history: each follows its script, and tells the checks what it sees. */
final class FunctionBodies {
    static final WorkflowType<String, String> FLOW = WorkflowType.of("flow", String.class, String.class);
    /** A type of step that all workers know. */
    static final StepType<String, String> PLAIN = StepType.of("plain", String.class, String.class);
    /** A type that only one of the workers knows. */
    static final StepType<String, String> RARE = StepType.of("rare", String.class, String.class);
    private static final StepOptions QUICK = StepOptions
            .retry(new RetryPolicy(4, Duration.ofMillis(200), Duration.ofSeconds(4), 2, 0.2));

    private final FunctionChecks checks;
    private final LimitedWait limitedWait;
    private final Map<String, Integer> crashes = new HashMap<>();

    /** Told of a wait that has a limit, each time that its function comes to it. */
    interface LimitedWait {
        void begins(String workflowId, String wait, Instant due);
    }

    FunctionBodies(FunctionChecks checks, LimitedWait limitedWait) {
        this.checks = checks;
        this.limitedWait = limitedWait;
    }

    /** The handler of both types of steps. */
    String call(Actor actor, StepContext step, String input) throws InterruptedException {
        checks.started(actor.name(), step, false);
        actor.environment().sleep(Duration.ofMillis(input.length() * 200L));
        return "called " + input;
    }

    /** One run of a function, from its start; it goes on as a new run with what is left of its script. */
    String run(Actor actor, WorkflowContext ctx, String script) throws Exception {
        var function = new Function(actor, ctx);
        var said = new ArrayList<String>();
        int next = script.indexOf(FunctionScript.NEXT);
        for (String one : (next < 0 ? script : script.substring(0, next)).split(";", -1)) {
            said.add(function.follow(one.split(" ", -1)));
        }
        return next < 0 ? String.join(",", said) : ctx.continueAsNew(FLOW, script.substring(next + 1));
    }

    private final class Function {
        private final Actor actor;
        private final WorkflowContext ctx;
        private final String id;
        private final int run;
        private int maps;
        private int children;
        private int looks;

        Function(Actor actor, WorkflowContext ctx) {
            this.actor = actor;
            this.ctx = ctx;
            this.id = ctx.workflowId();
            this.run = ctx.run();
        }

        String follow(String[] words) throws Exception {
            return switch (words[0]) {
                case "s" -> get(step("s", number(words[1]), (int) number(words[2])));
                case "o" -> once(number(words[1]));
                case "k" -> get(ctx.stepAsync("k", String.class, QUICK, step -> {
                    checks.started(actor.name(), step, false);
                    if (crashes.merge(step.idempotencyKey(), 1, Integer::sum) <= number(words[1])) {
                        actor.crash();
                    }
                    return "lived";
                }));
                case "t" -> get(ctx.timer(Duration.ofMillis(number(words[1]))));
                case "g" -> get(ctx.signal(words[1], String.class));
                case "w" -> both(words[1]);
                case "a" -> any(words[1], number(words[2]));
                case "x" -> limited(Duration.ofMillis(number(words[1])));
                case "c" -> get(ctx.callAsync(PLAIN, "cc", QUICK));
                case "r" -> get(ctx.callAsync(RARE, "r", QUICK));
                case "m" -> map((int) number(words[1]), (int) number(words[2]));
                case "p" -> parallel(number(words[1]), number(words[2]));
                case "h" -> child(FunctionScript.CHILDREN.get((int) number(words[1])));
                case "H" -> unawaited(number(words[1]) == 1);
                case "n" -> now();
                case "P" -> "patched " + ctx.patched("one");
                case "u" -> ctx.signal(words[1], String.class).name();
                case "f" -> throw new IllegalStateException("meant to fail");
                default -> throw new IllegalArgumentException(words[0]);
            };
        }

        private static long number(String word) {
            return Long.parseLong(word);
        }

        private Promise<String> step(String name, long millis, int fails) {
            return ctx.stepAsync(name, String.class, QUICK, step -> {
                checks.started(actor.name(), step, false);
                actor.environment().sleep(Duration.ofMillis(millis));
                if (step.attempt() <= fails) {
                    throw new IllegalStateException("not yet");
                }
                return "did " + step.name();
            });
        }

        private String get(Promise<?> promise) {
            Object value = promise.get();
            String text = value == null ? "" : value.toString();
            checks.got(id, run, promise.name(), text);
            return text;
        }

        private String once(long millis) {
            Promise<String> promise = ctx.stepAsync("o", String.class, QUICK.withAtMostOnce(), step -> {
                checks.started(actor.name(), step, true);
                actor.environment().sleep(Duration.ofMillis(millis));
                return "did once";
            });
            try {
                return get(promise);
            } catch (StepFailedException e) {
                checks.gotFailure(id, run, promise.name(), e.error().type());
                return "unknown";
            }
        }

        private String both(String name) {
            Promise<String> first = ctx.signal(name, String.class);
            Promise<String> second = ctx.signal(name, String.class);
            ctx.all(List.of(first, second));
            return get(first) + get(second);
        }

        private String any(String name, long millis) {
            Promise<String> signal = ctx.signal(name, String.class);
            Promise<Void> timer = ctx.timer(Duration.ofMillis(millis));
            Promise<?> first = ctx.any(List.of(signal, timer));
            return get(first) + get(signal);
        }

        private String limited(Duration limit) {
            Instant due = ctx.now().plus(limit);
            Promise<String> promise = ctx.signal("extra", String.class, limit);
            checks.waitsUntil(id, run, promise.name(), due);
            limitedWait.begins(id, promise.name(), due);
            try {
                return get(promise);
            } catch (SignalTimeoutException e) {
                checks.gotFailure(id, run, promise.name(), "timeout");
                return "late";
            }
        }

        private String map(int items, int parallelism) {
            String base = ++maps == 1 ? "m" : "m#" + maps;
            List<String> results = ctx.map("m", IntStream.range(0, items).boxed().toList(), String.class, parallelism,
                    QUICK, (step, item) -> {
                        checks.started(actor.name(), step, false);
                        actor.environment().sleep(Duration.ofMillis(item * 150L));
                        return "item " + item;
                    });
            for (int i = 0; i < results.size(); i++) {
                checks.got(id, run, base + '[' + i + ']', results.get(i));
            }
            return results.toString();
        }

        private String parallel(long millis, long timer) {
            Promise<String> first = step("p", millis, 0);
            Promise<String> second = step("p", 300, 1);
            Promise<Void> third = ctx.timer(Duration.ofMillis(timer));
            ctx.all(List.of(first, second, third));
            return get(first) + get(second) + get(third);
        }

        private String child(String script) {
            Promise<String> promise = ctx.childAsync(FLOW, nextChild(), script, ChildOptions.ofDefaults());
            try {
                return get(promise);
            } catch (StepFailedException e) {
                checks.gotFailure(id, run, promise.name(), e.error().type());
                return "failed";
            }
        }

        private String nextChild() {
            return id + '.' + (run == 1 ? "c" : run + "c") + ++children;
        }

        private String unawaited(boolean abandoned) {
            String child = nextChild();
            ChildOptions how = abandoned ? ChildOptions.ofDefaults().abandoned() : ChildOptions.ofDefaults();
            Promise<String> promise = ctx.childAsync(FLOW, child, "t 3000;s 0 0", how);
            checks.begins(id, run, child, abandoned);
            return promise.name();
        }

        private String now() {
            int look = ++looks;
            checks.same(id, run, "time " + look, ctx.now().toString());
            checks.same(id, run, "uuid " + look, ctx.uuid().toString());
            return "now";
        }
    }
}
