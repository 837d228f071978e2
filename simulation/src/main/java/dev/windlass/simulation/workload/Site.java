package dev.windlass.simulation.workload;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.windlass.Windlass;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskHandler;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.Simulation;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A process of a simulation with the real queue on it, and what tests ask about the store behind it. */
public final class Site {
    public static final String QUEUE = "q";
    public static final TaskType<String, String> ECHO = TaskType.of("echo", String.class, String.class);
    public static final TaskHandler<String, String> ECHOES = (task, input) -> "echo " + input;
    public static final Duration LONG = Duration.ofMinutes(10);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    public final Simulation sim;
    public final Actor actor;
    public final Windlass windlass;

    private Site(Simulation sim, Actor actor, Windlass windlass) {
        this.sim = sim;
        this.actor = actor;
        this.windlass = windlass;
    }

    public static Site of(Simulation sim, String name) {
        return of(sim, sim.actor(name));
    }

    public static Site of(Simulation sim, Actor actor) {
        return of(sim, actor, builder -> {});
    }

    public static Site of(Simulation sim, Actor actor, Consumer<Windlass.Builder> settings) {
        // What a worker looks at before it starts has a test of its own; histories are about tasks.
        Windlass.Builder builder = Windlass.builder().environment(actor.environment()).startCheck(false);
        settings.accept(builder);
        return new Site(sim, actor, builder.over(actor.store()));
    }

    public Worker work(TaskHandler<String, String> handler) {
        return work(handler, builder -> {});
    }

    public Worker work(TaskHandler<String, String> handler, Consumer<Worker.Builder> settings) {
        Worker.Builder builder = windlass.worker().queue(QUEUE).id(actor.name()).handle(ECHO, handler);
        settings.accept(builder);
        return builder.start();
    }

    public TaskHandle<String> submit(String input) {
        return windlass.queue(QUEUE).submit(ECHO, input);
    }

    public TaskHandle<String> submit(String input, SubmitOptions options) {
        return windlass.queue(QUEUE).submit(ECHO, input, options);
    }

    public TaskHandle<String> handle(String id) {
        return windlass.queue(QUEUE).handle(ECHO, id);
    }

    public TaskInfo info(String id) {
        return handle(id).get();
    }

    /** A handler that runs for a while, and is interruptible. */
    public TaskHandler<String, String> sleeper(Duration length) {
        return (task, input) -> {
            actor.environment().sleep(length);
            return "slept " + input;
        };
    }

    /** The key of a task's object, without a request. */
    public static String taskKey(Simulation sim, String id) {
        return sim.store().keys("tasks/").stream().filter(key -> key.endsWith('/' + id + ".json")).findFirst()
                .orElse("tasks/none");
    }

    /** A task's body, without a request; an empty node if there is none. */
    public static JsonNode task(Simulation sim, String id) {
        return json(sim.store().peek(taskKey(sim, id)));
    }

    /** The status in a task's body, without a request. */
    public static String status(Simulation sim, String id) {
        return task(sim, id).path("status").asString("");
    }

    public static JsonNode json(@Nullable StoredObject object) {
        if (object == null) {
            return MAPPER.missingNode();
        }
        return MAPPER.readTree(object.body());
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The events of a task's history, in order. */
    public static List<String> events(Simulation sim, String id) {
        var events = new ArrayList<String>();
        task(sim, id).path("history").forEach(line -> events.add(line.path("event").asString("")));
        return events;
    }

    /** All claims that the leases in the store list: the ids of their writes. */
    public static List<String> claims(Simulation sim) {
        return claims(sim, task -> true);
    }

    /**
     * The claims that the leases in the store list.
     *
     * @param wanted of which tasks
     */
    public static List<String> claims(Simulation sim, Predicate<String> wanted) {
        var claims = new ArrayList<String>();
        for (String key : sim.store().keys("leases/")) {
            json(sim.store().peek(key)).path("claims").forEach(claim -> {
                if (wanted.test(claim.path("task").asString(""))) {
                    claims.add(claim.path("claim").asString(""));
                }
            });
        }
        return claims;
    }
}
