package dev.windlass.doctor;

import java.util.List;

/**
 * A kind of client, and the requests that it makes: what its credentials must allow, and need allow no more.
 * docs/iam has a policy for each.
 */
public enum Role {
    /**
     * Submits tasks, starts workflow runs, awaits, cancels, pauses and resumes them, sends them signals; creates, changes and
     * triggers schedules.
     */
    SUBMITTER(get("meta/store.json"), get("tasks/*.json"), put("tasks/*.json"), put("ready/*"), delete("ready/*"),
            get("payloads/*"), put("payloads/*"), get("progress/*"), get("debounce/*.json"),
            put("debounce/*.json"), get("schemas/*.json"), get("workflow/*.json"), put("workflow/*/state.json"),
            put("workflow/*/signals/*.json"), delete("workflow/*/signals/*.json"), get("schedules/*.json"),
            put("schedules/*.json")),
    /** Runs tasks and workflows, recovers those of dead workers, fires schedules; its handlers submit, as submitters do. */
    WORKER(get("meta/*.json"), put("meta/checked-*.json"), get("doctor/*"), put("doctor/*"), delete("doctor/*"),
            get("tasks/*.json"), put("tasks/*.json"), put("ready/*"), delete("ready/*"), list("ready/"),
            get("leases/*.json"), put("leases/*.json"), delete("leases/*.json"), list("leases/"),
            put("workers/*.json"), delete("workers/*.json"), put("dead/*"), delete("dead/*"), get("payloads/*"),
            put("payloads/*"), get("progress/*"), put("progress/*"), get("debounce/*.json"),
            put("debounce/*.json"), get("schemas/*.json"), get("workflow/*.json"), put("workflow/*.json"),
            delete("workflow/*/signals/*.json"),
            list("workflow/"), get("schedules/*.json"), put("schedules/*.json"), list("schedules/"),
            get("scheduler/*.json"), put("scheduler/*.json")),
    /**
     * Initialises the store, looks at it, cancels, pauses, redrives, sweeps, audits with repair, examines it, ends, pauses and
     * retries runs of workflows, sends them signals, changes schedules, and publishes schemas.
     */
    OPERATOR(get("meta/*.json"), put("meta/*.json"), get("doctor/*"), put("doctor/*"), delete("doctor/*"),
            list("doctor/"), get("tasks/*.json"), put("tasks/*.json"), list("tasks/"), get("ready/*"), put("ready/*"),
            delete("ready/*"), list("ready/"), get("leases/*.json"), put("leases/*.json"), delete("leases/*.json"),
            list("leases/"), get("workers/*.json"), delete("workers/*.json"), list("workers/"), get("dead/*"),
            put("dead/*"), delete("dead/*"), list("dead/"), get("payloads/*"), get("progress/*"),
            get("schemas/*.json"), put("schemas/*.json"), list("schemas/"), get("workflow/*.json"),
            put("workflow/*.json"), delete("workflow/*/signals/*.json"), list("workflow/"), get("schedules/*.json"),
            put("schedules/*.json"), list("schedules/")),
    /** Looks at tasks, queues, workers, runs, schedules and schemas, and audits without repair. */
    READER(get("meta/store.json"), get("meta/pauses/*.json"), get("tasks/*.json"), list("tasks/"), get("ready/*"),
            list("ready/"), get("leases/*.json"), list("leases/"), get("workers/*.json"), list("workers/"),
            get("dead/*"), list("dead/"), get("payloads/*"), get("progress/*"), get("schemas/*.json"), list("schemas/"),
            get("workflow/*.json"), list("workflow/"),
            get("schedules/*.json"), list("schedules/"));

    @SuppressWarnings("ImmutableEnumChecker") // List.of gives one that is
    private final List<Access> accesses;

    Role(Access... accesses) {
        this.accesses = List.of(accesses);
    }

    /** The requests that it makes. */
    public List<Access> accesses() {
        return accesses;
    }

    /** Kinds of requests. */
    public enum Kind {
        /** Reads an object. */
        GET,
        /** Writes an object, with or without a condition. */
        PUT,
        /** Deletes an object. */
        DELETE,
        /** Lists keys, or names below a prefix. */
        LIST
    }

    /**
     * Requests of one kind on some keys.
     *
     * @param kind the kind
     * @param keys which: {@code *} stands for any text. Of {@link Kind#LIST} a prefix, which stands for all that begin so
     */
    public record Access(Kind kind, String keys) {
        @Override
        public String toString() {
            return kind + " " + keys;
        }
    }

    private static Access get(String keys) {
        return new Access(Kind.GET, keys);
    }

    private static Access put(String keys) {
        return new Access(Kind.PUT, keys);
    }

    private static Access delete(String keys) {
        return new Access(Kind.DELETE, keys);
    }

    private static Access list(String prefix) {
        return new Access(Kind.LIST, prefix);
    }
}
