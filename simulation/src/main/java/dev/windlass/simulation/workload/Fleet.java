package dev.windlass.simulation.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.windlass.WindlassException;
import dev.windlass.queue.Worker;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.Fault;
import dev.windlass.simulation.RequestKind;
import dev.windlass.simulation.Seeded;
import dev.windlass.simulation.Simulation;
import org.jspecify.annotations.Nullable;

/**
 * Processes that live again: each of some places has a process, and a nurse starts another one where one has crashed or
 * left. What disturbs processes is here too.
 */
final class Fleet {
    private static final List<String> FOLDERS = List.of("tasks/", "tasks/", "leases/", "ready/", "workflow/", "");

    private final Simulation sim;
    private final World world;
    private final Function<Actor, Worker> starter;
    private final List<Place> places = new ArrayList<>();
    private boolean closed;
    private boolean peaceful;

    /** Where a process lives. */
    static final class Place {
        private final boolean works;
        private Actor actor;
        private @Nullable Worker worker;
        private boolean starting;
        private boolean leaving;

        Place(Actor actor, boolean works) {
            this.actor = actor;
            this.works = works;
        }

        Actor actor() {
            return actor;
        }

        /** The worker that runs there, or null. */
        @Nullable
        Worker worker() {
            return worker;
        }
    }

    /** @param starter makes a process's worker; it may fail for now, and is asked again */
    Fleet(Simulation sim, World world, Function<Actor, Worker> starter) {
        this.sim = sim;
        this.world = world;
        this.starter = starter;
    }

    /** @param works whether a worker runs there */
    Place add(String name, boolean works) {
        var place = new Place(sim.actor(name), works);
        places.add(place);
        return place;
    }

    List<Place> places() {
        return places;
    }

    /** Starts all workers, and the nurse. */
    void start() {
        places.forEach(this::startWorker);
        sim.driver().start("nurse", () -> {
            while (!closed) {
                sim.sleep(world.restart);
                places.forEach(this::look);
            }
        });
    }

    /** What is to disturb processes at some later request does not any more. */
    void leaveInPeace() {
        peaceful = true;
    }

    /** No process is started again from now on. */
    void close() {
        closed = true;
    }

    private void look(Place place) {
        if (closed) {
            return;
        }
        if (place.actor.isCrashed()) {
            place.actor = place.actor.restart();
            place.worker = null;
            place.starting = false;
            place.leaving = false;
        }
        if (place.worker == null && !place.starting) {
            startWorker(place);
        }
    }

    private void startWorker(Place place) {
        if (!place.works) {
            return;
        }
        Actor actor = place.actor;
        place.starting = true;
        actor.start("starter", () -> {
            while (place.actor == actor) {
                try {
                    Worker worker = starter.apply(actor);
                    if (place.actor == actor) {
                        place.worker = worker;
                        place.starting = false;
                    }
                    return;
                } catch (WindlassException e) {
                    actor.environment().sleep(Duration.ofSeconds(1));
                }
            }
        });
    }

    /** What the operation does to one of the processes; false if it is none of these. */
    boolean disturb(Op op) {
        Seeded random = op.random();
        Place place = places.get(random.nextInt(places.size()));
        switch (op.kind()) {
            case CRASH -> place.actor.crash();
            case CRASH_AT_REQUEST -> crashAtRequest(place.actor, random);
            case STRAY -> stray(place.actor, random);
            case PAUSE, SUSPEND -> pause(place.actor, op.kind() == Op.Kind.SUSPEND, random);
            case DRAIN -> drain(place, Duration.ofMillis(random.between(0, 5_000)));
            case CLOCK -> place.actor.setWallClockSkew(
                    Duration.ofSeconds(random.between(-5 * 3600, 5 * 3600)));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Around the lease's life, where it hurts. */
    private Duration pauseLength(Seeded random) {
        long ttl = world.ttl.toMillis();
        return Duration.ofMillis(random.chance(0.3) ? random.between(100, ttl) : random.between(ttl / 2, ttl * 4));
    }

    private void crashAtRequest(Actor actor, Seeded random) {
        int[] more = {1 + random.nextInt(30)};
        Fault.Kind kind = random.chance(0.5) ? Fault.Kind.CRASH_BEFORE : Fault.Kind.CRASH_AFTER;
        String name = actor.name();
        sim.store().inject(Fault.of(kind), request -> request.actor().equals(name) && --more[0] == 0);
    }

    /** Half of them stop in the middle of something: at one of the next requests, before its answer can come. */
    private void pause(Actor actor, boolean suspend, Seeded random) {
        Duration length = pauseLength(random);
        if (random.chance(0.5)) {
            pauseNow(actor, suspend, length);
            return;
        }
        String folder = FOLDERS.get(random.nextInt(FOLDERS.size()));
        int[] more = {1 + random.nextInt(8)};
        String name = actor.name();
        sim.store().onRequest(request -> {
            if (request.actor().equals(name) && request.key().startsWith(folder) && --more[0] == 0 && !peaceful) {
                pauseNow(actor, suspend, length);
            }
        });
    }

    /** Something stays on its way while its sender is gone, or is not looking. */
    private void stray(Actor actor, Seeded random) {
        Duration length = pauseLength(random);
        if (random.chance(0.6)) {
            strayWrite(actor, random, length);
        } else {
            strayReads(actor, random, length);
        }
    }

    /** A write, often one that follows the entry of an index which tells of it. */
    private void strayWrite(Actor actor, Seeded random, Duration length) {
        Fault fault = strayFault(random);
        int then = random.nextInt(4);
        String index = random.chance(0.4) ? random.chance(0.5) ? "dead/" : "ready/" : "";
        String folder = index.isEmpty() ? FOLDERS.get(random.nextInt(FOLDERS.size())) : "tasks/";
        int[] more = {index.isEmpty() ? 1 + random.nextInt(12) : random.chance(0.7) ? 1 : 2};
        boolean[] told = {index.isEmpty()};
        String name = actor.name();
        sim.store().inject(fault, request -> {
            if (!request.actor().equals(name)) {
                return false;
            }
            if (!told[0]) {
                told[0] = request.is(RequestKind.PUT, index);
                return false;
            }
            boolean met = request.is(RequestKind.PUT, folder) && --more[0] == 0;
            if (met && then == 1) {
                actor.crash();
            } else if (met && then > 1) {
                pauseNow(actor, then == 3, length);
            }
            return met;
        });
    }

    /** A read, and perhaps some requests around it, while the process stops for a while. */
    private void strayReads(Actor actor, Seeded random, Duration length) {
        boolean suspend = random.chance(0.5);
        boolean lost = random.chance(0.3);
        long millis = length.toMillis();
        String folder = random.chance(0.6) ? "tasks/" : FOLDERS.get(random.nextInt(FOLDERS.size()));
        int[] more = {1 + random.nextInt(5)};
        boolean[] begun = {false};
        Duration soon = random.chance(0.3) ? Duration.ZERO : Duration.ofMillis(random.between(0, 30));
        String name = actor.name();
        sim.store().inject(lost
                ? Fault.of(Fault.Kind.LOST_BEFORE)
                : Fault.slow(Duration.ofMillis(random.between(millis / 2, millis))), request -> {
                    boolean met = request.is(RequestKind.GET, folder) && request.actor().equals(name)
                            && --more[0] == 0;
                    if (met) {
                        begun[0] = true;
                        pauseSoon(actor, suspend, soon, length);
                    }
                    return met;
                });
        if (random.chance(0.5)) {
            sim.store().inject(1 + random.nextInt(3),
                    Fault.slow(Duration.ofMillis(random.between(millis, millis + 2_000))),
                    request -> begun[0] && request.actor().equals(name));
        }
    }

    private void pauseSoon(Actor actor, boolean suspend, Duration soon, Duration length) {
        if (soon.isZero()) {
            pauseNow(actor, suspend, length);
            return;
        }
        sim.driver().start("pauser", () -> {
            sim.sleep(soon);
            if (!actor.isCrashed() && !peaceful) {
                pauseNow(actor, suspend, length);
            }
        });
    }

    private Fault strayFault(Seeded random) {
        Duration delay = Duration.ofMillis(random.between(0, world.maxLateness.toMillis()));
        return switch (random.nextInt(5)) {
            case 0, 1 -> Fault.landsLate(delay);
            case 2 -> Fault.lurks(delay);
            case 3 -> Fault.of(Fault.Kind.LOST_AFTER);
            default -> Fault.of(Fault.Kind.SLOW);
        };
    }

    private void pauseNow(Actor actor, boolean suspend, Duration length) {
        if (suspend) {
            actor.suspend();
        } else {
            actor.pause();
        }
        sim.driver().start("waker", () -> {
            sim.sleep(length);
            if (!actor.isCrashed()) {
                actor.resume();
            }
        });
    }

    private void drain(Place place, Duration limit) {
        Worker worker = place.worker;
        Actor actor = place.actor;
        if (worker == null || place.leaving || actor.isCrashed()) {
            return;
        }
        place.leaving = true;
        actor.start("drainer", () -> {
            worker.drain(limit);
            if (place.actor == actor) {
                place.worker = null; // the nurse starts another one
                place.leaving = false;
            }
        });
    }

    /** Whether every process is up, and its worker, if it has one, runs. */
    boolean isWhole() {
        for (Place place : places) {
            if (place.actor.isCrashed() || place.actor.isPaused() || place.leaving
                    || (place.works && place.worker == null)) {
                return false;
            }
        }
        return true;
    }

    void resumeAll() {
        places.forEach(place -> place.actor.resume());
    }
}
