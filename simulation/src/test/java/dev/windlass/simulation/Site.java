package dev.windlass.simulation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.windlass.Windlass;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskHandler;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A process of a simulation with the real queue on it, and what tests ask about the store behind it. */
final class Site {
    static final String QUEUE = "q";
    static final TaskType<String, String> ECHO = TaskType.of("echo", String.class, String.class);
    static final TaskHandler<String, String> ECHOES = (task, input) -> "echo " + input;
    static final Duration LONG = Duration.ofMinutes(10);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    final Simulation sim;
    final Actor actor;
    final Windlass windlass;

    private Site(Simulation sim, Actor actor, Windlass windlass) {
        this.sim = sim;
        this.actor = actor;
        this.windlass = windlass;
    }

    static Site of(Simulation sim, String name) {
        return of(sim, sim.actor(name));
    }

    static Site of(Simulation sim, Actor actor) {
        return new Site(sim, actor, Windlass.builder().environment(actor.environment()).over(actor.store()));
    }

    static Site of(Simulation sim, Actor actor, Consumer<Windlass.Builder> settings) {
        Windlass.Builder builder = Windlass.builder().environment(actor.environment());
        settings.accept(builder);
        return new Site(sim, actor, builder.over(actor.store()));
    }

    Worker work(TaskHandler<String, String> handler) {
        return work(handler, builder -> {});
    }

    Worker work(TaskHandler<String, String> handler, Consumer<Worker.Builder> settings) {
        Worker.Builder builder = windlass.worker().queue(QUEUE).id(actor.name()).handle(ECHO, handler);
        settings.accept(builder);
        return builder.start();
    }

    TaskHandle<String> submit(String input) {
        return windlass.queue(QUEUE).submit(ECHO, input);
    }

    TaskHandle<String> submit(String input, SubmitOptions options) {
        return windlass.queue(QUEUE).submit(ECHO, input, options);
    }

    TaskHandle<String> handle(String id) {
        return windlass.queue(QUEUE).handle(ECHO, id);
    }

    TaskInfo info(String id) {
        return handle(id).get();
    }

    /** A handler that runs for a while, and is interruptible. */
    TaskHandler<String, String> sleeper(Duration length) {
        return (task, input) -> {
            actor.environment().sleep(length);
            return "slept " + input;
        };
    }

    /** The key of a task's object, without a request. */
    static String taskKey(Simulation sim, String id) {
        return sim.store().keys("tasks/").stream().filter(key -> key.endsWith('/' + id + ".json")).findFirst()
                .orElse("tasks/none");
    }

    /** A task's body, without a request; an empty node if there is none. */
    static JsonNode task(Simulation sim, String id) {
        return json(sim.store().peek(taskKey(sim, id)));
    }

    /** The status in a task's body, without a request. */
    static String status(Simulation sim, String id) {
        return task(sim, id).path("status").asString("");
    }

    static JsonNode json(@Nullable StoredObject object) {
        if (object == null) {
            return MAPPER.missingNode();
        }
        return MAPPER.readTree(object.body());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The events of a task's history, in order. */
    static List<String> events(Simulation sim, String id) {
        var events = new ArrayList<String>();
        task(sim, id).path("history").forEach(line -> events.add(line.path("event").asString("")));
        return events;
    }

    /** All claims that the leases in the store list. */
    static List<String> claims(Simulation sim) {
        var claims = new ArrayList<String>();
        for (String key : sim.store().keys("leases/")) {
            json(sim.store().peek(key)).path("claims")
                    .forEach(claim -> claims.add(claim.path("claim").asString("")));
        }
        return claims;
    }
}
