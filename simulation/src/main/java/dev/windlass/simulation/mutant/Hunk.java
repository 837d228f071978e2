package dev.windlass.simulation.mutant;

/**
 * One replacement in a source file.
 *
 * @param file the source, from the project's root, with slashes
 * @param line where it stands in the mutant's file, from 1
 * @param before the text before, whole lines without the last line end
 * @param after the text after
 */
record Hunk(String file, int line, String before, String after) {

    /** The class that the file declares, such as {@code dev.windlass.internal.Keys}. */
    String className() {
        String path = file.substring(file.indexOf("/java/") + "/java/".length(), file.length() - ".java".length());
        return path.replace('/', '.');
    }
}
