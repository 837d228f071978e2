"""Workers: handlers for types of tasks, on an event loop."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import json
import logging
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from windlass import _bridge, _failures, _json
from windlass._context import TaskContext
from windlass._handlers import Entry, Handler, entry_of
from windlass._hosting import WorkflowHost
from windlass._json import shown
from windlass._options import WorkerRunOptions
from windlass._queue import Queue
from windlass._running import Run, finished
from windlass._watch import LoopWatch
from windlass.errors import ClosedError, InvalidInputError

if TYPE_CHECKING:
    from windlass._functions import DurableFunction
    from windlass.workflow._dag import Workflow

LOG = logging.getLogger("windlass")

H = TypeVar("H", bound=Callable[..., Any])
Hook = Callable[..., Any]

DRAIN_SECONDS = 10.0


class Worker:
    """Claims tasks from a queue and runs their handlers.

    Args:
        queue: where from; further ones by `queues`.
        worker_id: names it in leases, histories and logs; unique among those that run. None for host, process and a
            random part.
        shards: accepted; workers claim from a queue, not from shards. Anything but all shards is warned of.
        concurrency: how many tasks run at once, 1 to 10,000. Plain functions run on so many threads at most.
        queues: names of further queues of the same store.

    Raises:
        InvalidInputError: an argument cannot be accepted.
    """

    def __init__(
        self,
        queue: Queue,
        worker_id: str | None = None,
        shards: list[str] | None = None,
        *,
        concurrency: int = 16,
        queues: tuple[str, ...] | list[str] = (),
    ) -> None:
        if not isinstance(queue, Queue):
            raise InvalidInputError(f"queue is {shown(queue)}. Use what `await windlass.connect(…)` gives.")
        if isinstance(concurrency, bool) or not isinstance(concurrency, int) or not 1 <= concurrency <= 10_000:
            raise InvalidInputError(f"concurrency is {shown(concurrency)}. Use 1 to 10000.")
        if worker_id is not None and (not isinstance(worker_id, str) or not worker_id):
            raise InvalidInputError(f"worker_id is {shown(worker_id)}. Use a text that is not empty, or None.")
        if shards is not None and sorted(shards) != queue.all_shards():
            warnings.warn(
                "shards has no effect: a worker claims from its queue, whatever shard a task is stored in.",
                stacklevel=2,
            )
        self._queue = queue
        self._id = worker_id
        self._concurrency = concurrency
        self._queues = [queue.name, *(name for name in queues if name != queue.name)]
        self._entries: dict[str, Entry] = {}
        self._host = WorkflowHost()
        self._hooks: dict[str, list[Hook]] = {"startup": [], "shutdown": [], "success": [], "error": []}
        self._run: Run | None = None

    # --- setting up ---------------------------------------------------------------------------------------------

    @property
    def worker_id(self) -> str | None:
        """Its id; while it runs never None."""
        return self._id

    def task(self, task_type: str) -> Callable[[H], H]:
        """Makes a function the handler of a type of tasks.

        The function is `async def` or plain (which runs on a thread), and takes `(input)` or `(input, context)`. If its
        input is annotated with a dataclass, a pydantic model or another type that is not plain JSON, it gets that,
        checked by pydantic. What it returns is stored as the result. What it raises: RetryableError or anything else is
        tried again, PermanentError is not, RescheduleError runs the task again later.

        Args:
            task_type: the name of the type.

        Raises:
            InvalidInputError: it is no function, takes other arguments, or the type has a handler already.
            TypeError: its annotation needs pydantic, and that is not installed.
        """
        if callable(task_type) or not isinstance(task_type, str) or not task_type:
            raise InvalidInputError(f'The type is {shown(task_type)}. Use @worker.task("name-of-the-type").')

        def register(handler: H) -> H:
            self.add_handler(task_type, handler)
            return handler

        return register

    def add_handler(self, task_type: str, handler: Handler) -> None:
        """The same as `task`, without a decorator."""
        if not callable(handler):
            raise InvalidInputError(f"The handler of {shown(task_type)} is {shown(handler)}, which cannot be called.")
        if task_type in self._entries:
            raise InvalidInputError(
                f"The type {shown(task_type)} has a handler already: {self._entries[task_type].handler!r:.80}."
            )
        if self._run is not None:
            raise InvalidInputError("The worker runs: register handlers before.")
        self._entries[task_type] = entry_of(handler, f"The handler of {shown(task_type)}")

    # --- workflows ----------------------------------------------------------------------------------------------

    def add_workflow(self, workflow: Workflow | DurableFunction[..., Any]) -> None:
        """Lets this worker own runs of a workflow: a graph (`windlass.workflow.Workflow`), or a durable function.

        Args:
            workflow: it. Several versions may be registered side by side.

        Raises:
            InvalidInputError: it is none, something is wrong with it, that version is registered already, or the worker runs.
        """
        if self._run is not None:
            raise InvalidInputError("The worker runs: register workflows before.")
        self._host.add(workflow)

    def step(self, kind: str) -> Callable[[H], H]:
        """Makes a function the handler of a kind of step, for runs of any workflow, in Python or Java: those that name the kind
        in a graph, or that call it (`WorkflowContext.call`).

        Args:
            kind: the name of the kind; at most 180 bytes once percent-encoded.

        Raises:
            InvalidInputError: it is no function, takes something else than (input) or (input, context), or the kind has a
                handler already.
            TypeError: its annotation needs pydantic, and that is not installed.
        """
        if callable(kind) or not isinstance(kind, str) or not kind:
            raise InvalidInputError(f'The kind is {shown(kind)}. Use @worker.step("name-of-the-kind").')

        def register(handler: H) -> H:
            if not callable(handler):
                raise InvalidInputError(f"The handler of {shown(kind)} is {shown(handler)}, which cannot be called.")
            if self._run is not None:
                raise InvalidInputError("The worker runs: register handlers before.")
            self._host.add_kind(kind, entry_of(handler, f"The handler of {shown(kind)}"))
            return handler

        return register

    def registered_task_types(self) -> list[str]:
        """The types that have a handler, sorted."""
        return sorted(self._entries)

    def on_startup(self, hook: H) -> H:
        """Calls a function without arguments, `async` or plain, before the first task is claimed. A decorator."""
        return self._hook("startup", hook)

    def on_shutdown(self, hook: H) -> H:
        """Calls a function without arguments, `async` or plain, when all handlers have ended. A decorator."""
        return self._hook("shutdown", hook)

    def on_success(self, hook: H) -> H:
        """Calls a function with (context, result), `async` or plain, after a handler has returned. A decorator."""
        return self._hook("success", hook)

    def on_error(self, hook: H) -> H:
        """Calls a function with (context, exception), `async` or plain, after a handler has failed. A decorator."""
        return self._hook("error", hook)

    def _hook(self, name: str, hook: H) -> H:
        if not callable(hook):
            raise InvalidInputError(f"The hook is {shown(hook)}, which cannot be called.")
        self._hooks[name].append(hook)
        return hook

    async def _call_hooks(self, name: str, *arguments: object) -> None:
        for hook in self._hooks[name]:
            result = hook(*arguments)
            if inspect.isawaitable(result):
                await result

    # --- running ------------------------------------------------------------------------------------------------

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop that it runs on."""
        if self._run is None:
            raise InvalidInputError("The worker does not run: it has no event loop yet.")
        return self._run.loop

    async def run(self, options: WorkerRunOptions | None = None, *, drain_seconds: float = DRAIN_SECONDS) -> int:
        """Works until `stop` is called, `max_tasks` have ended, or the task that awaits it is cancelled (as by Ctrl-C and
        SIGTERM). Then it claims nothing more, and lets running handlers end.

        Args:
            options: polling, limit, sweeper; None for the defaults.
            drain_seconds: how long handlers may go on in the end; after that they are cancelled, and their tasks go back to
                the queue without counting as failed.

        Returns:
            How many handlers have ended.

        Raises:
            InvalidInputError: there is no handler, or it runs already.
            StoreRefusedError: the store is found to lose updates, or refuses.
            StoreUnavailableError: the store does not answer.
        """
        options = WorkerRunOptions() if options is None else options
        if not isinstance(options, WorkerRunOptions):
            raise InvalidInputError(f"options is {shown(options)}. Use windlass.WorkerRunOptions(…).")
        if not self._entries and not self._host:
            raise InvalidInputError(
                'The worker has no handler. Register one with @worker.task("type"), or a workflow with add_workflow().'
            )
        if self._run is not None:
            raise InvalidInputError("The worker runs already. Use a second Worker, or more concurrency.")
        if self._queue._connection.closed:
            raise ClosedError(f"The connection to {self._queue.location} is closed. Connect again.")
        bridge = _bridge.bridge()
        limit = options.max_tasks
        concurrency = self._concurrency if limit is None else min(self._concurrency, limit)
        run = self._run = Run(
            number=0,
            loop=asyncio.get_running_loop(),
            limit=limit,
            stopping=asyncio.Event(),
            threads=ThreadPoolExecutor(concurrency, thread_name_prefix="windlass-handler"),
            context=contextvars.copy_context(),
        )
        run.number = bridge.add_worker(self)
        self._queue._connection.workers.add(self)
        watch = LoopWatch(run.loop)
        try:
            await self._call_hooks("startup")
            watch.start()  # before: a first handler may block the loop at once
            await finished(self._start(run, options, concurrency))
            await run.stopping.wait()
        finally:
            await finished(self._end(run, watch, drain_seconds))
        return run.ended

    async def _start(self, run: Run, options: WorkerRunOptions, concurrency: int) -> None:
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
                "concurrency": concurrency,
                "shortestPollMillis": poll.min_interval_ms,
                "longestPollMillis": poll.max_interval_ms,
                "sweeper": options.with_monitor,
                "id": self._id,
            },
        )
        self._id = json.loads(told)

    async def _end(self, run: Run, watch: LoopWatch, drain_seconds: float) -> None:
        try:
            drained = await self._queue._call(
                "worker.drain", {"worker": run.number, "limitMillis": round(drain_seconds * 1000)}
            )
            if not json.loads(drained):
                LOG.warning("worker %s: handlers still ran after %s s, and were cancelled", self._id, drain_seconds)
            if run.tasks:
                await asyncio.wait(run.tasks.values())
            await self._call_hooks("shutdown")
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
        else:
            run.stopped.add(number)
            task = run.tasks.get(number)
            if task is not None:
                task.cancel("the attempt was told to stop: it was cancelled, its time is over, or its worker stops")

    def _begin(self, run: Run, invocation: int, about: dict[str, Any], text: str) -> None:
        if "task" not in about:
            run.begin(invocation, self._host.work(run, invocation, about, text))
        elif run.limit is not None and run.begun >= run.limit:
            # More was claimed than was asked for: it goes back, and does not count.
            _bridge.bridge().fail(invocation, {"outcome": "reschedule", "delayMillis": 0})
        else:
            run.begin(invocation, self._work(run, invocation, about, text), counted=1)

    async def _work(self, run: Run, invocation: int, about: dict[str, Any], text: str) -> None:
        bridge = _bridge.bridge()
        context = TaskContext(self._queue, invocation, about)
        entry = self._entries[context.task_type]
        try:
            value = entry.read(text)
            arguments = (value, context) if entry.takes_context else (value,)
            result = await run.call(entry.handler, arguments)
            encoded = _json.encode(f"The result of task {context.task_id}", result)
        except BaseException as e:
            bridge.fail(invocation, _failures.stored(e, stopped=invocation in run.stopped))
            await self._told(run, invocation, "error", context, e)
            if not isinstance(e, Exception | asyncio.CancelledError):
                raise
        else:
            bridge.succeed(invocation, encoded)
            await self._told(run, invocation, "success", context, result)

    async def _told(self, run: Run, invocation: int, hook: str, context: TaskContext, what: object) -> None:
        try:
            await self._call_hooks(hook, context, what)
        except Exception:
            LOG.exception("task %s: a hook of the worker failed", context.task_id)
        finally:
            run.tasks.pop(invocation, None)
            run.stopped.discard(invocation)
            run.ended += 1
            if run.limit is not None and run.ended >= run.limit:
                run.stopping.set()
