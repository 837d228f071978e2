package dev.windlass.schedule.internal;

import java.time.Duration;
import java.time.Instant;

import dev.windlass.queue.spi.Audience;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.schedule.ScheduleListener;

/** The listeners of a connection; what one throws is nobody else's matter. */
final class ScheduleListeners implements ScheduleListener {
    private final Audience<ScheduleListener> all;

    ScheduleListeners(EngineAccess engine) {
        this.all = new Audience<>("schedule listener", engine.observers(ScheduleListener.class));
    }

    @Override
    public void fired(String schedule, Instant fireTime, String id, boolean created, Duration late) {
        all.tell(one -> one.fired(schedule, fireTime, id, created, late));
    }

    @Override
    public void passedOver(String schedule, Reason reason, long count) {
        all.tell(one -> one.passedOver(schedule, reason, count));
    }

    @Override
    public void fireFailed(String schedule) {
        all.tell(one -> one.fireFailed(schedule));
    }

    @Override
    public void leaseChanged(String scheduler, boolean holds) {
        all.tell(one -> one.leaseChanged(scheduler, holds));
    }
}
