package dev.windlass.internal;

import java.time.Duration;

import dev.windlass.TaskNotFoundException;
import dev.windlass.environment.Environment;
import dev.windlass.store.ObjectStore;
import tools.jackson.databind.json.JsonMapper;

/**
 * What all parts of one connection share.
 *
 * @param environment time, threads, randomness
 * @param store the store; every answer feeds the clock
 * @param clock the store's time
 * @param documents objects by compare-and-swap
 * @param format the store's format
 * @param tasks the objects of tasks
 * @param ready the ready keys
 * @param payloads large values
 * @param notices what happened in this connection, for those who would poll for it otherwise
 * @param mapper for users' values
 * @param startCheck what a worker asks before it starts
 * @param grace how long a ready key without a task that names it is left alone
 * @param observers who is told of what happens
 * @param answers turns with each answer of the store
 * @param checks look at values before they are stored
 */
record Core(Environment environment, ObjectStore store, StoreClock clock, DefaultDocuments documents,
        StoreFormat format,
        TaskStore tasks, ReadyIndex ready, Payloads payloads, Notices notices, JsonMapper mapper, StartCheck startCheck,
        Duration grace, Observers observers, Pulse answers, Checks checks) {

    /** What a user is told who names a task that is not there. */
    TaskNotFoundException taskNotFound(String taskId) {
        return new TaskNotFoundException(taskId, "There is no task " + taskId + " at " + store.location()
                + ". Check the id; a task is removed when its retention is over.", null);
    }

    String newWriteId() {
        return Keys.newWriteId(environment.random());
    }
}
