package dev.windlass.schedule.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import dev.windlass.WindlassException;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.LogContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Firings by hand: decided like those by the clock, by one swap of the schedule, before anything is started. */
public final class Triggers {
    private static final Logger LOG = LoggerFactory.getLogger(Triggers.class);
    private static final int MOST_OPEN = 200;

    private final EngineAccess engine;
    private final ScheduleStore store;
    private final Targets targets;
    private final ScheduleListeners listeners;

    public Triggers(EngineAccess engine, ScheduleStore store, Targets targets) {
        this.engine = engine;
        this.store = store;
        this.targets = targets;
        this.listeners = new ScheduleListeners(engine);
    }

    /** Starts a schedule's target; the id of what was started. */
    public String trigger(String name) {
        String trigger = engine.newWriteId();
        Instant now = Instant.ofEpochMilli(engine.storeTime().toEpochMilli());
        var base = new AtomicReference<@Nullable ScheduleDocument>();
        ScheduleStore.Version decided = store.change(name, version -> {
            ScheduleDocument document = version.document();
            base.set(document);
            if (document.open().size() >= MOST_OPEN) {
                throw new WindlassException("The schedule \"" + name + "\" has " + document.open().size()
                        + " firings that are not carried out. Let a scheduler run, and try again.");
            }
            var open = new ArrayList<>(document.open());
            String id = targets.launcher(document.target()).id(name, now, trigger);
            open.add(new ScheduleDocument.Open(now, id, null));
            return document.edit().open(open).last(now, id).count("fired", 1).event(now, "triggered", now, 1, id, null);
        });
        ScheduleDocument document = Objects.requireNonNull(base.get()); // its target, even if it was deleted right after
        Launcher launcher = targets.launcher(document.target());
        String id = launcher.id(name, now, trigger);
        try (var context = LogContext.ofSchedule(name)) {
            boolean created = launcher.start(document, new ScheduleDocument.Open(now, id, null));
            try (var about = launcher.about(document.target(), id)) {
                LOG.info("schedule {}: triggered by hand as {}", name, id);
            }
            listeners.fired(name, now, id, created, Duration.ZERO);
            List<ScheduleDocument.Open> left = decided.document().open().stream().filter(one -> !one.id().equals(id))
                    .toList();
            try {
                store.replace(decided, decided.document().edit().open(left)); // if others came in between, they have seen to it
            } catch (WindlassException e) {
                LOG.debug("schedule {}: that {} is carried out was not written down", name, id, e);
            }
        }
        return id;
    }
}
