package dev.windlass.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Where the virtual threads of one simulation run. If the JVM was started with
 * {@code --add-opens java.base/java.lang=ALL-UNNAMED}, all of them are mounted by the one thread that runs the
 * simulation, so that a switch costs no wake-up of another core. Otherwise they run on the platform's own scheduler: the
 * histories are the same, only slower.
 */
final class Carrier implements Executor {
    private static final @Nullable Method NEW_VIRTUAL_THREAD = findConstructor();
    private static final long IDLE_NANOS = 50_000_000;

    private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();
    private final Thread owner = Thread.currentThread();
    private final boolean direct = NEW_VIRTUAL_THREAD != null && !owner.isVirtual();
    private volatile boolean idle;
    private volatile boolean done;

    private static @Nullable Method findConstructor() {
        try {
            Method method = Class.forName("java.lang.ThreadBuilders").getDeclaredMethod("newVirtualThread",
                    Executor.class, String.class, int.class, Runnable.class);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException | RuntimeException notOpen) {
            return null;
        }
    }

    /** An unstarted thread. */
    Thread newThread(String name, Runnable body) {
        if (direct && NEW_VIRTUAL_THREAD != null) {
            try {
                Object thread = NEW_VIRTUAL_THREAD.invoke(null, this, name, 0, body);
                if (thread instanceof Thread made) {
                    return made;
                }
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("cannot make a thread of the simulation", e);
            }
        }
        return Thread.ofVirtual().name(name).unstarted(body);
    }

    @Override
    public void execute(Runnable task) {
        ready.add(task);
        if (idle) {
            LockSupport.unpark(owner);
        }
    }

    /** Ends {@link #run()}. */
    void finish() {
        done = true;
        LockSupport.unpark(owner);
    }

    /** Runs the simulation's threads, or waits for them, until {@link #finish()}. */
    void run() {
        boolean interrupted = false;
        while (true) {
            Runnable task = ready.poll();
            if (task != null) {
                task.run();
                continue;
            }
            if (done) {
                break;
            }
            idle = true;
            if (ready.isEmpty() && !done) {
                LockSupport.parkNanos(this, IDLE_NANOS);
                interrupted |= Thread.interrupted();
            }
            idle = false;
        }
        if (interrupted) {
            owner.interrupt();
        }
    }
}
