package dev.windlass.simulation.observation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/** Collects the log lines of the project, of all levels, with what stood in the MDC of each. */
final class LogCapture extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final List<Line> lines = new ArrayList<>();
    private final Logger logger;
    private final Level before;

    /**
     * A line.
     *
     * @param logger the simple name of the class that wrote it
     * @param mdc what stood in the MDC
     */
    record Line(Level level, String logger, String text, Map<String, String> mdc) {}

    LogCapture() {
        if (!(LoggerFactory.getLogger("dev.windlass") instanceof Logger found)) {
            throw new IllegalStateException("the tests log by Logback");
        }
        logger = found;
        before = logger.getLevel();
        setContext(logger.getLoggerContext());
        start();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        String name = event.getLoggerName();
        lines.add(new Line(event.getLevel(), name.substring(name.lastIndexOf('.') + 1), event.getFormattedMessage(),
                Map.copyOf(event.getMDCPropertyMap())));
    }

    /** The lines so far. */
    List<Line> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(before);
    }
}
