package dev.windlass.python.internal;

import java.util.HashMap;
import java.util.Map;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.environment.Strand;
import org.jspecify.annotations.Nullable;

/** The calls under way, each on a strand of its own. Safe for use by any number of threads. */
public final class Calls {
    private final Environment environment;
    private final Outbox outbox;
    private final Verbs verbs;
    private final Monitor monitor;
    private final Map<Long, Call> calls = new HashMap<>();

    /** @param connections what calls are about */
    public Calls(Environment environment, Outbox outbox, Connections connections) {
        this.environment = environment;
        this.outbox = outbox;
        this.verbs = new Verbs(environment, connections);
        this.monitor = environment.newMonitor();
    }

    private static final class Call {
        private @Nullable Strand strand;
        private boolean abandoned;
    }

    /** See {@link dev.windlass.python.Gateway#callWithBytes}. */
    public void start(long id, String verb, String arguments, byte @Nullable [] body) {
        var call = new Call();
        monitor.lock();
        try {
            calls.put(id, call);
        } finally {
            monitor.unlock();
        }
        environment.start("windlass-python-" + verb + "-" + id, () -> run(id, call, verb, arguments, body));
    }

    private void run(long id, Call call, String verb, String arguments, byte @Nullable [] body) {
        try {
            if (!enter(call)) {
                return;
            }
            Verbs.Answer answer = verbs.perform(verb, arguments, body);
            switch (answer) {
                case Verbs.Answer.Text text -> outbox.ok(id, text.json());
                case Verbs.Answer.Bytes bytes -> outbox.bytes(id, bytes.content());
            }
        } catch (InterruptedException | RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError
                | AssertionError e) {
            outbox.error(id, Failures.json(e));
        } finally {
            monitor.lock();
            try {
                calls.remove(id);
            } finally {
                monitor.unlock();
            }
        }
    }

    /** Whether somebody still waits for it. */
    private boolean enter(Call call) {
        monitor.lock();
        try {
            call.strand = environment.current();
            return !call.abandoned;
        } finally {
            monitor.unlock();
        }
    }

    /** See {@link dev.windlass.python.Gateway#abandon}. */
    public void abandon(long id) {
        monitor.lock();
        try {
            Call call = calls.get(id);
            if (call != null) {
                call.abandoned = true;
                if (call.strand != null) {
                    call.strand.interrupt();
                }
            }
        } finally {
            monitor.unlock();
        }
    }
}
