package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import dev.windlass.environment.Monitor;
import dev.windlass.queue.PauseState;
import dev.windlass.store.ListPage;
import org.jspecify.annotations.Nullable;

/**
 * Finds what can be claimed in one queue, by LISTs of {@code ready/{queue}/{prio}/}: one per priority level in use,
 * stopping at the first level that has something. What a page holds beyond the batch is kept for a moment, so that the
 * next batch needs no LIST. Used by one poller only, but for {@link #offer}.
 */
final class CandidateFinder {
    private static final Duration FRESH = Duration.ofMillis(500);
    private static final Duration HANDED_OUT = Duration.ofSeconds(5);
    private static final Duration OFFERS_ONLY = Duration.ofSeconds(1);
    private static final Duration LEVELS_LEARNT = Duration.ofSeconds(10);
    private static final int POLLS_PER_LEVELS = 10;
    private static final int PAGE = 1000;
    private static final int DEFAULT_LEVEL = 5;

    private final Core core;
    private final String queue;
    private final SkipCache skips;
    private final Contention contention;
    private final Duration shortestPoll;
    private final Monitor monitor;
    private final Deque<ReadyKey> offered = new ArrayDeque<>();
    private final Map<String, Instant> listed = new HashMap<>();
    private Deque<ReadyKey> kept = new ArrayDeque<>();
    private boolean backlog;
    private long listedAt;
    private TreeSet<Integer> levels = new TreeSet<>(List.of(DEFAULT_LEVEL));
    private long levelsAt;
    private int pollsSinceLevels = POLLS_PER_LEVELS;
    private final PauseWatch pauses;
    private boolean exhausted;
    private boolean spent;
    private boolean onOffers;
    private long onOffersSince;
    private @Nullable Instant nextDue;

    /** @param shortestPoll how soon after a look that has seen all that is due another one makes sense */
    CandidateFinder(Core core, String queue, SkipCache skips, Contention contention, Duration shortestPoll) {
        this.core = core;
        this.queue = queue;
        this.skips = skips;
        this.contention = contention;
        this.shortestPoll = shortestPoll;
        this.monitor = core.environment().newMonitor();
        this.pauses = new PauseWatch(core, queue, skips::clear);
    }

    /** The queue's name. */
    String queue() {
        return queue;
    }

    /** A key that is known to have been put just now, by this process. */
    void offer(ReadyKey key) {
        monitor.lock();
        try {
            if (offered.size() < PAGE) {
                offered.add(key);
            }
        } finally {
            monitor.unlock();
        }
    }

    /** Whether the last look found more than it handed out. */
    boolean hasBacklog() {
        return backlog;
    }

    /** When the next task of the levels that were looked at is due, or null if none is waiting. */
    @Nullable
    Instant nextDue() {
        return nextDue;
    }

    /** When a key was put, as listed; of one that was offered, now. */
    Instant lastModified(ReadyKey key) {
        Instant time = listed.get(key.key());
        return time == null ? core.clock().now() : time;
    }

    /** The next look learns the levels in use, if the last one has not; false if it has just done so. */
    boolean forgetLevels() {
        boolean known = pollsSinceLevels > 0;
        pollsSinceLevels = POLLS_PER_LEVELS;
        return known;
    }

    /** What of the queue is paused, as the last look saw it. */
    PauseState pauses() {
        return pauses.state();
    }

    /** At most so many keys that may be claimable. */
    List<ReadyKey> next(int wanted) {
        var found = new ArrayList<ReadyKey>();
        if (pauses.state().queue() == null) {
            takeKept(found, wanted);
            if (mayTakeOffers()) {
                takeOffered(found, wanted);
            }
        }
        if (found.isEmpty() && !hasJustSeenTheEnd()) {
            look(wanted);
            takeKept(found, wanted);
        }
        found.forEach(key -> skips.skip(key.key(), HANDED_OUT));
        backlog = !kept.isEmpty();
        return found;
    }

    /** Once after each look that found something, and everything that was due in any level: looking again would find nothing. */
    private boolean hasJustSeenTheEnd() {
        boolean seen = spent && core.environment().nanoTime() - listedAt < shortestPoll.toNanos();
        spent = false;
        return seen;
    }

    /**
     * Whether offers may go before another look: only if the last look saw the end of what was due, and not for long. They
     * would starve what is listed otherwise: retries that have become due, what other processes have put, what waited.
     */
    private boolean mayTakeOffers() {
        return exhausted && (!onOffers || core.environment().nanoTime() - onOffersSince < OFFERS_ONLY.toNanos());
    }

    private void takeOffered(List<ReadyKey> found, int wanted) {
        monitor.lock();
        try {
            while (found.size() < wanted && !offered.isEmpty()) {
                ReadyKey key = offered.remove();
                if (!skips.isSkipped(key.key())) {
                    found.add(key);
                    if (!onOffers) {
                        onOffers = true;
                        onOffersSince = core.environment().nanoTime();
                    }
                }
            }
        } finally {
            monitor.unlock();
        }
    }

    private void takeKept(List<ReadyKey> found, int wanted) {
        if (core.environment().nanoTime() - listedAt > FRESH.toNanos()) {
            kept.clear();
        }
        while (found.size() < wanted && !kept.isEmpty()) {
            ReadyKey key = kept.remove();
            if (!skips.isSkipped(key.key())) {
                found.add(key);
            }
        }
    }

    private void look(int wanted) {
        forgetOffers();
        boolean learnt = learnLevels();
        listed.clear();
        nextDue = null;
        exhausted = false;
        var looked = new TreeSet<Integer>(levels);
        if (!learnt) {
            looked.add(DEFAULT_LEVEL); // it may have come into use since
        }
        int limit = Math.clamp((long) wanted * contention.window() * 2, 64, PAGE);
        var markers = new HashMap<String, Instant>();
        for (int level : looked) {
            var due = new ArrayList<ReadyKey>();
            exhausted = collect(level, limit, due, markers);
            boolean changed = pauses.seen(markers);
            if (pauses.state().queue() != null) {
                kept.clear();
                break; // nothing else is to be seen
            }
            if (changed) { // what was passed over as paused may not be any more
                due.clear();
                exhausted = collect(level, limit, due, markers);
            }
            if (!due.isEmpty()) {
                kept = new ArrayDeque<>(contention.order(due));
                listedAt = core.environment().nanoTime();
                spent = exhausted && level == looked.last();
                return;
            }
        }
        exhausted = true;
    }

    /** A look finds them too, each in its place. */
    private void forgetOffers() {
        monitor.lock();
        try {
            offered.clear();
            onOffers = false;
        } finally {
            monitor.unlock();
        }
    }

    /**
     * The due keys of the first page that has any which can be tried: what cannot be is passed over page by page.
     *
     * @return whether these are all that are due
     */
    private boolean collect(int level, int limit, List<ReadyKey> due, Map<String, Instant> markers) {
        String prefix = Keys.readyLevel(queue, level);
        boolean ordered = core.store().capabilities().orderedList();
        int size = ordered ? limit : PAGE;
        boolean onlyMarkers = true;
        String after = null;
        while (true) {
            ListPage page = core.documents().list(prefix, after, size);
            Instant now = core.clock().now();
            for (ListPage.Entry entry : page.entries()) {
                ReadyKey key = ReadyKey.parse(entry.key());
                if (key == null) {
                    if (Keys.isPauseMarker(entry.key())) {
                        markers.put(entry.key(), entry.lastModified());
                    }
                    continue;
                }
                onlyMarkers = false;
                if (key.due().isAfter(now)) {
                    if (nextDue == null || key.due().isBefore(nextDue)) {
                        nextDue = key.due();
                    }
                    if (ordered) {
                        return true;
                    }
                } else if (!skips.isSkipped(entry.key())) {
                    listed.put(entry.key(), entry.lastModified());
                    due.add(key);
                }
            }
            if (!page.more() || page.entries().isEmpty()) {
                if (onlyMarkers && !markers.isEmpty()) {
                    levels.remove(level); // until they are learnt again: a level that holds a marker is not in use by that
                }
                return true;
            }
            if (ordered && !due.isEmpty()) {
                return false;
            }
            after = page.entries().getLast().key();
            size = PAGE;
        }
    }

    /** Which priority levels are in use is learnt now and then, from one LIST with a delimiter. */
    private boolean learnLevels() {
        long now = core.environment().nanoTime();
        pollsSinceLevels++;
        if (pollsSinceLevels <= POLLS_PER_LEVELS && now - levelsAt < LEVELS_LEARNT.toNanos()) {
            return false;
        }
        var learnt = new TreeSet<Integer>();
        for (String name : core.documents().names(Keys.readyQueue(queue))) {
            if (name.length() == 1 && Character.isDigit(name.charAt(0))) {
                learnt.add(name.charAt(0) - '0');
            }
        }
        levels = learnt;
        levelsAt = now;
        pollsSinceLevels = 0;
        return true;
    }
}
