package dev.windlass.python.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import org.jspecify.annotations.Nullable;

/** What Java has to say to Python, until a Python thread takes it. Safe for use by any number of threads. */
public final class Outbox {
    /** A batch ends when it has so many characters. */
    private static final int BATCH = 4 << 20;

    private final Monitor monitor;
    private final Deque<Message> messages = new ArrayDeque<>();
    private final Map<Long, ByteBuffer> bytes = new HashMap<>();
    private boolean closed;

    /** @param environment for waiting */
    public Outbox(Environment environment) {
        this.monitor = environment.newMonitor();
    }

    private record Message(String kind, long id, String first, @Nullable String second) {}

    void ok(long id, String result) {
        offer(new Message("ok", id, result, null));
    }

    void error(long id, String failure) {
        offer(new Message("error", id, failure, null));
    }

    /** Bytes are fetched by themselves: as text they would cost more. */
    void bytes(long id, byte[] content) {
        ByteBuffer direct = ByteBuffer.allocateDirect(content.length).put(content).flip();
        monitor.lock();
        try {
            if (!closed) {
                bytes.put(id, direct);
            }
        } finally {
            monitor.unlock();
        }
        offer(new Message("bytes", id, "", null));
    }

    void run(long invocation, String about, String input) {
        offer(new Message("run", invocation, about, input));
    }

    void stop(long invocation) {
        offer(new Message("stop", invocation, "", null));
    }

    /** A worker has something to tell: see {@link WorkerNotices}. */
    void told(long worker, String about) {
        offer(new Message("told", worker, about, null));
    }

    /** A durable function is to run. */
    void flow(long flow, String about, String input) {
        offer(new Message("flow", flow, about, input));
    }

    /** What a durable function has asked for has come to something. */
    void settled(long flow, String about, String value) {
        offer(new Message("settled", flow, about, value));
    }

    /** A durable function is to stop where it is. */
    void unwind(long flow, String why) {
        offer(new Message("unwind", flow, why, null));
    }

    void log(String line) {
        offer(new Message("log", 0, line, null));
    }

    private void offer(Message message) {
        monitor.lock();
        try {
            if (!closed) {
                messages.add(message);
                monitor.signalAll();
            }
        } finally {
            monitor.unlock();
        }
    }

    /** See {@link dev.windlass.python.Gateway#bytes}. */
    public @Nullable ByteBuffer bytes(long id) {
        monitor.lock();
        try {
            return bytes.remove(id);
        } finally {
            monitor.unlock();
        }
    }

    /** See {@link dev.windlass.python.Gateway#take}. */
    public @Nullable String take() throws InterruptedException {
        var head = new StringBuilder("[");
        var body = new StringBuilder();
        monitor.lock();
        try {
            while (messages.isEmpty() && !closed) {
                monitor.await();
            }
            if (messages.isEmpty()) {
                return null;
            }
            while (!messages.isEmpty() && body.length() < BATCH) {
                append(messages.remove(), head, body);
            }
        } finally {
            monitor.unlock();
        }
        return head.append("]\n").append(body).toString();
    }

    private static void append(Message message, StringBuilder head, StringBuilder body) {
        head.append(head.length() > 1 ? ",[\"" : "[\"").append(message.kind()).append("\",").append(message.id())
                .append(',').append(message.first().length());
        body.append(message.first());
        String second = message.second();
        if (second != null) {
            head.append(',').append(second.length());
            body.append(second);
        }
        head.append(']');
    }

    /** Nothing is taken in any more; what is here can still be taken. */
    public void close() {
        monitor.lock();
        try {
            closed = true;
            bytes.clear();
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }
}
