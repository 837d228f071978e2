package dev.windlass.benchmarks.soak;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.benchmarks.CountedStrands;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;

/** A deliberate leak, to see that the soak finds it. */
public enum Leak {
    /** None. */
    NONE {
        @Override
        void drip(Held held, long task) {
            // keeps nothing
        }
    },
    /** 64 KiB for each task. */
    HEAP {
        @Override
        void drip(Held held, long task) {
            held.things.add(new byte[64 << 10]);
        }
    },
    /** A virtual thread for each task, which sleeps until it is interrupted. */
    THREADS {
        @Override
        void drip(Held held, long task) {
            held.things.add(held.environment.start("windlass-leak", () -> {
                try {
                    held.environment.sleep(Duration.ofDays(1));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
    },
    /** An open file for each task. */
    FILES {
        @Override
        void drip(Held held, long task) {
            try {
                held.things.add(new FileInputStream("/dev/null"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    },
    /** Four objects for each task. */
    OBJECTS {
        @Override
        void drip(Held held, long task) {
            for (int i = 0; i < 4; i++) {
                held.store.put("dead/leak/" + task + '-' + i, new byte[0], Precondition.none());
            }
        }
    };

    /** What has leaked so far. */
    static final class Held {
        private final List<Object> things = new ArrayList<>();
        private final CountedStrands environment;
        private final ObjectStore store;

        Held(CountedStrands environment, ObjectStore store) {
            this.environment = environment;
            this.store = store;
        }
    }

    /** Leaks what is due for a task. */
    abstract void drip(Held held, long task);
}
