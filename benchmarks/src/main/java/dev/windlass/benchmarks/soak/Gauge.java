package dev.windlass.benchmarks.soak;

/** What must stay flat, and by how much it may grow at least. */
public enum Gauge {
    /** Used heap after a full collection. */
    HEAP("heap after GC, MiB", 4),
    /** Platform threads. */
    PLATFORM_THREADS("platform threads", 4),
    /** Threads that the queue has started. */
    STRANDS("threads of the queue", 64),
    /** Open file descriptors. */
    OPEN_FILES("open files", 8),
    /** Objects in the store beside the tasks, which stay by design. */
    OBJECTS("objects beside tasks", 128);

    private final String title;
    private final double allowance;

    Gauge(String title, double allowance) {
        this.title = title;
        this.allowance = allowance;
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** How much it may grow from the first third to the last, however little the first third has. */
    double allowance() {
        return allowance;
    }

    /** Its value in a sample. */
    double of(Sample sample) {
        return switch (this) {
            case HEAP -> sample.heapBytes() / (double) (1 << 20);
            case PLATFORM_THREADS -> sample.platformThreads();
            case STRANDS -> sample.strands();
            case OPEN_FILES -> (double) sample.openFiles();
            case OBJECTS -> (double) sample.objects();
        };
    }
}
