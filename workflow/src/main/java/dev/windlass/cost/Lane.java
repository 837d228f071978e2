package dev.windlass.cost;

import java.util.List;

/**
 * What it costs a fleet to find and claim what comes to queues that share a poller: LISTs, the writes of leases that cover
 * claims, and what is tried in vain. A second's worth, of all workers.
 *
 * @param lists LISTs
 * @param claims how often a worker claims something, each time with one write of its lease
 * @param beaten claims of tasks that another worker has got at the same moment
 * @param late claims of tasks that another worker had got before
 * @param drained claims of tasks that another worker has got, while several work off many
 * @param delay how long a task waits to be found, on average, in seconds
 */
record Lane(double lists, double claims, double beaten, double late, double drained, double delay) {
    /** How long what one worker found is still seen by others, in requests: until its key is deleted. */
    private static final double SEEN_FOR = 3.5;
    /** Of tasks that several workers work off at once, the part that is lost to others, for each other one. */
    private static final double LOST_EACH = 0.04;
    private static final double LOST_MOST = 0.6;
    /** How often a worker asks who else is there, in seconds: while it loses, and else. */
    private static final double FLEET_MISSED = 1;
    private static final double FLEET_LEARNT = 10;
    private static final double LOSSES_REMEMBERED = 4;
    private static final double WARY = 30;

    /** How workers learn of what comes. */
    enum Notice {
        /** They look. */
        NONE,
        /** All of them know beforehand when it comes. */
        TIME,
        /** It comes from a worker, which knows of it at once; the others look. */
        OWN
    }

    /**
     * Things that come together.
     *
     * @param rate how often, a second
     * @param size how many
     * @param time how long each one keeps a slot
     * @param notice how workers learn of them
     * @param spread over how many seconds they come
     */
    record Stream(double rate, double size, double time, Notice notice, double spread) {

        static Stream atOnce(double rate, double size, double time, Notice notice) {
            return new Stream(rate, size, time, notice, 0);
        }
    }

    /**
     * Whose lane.
     *
     * @param workers how many workers
     * @param queues how many queues share the poller
     * @param levels in how many priority levels of each things wait
     * @param pages how many LISTs it takes to see one level
     * @param held whether something waits in the levels all the time
     * @param slots how many things a worker does at once
     * @param batch how many things one claim takes
     */
    record Fleet(double workers, double queues, double levels, double pages, boolean held, double slots,
            double batch, double shortest, double longest, double latency) {}

    static Lane of(Fleet fleet, List<Stream> streams) {
        double most = Math.min(fleet.slots(), fleet.batch());
        double workers = fleet.workers();
        double taken = 0;
        double seen = 0;
        double timed = 0;
        double own = 0;
        double ownTasks = 0;
        double tasks = 0;
        double beaten = 0;
        double drained = 0;
        double drainClaims = 0;
        double drainLists = 0;
        for (Stream stream : streams) {
            double share = Math.min(workers, Math.max(1, stream.size() / most));
            boolean fits = stream.size() <= most;
            switch (stream.notice()) {
                case TIME -> {
                    timed += stream.rate();
                    beaten += stream.rate() * (stream.spread() > 0 ? stream.size() : Math.min(stream.size(), most))
                            * (workers - 1);
                }
                case OWN -> {
                    own += stream.rate() / workers;
                    ownTasks += stream.rate() * Math.min(stream.size(), most);
                    seen += fits ? 0 : stream.rate() * (share - 1) / workers;
                }
                case NONE -> {
                    taken += fits ? stream.rate() : 0;
                    tasks += fits ? stream.rate() * stream.size() : 0;
                    seen += fits ? 0 : stream.rate() * share / workers;
                }
            }
            if (stream.spread() > 0) {
                // Each look finds those that have become due since the last one.
                double together = Math.max(1, stream.size() / stream.spread() * fleet.latency());
                drainClaims += stream.rate() * workers * Math.max(0, stream.size() / together - 1);
                drainLists += stream.rate() * workers * Math.max(0, stream.size() / together - 1);
            } else if (stream.size() > most) {
                var drain = Drain.of(fleet, stream.size() / share, stream.time());
                drainClaims += stream.rate() * share * drain.claims();
                drainLists += stream.rate() * share * drain.lists();
                drained += stream.rate() * stream.size() * Math.min(LOST_MOST, LOST_EACH * (share - 1));
            }
        }
        double levelLists = fleet.levels() * fleet.pages();
        double look = fleet.latency() * fleet.queues() * levelLists;
        // Who has found something in the last level of a queue does not look there again at once, but for more queues he
        // does: as it was counted, at about half of those that he has passed by.
        double again = 1 - (fleet.queues() + 1) / (2 * fleet.queues() * fleet.levels());
        var pollers = new Polling.Pollers(workers, fleet.queues(), fleet.shortest(), fleet.longest(), look, again);
        Polling polling = Polling.of(new Polling.Arrivals(taken, seen, timed + own), pollers);
        double met = 0;
        if (workers > 1 && taken + own > 0) {
            met = 1 - Math.exp(-polling.looks() * SEEN_FOR * fleet.latency());
            // Where they meet, all find everything at the same time, as if each were alone.
            Polling together = Polling.of(new Polling.Arrivals(0, seen + taken + own * (workers - 1), timed + own),
                    new Polling.Pollers(1, fleet.queues(), fleet.shortest(), fleet.longest(), look, again));
            polling = polling.mixed(together, met);
        }
        double claimed = tasks + ownTasks;
        double late = claimed * met * (workers - 1);
        double lists = workers * ((polling.looks() - polling.finds()) * fleet.queues() * levelLists
                + (polling.hits() - Math.min(own, polling.hits())) * (fleet.queues() + 1) / 2 * (levelLists + 1) / 2
                + polling.learns() * fleet.queues()
                        * (fleet.held() ? 1 : polling.hits() / polling.looks() / fleet.queues())
                + asksWhoIsThere(polling.hits(), (claimed + late) / (workers * polling.hits()),
                        late / (claimed + late)));
        return new Lane(lists + drainLists, workers * polling.hits() + drainClaims, beaten, late, drained,
                polling.delay());
    }

    /**
     * LISTs of leases, by which a worker that loses tasks to others learns how to share with them; a second.
     *
     * @param finds how often it finds something
     * @param each how many tasks it finds then
     * @param lost which part of them it loses
     */
    private static double asksWhoIsThere(double finds, double each, double lost) {
        double several = each <= 1 ? 0 : 1 - each * Math.exp(-each) / (1 - Math.exp(-each));
        double looks = finds * several;
        if (!(looks > 1e-9) || !(lost > 0)) {
            return 0;
        }
        double losing = 1 - Math.pow(1 - lost, LOSSES_REMEMBERED);
        double wary = 1 - Math.exp(-finds * lost * WARY);
        return losing / (FLEET_MISSED + 1 / looks) + (1 - losing) * wary / (FLEET_LEARNT + 1 / looks);
    }
}
