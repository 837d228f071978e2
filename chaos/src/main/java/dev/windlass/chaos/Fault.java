package dev.windlass.chaos;

/** A kind of fault. Counted when it has really happened, not when it was asked for. */
public enum Fault {
    /** A worker process was killed, and ended by that. */
    KILL_WORKER("kill -9 of a worker", false),
    /** A producer process was killed, and ended by that. */
    KILL_PRODUCER("kill -9 of a producer", false),
    /** A worker was seen stopped for longer than its lease, and then went on. */
    STOP_WORKER("worker stopped for longer than its lease", false),
    /** A producer was seen stopped, and then went on. */
    STOP_PRODUCER("producer stopped", false),
    /** A worker was told to end, and drained and ended by itself. */
    TERM_WORKER("SIGTERM of a worker", false),
    /** A producer was told to end, and ended by itself. */
    TERM_PRODUCER("SIGTERM of a producer", false),
    /** The server was killed, and was up again later. */
    RESTART_SERVER("server killed and started again", true),
    /** A request reached the server late, and was answered to its client. */
    DELAY("request delayed", true),
    /** A request reached the server, which answered it, after its client had given up. */
    LATE("request landed after its client had given up", true),
    /** A request was taken from its client and thrown away. */
    DROP_BEFORE("request dropped before the server", true),
    /** The server's answer was in, and its client did not get it. */
    DROP_AFTER("answer dropped after the server", true),
    /** A part of a request's body went to the server, and no more. */
    TRUNCATE_REQUEST("request cut off", true),
    /** A part of an answer went to its client, and no more. */
    TRUNCATE_RESPONSE("answer cut off", true),
    /** The connection was reset when the whole request had gone to the server, before any answer. */
    RESET("connection reset", true);

    private final String says;
    private final boolean needsServer;

    Fault(String says, boolean needsServer) {
        this.says = says;
        this.needsServer = needsServer;
    }

    /** In a few words. */
    public String says() {
        return says;
    }

    /** Whether it can happen only where there is a server: not on {@code file:}. */
    public boolean needsServer() {
        return needsServer;
    }
}
