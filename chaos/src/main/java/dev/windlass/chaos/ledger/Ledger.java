package dev.windlass.chaos.ledger;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file of one process to which it only appends: a JSON object a line, forced to disk before {@link #append} returns, so
 * that a line outlives whatever becomes of the process. Safe for use by any number of threads.
 */
public final class Ledger implements AutoCloseable {
    /** Reads and writes lines. */
    public static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ENDING = ".ndjson";

    private final ReentrantLock lock = new ReentrantLock();
    // Not a channel: an interrupt would close that.
    private final FileOutputStream file;

    private Ledger(FileOutputStream file) {
        this.file = file;
    }

    /**
     * Begins a new file.
     *
     * @param folder where ledgers are
     * @param name whose it is; never used twice
     */
    public static Ledger create(Path folder, String name) throws IOException {
        Path path = folder.resolve(name + ENDING);
        if (Files.exists(path)) {
            throw new IOException("There is a ledger " + path + " already: names of processes are used once.");
        }
        return new Ledger(new FileOutputStream(path.toFile(), true));
    }

    /** A line that says this event, to be filled and appended. */
    public static ObjectNode line(String event) {
        return JSON.createObjectNode().put("event", event).put("at", System.currentTimeMillis());
    }

    /** Writes a line and forces it to disk. */
    public void append(ObjectNode line) {
        byte[] bytes = (JSON.writeValueAsString(line) + '\n').getBytes(StandardCharsets.UTF_8);
        lock.lock();
        try {
            file.write(bytes);
            file.getFD().sync();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * All lines of all ledgers in a folder, each process's in its own order. A last line that a kill has cut off is left
     * out: what it would have said had not been forced yet.
     *
     * @param folder where ledgers are
     * @throws IOException if one cannot be read, or a line that was forced is no JSON
     */
    public static List<JsonNode> readAll(Path folder) throws IOException {
        List<Path> paths;
        try (Stream<Path> files = Files.list(folder)) {
            paths = files.filter(path -> path.toString().endsWith(ENDING)).sorted().toList();
        }
        var lines = new ArrayList<JsonNode>();
        for (Path path : paths) {
            String text = Files.readString(path);
            int whole = text.lastIndexOf('\n') + 1;
            int number = 0;
            for (String line : text.substring(0, whole).lines().toList()) {
                number++;
                try {
                    lines.add(JSON.readTree(line));
                } catch (JacksonException e) {
                    throw new IOException(path + ", line " + number + ": no JSON: " + line, e);
                }
            }
        }
        return lines;
    }
}
