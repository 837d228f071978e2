package dev.windlass.benchmarks.measure;

/** Where something is measured. */
enum StoreKind {
    /** In this process. */
    MEMORY("mem:"),
    /** A directory, nothing forced to disk. */
    FAST("file: fast"),
    /** A directory, every write forced to disk. */
    DURABLE("file: durable"),
    /** A server on this machine that speaks S3. */
    S3("s3: versitygw");

    private final String title;

    StoreKind(String title) {
        this.title = title;
    }

    /** For people. */
    String title() {
        return title;
    }
}
