package dev.windlass.cost;

/**
 * What one worker needs, beyond its first find, to work off many things that wait.
 *
 * @param claims how many claims more
 * @param lists how many LISTs more
 */
record Drain(double claims, double lists) {
    private static final double LEAST_PAGE = 64;
    private static final double MOST_PAGE = 1000;
    /** For how long a page that was listed is used, in seconds. */
    private static final double FRESH = 0.5;
    private static final double LONGEST_LINGER = 0.25;
    /** How long a key that was claimed still fills a page, in requests. */
    private static final double LISTED_FOR = 2.5;

    /**
     * What it needs.
     *
     * @param fleet whose worker
     * @param size how many things
     * @param time how long each takes, in seconds
     */
    static Drain of(Lane.Fleet fleet, double size, double time) {
        double latency = fleet.latency();
        double most = Math.min(fleet.slots(), fleet.batch());
        // A slot: claimed, worked on, recorded. The poller waits for more free slots for as long as a claim takes.
        double turn = Math.max(3 * latency + time, 1e-6);
        double linger = Math.min(LONGEST_LINGER, 2 * latency);
        double freed = fleet.slots() / turn;
        double together = Math.clamp(1 + (fleet.slots() - 1) * linger / turn, 1, most);
        double page = Math.max(together,
                Math.clamp(2 * together, LEAST_PAGE, MOST_PAGE) - freed * LISTED_FOR * latency);
        if (freed * FRESH < page) {
            page = Math.max(together, freed * FRESH);
            return new Drain(Math.max(0, size / together - 1), Math.max(0, size / page - 1));
        }
        // A page that is used up is followed by a claim for the first slot that is free; then the LIST has freed more.
        double afterwards = Math.clamp(freed * (linger + latency), 1, most);
        double claims = 2 + Math.max(0, page - 1 - afterwards) / together;
        return new Drain(Math.max(0, size / page * claims - 1), Math.max(0, size / page - 1));
    }
}
