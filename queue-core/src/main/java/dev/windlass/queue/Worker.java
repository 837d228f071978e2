package dev.windlass.queue;

import java.time.Duration;

import dev.windlass.queue.spi.EngineHandler;
import org.jspecify.annotations.Nullable;

/**
 * Claims tasks from queues and runs their handlers. Runs until {@link #drain} or {@link #close}. Safe for use by any
 * number of threads.
 */
public interface Worker extends AutoCloseable {

    /** Its id: names it in leases, histories and logs. */
    String id();

    /** What it has done since its start. */
    WorkerStats stats();

    /**
     * Whether it is well, as far as it knows by itself. No request. It takes the locks of the worker for a moment, so it
     * does not return if one of them is never given back: whoever asks for a probe should wait for a limited time.
     */
    WorkerHealth health();

    /**
     * Whether it holds no task, and tries to claim none at this moment. No request. A worker that is idle before and after
     * a listing in which nothing waits has left nothing of that queue undone, if no attempt of it has ended meanwhile: see
     * {@link #stats}.
     */
    boolean isIdle();

    /** Whether it still claims tasks. */
    boolean isRunning();

    /**
     * Claims nothing more, lets running handlers end, and gives back what has not ended in time. Returns when the worker
     * holds nothing any more. Safe to repeat.
     *
     * @param limit how long handlers may go on; after that they are interrupted, and their tasks go back to the queue
     *            without counting as failed
     * @return whether all handlers ended by themselves
     */
    boolean drain(Duration limit);

    /** {@link #drain} with 10 seconds. */
    @Override
    void close();

    /**
     * Sets a worker up. Not safe for use by several threads. Defaults: concurrency 16, batches as large as there are free
     * slots, lease 30 s, heartbeat 10 s, poll 100 ms to 5 s, sweeper on.
     */
    interface Builder {

        /**
         * Works on this queue, with slots shared by all queues named so.
         *
         * @param name the queue's name
         */
        Builder queue(String name);

        /**
         * Works on this queue, with slots of its own: it neither takes from nor waits for other queues' slots.
         *
         * @param name the queue's name
         * @param concurrency how many of its tasks run at once, 1 to 10,000
         */
        Builder queue(String name, int concurrency);

        /**
         * How much of the shared slots a queue gets while other queues that share them have tasks too: three times as much
         * with a weight of 3 as with one of 1. A queue that is alone with its tasks gets all of them.
         *
         * @param name one of the queues that share slots
         * @param weight 1 to 1,000; default 1
         */
        Builder weight(String name, int weight);

        /**
         * How many tasks of one type run at once in this worker, within its slots. What waits for its turn stays in the queue,
         * for any worker, and holds up no other type.
         *
         * @param type the name of a type that the worker handles
         * @param concurrency 1 to 10,000; default: as many as there are slots
         */
        Builder typeConcurrency(String type, int concurrency);

        /**
         * How long an attempt of one type may take in this worker. The task's own time-out counts if it is shorter.
         *
         * @param type the name of a type that the worker handles
         * @param timeout more than zero, at most ten years; default: the task's own
         */
        Builder typeTimeout(String type, Duration timeout);

        /**
         * Makes so many attempts at most, and then drains by itself: {@link Worker#isRunning} turns false. For handlers that
         * leak, and for jobs of a bounded length. A task that is claimed again counts again.
         *
         * @param limit 1 or more; default: no limit
         */
        Builder maxTasks(long limit);

        /**
         * Who is told of what the worker does. May be called several times.
         *
         * @param listener told, in the order in which listeners were given
         */
        Builder listener(WorkerListener listener);

        /**
         * How many tasks of the queues that share slots run at once.
         *
         * @param concurrency 1 to 10,000; default 16
         */
        Builder concurrency(int concurrency);

        /**
         * How many tasks one claim takes at most.
         *
         * @param limit 1 to 1,000; default: as many as there are free slots
         */
        Builder batch(int limit);

        /**
         * Handles tasks of a type.
         *
         * @param type the kind of task
         * @param handler does the work
         */
        <I, O> Builder handle(TaskType<I, O> type, TaskHandler<? super I, ? extends O> handler);

        /**
         * Handles tasks of a type that give no result.
         *
         * @param type the kind of task
         * @param handler does the work
         */
        <I> Builder handleVoid(TaskType<I, Void> type, TaskHandler.WithoutResult<? super I> handler);

        /**
         * Runs tasks of an engine. For authors of engines.
         *
         * @param type the name of the type
         * @param handler runs them
         */
        Builder engine(String type, EngineHandler handler);

        /**
         * How long the worker may be silent before others take over its tasks.
         *
         * @param ttl 1 s to 1 h; default 30 s
         * @param heartbeat how often it is renewed; at most a third of the ttl; default 10 s
         */
        Builder lease(Duration ttl, Duration heartbeat);

        /**
         * How often an idle worker looks for tasks: the wait doubles from the shortest to the longest. Each is up to a quarter
         * more or less, by chance, so that workers do not look at the same moments. A worker that has found something and
         * seen that nothing else is due waits too before it looks again.
         *
         * @param shortest 1 ms or more; default 100 ms
         * @param longest at least as much; default 5 s
         */
        Builder poll(Duration shortest, Duration longest);

        /**
         * How often an idle worker looks for tasks, always the same but for the jitter that keeps a fleet out of step.
         *
         * @param every 1 ms or more
         */
        default Builder poll(Duration every) {
            return poll(every, every);
        }

        /** Claims strictly in order, also where several workers then race for the same task. */
        Builder strictOrder();

        /**
         * Whether this worker also recovers the tasks of workers that died.
         *
         * @param on default true
         */
        Builder sweeper(boolean on);

        /**
         * Something that runs beside the worker in this process, such as a scheduler: begun when the worker has started, and
         * closed before the worker drains. If it cannot begin, neither does the worker.
         *
         * @param companion begins it, and answers what closes it; given the worker's id
         */
        Builder companion(Companion companion);

        /**
         * Names the worker. It must be unique among those that run.
         *
         * @param id any text of at most 200 bytes once percent-encoded; default: host, process and a random part; null
         *            for the default
         */
        Builder id(@Nullable String id);

        /**
         * Starts the worker. The first one of a connection looks whether the store keeps what tasks stand on, unless
         * {@link dev.windlass.Windlass.Builder#startCheck} says otherwise.
         *
         * @throws dev.windlass.InvalidInputException if it has no queue or no handler, or two for one type
         * @throws dev.windlass.store.StoreUnavailableException if the store does not answer
         * @throws dev.windlass.store.StoreRefusedException if the store is found to lose updates, or refuses
         */
        Worker start();
    }

    /** Begins what runs beside a worker; see {@link Builder#companion}. */
    @FunctionalInterface
    interface Companion {

        /**
         * Begins.
         *
         * @param workerId the id of the worker
         * @return called once, when the worker begins to drain; what it throws is logged
         */
        Runnable begin(String workerId);
    }
}
