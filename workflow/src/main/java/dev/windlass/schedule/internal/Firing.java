package dev.windlass.schedule.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.schedule.ScheduleListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires one schedule: carries out what was decided, decides, writes the decision down, carries it out. A firing that was
 * carried out leaves the schedule with the next decision, so it costs no write of its own. For one thread at a time.
 */
final class Firing {
    private static final Logger LOG = LoggerFactory.getLogger(Firing.class);

    private final EngineAccess engine;
    private final ScheduleStore store;
    private final Targets targets;
    private final ScheduleListener listeners;
    private final Set<String> done = new HashSet<>();
    private ScheduleStore.Version version;
    private @Nullable Supplier<LogContext> underway;
    private long fired;

    Firing(EngineAccess engine, ScheduleStore store, Targets targets, ScheduleListener listeners,
            ScheduleStore.Version version) {
        this.engine = engine;
        this.store = store;
        this.targets = targets;
        this.listeners = listeners;
        this.version = version;
    }

    /** Another version has been read. */
    void adopt(ScheduleStore.Version read) {
        version = read;
    }

    /** The schedule's name. */
    String name() {
        return version.document().name();
    }

    /** How many firings it has carried out. */
    long fired() {
        return fired;
    }

    /** What log lines carry about it, and about the firing that has just failed, if one has. */
    LogContext about() {
        Supplier<LogContext> firing = underway;
        return firing == null ? LogContext.ofSchedule(name()) : firing.get();
    }

    /** When there is something to do next, or null. */
    @Nullable
    Instant dueAt() {
        ScheduleDocument document = version.document();
        if (document.status() == ScheduleDocument.Status.DELETED) {
            return null;
        }
        if (document.open().stream().anyMatch(open -> !done.contains(open.id()))) {
            return Instant.EPOCH;
        }
        Instant next = document.nextAt();
        return document.status() != ScheduleDocument.Status.ACTIVE || next == null
                ? null
                : Decision.dueAt(document, next);
    }

    /** Whether a fire time waits for the end of what runs. */
    boolean isBuffering() {
        ScheduleDocument document = version.document();
        return document.status() == ScheduleDocument.Status.ACTIVE && document.bufferedAt() != null;
    }

    /** Does all that has come. */
    void work() {
        underway = null;
        String name = version.document().name();
        try (var context = LogContext.ofSchedule(name)) {
            while (step()) {
                // decides on the next
            }
        }
    }

    private boolean step() {
        ScheduleDocument document = version.document();
        if (document.status() == ScheduleDocument.Status.DELETED) {
            return false;
        }
        Launcher launcher = targets.launcher(document.target());
        carryOut(document, launcher, document.open());
        Decision.Made made = Decision.make(document, engine.storeTime(), launcher, List.of(), () -> {
            String last = document.lastId();
            return last != null && launcher.runs(document.target(), last);
        });
        if (made == null) {
            return false;
        }
        ScheduleStore.Version written = store.replace(version, made.edit());
        if (written == null) {
            ScheduleStore.Version read = store.read(document.name());
            if (read == null) {
                throw new IllegalStateException("the object of the schedule " + document.name() + " is gone");
            }
            version = read;
            return true;
        }
        version = written;
        for (Decision.Passed passed : made.passed()) {
            LOG.warn("schedule {}: {} of its fire times {} not fired: {}", document.name(), passed.count(),
                    passed.count() == 1 ? "was" : "were",
                    passed.reason().name().toLowerCase(Locale.ROOT));
            listeners.passedOver(document.name(), passed.reason(), passed.count());
        }
        carryOut(document, launcher, made.fired()); // of this target, even if it has been deleted meanwhile
        return true;
    }

    private void carryOut(ScheduleDocument document, Launcher launcher, List<ScheduleDocument.Open> open) {
        for (ScheduleDocument.Open one : open) {
            if (!done.contains(one.id())) {
                underway = () -> launcher.about(document.target(), one.id());
                carryOut(document, launcher, one);
                underway = null;
                done.add(one.id());
            }
        }
        var left = new ArrayList<String>();
        open.forEach(one -> left.add(one.id()));
        done.retainAll(left);
    }

    private void carryOut(ScheduleDocument document, Launcher launcher, ScheduleDocument.Open open) {
        Instant now = engine.storeTime();
        if (open.at().isBefore(now.minus(Decision.OLDEST))) {
            if (!launcher.isKnown(document.target(), open.id())) {
                LOG.warn("schedule {}: its firing of {} is refused: whether it was carried out is not known any more",
                        document.name(), open.at());
                listeners.passedOver(document.name(), ScheduleListener.Reason.REFUSED, 1);
            }
            return;
        }
        if (open.cancels() != null) {
            launcher.cancel(document.target(), open.cancels(),
                    "schedule " + document.name() + " fired again, at " + open.at());
        }
        boolean created = launcher.start(document, open);
        Duration late = Duration.between(Decision.dueAt(document, open.at()), engine.storeTime());
        try (var context = launcher.about(document.target(), open.id())) {
            LOG.info("schedule {}: fired {} as {}{}", document.name(), open.at(), open.id(),
                    created ? "" : ", which was there");
        }
        fired++;
        listeners.fired(document.name(), open.at(), open.id(), created, late.isNegative() ? Duration.ZERO : late);
    }
}
