package dev.windlass.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

import dev.windlass.InvalidInputException;
import dev.windlass.WindlassException;
import dev.windlass.environment.Monitor;
import dev.windlass.queue.TaskOutput;
import dev.windlass.queue.TaskProgress;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one attempt says of its work (docs/protocol.md, "Progress and output"): gathered here, and written now and then by a
 * strand of its own that is there only while something is to be written, and once at the end. Nothing of it is on the way of
 * the task; what cannot be written is left out.
 */
final class Progress {
    /** What a handler says is written so often at most. */
    static final Duration INTERVAL = Duration.ofSeconds(5);
    /** Lines are written sooner if there are so many bytes. */
    static final int PART = 64 * 1024;
    /** More than this of an attempt is not kept. */
    static final int MOST_BYTES = 4 * 1024 * 1024;
    private static final int MOST_COUNTERS = 50;
    private static final int MOST_MESSAGE = 1000;
    private static final int MOST_LINE = 8 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);

    private final Core core;
    private final DefaultDocuments documents;
    private final TaskDocument task;
    private final String workerId;
    private final Monitor monitor;
    private final TreeMap<String, Long> counters = new TreeMap<>();
    private ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    private @Nullable Double percent;
    private @Nullable String message;
    private long lines;
    private long linesLeftOut;
    private int bytes;
    private int parts;
    private boolean changed;
    private boolean writing;
    private boolean waiting;
    private boolean closed;

    Progress(Core core, TaskDocument task, String workerId) {
        this.core = core;
        this.documents = core.documents().withPatience(PATIENCE);
        this.task = task;
        this.workerId = workerId;
        this.monitor = core.environment().newMonitor();
    }

    void say(double done, @Nullable String what) {
        if (!(done >= 0 && done <= 100)) {
            throw new InvalidInputException(
                    "The progress of task " + task.id() + " is " + done + " percent. Use 0 to 100.");
        }
        change(() -> {
            percent = done;
            message = what == null || what.length() <= MOST_MESSAGE ? what : what.substring(0, MOST_MESSAGE);
        });
    }

    void count(String name, long more) {
        Keys.segment("name of the counter", name);
        change(() -> {
            if (counters.size() >= MOST_COUNTERS && !counters.containsKey(name)) {
                throw new InvalidInputException("Task " + task.id() + " has " + MOST_COUNTERS
                        + " counters already; \"" + name + "\" is one too many. Count fewer things.");
            }
            counters.merge(name, more, Long::sum);
        });
    }

    void print(String text) {
        List<String> all = text.lines().toList();
        change(() -> (all.isEmpty() ? List.of("") : all).forEach(this::printLine));
    }

    private void printLine(String text) {
        String line = text.length() <= MOST_LINE ? text : text.substring(0, MOST_LINE) + "…";
        byte[] encoded = (line + '\n').getBytes(StandardCharsets.UTF_8);
        if (bytes + encoded.length > MOST_BYTES) {
            linesLeftOut++;
            bytes = MOST_BYTES; // a shorter line must not slip in behind
            return;
        }
        bytes += encoded.length;
        lines++;
        buffer.writeBytes(encoded);
    }

    private void change(Runnable what) {
        boolean begin;
        monitor.lock();
        try {
            if (closed) {
                return; // the attempt has ended, and its handler has not noticed
            }
            what.run();
            changed = true;
            begin = !waiting;
            waiting = true;
            if (buffer.size() >= PART) {
                monitor.signalAll();
            }
        } finally {
            monitor.unlock();
        }
        if (begin) {
            core.environment().start("windlass-progress-" + task.id(), this::writeSoon);
        }
    }

    /** Waits for more to be said, and writes it. */
    private void writeSoon() {
        monitor.lock();
        try {
            long end = core.environment().nanoTime() + INTERVAL.toNanos();
            while (!closed && buffer.size() < PART) {
                long left = end - core.environment().nanoTime();
                if (left <= 0) {
                    break;
                }
                monitor.await(Duration.ofNanos(left));
            }
            while (writing && !closed) {
                monitor.await();
            }
            waiting = false;
            if (closed) {
                return;
            }
            writing = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } finally {
            monitor.unlock();
        }
        write();
    }

    /** The attempt is over: writes what is left, before its end is recorded. */
    void close() {
        monitor.lock();
        try {
            closed = true;
            monitor.signalAll();
            while (writing) {
                monitor.await();
            }
            if (!changed) {
                return;
            }
            writing = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } finally {
            monitor.unlock();
        }
        write();
    }

    /** By the one strand that has set {@code writing}. */
    private void write() {
        byte[] part;
        monitor.lock();
        try {
            part = buffer.toByteArray();
            buffer = new ByteArrayOutputStream();
            changed = false;
        } finally {
            monitor.unlock();
        }
        boolean written = false;
        try (var context = LogContext.task(task.id(), task.queue()).attempt(task.attempt()).worker(workerId)) {
            written = tryToWrite(part);
        } finally {
            monitor.lock();
            try {
                writing = false;
                if (!written) {
                    changed = true; // the next one that is written says it too; its lines are lost
                    long lost = countLines(part);
                    lines -= lost;
                    linesLeftOut += lost;
                }
                monitor.signalAll();
            } finally {
                monitor.unlock();
            }
        }
    }

    private boolean tryToWrite(byte[] part) {
        try {
            write(part);
            return true;
        } catch (WindlassException e) {
            core.observers().progressLost(task.queue(), task.id());
            LOG.warn("task {}: the progress of attempt {} could not be written: {}", task.id(), task.attempt(),
                    e.getMessage());
            return false;
        }
    }

    private static long countLines(byte[] part) {
        long count = 0;
        for (byte each : part) {
            count += each == '\n' ? 1 : 0;
        }
        return count;
    }

    private void write(byte[] part) {
        if (part.length > 0) {
            int number = parts++; // also of one that is lost: it may land late, and must not replace another
            documents.put(Keys.outputPart(task.id(), task.attempt(), number), part);
        }
        ProgressDocument document;
        monitor.lock();
        try {
            document = new ProgressDocument(new TaskProgress(task.attempt(), workerId, core.clock().now(), percent,
                    message, counters, lines - countLines(buffer.toByteArray()), linesLeftOut), parts);
        } finally {
            monitor.unlock();
        }
        documents.put(Keys.progress(task.id(), task.attempt()), document.bytes());
    }

    /** What an attempt has written last, or null if it has not. */
    static @Nullable ProgressDocument read(Core core, String taskId, int attempt) {
        if (attempt == 0) {
            return null;
        }
        StoredObject object = core.documents().read(Keys.progress(taskId, attempt));
        return object == null ? null : ProgressDocument.parse(object.body());
    }

    /** The lines of the task's last attempt that came after those read before. */
    static TaskOutput output(Core core, TaskDocument task, @Nullable TaskOutput before) {
        ProgressDocument document = read(core, task.id(), task.attempt());
        boolean same = before != null && before.attempt() == task.attempt();
        int from = same && before != null ? before.parts() : 0;
        int to = document == null ? from : document.parts();
        var lines = new ArrayList<String>();
        for (int part = from; part < to; part++) {
            StoredObject object = core.documents().read(Keys.outputPart(task.id(), task.attempt(), part));
            if (object != null) {
                lines.addAll(Arrays.asList(new String(object.body(), StandardCharsets.UTF_8).split("\n", -1)));
                lines.removeLast(); // what follows the last line's end
            }
        }
        return new TaskOutput(task.attempt(), Math.max(from, to), lines);
    }
}
