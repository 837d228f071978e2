package dev.windlass.python;

import java.lang.reflect.Proxy;
import java.util.List;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import org.jspecify.annotations.Nullable;

/**
 * SIGINT and SIGTERM, for a Python thread that waits for them and raises {@code KeyboardInterrupt} or {@code SystemExit} where
 * the program runs: Python's own handlers run on Python's main thread only, and that thread is not the program's here. The
 * second signal ends the process at once. Safe for use by any number of threads.
 */
public final class Signals {
    private static final int INTERRUPTED = 130;
    private static final int TERMINATED = 143;

    private final Monitor monitor;
    private @Nullable String received;
    private boolean taken;

    private Signals(Environment environment) {
        this.monitor = environment.newMonitor();
    }

    /** From now on signals are noted here. Where the virtual machine keeps a signal to itself, it ends the process as ever. */
    static Signals listen(Environment environment) {
        var signals = new Signals(environment);
        for (String name : List.of("TERM", "INT")) {
            signals.install(name);
        }
        return signals;
    }

    /** By reflection, since the compiler refuses the class by name under the project's rules, and some Java may lack it. */
    @SuppressWarnings("ReferenceEquality") // a listener equals itself alone
    private void install(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object listener = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[]{handler},
                    (proxy, method, args) -> switch (method.getName()) {
                        case "handle" -> {
                            receive(name);
                            yield null;
                        }
                        case "equals" -> args != null && proxy == args[0];
                        case "hashCode" -> hashCode();
                        default -> "listener for SIG" + name;
                    });
            signal.getMethod("handle", signal, handler).invoke(null,
                    signal.getConstructor(String.class).newInstance(name), listener);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // the signal keeps its usual effect
            return;
        }
    }

    private void receive(String name) {
        monitor.lock();
        try {
            if (received != null) {
                Runtime.getRuntime().halt(name.equals("INT") ? INTERRUPTED : TERMINATED);
            }
            received = name;
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Waits for a signal, for as long as it takes.
     *
     * @return {@code INT} or {@code TERM}
     * @throws InterruptedException if the thread is interrupted
     */
    public String await() throws InterruptedException {
        monitor.lock();
        try {
            while (received == null || taken) {
                monitor.await();
            }
            taken = true;
            return received;
        } finally {
            monitor.unlock();
        }
    }

    /** Ends the process as SIGTERM does where nobody listens: Java's shutdown hooks run, and nothing else. */
    public void exit() {
        Runtime.getRuntime().exit(TERMINATED);
    }

    /** The program went on after a Ctrl-C, as a prompt does: the next one is a first one again. */
    public void forget() {
        monitor.lock();
        try {
            received = null;
            taken = false;
        } finally {
            monitor.unlock();
        }
    }
}
