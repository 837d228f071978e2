"""Workers: handlers for types of tasks, on an event loop."""

from __future__ import annotations

import asyncio
import contextvars
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from windlass import _bridge, _failures, _json
from windlass._arguments import Seconds, to_millis
from windlass._context import TaskContext
from windlass._json import shown
from windlass._options import WorkerRunOptions
from windlass._running import End, Run, finished
from windlass._setup import WorkerSetup
from windlass._watch import LoopWatch
from windlass.errors import InvalidInputError

LOG = logging.getLogger("windlass")

DRAIN_SECONDS = 10.0


class Worker(WorkerSetup):
    """Claims tasks from a queue and runs their handlers.

    Args:
        queue: where from; further ones by `queues`.
        worker_id: names it in leases, histories and logs; unique among those that run. None for host, process and a
            random part.
        shards: accepted; workers claim from a queue, not from shards. Anything but all shards is warned of.
        concurrency: how many tasks run at once, 1 to 10,000. Plain functions run on so many threads at most.
        queues: names of further queues of the same store.
        weights: how much of the slots a queue gets while others have tasks, too, 1 to 1,000: three times as much with 3 as
            with 1, which is the default. A queue that is alone with its tasks gets all slots.

    Raises:
        InvalidInputError: an argument cannot be accepted.
    """

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop that it runs on."""
        if self._run is None:
            raise InvalidInputError("The worker does not run: it has no event loop yet.")
        return self._run.loop

    async def run(self, options: WorkerRunOptions | None = None, *, drain_seconds: Seconds = DRAIN_SECONDS) -> int:
        """Works until `stop` is called, `max_tasks` attempts have ended, or the task that awaits it is cancelled (as by Ctrl-C
        and SIGTERM). Then it claims nothing more, and lets running handlers end.

        Args:
            options: polling, limit, sweeper; None for the defaults.
            drain_seconds: how long handlers may go on in the end, in seconds or as a timedelta; after that they are cancelled,
                and their tasks go back to the queue without counting as failed.

        Returns:
            How many handlers of tasks have ended.

        Raises:
            InvalidInputError: there is no handler, or it runs already.
            StoreRefusedError: the store is found to lose updates, or refuses.
            StoreUnavailableError: the store does not answer.
        """
        options = WorkerRunOptions() if options is None else options
        if not isinstance(options, WorkerRunOptions):
            raise InvalidInputError(f"options is {shown(options)}. Use windlass.WorkerRunOptions(…).")
        drain_millis = to_millis("drain_seconds", drain_seconds)
        if not self._entries and not self._host:
            raise InvalidInputError(
                'The worker has no handler. Register one with @worker.task("type"), or a workflow with add_workflow().'
            )
        if self._run is not None:
            raise InvalidInputError("The worker runs already. Use a second Worker, or more concurrency.")
        self._queue._check_open()
        bridge = _bridge.bridge()
        run = self._run = Run(
            number=0,
            loop=asyncio.get_running_loop(),
            runner=asyncio.current_task(),
            stopping=asyncio.Event(),
            threads=ThreadPoolExecutor(self._concurrency, thread_name_prefix="windlass-handler"),
            context=contextvars.copy_context(),
        )
        run.number = bridge.add_worker(self)
        self._queue._connection.workers.add(self)
        watch = LoopWatch(run.loop)
        try:
            await self._hooks.call("startup")
            watch.start()  # before: a first handler may block the loop at once
            await finished(self._start(run, options))
            await run.stopping.wait()
        finally:
            await finished(self._end(run, watch, drain_millis))
        return run.ended

    async def _start(self, run: Run, options: WorkerRunOptions) -> None:
        poll = options._poll()
        host = self._host.described(options.runs, self._concurrency, options.park_after_ms) if self._host else None
        told = await self._queue._call(
            "worker.start",
            {
                "worker": run.number,
                "queues": self._queues if self._entries else [],
                "workflows": host,
                "scheduler": options.with_scheduler,
                "leaseMillis": round(options.lease_seconds * 1000),
                "types": self.registered_task_types(),
                "concurrency": self._concurrency,
                "weights": self._weights if self._entries else {},
                "typeConcurrency": self._type_concurrency,
                "typeTimeoutMillis": self._type_timeouts,
                "maxTasks": options.max_tasks,
                "hooks": self._hooks.of_attempts(),
                "shortestPollMillis": poll.min_interval_ms,
                "longestPollMillis": poll.max_interval_ms,
                "sweeper": options.with_monitor,
                "id": self._id,
            },
        )
        self._id = json.loads(told)

    async def _end(self, run: Run, watch: LoopWatch, drain_millis: int) -> None:
        try:
            drained = await self._queue._call("worker.drain", {"worker": run.number, "limitMillis": drain_millis})
            if not json.loads(drained):
                LOG.warning("worker %s: handlers still ran after %s s, and were cancelled", self._id, drain_millis / 1000)
            for left in (run.tasks.values(), run.telling):
                if left:
                    await asyncio.wait(left)
            await self._hooks.call("shutdown")
        finally:
            watch.stop()
            run.threads.shutdown(wait=False)
            _bridge.bridge().remove_worker(run.number)
            self._queue._connection.workers.discard(self)
            self._run = None

    def stop(self) -> None:
        """Ends `run` in an orderly way. Returns at once; may be called from any thread; safe to repeat."""
        run = self._run
        if run is not None:
            run.loop.call_soon_threadsafe(run.stopping.set)

    async def stats(self) -> dict[str, int]:
        """What it has done since its start: `running`, `completed`, `failed`, `requeued`, `cancelled`, `leases_lost`,
        `store_failures`, `poison`. Empty while it does not run. No request.
        """
        run = self._run
        return {} if run is None else dict(await _bridge.bridge().value("worker.stats", worker=run.number))

    def deliver(self, message: _bridge.Message) -> None:
        """Called by the bridge, on the worker's loop."""
        kind, number, first, second = message
        run = self._run
        if run is None:
            if kind == "run":
                _bridge.bridge().fail(number, _failures.cancelled("the worker is gone"))
            elif kind in ("flow", "unwind"):
                _bridge.bridge().returned(number)
        elif kind == "run":
            self._begin(run, number, json.loads(first), second)
        elif kind == "flow":
            self._host.begin(run, number, json.loads(first), second)
        elif kind in ("settled", "unwind"):
            self._host.settled(kind, number, first, second)
        elif kind == "told":
            self._told(run, json.loads(first))
        else:
            run.stopped.add(number)
            task = run.tasks.get(number)
            if task is not None:
                task.cancel("the attempt was told to stop: it was cancelled, its time is over, or its worker stops")

    def _begin(self, run: Run, invocation: int, about: dict[str, Any], text: str) -> None:
        if "task" in about:
            run.begin(invocation, self._work(run, invocation, about, text))
        else:
            run.begin(invocation, self._host.work(run, invocation, about, text))

    async def _work(self, run: Run, invocation: int, about: dict[str, Any], text: str) -> None:
        context = TaskContext(self._queue, invocation, about)
        end = End(context)
        key = (context.task_id, context.attempt)
        if self._hooks.of_attempts():
            run.ends[key] = end

        def failed(e: BaseException) -> dict[str, object]:
            failure = _failures.stored(e, stopped=invocation in run.stopped or run.is_called_off())
            if failure["outcome"] in ("retry", "permanent"):
                end.failure = e
            else:
                run.ends.pop(key, None)  # no failure: Java says no more of it, or something else
            return failure

        entry = self._entries[context.task_type]
        try:
            with run.handling(invocation, failed) as handling:
                value = entry.read(text)
                arguments = (value, context) if entry.takes_context else (value,)
                end.result = await run.call(entry.handler, arguments)
                handling.gives(_json.encode(f"The result of task {context.task_id}", end.result))
        finally:
            run.ended += 1

    def _told(self, run: Run, about: dict[str, Any]) -> None:
        if about["event"] == "stopped":  # by itself, if not by us: max_tasks have ended
            run.stopping.set()
        else:
            self._hooks.told(run, about, lambda known: TaskContext(self._queue, 0, known))
