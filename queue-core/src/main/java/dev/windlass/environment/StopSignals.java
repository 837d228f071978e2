package dev.windlass.environment;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * SIGTERM and SIGINT (Ctrl-C), for programs that end in their own way and with their own exit code: a shutdown hook can tell
 * neither which signal came nor change the code. A second signal ends the process at once, with the code that the signal stands for.
 * Safe for use by any number of threads.
 */
public final class StopSignals {
    private static final List<String> NAMES = List.of("TERM", "INT");

    private static final int INTERRUPTED = 130;
    private static final int TERMINATED = 143;

    private final Environment environment;
    private final Monitor monitor;
    private @Nullable String received;
    /** Whether {@link #next} has told of it. */
    private boolean told;

    private StopSignals(Environment environment) {
        this.environment = environment;
        this.monitor = environment.newMonitor();
    }

    /**
     * From now on signals are noted here, instead of ending the process. Where the virtual machine does not let go of a
     * signal (as with {@code -Xrs}), it ends the process as before.
     *
     * @param environment for waiting
     */
    public static StopSignals listen(Environment environment) {
        var signals = new StopSignals(environment);
        for (String name : NAMES) {
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
     * Waits for a signal.
     *
     * @param limit how long at most
     * @return whether one has come, now or before
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean await(Duration limit) throws InterruptedException {
        long end = environment.nanoTime() + limit.toNanos();
        monitor.lock();
        try {
            while (received == null) {
                long left = end - environment.nanoTime();
                if (left <= 0) {
                    return false;
                }
                monitor.await(Duration.ofNanos(left));
            }
            return true;
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Waits for a signal that nobody was told of by this method, for as long as it takes.
     *
     * @return {@code INT} or {@code TERM}
     * @throws InterruptedException if the thread is interrupted
     */
    public String next() throws InterruptedException {
        monitor.lock();
        try {
            while (received == null || told) {
                monitor.await();
            }
            told = true;
            return received;
        } finally {
            monitor.unlock();
        }
    }

    /** Whether Ctrl-C came, rather than SIGTERM or nothing. */
    public boolean interrupted() {
        monitor.lock();
        try {
            return "INT".equals(received);
        } finally {
            monitor.unlock();
        }
    }
}
