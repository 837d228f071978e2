package dev.windlass.cost;

import java.util.function.DoubleUnaryOperator;

/**
 * How often one poller looks, and how often it finds something: a chain of looks with growing waits between them, which
 * begins anew when it has found something. What comes is drawn as if by chance (Poisson), at given rates.
 *
 * <p>Three kinds of things come. <em>Taken</em>: whoever looks first has it, and nobody else sees it. <em>Seen</em>:
 * each poller finds it at its next look. <em>Timed</em>: each poller knows when it comes, and looks right then.
 *
 * @param looks how often it looks, a second
 * @param finds how often it finds something, a second
 * @param hits how often it finds something in one of the queues, a second: each is claimed for itself
 * @param learns how often, of those looks, it also asks which priority levels are in use, for each queue, a second
 * @param delay how long what is taken waits for the first look, on average, in seconds
 */
record Polling(double looks, double finds, double hits, double learns, double delay) {
    private static final double LEARN_AFTER = 10;
    private static final int LOOKS_PER_LEARN = 11;
    private static final int ROUNDS = 12;
    private static final int POINTS = 48;

    /**
     * What comes to a queue or several, in events a second.
     *
     * @param taken what only the first one finds
     * @param seen what each one finds
     * @param timed what each one expects
     */
    record Arrivals(double taken, double seen, double timed) {}

    /**
     * Who polls.
     *
     * @param pollers how many poll the same queues
     * @param queues how many queues each looks at
     * @param shortest the first wait, in seconds
     * @param longest the longest wait
     * @param look how long a look takes
     * @param again how likely a find is followed by another look at once, since there may be more
     */
    record Pollers(double pollers, double queues, double shortest, double longest, double look, double again) {}

    /** Solves the chain: for several pollers by rounds, since what one finds depends on how often the others look. */
    static Polling of(Arrivals arrivals, Pollers pollers) {
        var chain = new Chain(arrivals, pollers);
        Polling polling = chain.solve();
        for (int i = 1; i < ROUNDS && pollers.pollers() > 1; i++) {
            polling = chain.solve();
        }
        return polling;
    }

    /** Between this and another one: this part of the other. */
    Polling mixed(Polling other, double part) {
        return new Polling(mix(looks, other.looks, part), mix(finds, other.finds, part), mix(hits, other.hits, part),
                mix(learns, other.learns, part), mix(delay, other.delay, part));
    }

    private static double mix(double one, double other, double part) {
        return one + part * (other - one);
    }

    /** The waits of one poller, and how often each is come to, for one find. */
    private static final class Chain {
        private final Arrivals arrivals;
        private final Pollers pollers;
        private final double[] gaps;
        private final double[] times;
        private double cycle;

        Chain(Arrivals arrivals, Pollers pollers) {
            this.arrivals = arrivals;
            this.pollers = pollers;
            double look = Math.max(pollers.look(), 1e-4);
            int waits = 0;
            for (double wait = pollers.shortest(); wait < pollers.longest(); wait *= 2) {
                waits++;
            }
            this.gaps = new double[waits + 2];
            // After a find that may not have been all a poller looks again at once; then it waits, ever longer.
            gaps[0] = look;
            for (int i = 0; i < waits; i++) {
                gaps[i + 1] = pollers.shortest() * Math.pow(2, i) + look;
            }
            gaps[waits + 1] = pollers.longest() + look;
            this.times = new double[gaps.length];
            times[times.length - 1] = 1;
            cycle = gaps[gaps.length - 1];
        }

        /** One round: what others do is taken from the round before. */
        Polling solve() {
            double[] nothing = new double[gaps.length];
            for (int i = 0; i < gaps.length; i++) {
                nothing[i] = untaken(gaps[i]) * Math.exp(-(arrivals.seen() + arrivals.timed()) * gaps[i]);
            }
            double reached = pollers.again();
            double looks = 0;
            double time = 0;
            double hits = 0;
            double learns = 0;
            for (int i = 0; i < gaps.length; i++) {
                // The last wait is repeated until something is found.
                double now = i < gaps.length - 1 ? reached : reached / Math.max(1e-12, 1 - nothing[i]);
                double lasts = now * lasts(gaps[i]);
                looks += now;
                time += lasts;
                hits += now * pollers.queues() * (1 - Math.pow(nothing[i], 1 / pollers.queues()));
                learns += lasts / (gaps[i] * Math.min(LOOKS_PER_LEARN, LEARN_AFTER / gaps[i] + 0.5));
                times[i] = (times[i] + now) / 2;
                reached *= nothing[i];
                if (i == 0) {
                    reached += 1 - pollers.again();
                }
            }
            cycle = 0;
            for (int i = 0; i < gaps.length; i++) {
                cycle += times[i] * gaps[i];
            }
            double delay = integral(gaps[gaps.length - 1], t -> Math.pow(older(t), pollers.pollers()));
            return new Polling(looks / time, 1 / time, hits / time, learns / time, delay);
        }

        /** The probability that a poller's last look was longer ago than that. */
        private double older(double age) {
            double sum = 0;
            for (int i = 0; i < gaps.length; i++) {
                sum += times[i] * Math.max(0, gaps[i] - age);
            }
            return sum / cycle;
        }

        /** The probability that in such a gap nothing has come that nobody else has looked for since. */
        private double untaken(double gap) {
            double rate = arrivals.taken();
            if (pollers.pollers() <= 1 || rate == 0) {
                return Math.exp(-rate * gap);
            }
            return 1 - rate * integral(gap, t -> Math.exp(-rate * t) * Math.pow(older(t), pollers.pollers() - 1));
        }

        /** How long such a gap lasts if it may be cut short. */
        private double lasts(double gap) {
            double timed = arrivals.timed();
            return timed * gap < 1e-9 ? gap : (1 - Math.exp(-timed * gap)) / timed;
        }

        /** From 0 on; finer near 0, where more happens. */
        private static double integral(double end, DoubleUnaryOperator function) {
            double sum = 0;
            for (int i = 0; i < POINTS; i++) {
                double from = end * i * i / POINTS / POINTS;
                double to = end * (i + 1) * (i + 1) / POINTS / POINTS;
                sum += (to - from) * function.applyAsDouble((from + to) / 2);
            }
            return sum;
        }
    }
}
