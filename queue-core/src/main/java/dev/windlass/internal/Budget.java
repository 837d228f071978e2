package dev.windlass.internal;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;

/** How many attempts a worker may still make, shared by its lanes. One without a limit takes no lock. */
final class Budget {
    private final Monitor monitor;
    private final long most;
    private long left;
    private long ended;

    /** @param most how many attempts; {@code Long.MAX_VALUE} for no limit */
    Budget(Environment environment, long most) {
        this.monitor = environment.newMonitor();
        this.most = most;
        this.left = most;
    }

    private boolean isUnlimited() {
        return most == Long.MAX_VALUE;
    }

    /** Takes leave for attempts: so many as wanted, or fewer, or none. */
    int take(int wanted) {
        if (isUnlimited()) {
            return wanted;
        }
        monitor.lock();
        try {
            int taken = (int) Math.min(wanted, left);
            left -= taken;
            return taken;
        } finally {
            monitor.unlock();
        }
    }

    /** Gives back what no attempt came of. */
    void giveBack(int count) {
        if (isUnlimited() || count == 0) {
            return;
        }
        monitor.lock();
        try {
            left += count;
        } finally {
            monitor.unlock();
        }
    }

    /** An attempt has ended; true for the last one that there may be. */
    boolean end() {
        if (isUnlimited()) {
            return false;
        }
        monitor.lock();
        try {
            ended++;
            return ended == most;
        } finally {
            monitor.unlock();
        }
    }
}
