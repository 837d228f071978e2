package dev.windlass.simulation.workload;

import java.util.List;
import java.util.function.Consumer;

import dev.windlass.Windlass;
import dev.windlass.queue.PayloadCodec;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskHandler;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.Worker;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.Seeded;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.SimulationResult;
import dev.windlass.simulation.check.OptionChecks;

/**
 * A history of tasks with the options that few tasks have: debounce and idempotency keys that end, limits of reschedules,
 * codecs that not every worker has, workers with limits for types, handlers that say how far they are, tasks that begin anew,
 * and such as are cancelled together.
 */
final class OptionHistory extends QueueHistory {
    private static final PayloadCodec OLD_KEY = new TurningCodec("key-1");
    private static final PayloadCodec NEW_KEY = new TurningCodec("key-2");

    private final OptionChecks checks;
    private final OptionClients others;
    /** 0: no codec; 1: one for all; 2: each process draws; 3: the same, and of the workers only the first has the new key. */
    private final int codecs;
    private final int limit;

    private OptionHistory(Simulation sim, Plan plan) {
        super(sim, plan);
        Seeded random = Seeded.stream(plan.seed(), 85);
        this.checks = OptionChecks.watch(sim, queue);
        this.others = new OptionClients(sim, deeds, queue, checks, clients, histories, offices.places(), this::site);
        this.codecs = random.nextInt(4);
        this.limit = 1 + random.nextInt(world.slots);
    }

    /** Plays a plan. */
    static SimulationResult play(Plan plan) {
        return Simulation.run(plan.seed(), plan.options(), sim -> new OptionHistory(sim, plan).play());
    }

    @Override
    boolean perform(Op op) {
        return others.perform(op) || super.perform(op);
    }

    @Override
    void connect(Actor actor, Windlass.Builder builder) {
        boolean worker = actor.name().startsWith("w");
        boolean hasNewKey = codecs < 3 || !worker || actor.name().startsWith("w0");
        if (codecs == 1) {
            builder.codec(NEW_KEY);
        } else if (codecs > 1) {
            builder.readableBy(OLD_KEY);
            if (hasNewKey) {
                builder.readableBy(NEW_KEY);
            }
            switch (Math.floorMod(actor.name().hashCode(), 3)) {
                case 0 -> builder.codec(hasNewKey ? NEW_KEY : OLD_KEY);
                case 1 -> builder.codec(OLD_KEY);
                default -> {
                    // writes plainly
                }
            }
        }
    }

    @Override
    void prepare(Worker.Builder builder) {
        builder.typeConcurrency(Clients.ECHO.name(), limit);
    }

    @Override
    TaskHandler<String, String> handler(Actor actor) {
        int[] running = {0};
        return (task, input) -> {
            if (task.type().equals(Clients.ECHO.name())) {
                checks.limit(actor.name(), ++running[0], limit);
            }
            try {
                say(task.id(), task.attempt(), "begins", task::print);
                say(task.id(), task.attempt(), "works", what -> task.progress(50, what));
                String result = handlers.handle(actor, task, input);
                say(task.id(), task.attempt(), "is done", task::print);
                return result;
            } finally {
                running[0] -= task.type().equals(Clients.ECHO.name()) ? 1 : 0;
            }
        };
    }

    private void say(String id, int attempt, String what, Consumer<String> how) {
        String text = what + " in " + attempt;
        checks.says(id, attempt, text);
        how.accept(text);
    }

    @Override
    void conclude() {
        super.conclude();
        Site reader = site(sim.actor("reader"));
        for (String id : List.copyOf(clients.known())) {
            if (queue.isPoisoned(id)) {
                continue;
            }
            TaskHandle<String> handle = reader.handle(id);
            TaskInfo info = handle.get();
            if (info.status() == TaskStatus.COMPLETED) {
                checks.read(info, handle.progress(), handle.output().lines(), world.calm);
            }
        }
    }
}
