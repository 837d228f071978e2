"""A worker while it runs: its handlers as tasks of asyncio's, its threads."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from windlass import _bridge, _failures
from windlass._context import TaskContext
from windlass._handlers import Handler, is_async


@dataclass(slots=True)
class End:
    """What a handler has come to, until Java says that it is recorded: for hooks."""

    context: TaskContext
    result: Any = None
    failure: BaseException | None = None


@dataclass(slots=True)
class Run:
    """One run of a worker: what it holds."""

    number: int
    loop: asyncio.AbstractEventLoop
    runner: asyncio.Task[Any] | None
    stopping: asyncio.Event
    threads: ThreadPoolExecutor
    context: contextvars.Context
    tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict[int, "asyncio.Task[None]"])
    stopped: set[int] = field(default_factory=set[int])
    ends: dict[tuple[str, int], End] = field(default_factory=dict[tuple[str, int], End])
    telling: set[asyncio.Task[None]] = field(default_factory=set["asyncio.Task[None]"])
    ended: int = 0

    def create_task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """A task with the context variables of who runs the worker."""
        return self.loop.create_task(work, context=self.context.copy())

    def begin(self, invocation: int, work: Coroutine[Any, Any, None]) -> None:
        """Runs a handler as a task that can be stopped, and whose end is told in any case."""
        task = self.tasks[invocation] = self.create_task(work)

        def ended(_: object) -> None:
            # A task that is cancelled before its first step never runs: it has said nothing.
            if self.tasks.pop(invocation, None) is not None:
                self.stopped.discard(invocation)
                _bridge.bridge().fail(invocation, _failures.cancelled("it was stopped before it began"))

        task.add_done_callback(ended)

    def handling(self, invocation: int, failed: Callable[[BaseException], dict[str, object]]) -> Handling:
        """Around a handler: tells how it has ended.

        Args:
            invocation: of the handler.
            failed: how what it has raised is stored.
        """
        return Handling(self, invocation, failed)

    def is_called_off(self) -> bool:
        """Whether this very handler's task was cancelled with the worker, as `asyncio.run` does at its end. Otherwise a
        CancelledError is what the handler itself has come to.
        """
        return is_cancelled() and (self.stopping.is_set() or (self.runner is not None and self.runner.cancelling() > 0))

    async def call(self, function: Handler, arguments: tuple[Any, ...]) -> Any:
        """Awaits a coroutine function, or runs a plain one on a thread."""
        if is_async(function):
            return await function(*arguments)
        result = await self._on_thread(function, arguments)
        return await result if inspect.isawaitable(result) else result

    async def _on_thread(self, handler: Handler, arguments: tuple[Any, ...]) -> Any:
        """A plain function: it cannot be interrupted, so its slot stays taken until it returns."""
        context = contextvars.copy_context()

        def call() -> tuple[Any, BaseException | None]:
            # As a value: a future cannot hold every exception, StopIteration for one.
            try:
                return context.run(handler, *arguments), None
            except BaseException as e:  # noqa: BLE001 - raised again on the loop
                return None, e

        future = self.loop.run_in_executor(self.threads, call)
        cancelled: asyncio.CancelledError | None = None
        while not future.done():
            try:
                await asyncio.wait([future])
            except asyncio.CancelledError as e:
                cancelled = e
        result, failure = future.result()
        if failure is not None:
            raise failure
        if cancelled is not None:
            raise cancelled
        return result


class Handling:
    """A handler that runs: its end is told, whatever it is; what it raises goes no further, unless the process ends by it."""

    def __init__(self, run: Run, invocation: int, failed: Callable[[BaseException], dict[str, object]]) -> None:
        self._run = run
        self._invocation = invocation
        self._failed = failed
        self._result = "null"

    def gives(self, encoded: str) -> None:
        """The handler has returned this, as JSON."""
        self._result = encoded

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None) -> bool:
        bridge = _bridge.bridge()
        try:
            if e is None:
                bridge.succeed(self._invocation, self._result)
            else:
                bridge.fail(self._invocation, self._failed(e))
        finally:
            self._run.tasks.pop(self._invocation, None)
            self._run.stopped.discard(self._invocation)
        return isinstance(e, Exception | asyncio.CancelledError)


def is_cancelled() -> bool:
    """Whether somebody has cancelled this very task."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def finished(ending: Awaitable[None]) -> None:
    """Awaits the end to its end, whatever cancels meanwhile."""
    task = asyncio.ensure_future(ending)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as e:
            cancelled = e
    task.result()
    if cancelled is not None:
        raise cancelled
