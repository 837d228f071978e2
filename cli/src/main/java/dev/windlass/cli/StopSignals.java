package dev.windlass.cli;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import org.jspecify.annotations.Nullable;

/**
 * Waits for SIGTERM and SIGINT, so that a command ends in its own way and with its own exit code: a shutdown hook can tell
 * neither which signal came nor change the code. A second signal ends the process at once. Safe for use by any number of
 * threads.
 */
public final class StopSignals {
    private static final List<String> NAMES = List.of("TERM", "INT");

    private final Environment environment;
    private final Monitor monitor;
    private @Nullable String received;

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
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> "listener for SIG" + name;
                    });
            signal.getMethod("handle", signal, handler).invoke(null,
                    signal.getConstructor(String.class).newInstance(name), listener);
        } catch (ReflectiveOperationException e) {
            // the signal keeps its usual effect
            return;
        }
    }

    private void receive(String name) {
        monitor.lock();
        try {
            if (received != null) {
                Runtime.getRuntime().halt(name.equals("INT") ? ExitCode.INTERRUPTED : 143);
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
