package dev.windlass.cli.graph;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Digests that prove that every task ran with every parent's result. A task's digest is the SHA-256 of its id, a
 * newline, and each parent's digest and a newline, parents in the byte order of their ids. A run's digest is the
 * SHA-256 over a line {@code id digest} and a newline for each task, in the byte order of ids. All in UTF-8, and as
 * lower-case hex. Anyone can compute them from the graph alone.
 */
public final class GraphDigest {
    private GraphDigest() {
    }

    /**
     * The digest of one task.
     *
     * @param id the task's id
     * @param parentDigestsInOrder one digest for each parent, in the byte order of the parents' ids
     *     ({@link GraphTask#parents()} has that order)
     * @return 64 lower-case hex digits
     */
    public static String taskDigest(String id, List<String> parentDigestsInOrder) {
        MessageDigest sha256 = sha256();
        line(sha256, id);
        parentDigestsInOrder.forEach(digest -> line(sha256, digest));
        return HexFormat.of().formatHex(sha256.digest());
    }

    /**
     * The digest of a whole run.
     *
     * @param digests each task's digest by the task's id, in any order
     * @return 64 lower-case hex digits
     */
    public static String runDigest(Map<String, String> digests) {
        var sorted = new TreeMap<String, String>(IdOrder.BYTES);
        sorted.putAll(digests);
        MessageDigest sha256 = sha256();
        sorted.forEach((id, digest) -> line(sha256, id + " " + digest));
        return HexFormat.of().formatHex(sha256.digest());
    }

    /**
     * What a run of this graph must yield, computed directly.
     *
     * @return 64 lower-case hex digits
     */
    public static String expected(WorkflowGraph graph) {
        Map<String, String> digests = new HashMap<>();
        for (GraphTask task : graph.topologicalOrder()) {
            List<String> parents = task.parents().stream().map(digests::get).toList();
            digests.put(task.id(), taskDigest(task.id(), parents));
        }
        return runDigest(digests);
    }

    private static void line(MessageDigest sha256, String text) {
        sha256.update(text.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) '\n');
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
