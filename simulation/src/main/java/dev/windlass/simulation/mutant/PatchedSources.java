package dev.windlass.simulation.mutant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The sources that a mutant changes. */
final class PatchedSources {
    private PatchedSources() {
    }

    /**
     * Applies a mutant.
     *
     * @param root the project's root
     * @return the changed sources, by the name of the class
     * @throws MutantException if a text to replace does not stand in its file exactly once
     */
    static Map<String, String> of(Mutant mutant, Path root) {
        var sources = new LinkedHashMap<String, String>();
        for (Hunk hunk : mutant.hunks()) {
            String source = sources.get(hunk.className());
            if (source == null) {
                source = read(mutant, root, hunk);
            }
            int at = source.indexOf(hunk.before());
            if (at < 0 || source.indexOf(hunk.before(), at + 1) >= 0) {
                throw new MutantException(mutant.name() + Mutant.ENDING + ", line " + hunk.line() + ": the text before "
                        + "stands in " + hunk.file() + (at < 0 ? " nowhere" : " more than once")
                        + ", and not exactly once. The source has changed: change the mutant with it.");
            }
            sources.put(hunk.className(),
                    source.substring(0, at) + hunk.after() + source.substring(at + hunk.before().length()));
        }
        return sources;
    }

    private static String read(Mutant mutant, Path root, Hunk hunk) {
        try {
            return Files.readString(root.resolve(hunk.file())).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new MutantException(mutant.name() + Mutant.ENDING + ", line " + hunk.line() + ": there is no "
                    + hunk.file() + " below " + root + ".", e);
        }
    }
}
