package dev.windlass.python.internal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Java's log, for Python's {@code logging}: what a program has set up there decides where lines go. */
public final class LogTap extends AppenderBase<ILoggingEvent> {
    private final Outbox outbox;

    private LogTap(Outbox outbox) {
        this.outbox = outbox;
    }

    /**
     * Sends the log there, and nowhere else, from warnings upwards.
     *
     * @param outbox where Python is told of it
     */
    public static void install(Outbox outbox) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            var tap = new LogTap(outbox);
            tap.setContext(context);
            tap.start();
            Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
            root.detachAndStopAllAppenders();
            root.addAppender(tap);
            level(30);
        }
    }

    /**
     * What is said at all.
     *
     * @param level as Python numbers them
     */
    public static void level(int level) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            Level own = level <= 10 ? Level.DEBUG : level <= 20 ? Level.INFO : level <= 30 ? Level.WARN : Level.ERROR;
            context.getLogger("dev.windlass").setLevel(own);
            // Libraries below tell details that are theirs.
            context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(level <= 30 ? Level.WARN : Level.ERROR);
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        ObjectNode json = BoundaryJson.object();
        json.put("logger", event.getLoggerName()).put("level", event.getLevel().toInt() / 1000).put("message",
                event.getFormattedMessage());
        ObjectNode ids = json.putObject("ids");
        event.getMDCPropertyMap().forEach(ids::put);
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            json.put("trace", ThrowableProxyUtil.asString(thrown));
        }
        outbox.log(BoundaryJson.text(json));
    }
}
