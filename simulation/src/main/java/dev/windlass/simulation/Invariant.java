package dev.windlass.simulation;

/** What must hold in every history: the ids and rules of docs/protocol.md and docs/workflow.md. */
public enum Invariant {
    /** A ready key precedes the state that names it. */
    R1("a pending task's ready key exists"),
    /** A ready key is deleted last. */
    R2("a ready key is deleted only once no body names it, nor ever will"),
    /** Coverage. */
    L1("a running task's lease lists its claim"),
    /** Coverage goes last. */
    L2("a lease is deleted only after every claim that it lists has been resolved"),
    /** Takeover. */
    L3("a lease is taken over only once its owner has not renewed it for its ttl, or has ended, and then never lives again"),
    /** Fencing. */
    F1("attempt grows by one per claim, only the holder of a claim ends it, a final state is final"),
    /** Durability. */
    C1("what was acknowledged is never lost"),
    /** Liveness. */
    P1("every due task ends within a bound while a worker that handles it lives and the store is healthy"),
    /** Pauses. */
    P2("once a pause has been acknowledged, and every worker has had time to look, nothing of it is claimed"),
    /** Due times. */
    T1("no attempt starts before the task is due"),
    /** Expiry. */
    E1("a task expires from waiting alone, not before its time, and is not claimed by one who knows that it has come"),
    /** Cancelling. */
    K1("after an acknowledged cancel no attempt is claimed any more, and the handler that runs hears of it"),
    /** The index of failed tasks. */
    D1("a failed task has its entry below dead/"),
    /** Slots. */
    S1("no slot of a worker is lost for ever"),
    /** Garbage. */
    G1("when all has ended, nothing is left over: no claim, no lease of the dead, no ready key that nobody names"),
    /** Names. */
    N1("a name is not won by a late write of a life that has ended"),
    /** The budget. */
    B1("without faults, a task or a run costs the requests that are stated for it"),
    /** Single-task histories. */
    H1("all answers about a task fit one order of its transitions"),
    /** Options. */
    O1("the options of a task hold: what comes to a waiting task is seen by an attempt, what may go back so often does not more often"),
    /** Steps. */
    W1("a step's outcome, once written, never changes"),
    /** Repeats. */
    W2("a step whose outcome an owner has seen is not started again"),
    /** Signals. */
    W3("an acknowledged signal is delivered once"),
    /** Liveness of runs. */
    W4("a run that can go on goes on within a bound while a worker that knows its type lives"),
    /** Ends of runs. */
    W5("a run's final state is final, and its result is readable"),
    /** Schedules. */
    W6("each fire time of a schedule is decided on once: it starts exactly one thing, or is passed over and counted");

    private final String rule;

    Invariant(String rule) {
        this.rule = rule;
    }

    /** What must hold, in a sentence. */
    public String rule() {
        return rule;
    }
}
