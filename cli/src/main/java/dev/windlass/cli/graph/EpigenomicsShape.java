package dev.windlass.cli.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * The Epigenomics pipeline: each lane of a sequencer is split by {@code fastqSplit} into chunks; each chunk passes
 * {@code filterContams}, {@code sol2sanger}, {@code fastq2bfq} and {@code map}; {@code mapMerge} joins a lane's
 * chunks, and another one the lanes; then {@code maqIndex} and {@code pileup}. With L lanes and C chunks that makes
 * 2L + 4C + 3 tasks.
 */
final class EpigenomicsShape {
    /** The merge of all lanes, maqIndex and pileup. */
    private static final int SINGLE_TASKS = 3;
    /** Tasks of one lane of usual size: about 24 chunks. */
    private static final int USUAL_LANE = 98;

    private EpigenomicsShape() {
    }

    static List<GraphTask> tasks(int size, SeededDraw draw) {
        int pairs = (possible(size) - SINGLE_TASKS) / 2;
        int lanes = Math.max(1, size / USUAL_LANE);
        // pairs = lanes + 2 * chunks, so lanes and pairs are both odd or both even.
        if ((pairs - lanes) % 2 != 0) {
            lanes++;
        }
        return tasks(lanes, (pairs - lanes) / 2, draw);
    }

    /** Odd sizes only, and not 11: two lanes need two chunks. */
    private static int possible(int size) {
        return switch (size) {
            case 11 -> 9;
            case 12 -> 13;
            default -> size % 2 == 0 ? size - 1 : size;
        };
    }

    private static List<GraphTask> tasks(int lanes, int chunks, SeededDraw draw) {
        var listing = new TaskListing();
        List<String> laneMaps = new ArrayList<>();
        int left = chunks;
        for (int lane = 0; lane < lanes; lane++) {
            int ofLane = lane == lanes - 1 ? left : share(left, lanes - lane, draw);
            left -= ofLane;
            String split = listing.add("fastqSplit", draw.around(20 + 4.0 * ofLane, 0.4));
            List<String> maps = new ArrayList<>();
            for (int chunk = 0; chunk < ofLane; chunk++) {
                String filtered = listing.add("filterContams", draw.around(9, 0.6), split);
                String converted = listing.add("sol2sanger", draw.around(5, 0.6), filtered);
                String packed = listing.add("fastq2bfq", draw.around(1.2, 0.6), converted);
                maps.add(listing.add("map", draw.around(34, 0.25), packed));
            }
            laneMaps.add(listing.add("mapMerge", draw.around(2 + 0.1 * ofLane, 0.2), maps));
        }
        String all = listing.add("mapMerge", draw.around(5 + 0.06 * chunks, 0.2), laneMaps);
        String index = listing.add("maqIndex", draw.around(38, 0.15), all);
        listing.add("pileup", draw.around(50, 0.15), index);
        return listing.tasks();
    }

    /** A lane's part of the chunks that are left: up to a third more or less than an even share, and at least one each. */
    private static int share(int left, int lanes, SeededDraw draw) {
        int even = left / lanes;
        int third = even / 3;
        int part = even - third + draw.below(2 * third + 1);
        return Math.max(1, Math.min(part, left - (lanes - 1)));
    }
}
