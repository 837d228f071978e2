package dev.windlass.simulation.mutant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import dev.windlass.InvalidInputException;

/** A mutant as class files, for processes that are to be broken by it. */
public final class MutantClasses {
    private MutantClasses() {
    }

    /**
     * Compiles a mutant.
     *
     * @param root the project's root, whose sources it patches in memory
     * @param name the mutant's name, as its file is called without the ending
     * @param folder where the class files go; to be put before the class path
     * @throws InvalidInputException if there is no such mutant, or it does not fit the sources
     */
    public static void write(Path root, String name, Path folder) throws IOException {
        Path file = Mutant.folder(root).resolve(name + Mutant.ENDING);
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException(
                    "There is no mutant \"" + name + "\". Those that there are stand in " + Mutant.folder(root) + ".");
        }
        Map<String, byte[]> classes;
        try {
            classes = MemoryCompiler.compile(name, PatchedSources.of(Mutant.read(file), root));
        } catch (MutantException e) {
            throw new InvalidInputException(String.valueOf(e.getMessage()), e);
        }
        for (Map.Entry<String, byte[]> compiled : classes.entrySet()) {
            Path target = folder.resolve(compiled.getKey().replace('.', '/') + ".class");
            Files.createDirectories(target.getParent());
            Files.write(target, compiled.getValue());
        }
    }
}
