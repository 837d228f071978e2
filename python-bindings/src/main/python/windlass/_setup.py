"""What a worker is to do: its handlers, workflows and hooks."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from windlass._arguments import Seconds, to_text, to_texts, to_timeout, to_whole
from windlass._handlers import Entry, Handler, entry_of
from windlass._hooks import Hooks
from windlass._hosting import WorkflowHost
from windlass._json import shown
from windlass._queue import Queue
from windlass._running import Run
from windlass.errors import InvalidInputError

if TYPE_CHECKING:
    from windlass._durable import DurableFunction
    from windlass.workflow._dag import Workflow

H = TypeVar("H", bound=Callable[..., Any])


class WorkerSetup:
    """The part of a Worker that is set up before it runs."""

    def __init__(
        self,
        queue: Queue,
        worker_id: str | None = None,
        shards: list[str] | None = None,
        *,
        concurrency: int = 16,
        queues: tuple[str, ...] | list[str] = (),
        weights: Mapping[str, int] | None = None,
    ) -> None:
        if not isinstance(queue, Queue):
            raise InvalidInputError(f"queue is {shown(queue)}. Use what `await windlass.connect(…)` gives.")
        to_whole("concurrency", concurrency, 1, 10_000)
        if worker_id is not None and (not isinstance(worker_id, str) or not worker_id):
            raise InvalidInputError(f"worker_id is {shown(worker_id)}. Use a text that is not empty, or None.")
        if shards is not None and set(to_texts("shards", shards)) != set(queue.all_shards()):
            warnings.warn(
                "shards has no effect: a worker claims from its queue, whatever shard a task is stored in.",
                stacklevel=2,
            )
        self._queue = queue
        self._id = worker_id
        self._concurrency = concurrency
        self._queues = list(dict.fromkeys([queue.name, *to_texts("queues", queues)]))
        self._weights = self._checked(weights)
        self._type_concurrency: dict[str, int] = {}
        self._type_timeouts: dict[str, int] = {}
        self._entries: dict[str, Entry] = {}
        self._host = WorkflowHost()
        self._hooks = Hooks()
        self._run: Run | None = None

    def _checked(self, weights: Mapping[str, int] | None) -> dict[str, int]:
        if weights is not None and not isinstance(weights, Mapping):
            raise InvalidInputError(f"weights is {shown(weights)}. Use a dict of queues and numbers.")
        for name, weight in (weights or {}).items():
            if name not in self._queues:
                raise InvalidInputError(f"weights names the queue {shown(name)}, which the worker has not. Name it in queues.")
            to_whole(f"The weight of the queue {shown(name)}", weight, 1, 1000)
        return dict(weights or {})

    # --- setting up ---------------------------------------------------------------------------------------------

    @property
    def worker_id(self) -> str | None:
        """Its id; while it runs never None."""
        return self._id

    def task(
        self, task_type: str, *, concurrency: int | None = None, timeout_seconds: Seconds | None = None
    ) -> Callable[[H], H]:
        """Makes a function the handler of a type of tasks.

        The function is `async def` or plain (which runs on a thread), and takes `(input)` or `(input, context)`. If its
        input is annotated with a dataclass, a pydantic model or another type that is not plain JSON, it gets that,
        checked by pydantic. What it returns is stored as the result. What it raises: RetryableError or anything else is
        tried again, PermanentError is not, RescheduleError runs the task again later.

        Args:
            task_type: the name of the type.
            concurrency: how many of this type run at once in this worker, 1 to 10,000, within its slots; None for as many as
                there are slots. What waits for its turn stays in the queue, for any worker, and holds up no other type.
            timeout_seconds: how long an attempt may take in this worker, in seconds or as a timedelta; the task's own time-out
                counts if it is shorter. None for the task's own.

        Raises:
            InvalidInputError: it is no function, takes other arguments, or the type has a handler already.
            TypeError: its annotation needs pydantic, and that is not installed.
        """
        if callable(task_type) or not isinstance(task_type, str) or not task_type:
            raise InvalidInputError(f'The type is {shown(task_type)}. Use @worker.task("name-of-the-type").')

        def register(handler: H) -> H:
            self.add_handler(task_type, handler, concurrency=concurrency, timeout_seconds=timeout_seconds)
            return handler

        return register

    def add_handler(
        self,
        task_type: str,
        handler: Handler,
        *,
        concurrency: int | None = None,
        timeout_seconds: Seconds | None = None,
    ) -> None:
        """The same as `task`, without a decorator."""
        task_type = to_text("The type", task_type)
        if not callable(handler):
            raise InvalidInputError(f"The handler of {shown(task_type)} is {shown(handler)}, which cannot be called.")
        if task_type in self._entries:
            raise InvalidInputError(
                f"The type {shown(task_type)} has a handler already: {self._entries[task_type].handler!r:.80}."
            )
        if self._run is not None:
            raise InvalidInputError("The worker runs: register handlers before.")
        entry = entry_of(handler, f"The handler of {shown(task_type)}")
        limit = to_timeout("timeout_seconds", timeout_seconds)
        if concurrency is not None:
            self._type_concurrency[task_type] = to_whole("concurrency", concurrency, 1, 10_000)
        if limit is not None:
            self._type_timeouts[task_type] = limit
        self._entries[task_type] = entry

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
        """Calls a function without arguments, `async` or plain, before the first task is claimed. A decorator. If it raises,
        the worker does not start, and `run` raises the same.
        """
        return self._hook("startup", hook)

    def on_shutdown(self, hook: H) -> H:
        """Calls a function without arguments, `async` or plain, when all handlers have ended. A decorator."""
        return self._hook("shutdown", hook)

    def on_success(self, hook: H) -> H:
        """Calls a function with (context, result), `async` or plain, after an attempt has completed its task: that is recorded.
        A decorator. Hooks of attempts run on the event loop; what they raise is logged, and changes nothing. Best effort: a
        process that is killed tells nobody.
        """
        return self._hook("success", hook)

    def on_error(self, hook: H) -> H:
        """Calls a function with (context, exception), `async` or plain, after an attempt has failed: that is recorded. A
        decorator. `context.will_retry` says whether the task is tried again. The exception is what the handler has raised;
        TimeoutError if its time was over. Tasks that are rescheduled, cancelled or given back have not failed.
        """
        return self._hook("error", hook)

    def on_lease_lost(self, hook: H) -> H:
        """Calls a function with (context), `async` or plain, after an attempt has lost its lease: its handler is cancelled if
        it still runs, and what it gives does not count, since the task runs again elsewhere. A decorator.
        """
        return self._hook("lease_lost", hook)

    def _hook(self, name: str, hook: H) -> H:
        self._hooks.add(name, hook)
        return hook
