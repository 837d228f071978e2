package dev.windlass.schedule.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.schedule.ScheduleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of a connection; what one throws is nobody else's matter. */
final class ScheduleListeners implements ScheduleListener {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleListeners.class);

    private final List<ScheduleListener> all;

    ScheduleListeners(EngineAccess engine) {
        this.all = engine.observers(ScheduleListener.class);
    }

    private void each(Consumer<ScheduleListener> call) {
        for (ScheduleListener listener : all) {
            try {
                call.accept(listener);
            } catch (RuntimeException e) {
                LOG.warn("the schedule listener {} failed; the work goes on", listener.getClass().getName(), e);
            }
        }
    }

    @Override
    public void fired(String schedule, Instant fireTime, String id, boolean created, Duration late) {
        each(one -> one.fired(schedule, fireTime, id, created, late));
    }

    @Override
    public void passedOver(String schedule, Reason reason, long count) {
        each(one -> one.passedOver(schedule, reason, count));
    }

    @Override
    public void fireFailed(String schedule) {
        each(one -> one.fireFailed(schedule));
    }

    @Override
    public void leaseChanged(String scheduler, boolean holds) {
        each(one -> one.leaseChanged(scheduler, holds));
    }
}
