package dev.windlass.benchmarks.measure;

import java.util.List;

/** One of the measures of docs/performance.md. */
public interface Measure {

    /** Its name on the command line. */
    String name();

    /** What it measures, in a few words. */
    String title();

    /**
     * Measures.
     *
     * @param scene where, and how much
     * @return the rows of its table
     * @throws InterruptedException if the thread is interrupted
     */
    List<Figure> run(Scene scene) throws InterruptedException;
}
