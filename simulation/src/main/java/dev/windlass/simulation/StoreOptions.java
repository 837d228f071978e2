package dev.windlass.simulation;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * How a simulated store behaves. Immutable; {@link #defaults()} is a well-mannered S3: ETags of the content, ordered
 * listings, conditional deletes, times in whole seconds of which the {@code Date} lags by up to 2 s, answers after 5 to
 * 40 ms, a client that gives up after 10 s.
 */
public final class StoreOptions {
    private static final StoreOptions DEFAULTS = new StoreOptions();

    Duration minLatency = Duration.ofMillis(5);
    Duration maxLatency = Duration.ofMillis(40);
    Duration requestTimeout = Duration.ofSeconds(10);
    Duration maxLateness = Duration.ofMinutes(3);
    Duration timeGranularity = Duration.ofSeconds(1);
    Duration maxTimeLag = Duration.ofSeconds(2);
    boolean answersTime = true;
    boolean contentEtags = true;
    boolean orderedList = true;
    boolean conditionalDelete = true;
    int maxPage = 1_000;
    double shortPages;

    private StoreOptions() {
    }

    private StoreOptions(StoreOptions other) {
        minLatency = other.minLatency;
        maxLatency = other.maxLatency;
        requestTimeout = other.requestTimeout;
        maxLateness = other.maxLateness;
        timeGranularity = other.timeGranularity;
        maxTimeLag = other.maxTimeLag;
        answersTime = other.answersTime;
        contentEtags = other.contentEtags;
        orderedList = other.orderedList;
        conditionalDelete = other.conditionalDelete;
        maxPage = other.maxPage;
        shortPages = other.shortPages;
    }

    private StoreOptions with(Consumer<StoreOptions> change) {
        var copy = new StoreOptions(this);
        change.accept(copy);
        return copy;
    }

    /** See the class. */
    public static StoreOptions defaults() {
        return DEFAULTS;
    }

    @Override
    public String toString() {
        return (orderedList ? "ordered" : "unordered") + " LIST, pages of " + maxPage
                + (shortPages > 0 ? ", some shorter" : "")
                + (contentEtags ? ", ETags of the content" : ", unique ETags")
                + ", " + (conditionalDelete ? "" : "no ") + "conditional DELETE, time in steps of " + timeGranularity
                + " up to " + maxTimeLag + " late, time-out " + requestTimeout + ", lateness up to " + maxLateness;
    }

    /** How long a request takes from call to answer, at least and at most; the seed draws each. */
    public StoreOptions withLatency(Duration least, Duration most) {
        return with(copy -> {
            copy.minLatency = least;
            copy.maxLatency = most;
        });
    }

    /** After how long the client gives up. */
    public StoreOptions withRequestTimeout(Duration timeout) {
        return with(copy -> copy.requestTimeout = timeout);
    }

    /** How long after the client has given up a request may still land, where the seed decides. */
    public StoreOptions withMaxLateness(Duration lateness) {
        return with(copy -> copy.maxLateness = lateness);
    }

    /**
     * How the store tells the time. The stated uncertainty is the sum of both.
     *
     * @param granularity both the store's time and LastModified are cut to it, such as 1 s or 1 ms
     * @param maxLag by how much the store's time in an answer is behind at most; the seed draws it for each answer
     */
    public StoreOptions withTime(Duration granularity, Duration maxLag) {
        return with(copy -> {
            copy.timeGranularity = granularity;
            copy.maxTimeLag = maxLag;
        });
    }

    /** Whether answers say the store's time; otherwise it is null. LastModified is always there. */
    public StoreOptions withAnswersTime(boolean answers) {
        return with(copy -> copy.answersTime = answers);
    }

    /** Whether equal bytes have equal ETags; otherwise every write has an ETag of its own. */
    public StoreOptions withContentEtags(boolean content) {
        return with(copy -> copy.contentEtags = content);
    }

    /**
     * Whether listings are ordered. If not, the store has a scrambled order of its own; a page follows the key
     * {@code startAfter} in that order, so paging by the last key of each page still reads the whole prefix.
     */
    public StoreOptions withOrderedList(boolean ordered) {
        return with(copy -> copy.orderedList = ordered);
    }

    /** Whether there are conditional deletes. */
    public StoreOptions withConditionalDelete(boolean conditional) {
        return with(copy -> copy.conditionalDelete = conditional);
    }

    /**
     * Pages smaller than asked for.
     *
     * @param most at most so many keys or names a page, 1 to 1,000
     * @param shortPages how probable it is, 0 to 1, that a page ends even earlier, at random
     */
    public StoreOptions withPages(int most, double shortPages) {
        return with(copy -> {
            copy.maxPage = most;
            copy.shortPages = shortPages;
        });
    }
}
