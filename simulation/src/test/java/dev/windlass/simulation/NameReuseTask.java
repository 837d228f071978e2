package dev.windlass.simulation;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The body of a task in the model.
 *
 * @param status its state
 * @param gen how often it became Pending
 * @param readyKey the key that makes it claimable; empty unless Pending
 * @param writeId the write that made this version
 * @param submitted the write id of the submission that this life began with; empty in a tombstone
 * @param turn the write id of the submission or redrive that last made it Pending
 * @param createdAt when the submission was stamped, in milliseconds, by its author's clock
 * @param history the write ids of its transitions, spaces between
 */
record NameReuseTask(Status status, long gen, String readyKey, String writeId, String submitted, String turn,
        long createdAt, String history) {

    private static final String BURIAL = "-buried";

    enum Status {
        PENDING, RUNNING, DONE, TOMBSTONE,
        /** Was buried because it had landed late: it has never run. */
        BURIED, REMOVED
    }

    static NameReuseTask submission(long gen, String readyKey, String writeId, long createdAt, String before) {
        return new NameReuseTask(Status.PENDING, gen, readyKey, writeId, writeId, writeId, createdAt,
                before + " " + writeId);
    }

    static NameReuseTask tombstone(long gen, String writeId, long now) {
        return new NameReuseTask(Status.TOMBSTONE, gen, "", writeId, "", "", now, writeId);
    }

    NameReuseTask to(Status next, String id) {
        return new NameReuseTask(next, gen, "", id, submitted, turn, createdAt, history + " " + id);
    }

    NameReuseTask buried(String id) {
        return to(Status.BURIED, id + BURIAL);
    }

    /** Whether the history tells of that submission, and not that it was buried, perhaps below a later life. */
    boolean hasKept(String submission) {
        List<String> lines = List.of(history.trim().split(" +"));
        int line = lines.indexOf(submission);
        return line >= 0 && (line + 1 == lines.size() || !lines.get(line + 1).endsWith(BURIAL));
    }

    NameReuseTask pendingAgain(String key, String id, String nextTurn) {
        return new NameReuseTask(Status.PENDING, gen + 1, key, id, submitted, nextTurn, createdAt, history + " " + id);
    }

    NameReuseTask touched(String id) {
        return new NameReuseTask(status, gen, readyKey, id, submitted, turn, createdAt, history);
    }

    /** Whether nothing but its submission has happened to it. */
    boolean isUntouched() {
        return status == Status.PENDING && writeId.equals(submitted);
    }

    /** Removed by retention, or buried. */
    boolean isGone() {
        return status == Status.REMOVED || status == Status.BURIED;
    }

    /** Whether no life stands here, for readers. */
    boolean isOver() {
        return isGone() || status == Status.TOMBSTONE;
    }

    /**
     * The bytes to write.
     *
     * @param number a number that makes them differ from those of other tries of the same write
     */
    byte[] bytes(int number) {
        return String.join("\n", status.name(), Long.toString(gen), readyKey, writeId, submitted, turn,
                Long.toString(createdAt), history, Integer.toString(number)).getBytes(StandardCharsets.UTF_8);
    }

    static NameReuseTask parse(byte[] body) {
        List<String> parts = List.of(new String(body, StandardCharsets.UTF_8).split("\n", -1));
        return new NameReuseTask(Status.valueOf(parts.get(0)), Long.parseLong(parts.get(1)), parts.get(2), parts.get(3),
                parts.get(4), parts.get(5), Long.parseLong(parts.get(6)), parts.get(7));
    }
}
