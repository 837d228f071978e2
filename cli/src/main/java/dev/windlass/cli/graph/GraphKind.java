package dev.windlass.cli.graph;

/** The kinds of graph that {@link GraphGenerator} makes. */
public enum GraphKind {
    /**
     * The Montage mosaic of one band: images reprojected, differences fitted per overlapping pair, one background
     * model, every image corrected, table, mosaic, picture. Eight levels.
     */
    MONTAGE(10),
    /** The Epigenomics pipeline: lanes split into chunks, four steps per chunk, merged, indexed, piled up. Nine levels. */
    EPIGENOMICS(9),
    /** Each task waits for the one before it. */
    CHAIN(1),
    /** One task, many that wait for it, and one that waits for them all. */
    FANOUT(3),
    /** Each task waits for up to three of those shortly before it. */
    RANDOM(1);

    private final int smallestSize;

    GraphKind(int smallestSize) {
        this.smallestSize = smallestSize;
    }

    /** The fewest tasks that a graph of this kind can have. */
    public int smallestSize() {
        return smallestSize;
    }

    /** Its name on the command line and in the names of graphs: lower case. */
    public String word() {
        return switch (this) {
            case MONTAGE -> "montage";
            case EPIGENOMICS -> "epigenomics";
            case CHAIN -> "chain";
            case FANOUT -> "fanout";
            case RANDOM -> "random";
        };
    }
}
