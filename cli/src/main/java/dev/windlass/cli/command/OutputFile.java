package dev.windlass.cli.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;

import dev.windlass.InvalidInputException;

/** Writes a file that is whole or not there: first beside its place, then moved into it. */
final class OutputFile {
    private OutputFile() {
    }

    /**
     * Writes or replaces a file; a pipe or device is written directly.
     *
     * @param name as the user gave it
     * @param content writes the text, which is encoded as UTF-8
     * @throws InvalidInputException if the file cannot be written; nothing is left half-written
     */
    static void write(String name, Consumer<Writer> content) {
        try {
            Path file = Path.of(name);
            if (Files.isDirectory(file)) {
                throw new InvalidInputException("output " + name + " is a directory; name a file");
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                fill(file, content);
                return;
            }
            Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            Path partial = target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid());
            try {
                fill(partial, content);
                Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (NoSuchFileException e) {
            throw new InvalidInputException("output " + name + " cannot be written: its directory does not exist", e);
        } catch (AccessDeniedException e) {
            throw new InvalidInputException("output " + name + " cannot be written: permission denied", e);
        } catch (InvalidPathException e) {
            throw new InvalidInputException("output " + name + " is no possible file name: " + e.getReason(), e);
        } catch (IOException e) {
            throw new InvalidInputException("output " + name + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void fill(Path file, Consumer<Writer> content) throws IOException {
        try (Writer out = Files.newBufferedWriter(file)) {
            content.accept(out);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
