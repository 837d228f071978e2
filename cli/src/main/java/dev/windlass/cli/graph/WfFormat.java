package dev.windlass.cli.graph;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.cli.Problems;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads workflow graphs in WfFormat, schema 1.0 to 1.6. Up to 1.4 {@code workflow} holds the tasks ({@code jobs} or
 * {@code tasks}), runtimes included, and parents are given by name; from 1.5 on {@code workflow.specification} holds
 * them, parents are given by id, and {@code workflow.execution} has the runtimes. A task's parents are the union of
 * what its own {@code parents} and other tasks' {@code children} say. A missing runtime counts as 0.
 *
 * <p>Safe for use by any number of threads.
 */
public final class WfFormat {
    /** The largest file that is read. */
    public static final long MAX_BYTES = 256L << 20;

    private static final JsonFactory JSON = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE).build();

    private WfFormat() {
    }

    /**
     * Reads a graph from a file.
     *
     * @param file of at most {@link #MAX_BYTES}
     * @throws InvalidInputException if the file cannot be read, is not WfFormat, or is no valid graph; the message
     *     names the file and up to ten problems
     */
    public static WorkflowGraph read(Path file) {
        String subject = "graph file " + file;
        if (!Files.exists(file)) {
            throw new InvalidInputException(subject + " does not exist");
        }
        if (Files.isDirectory(file)) {
            throw new InvalidInputException(subject + " is a directory; name a WfFormat JSON file");
        }
        if (!Files.isReadable(file)) {
            throw new InvalidInputException(subject + " is not readable; check its permissions");
        }
        try (InputStream in = Files.newInputStream(file)) {
            Path last = file.getFileName();
            return read(subject, last == null ? "workflow" : last.toString().replaceFirst("\\.json$", ""), in);
        } catch (IOException e) {
            throw new InvalidInputException(subject + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a graph from a stream, to its end; closing it is the caller's.
     *
     * @param subject what messages call the input
     * @param defaultName the workflow's name if the input gives none
     * @param in at most {@link #MAX_BYTES}, in UTF-8
     * @throws InvalidInputException if the input is not WfFormat or is no valid graph
     */
    public static WorkflowGraph read(String subject, String defaultName, InputStream in) {
        var problems = new Problems(subject);
        RawWorkflow raw;
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), new BoundedStream(in, MAX_BYTES))) {
            raw = new WfFormatParser(json, problems).parse();
        } catch (JacksonException e) {
            throw unreadable(subject, e);
        }
        List<GraphTask> tasks = new SchemaTasks(raw, problems).resolve();
        return WorkflowGraph.checked(raw.name == null || raw.name.isBlank() ? defaultName : raw.name, tasks, problems);
    }

    private static InvalidInputException unreadable(String subject, JacksonException e) {
        if (e.getCause() instanceof BoundedStream.TooLargeException) {
            return new InvalidInputException(
                    subject + " is larger than " + (MAX_BYTES >> 20) + " MiB, the most that is read", e);
        }
        if (e.getCause() instanceof IOException io) {
            return new InvalidInputException(subject + " cannot be read: " + io.getMessage(), e);
        }
        String what = e.getOriginalMessage().lines().findFirst().orElse("syntax error");
        var at = e.getLocation();
        String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        return new InvalidInputException(subject + " is not JSON" + where + ": " + what, e);
    }
}
