"""Who is told of what a worker does, and with what."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from typing import Any

from windlass._context import TaskContext
from windlass._json import shown
from windlass._running import End, Run
from windlass.errors import Failure, InvalidInputError, TaskFailedError

LOG = logging.getLogger("windlass")

Hook = Callable[..., Any]
OF_ATTEMPTS = ("success", "error", "lease_lost")


class Hooks:
    """The hooks of one worker, by what they are told of."""

    def __init__(self) -> None:
        self._all: dict[str, list[Hook]] = {name: [] for name in ("startup", "shutdown", *OF_ATTEMPTS)}

    def add(self, name: str, hook: Hook) -> None:
        """One more."""
        if not callable(hook):
            raise InvalidInputError(f"The hook is {shown(hook)}, which cannot be called.")
        self._all[name].append(hook)

    def of_attempts(self) -> list[str]:
        """What of attempts somebody wants to know, for Java: nothing else crosses the boundary."""
        return [name for name in OF_ATTEMPTS if self._all[name]]

    async def call(self, name: str, *arguments: object) -> None:
        """Calls those of a name, one after the other."""
        for hook in self._all[name]:
            result = hook(*arguments)
            if inspect.isawaitable(result):
                await result

    def told(self, run: Run, about: dict[str, Any], build: Callable[[dict[str, Any]], TaskContext]) -> None:
        """Java says what an attempt has come to: that is recorded."""
        event = about["event"]
        end = run.ends.pop((about["task"], about["attempt"]), None) or End(build(about))
        if event == "success":
            arguments: tuple[object, ...] = (end.result,)
        elif event == "error":
            end.context.will_retry = about["again"]
            arguments = (_exception(end, about["error"]),)
        else:
            arguments = ()
        task = run.create_task(self._tell(event, end.context, arguments))
        run.telling.add(task)
        task.add_done_callback(run.telling.discard)

    async def _tell(self, event: str, context: TaskContext, arguments: tuple[object, ...]) -> None:
        try:
            await self.call(event, context, *arguments)
        except Exception:
            LOG.exception("task %s: a hook of the worker failed", context.task_id)


def _exception(end: End, error: dict[str, Any]) -> BaseException:
    """What the handler has raised; or, if it was not the handler that failed, what happened."""
    if end.failure is not None:
        return end.failure
    failure = Failure(error["type"], error["message"], error["traceback"])
    if failure.type == "timeout":
        return TimeoutError(failure.message)
    if failure.type == "windlass.InvalidInputError":
        return InvalidInputError(failure.message)
    return TaskFailedError(str(failure), end.context.task_id, failure)
