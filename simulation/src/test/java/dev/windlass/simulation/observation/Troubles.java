package dev.windlass.simulation.observation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import dev.windlass.environment.Strand;
import dev.windlass.observer.Observer;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskHandler;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.simulation.Fault;
import dev.windlass.simulation.RequestKind;
import dev.windlass.simulation.Scenario;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.SimulationOptions;
import dev.windlass.simulation.StoreOptions;
import dev.windlass.simulation.workload.Site;
import org.jspecify.annotations.Nullable;

/** Tasks that everything happens to which an operator may meet, one simulation after the other. */
final class Troubles {
    static final SubmitOptions PATIENT = SubmitOptions.ofDefaults().withTimeout(null);
    static final Duration SECOND = Duration.ofSeconds(1);
    private static final TaskType<String, String> STRANGE = TaskType.of("strange", String.class, String.class);

    private final @Nullable Observer observer;
    private final Set<String> tasks = new LinkedHashSet<>();
    private final List<List<String>> histories = new ArrayList<>();

    /** @param observer of all processes, or null */
    Troubles(@Nullable Observer observer) {
        this.observer = observer;
    }

    /** The ids of all tasks that there were. */
    Set<String> tasks() {
        return tasks;
    }

    /** What each simulation did, request by request. */
    List<List<String>> histories() {
        return histories;
    }

    /** Plays all of them. */
    void play() {
        for (Scenario scenario : List.<Scenario>of(this::everyEnd, this::outcomesOfHandlers, this::poison,
                this::silence,
                this::pauseAndTakeOver, this::stuckWorker, this::drain, this::race, this::unansweredClaim,
                this::endThatCannotBeRecorded, this::halfSubmissions, this::lostToAnother, this::refusedDeletes,
                this::cancelUntold,
                this::brokenLease, this::lostProgress)) {
            run(scenario);
        }
    }

    void run(Scenario scenario) {
        SimulationOptions steady = SimulationOptions.defaults().withStore(StoreOptions.defaults()
                .withTime(Duration.ofMillis(1), Duration.ZERO));
        Simulation.run(1, steady, sim -> {
            scenario.run(sim);
            // An ETag is of the body, and in a failed task's body is a stack trace, with the frames of whoever observes.
            histories.add(sim.trace().stream().map(line -> line.replaceAll("\\bc[0-9a-f]{14,}\\b", "ETag")).toList());
            sim.store().keys("tasks/").forEach(
                    key -> tasks.add(key.substring(key.lastIndexOf('/') + 1, key.length() - ".json".length())));
        });
    }

    Site site(Simulation sim, String name) {
        return site(sim, name, Duration.ofMinutes(10));
    }

    private Site site(Simulation sim, String name, Duration grace) {
        return Site.of(sim, sim.actor(name), builder -> {
            builder.grace(grace);
            if (observer != null) {
                builder.observer(observer);
            }
        });
    }

    static void until(Simulation sim, TaskHandle<?> task, String status) {
        sim.runUntil(() -> Site.status(sim, task.id()).equals(status), Site.LONG);
    }

    private static Consumer<Worker.Builder> lease(Duration ttl) {
        return builder -> builder.lease(ttl, ttl.dividedBy(3));
    }

    private static TaskHandler<String, String> sleeping(Site at, Duration length) {
        return at.sleeper(length);
    }

    /** What a handler says of its progress is refused; its task is not the worse for it. */
    private void lostProgress(Simulation sim) throws InterruptedException {
        Site site = site(sim, "p");
        Site at = site(sim, "w");
        sim.store().inject(Fault.of(Fault.Kind.REFUSED_403), request -> request.is(RequestKind.PUT, "progress/"));
        at.work((task, input) -> {
            task.progress(50, "half of it");
            at.actor.environment().sleep(SECOND.multipliedBy(10));
            return input;
        });
        until(sim, site.submit("a", PATIENT), "COMPLETED");
    }

    /** Completes, fails for good, fails until its attempts are used up, waits, comes again, is cancelled. */
    private void everyEnd(Simulation sim) throws InterruptedException {
        Site site = site(sim, "p");
        Site at = site(sim, "w");
        TaskHandle<String> expires = site.submit("expires", PATIENT.withTtl(SECOND));
        sim.sleep(SECOND.multipliedBy(2));
        at.work((task, input) -> switch (input) {
            case "permanent" -> throw new PermanentFailure("no use");
            case "fails" -> throw new IllegalStateException("not yet");
            case "later" -> {
                if (task.attempt() == 1) {
                    throw task.reschedule(SECOND);
                }
                yield "at last";
            }
            default -> input;
        });
        SubmitOptions twice = PATIENT.withRetry(RetryPolicy.fixed(2, SECOND));
        SubmitOptions keyed = PATIENT.withIdempotencyKey("k");
        TaskHandle<String> done = site.submit("a", keyed);
        site.submit("a", keyed);
        TaskHandle<String> permanent = site.submit("permanent", twice);
        TaskHandle<String> fails = site.submit("fails", twice);
        TaskHandle<String> later = site.submit("later", PATIENT);
        TaskHandle<String> waits = site.submit("waits", PATIENT.withDelay(Duration.ofHours(1)));
        site.windlass.queue(Site.QUEUE).submit(STRANGE, "nobody knows this type");
        until(sim, expires, "EXPIRED");
        until(sim, done, "COMPLETED");
        until(sim, permanent, "FAILED");
        until(sim, fails, "FAILED");
        until(sim, later, "COMPLETED");
        waits.cancel("not wanted");
        sim.sleep(Duration.ofMinutes(2)); // heartbeats, sweeps
    }

    /** Time-outs, heeded and not; a cancel while it runs. */
    private void outcomesOfHandlers(Simulation sim) throws InterruptedException {
        Site site = site(sim, "p");
        Site at = site(sim, "w");
        at.work((task, input) -> {
            if (input.equals("deaf")) {
                deafUntil(sim, at, sim.elapsed().plusSeconds(20));
                return "too late";
            }
            at.actor.environment().sleep(Duration.ofHours(1));
            return "never";
        });
        SubmitOptions short5 = SubmitOptions.ofDefaults().withTimeout(Duration.ofSeconds(5))
                .withRetry(RetryPolicy.none());
        TaskHandle<String> heeds = site.submit("heeds", short5);
        TaskHandle<String> deaf = site.submit("deaf", short5);
        TaskHandle<String> called = site.submit("called off", PATIENT);
        until(sim, called, "RUNNING");
        called.cancel("not wanted");
        until(sim, called, "CANCELLED");
        until(sim, heeds, "FAILED");
        until(sim, deaf, "FAILED");
        sim.sleep(Duration.ofSeconds(30));
    }

    private static void deafUntil(Simulation sim, Site at, Duration end) {
        while (sim.elapsed().compareTo(end) < 0) {
            try {
                at.actor.environment().sleep(end.minus(sim.elapsed()));
            } catch (InterruptedException e) {
                // goes on
            }
        }
    }

    private void poison(Simulation sim) throws InterruptedException {
        Site site = site(sim, "p");
        TaskHandle<String> task = site.submit("a");
        sim.store().plant(Site.taskKey(sim, task.id()), Site.bytes("{\"not\": \"a task\""));
        site(sim, "w").work(Site.ECHOES);
        sim.runUntil(() -> !sim.store().keys("dead/").isEmpty(), Site.LONG);
        sim.store().inject(Fault.of(Fault.Kind.REFUSED_403), request -> request.is(RequestKind.PUT, "dead/"));
        TaskHandle<String> second = site.submit("b", PATIENT.withDelay(SECOND));
        sim.store().plant(Site.taskKey(sim, second.id()), Site.bytes("nothing"));
        sim.sleep(Duration.ofMinutes(1));
    }

    /** The store is away for so long that the worker gives its lease up, a poll fails, and a sweep too. */
    private void silence(Simulation sim) throws InterruptedException {
        Site site = site(sim, "p");
        TaskHandle<String> task = site.submit("a", PATIENT);
        Site at = site(sim, "w");
        at.work(sleeping(at, Duration.ofSeconds(90)), lease(Duration.ofSeconds(30)));
        until(sim, task, "RUNNING");
        sim.store().setDown(true);
        sim.sleep(Duration.ofMinutes(2));
        sim.store().setDown(false);
        until(sim, task, "COMPLETED");
    }

    /** A worker that is paused for longer than its lease wakes up when another has begun a newer attempt. */
    private void pauseAndTakeOver(Simulation sim) throws InterruptedException {
        Site site = site(sim, "p");
        TaskHandle<String> task = site.submit("a", PATIENT);
        Site at = site(sim, "w");
        at.work((claimed, input) -> {
            at.actor.pause();
            return "too late";
        }, builder -> builder.sweeper(false));
        sim.runUntil(at.actor::isPaused, Site.LONG);
        Site other = site(sim, "w2");
        other.work(sleeping(other, Duration.ofMinutes(5)));
        sim.runUntil(() -> Site.task(sim, task.id()).path("attempt").asInt() == 2
                && Site.status(sim, task.id()).equals("RUNNING"), Site.LONG);
        at.actor.resume();
        until(sim, task, "COMPLETED");
        sim.sleep(SECOND);
    }

    /** Its heartbeats arrive, its writes to the task do not: a sweeper ends the attempt whose time is over. */
    private void stuckWorker(Simulation sim) throws InterruptedException {
        Site site = site(sim, "p");
        TaskHandle<String> task = site.submit("a",
                SubmitOptions.ofDefaults().withTimeout(Duration.ofSeconds(30)).withRetry(RetryPolicy.none()));
        Site at = site(sim, "w");
        at.work(sleeping(at, Duration.ofHours(1)), builder -> builder.sweeper(false));
        until(sim, task, "RUNNING");
        sim.store().inject(1_000, Fault.of(Fault.Kind.LOST_BEFORE),
                request -> request.actor().equals("w") && request.is(RequestKind.PUT, "tasks/"));
        site(sim, "w2").work(Site.ECHOES);
        until(sim, task, "FAILED");
        sim.sleep(SECOND);
    }

    /** Handlers that are interrupted at the end, one that heeds it and one that does not. */
    private void drain(Simulation sim) throws InterruptedException {
        Site site = site(sim, "p");
        Site at = site(sim, "w");
        Worker worker = at.work((task, input) -> {
            if (input.equals("deaf")) {
                deafUntil(sim, at, Duration.ofHours(1));
            }
            at.actor.environment().sleep(Duration.ofHours(1));
            return "";
        });
        List<TaskHandle<String>> both = List.of(site.submit("deaf", PATIENT), site.submit("heeds", PATIENT));
        both.forEach(task -> until(sim, task, "RUNNING"));
        sim.sleep(SECOND);
        at.actor.start(() -> worker.drain(SECOND));
        both.forEach(task -> until(sim, task, "PENDING"));
        sim.sleep(Duration.ofMinutes(1));
    }

    /** Two workers that want the same tasks. */
    private void race(Simulation sim) throws InterruptedException {
        Site site = site(sim, "p");
        List<TaskHandle<String>> all = site.windlass.queue(Site.QUEUE).submitAll(Site.ECHO,
                java.util.Collections.nCopies(60, "x"), PATIENT);
        for (String name : List.of("w", "w2", "w3")) {
            site(sim, name).work(Site.ECHOES, builder -> builder.strictOrder().concurrency(4));
        }
        all.forEach(task -> until(sim, task, "COMPLETED"));
    }

    /** The answer to a claim is lost, and the look at what came of it refused: once, and then until the lease is lost. */
    private void unansweredClaim(Simulation sim) throws InterruptedException {
        Site site = site(sim, "p");
        TaskHandle<String> task = site.submit("x");
        boolean[] lost = new boolean[1];
        sim.store().inject(Fault.of(Fault.Kind.LOST_AFTER), request -> {
            lost[0] |= request.actor().equals("w") && request.is(RequestKind.PUT, "tasks/");
            return lost[0] && request.is(RequestKind.PUT, "tasks/");
        });
        sim.store().inject(3, Fault.of(Fault.Kind.REFUSED_403),
                request -> lost[0] && request.actor().equals("w") && request.is(RequestKind.GET, "tasks/"));
        site(sim, "w").work(Site.ECHOES);
        until(sim, task, "COMPLETED");
    }

    /** The store goes away just before a handler returns: for a moment, and for so long that the lease is lost. */
    private void endThatCannotBeRecorded(Simulation sim) throws InterruptedException {
        for (Duration away : List.of(Duration.ofSeconds(40), Duration.ofMinutes(3))) {
            Site site = site(sim, "p" + away.toSeconds());
            TaskHandle<String> task = site.submit("a", PATIENT);
            Site at = site(sim, "w" + away.toSeconds());
            Worker worker = at.work((claimed, input) -> {
                if (claimed.attempt() == 1) {
                    sim.store().setDown(true);
                }
                return "done";
            }, lease(away.toSeconds() < 60 ? Duration.ofMinutes(5) : Duration.ofSeconds(30)));
            until(sim, task, "RUNNING");
            sim.sleep(away);
            sim.store().setDown(false);
            until(sim, task, "COMPLETED");
            worker.close();
        }
    }

    /** A submitter dies between its two puts; one worker finds the key, and a sweep of ready keys another. */
    private void halfSubmissions(Simulation sim) throws InterruptedException {
        site(sim, "first", SECOND.multipliedBy(5)).windlass.initialise(2);
        for (String name : List.of("p1", "p2")) {
            Site site = site(sim, name, SECOND.multipliedBy(5));
            sim.store().inject(1_000, Fault.of(Fault.Kind.LOST_BEFORE),
                    request -> request.actor().equals(name) && request.is(RequestKind.PUT, "tasks/"));
            site.actor.start(() -> site.submit("half"));
            sim.runUntil(() -> !sim.store().keys("ready/").isEmpty(), Site.LONG);
            site.actor.crash();
            sim.sleep(Duration.ofSeconds(10));
            if (name.equals("p1")) {
                site(sim, "sweeper", SECOND.multipliedBy(5)).windlass.sweep(true);
            }
        }
        site(sim, "w", SECOND.multipliedBy(5)).work(Site.ECHOES);
        sim.runUntil(() -> sim.store().keys("ready/").isEmpty(), Site.LONG);
        sim.sleep(SECOND);
    }

    /** A write goes unanswered again and again, until another has come first. */
    private void lostToAnother(Simulation sim) throws InterruptedException {
        Site site = site(sim, "p");
        Site at = site(sim, "w");
        at.work(sleeping(at, Duration.ofSeconds(5)));
        TaskHandle<String> task = site.submit("a", PATIENT);
        until(sim, task, "RUNNING");
        sim.store().inject(1_000, Fault.of(Fault.Kind.LOST_BEFORE),
                request -> request.actor().equals("p") && request.is(RequestKind.PUT, "tasks/"));
        var answers = new ArrayList<Boolean>();
        site.actor.start(() -> answers.add(task.cancel("too late")));
        sim.runUntil(() -> !answers.isEmpty(), Site.LONG);
    }

    private void refusedDeletes(Simulation sim) throws InterruptedException {
        Site site = site(sim, "p");
        sim.store().inject(Fault.of(Fault.Kind.REFUSED_403), request -> request.is(RequestKind.DELETE, "ready/"));
        sim.store().inject(Fault.of(Fault.Kind.LOST_BEFORE), request -> request.is(RequestKind.DELETE, "ready/"));
        site(sim, "w").work(Site.ECHOES);
        for (TaskHandle<String> task : List.of(site.submit("a"), site.submit("b"))) {
            until(sim, task, "COMPLETED");
        }
        sim.sleep(Duration.ofSeconds(10));
    }

    /** The worker cannot be told that its task is to be cancelled. */
    private void cancelUntold(Simulation sim) throws InterruptedException {
        Site site = site(sim, "p");
        Site at = site(sim, "w");
        at.work(sleeping(at, Duration.ofSeconds(30)));
        TaskHandle<String> task = site.submit("a", PATIENT);
        until(sim, task, "RUNNING");
        sim.store().inject(Fault.of(Fault.Kind.REFUSED_403),
                request -> request.actor().equals("p") && request.is(RequestKind.GET, "leases/"));
        task.cancel("not wanted");
        sim.sleep(Duration.ofMinutes(1));
    }

    /** A lease that nobody can read; and a dead worker one of whose tasks cannot be resolved. */
    private void brokenLease(Simulation sim) throws InterruptedException {
        Site site = site(sim, "p");
        site.windlass.initialise(2);
        sim.store().plant("leases/broken.json", Site.bytes("{"));
        TaskHandle<String> task = site.submit("a", PATIENT);
        Site at = site(sim, "w");
        at.work(sleeping(at, Duration.ofHours(1)));
        until(sim, task, "RUNNING");
        at.actor.crash();
        sim.sleep(Duration.ofMinutes(2));
        sim.store().inject(Fault.of(Fault.Kind.REFUSED_403),
                request -> request.actor().equals("s") && request.is(RequestKind.GET, "tasks/"));
        Site sweeper = site(sim, "s");
        var sweeps = new ArrayList<Strand>();
        for (int i = 0; i < 2; i++) {
            sweeps.add(sweeper.actor.start(() -> sweeper.windlass.sweep(false)));
            sweeps.getLast().join();
            sim.sleep(Duration.ofMinutes(1)); // the lease that is marked dead is new
        }
        until(sim, task, "PENDING");
    }
}
