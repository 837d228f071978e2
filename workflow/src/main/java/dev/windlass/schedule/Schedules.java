package dev.windlass.schedule;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.queue.Worker;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.schedule.internal.ScheduleDocument;
import dev.windlass.schedule.internal.ScheduleStore;
import dev.windlass.schedule.internal.SchedulerLoop;
import dev.windlass.schedule.internal.Targets;
import dev.windlass.schedule.internal.Triggers;
import dev.windlass.store.ListPage;
import org.jspecify.annotations.Nullable;

/**
 * Cron schedules of a store. A schedule starts a task or a workflow at each of its fire times, exactly once, whoever fires
 * and whatever crashes; what it has started runs as such things run, so a handler may still run twice.
 *
 * <pre>{@code
 * Schedules schedules = Schedules.on(windlass);
 * schedules.create("nightly", Cron.parse("0 2 * * *"), ZoneId.of("Europe/Berlin"),
 *         ScheduleTarget.task("reports", REPORT, new Query("sales")));
 * Worker worker = schedules.worker(windlass.worker().queue("reports").handle(REPORT, …)).start();
 * }</pre>
 *
 * <p>Nothing fires unless a scheduler runs: beside a worker ({@link #worker}), by itself ({@link #scheduler}), or in
 * {@code windlass worker}.
 *
 * <p>Safe for use by any number of threads. Holds nothing that must be closed.
 */
public final class Schedules {
    private final Windlass windlass;
    private final EngineAccess engine;
    private final ScheduleStore store;
    private final Targets targets;
    private final List<SchedulerLoop> running = new CopyOnWriteArrayList<>();

    private Schedules(Windlass windlass) {
        this.windlass = windlass;
        this.engine = windlass.engine();
        this.store = new ScheduleStore(engine);
        this.targets = new Targets(windlass, engine);
    }

    /**
     * Schedules of a connection. No request. With one instance per connection, what is created here fires on time also if it
     * is due before the scheduler's next look.
     *
     * @param windlass the connection
     */
    public static Schedules on(Windlass windlass) {
        return new Schedules(windlass);
    }

    /**
     * Creates a schedule with {@link ScheduleOptions#ofDefaults()}; see
     * {@link #create(String, Cron, ZoneId, ScheduleTarget, ScheduleOptions)}.
     *
     * @param name its name
     * @param cron when it fires
     * @param zone where the expression's local times are
     * @param target what it starts
     */
    public Schedule create(String name, Cron cron, ZoneId zone, ScheduleTarget target) {
        return create(name, cron, zone, target, ScheduleOptions.ofDefaults());
    }

    /**
     * Creates a schedule. Its first fire time is the first match after now, or from the start on. One get and one put; durable on
     * return. Safe to repeat: the same again is the same schedule, left as it stands.
     *
     * @param name its name; any text of at most 200 bytes once percent-encoded
     * @param cron when it fires
     * @param zone where the expression's local times are
     * @param target what it starts; its input is encoded now
     * @param options how it fires
     * @throws ScheduleAlreadyExistsException if there is another one of that name
     * @throws InvalidInputException if it would never fire, or something of it cannot be stored; nothing was written
     * @throws dev.windlass.store.StoreUnavailableException if it is not known whether it was created; repeat the call
     */
    public Schedule create(String name, Cron cron, ZoneId zone, ScheduleTarget target, ScheduleOptions options) {
        store.key(name);
        Instant start = options.startAt();
        Instant end = options.endAt();
        if (start != null && end != null && !start.isBefore(end)) {
            throw new InvalidInputException("The schedule \"" + name + "\" ends at " + end + " and starts at " + start
                    + ". Let it end after its start.");
        }
        Instant now = engine.storeTime();
        if (end != null && !end.isAfter(now)) {
            throw new InvalidInputException("The schedule \"" + name + "\" ends at " + end
                    + ", which has passed. Use a later end, or none.");
        }
        var stored = targets.write(target);
        ScheduleDocument wanted = ScheduleDocument.create(name, cron, zone, stored, options, now);
        while (true) {
            ScheduleStore.Version there = store.read(name);
            Instant next = firstFireTime(wanted, now, there);
            targets.check(wanted, next);
            engine.ensureInitialised();
            ScheduleStore.Version written;
            if (there == null) {
                written = store.create(wanted.created(next, now, null));
            } else if (there.document().status() == ScheduleDocument.Status.DELETED) {
                written = store.replace(there, wanted.created(next, now, there.document()));
            } else if (there.document().isSameAs(wanted)) {
                return schedule(there.document());
            } else {
                throw new ScheduleAlreadyExistsException(name, "There is a schedule \"" + name + "\" already: "
                        + there.document().cron() + " in " + there.document().zone()
                        + ", with another expression, zone, target or options. Delete it first, or use another name.");
            }
            if (written != null) {
                running.forEach(SchedulerLoop::nudge);
                return schedule(written.document());
            }
        }
    }

    private static Instant firstFireTime(ScheduleDocument wanted, Instant now, ScheduleStore.@Nullable Version before) {
        ScheduleOptions options = wanted.options();
        Instant start = options.startAt();
        Instant last = before == null ? null : before.document().lastAt();
        Instant after = last != null && last.isAfter(now) ? last : now; // another's clock may be ahead of this one
        Instant first = start != null && start.isAfter(after)
                ? wanted.cron().next(start.minusNanos(1), wanted.zone())
                : wanted.cron().next(after, wanted.zone());
        if (first == null) {
            throw new InvalidInputException("The cron expression \"" + wanted.cron()
                    + "\" never fires" + (start == null ? "" : " from " + start + " on")
                    + ": no such date is to come. Check its days, months and years.");
        }
        if (options.endAt() != null && !first.isBefore(options.endAt())) {
            throw new InvalidInputException(
                    "The schedule \"" + wanted.name() + "\" would never fire: its first fire time is "
                            + first + ", and it ends at " + options.endAt() + ". Use a later end.");
        }
        return first;
    }

    /**
     * A schedule as it stands. One get.
     *
     * @param name its name
     * @throws ScheduleNotFoundException if there is none
     */
    public Schedule get(String name) {
        return schedule(store.get(name).document());
    }

    /**
     * All schedules, by name. One list per thousand, and one get for each, deleted ones included. Those that cannot be read
     * are left out, with a line in the log.
     */
    public List<Schedule> list() {
        var all = new ArrayList<Schedule>();
        for (ListPage.Entry entry : store.list()) {
            ScheduleDocument document = store.readable(entry.key());
            if (document != null && document.status() != ScheduleDocument.Status.DELETED) {
                all.add(schedule(document));
            }
        }
        all.sort(Comparator.comparing(Schedule::name));
        return all;
    }

    /**
     * Lets it fire no more until it is resumed. What has been started goes on. One get and one put; durable on return. Safe
     * to repeat.
     *
     * @param name its name
     * @throws ScheduleNotFoundException if there is none
     */
    public Schedule pause(String name) {
        return changed(store.change(name, version -> version.document().paused(engine.storeTime())));
    }

    /**
     * Lets it fire again, from the first match after now on: what was due while it was paused is not fired. One get and one
     * put; durable on return. Safe to repeat.
     *
     * @param name its name
     * @throws ScheduleNotFoundException if there is none
     */
    public Schedule resume(String name) {
        return changed(store.change(name, version -> version.document().resumed(engine.storeTime())));
    }

    private Schedule changed(ScheduleStore.Version version) {
        running.forEach(SchedulerLoop::nudge);
        return schedule(version.document());
    }

    /**
     * Starts its target now, whatever its expression, its overlap policy and a pause say. Durable on return: decided by one
     * put, and carried out by a scheduler if this process dies right after. Not safe to repeat: each call starts one.
     *
     * @param name its name
     * @return the id of the task or workflow that was started
     * @throws ScheduleNotFoundException if there is none
     */
    public String trigger(String name) {
        return new Triggers(engine, store, targets).trigger(name);
    }

    /**
     * Deletes it. What has been started goes on; a firing under way at this moment may still happen. A stub of it stays in
     * the store, so that the name may be used again. One get and one put; durable on return. Safe to repeat.
     *
     * @param name its name
     * @return whether there was one
     */
    public boolean delete(String name) {
        try {
            store.change(name, version -> version.document().edit().bury(engine.storeTime()));
        } catch (ScheduleNotFoundException e) {
            return false;
        }
        running.forEach(SchedulerLoop::nudge);
        return true;
    }

    /**
     * Lets a scheduler run beside a worker, with {@link SchedulerOptions#ofDefaults()}.
     *
     * @param builder the worker being set up
     * @return the builder
     */
    public Worker.Builder worker(Worker.Builder builder) {
        return worker(builder, SchedulerOptions.ofDefaults());
    }

    /**
     * Lets a scheduler run beside a worker: it begins and ends with it.
     *
     * @param builder the worker being set up
     * @param options how it works
     * @return the builder
     */
    public Worker.Builder worker(Worker.Builder builder, SchedulerOptions options) {
        return builder.companion(workerId -> {
            SchedulerLoop loop = begin(options, workerId);
            return () -> end(loop);
        });
    }

    /**
     * Starts a scheduler by itself, in this process.
     *
     * @param options how it works
     * @return the scheduler; close it before the connection
     */
    public Scheduler scheduler(SchedulerOptions options) {
        return begin(options, null);
    }

    private SchedulerLoop begin(SchedulerOptions options, @Nullable String id) {
        var loop = new SchedulerLoop(windlass, engine, options, id);
        running.add(loop);
        return loop.start();
    }

    private void end(SchedulerLoop loop) {
        running.remove(loop);
        loop.close();
    }

    private static Schedule schedule(ScheduleDocument document) {
        return new Schedule(document.name(), document.cron(), document.zone(), Targets.read(document.target()),
                document.options(), document.status() == ScheduleDocument.Status.PAUSED, document.createdAt(),
                document.lastAt(), document.lastId(), document.nextAt(),
                new Schedule.Counts(document.count("fired"), document.count("missed"), document.count("skipped"),
                        document.count("refused")),
                document.history());
    }
}
