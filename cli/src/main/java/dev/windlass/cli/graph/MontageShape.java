package dev.windlass.cli.graph;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.InvalidInputException;

/**
 * The Montage pipeline for one band: {@code mProject} for each image, {@code mDiffFit} for each pair of images that
 * overlap, {@code mConcatFit}, {@code mBgModel}, {@code mBackground} for each image, {@code mImgtbl}, {@code mAdd},
 * {@code mViewer}. Images lie on a square grid and overlap with their neighbours on the sides and corners; a size in
 * between is reached by leaving out overlaps at the corners.
 */
final class MontageShape {
    /** mConcatFit, mBgModel, mImgtbl, mAdd and mViewer. */
    private static final int SINGLE_TASKS = 5;
    /** Overlaps per image in a mosaic of usual size. */
    private static final int USUAL_OVERLAPS = 3;

    private MontageShape() {
    }

    private record Pair(int first, int second) {}

    static List<GraphTask> tasks(int size, SeededDraw draw) {
        for (int off = 0; off <= size; off++) {
            for (int exact : off == 0 ? new int[]{size} : new int[]{size - off, size + off}) {
                int images = images(exact);
                if (images > 0) {
                    return tasks(images, exact - SINGLE_TASKS - 2 * images, draw);
                }
            }
        }
        throw new InvalidInputException("there is no montage graph near " + size + " tasks");
    }

    /** How many images give exactly so many tasks, as near as can be to the usual number of overlaps; 0 if none. */
    private static int images(int size) {
        int usual = Math.max(2, (size - SINGLE_TASKS) / (2 + USUAL_OVERLAPS));
        for (int off = 0; off <= usual; off++) {
            for (int images : new int[]{usual + off, usual - off}) {
                int pairs = size - SINGLE_TASKS - 2 * images;
                // A connected mosaic has at least one overlap per image but the first; that many always exist.
                if (images >= 2 && pairs >= images - 1 && pairs <= neighbours(images).size()) {
                    return images;
                }
            }
        }
        return 0;
    }

    /** Overlapping pairs, those first that hold the mosaic together, then the other sides, then the corners. */
    private static List<Pair> neighbours(int images) {
        int columns = (int) StrictMath.ceil(StrictMath.sqrt(images));
        List<Pair> holding = new ArrayList<>();
        List<Pair> sides = new ArrayList<>();
        List<Pair> corners = new ArrayList<>();
        for (int image = 1; image < images; image++) {
            int column = image % columns;
            if (column > 0) {
                holding.add(new Pair(image - 1, image));
            }
            if (image >= columns) {
                (column == 0 ? holding : sides).add(new Pair(image - columns, image));
                if (column > 0) {
                    corners.add(new Pair(image - columns - 1, image));
                }
                if (column < columns - 1) {
                    corners.add(new Pair(image - columns + 1, image));
                }
            }
        }
        holding.addAll(sides);
        holding.addAll(corners);
        return holding;
    }

    private static List<GraphTask> tasks(int images, int pairs, SeededDraw draw) {
        var listing = new TaskListing();
        List<String> projected = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            projected.add(listing.add("mProject", draw.around(14, 0.1)));
        }
        List<String> fits = new ArrayList<>();
        for (Pair pair : neighbours(images).subList(0, pairs)) {
            fits.add(listing.add("mDiffFit", draw.around(0.3, 0.6), projected.get(pair.first()),
                    projected.get(pair.second())));
        }
        String concat = listing.add("mConcatFit", draw.around(0.4 + 0.004 * pairs, 0.1), fits);
        String model = listing.add("mBgModel", draw.around(1 + 0.03 * pairs, 0.1), concat);
        List<String> corrected = new ArrayList<>();
        for (String image : projected) {
            corrected.add(listing.add("mBackground", draw.around(0.5, 0.4), image, model));
        }
        String table = listing.add("mImgtbl", draw.around(0.2 + 0.003 * images, 0.1), corrected);
        List<String> mosaicParts = new ArrayList<>(corrected);
        mosaicParts.add(table);
        String mosaic = listing.add("mAdd", draw.around(0.5 + 0.05 * images, 0.1), mosaicParts);
        listing.add("mViewer", draw.around(0.4, 0.2), mosaic);
        return listing.tasks();
    }
}
