package dev.windlass.cli.command;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import dev.windlass.InvalidInputException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A task's input or result as given on the command line: JSON, {@code @FILE}, or {@code -} for standard input. */
final class TaskInput {
    /** What is read at most; spaces between tokens count here, but not for the limit of a task's input. */
    private static final int MOST = 256 * 1024 * 1024;

    private TaskInput() {
    }

    /**
     * Reads it.
     *
     * @param what what it is, for messages, such as {@code input}
     * @throws InvalidInputException if it cannot be read or is no JSON
     */
    static JsonNode read(String what, String argument) {
        if (argument.equals("-")) {
            String subject = "the " + what + " on standard input";
            try {
                // Not closed: it is the process's.
                return parse(subject, limited(subject, new FileInputStream(FileDescriptor.in)));
            } catch (IOException e) {
                throw new InvalidInputException(subject + " cannot be read: " + e.getMessage(), e);
            }
        }
        if (argument.startsWith("@")) {
            return file(what, argument.substring(1));
        }
        return parse("the " + what, argument.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode file(String what, String name) {
        String subject = "the " + what + " file " + name;
        if (name.isEmpty()) {
            throw new InvalidInputException(
                    "the " + what + " @ names no file; write @FILE, - for standard input, or JSON");
        }
        try {
            Path path = Path.of(name);
            if (Files.isDirectory(path)) {
                throw new InvalidInputException(subject + " is a directory; name a file");
            }
            try (InputStream in = Files.newInputStream(path)) {
                return parse(subject, limited(subject, in));
            }
        } catch (NoSuchFileException e) {
            throw new InvalidInputException(subject + " does not exist; check the name after the @", e);
        } catch (AccessDeniedException e) {
            throw new InvalidInputException(subject + " cannot be read: permission denied", e);
        } catch (InvalidPathException e) {
            throw new InvalidInputException(subject + " is no possible file name: " + e.getReason(), e);
        } catch (IOException e) {
            throw new InvalidInputException(subject + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] limited(String subject, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MOST + 1);
        if (bytes.length > MOST) {
            throw new InvalidInputException(subject
                    + " is longer than 256 MiB; it may have at most 64 MiB: store it elsewhere and pass a reference");
        }
        return bytes;
    }

    private static JsonNode parse(String subject, byte[] text) {
        try {
            JsonNode node = JsonText.MAPPER.readTree(text);
            if (node.isMissingNode()) {
                throw new InvalidInputException(subject + " is empty; write JSON, such as '{}' or 'null'");
            }
            return node;
        } catch (JacksonException e) {
            String what = e.getOriginalMessage().lines().findFirst().orElse("syntax error");
            var at = e.getLocation();
            String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new InvalidInputException(subject + " is not JSON" + where + ": " + what
                    + (subject.indexOf(' ', "the ".length()) < 0
                            ? " (text needs double quotes inside the shell's: '\"text\"')"
                            : ""),
                    e);
        }
    }
}
