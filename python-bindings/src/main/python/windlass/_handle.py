"""Handles on tasks, and what one learns by them while a task runs."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from windlass._arguments import to_millis
from windlass._json import moment, shown
from windlass.errors import InvalidInputError

if TYPE_CHECKING:
    from windlass._queue import Queue
    from windlass._task import Task


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """What an attempt has said of its work, as it was written last.

    Attributes:
        attempt: which attempt.
        worker_id: whose.
        at: when it was written, by the store's time as the worker knew it.
        percent: how much is done, 0 to 100; None if that was not said.
        message: what is being done; None if that was not said.
        counters: what was counted, by name.
        lines: how many lines of output are kept.
        lines_left_out: how many more were printed, which are not kept, since there were too many.
    """

    attempt: int
    worker_id: str
    at: datetime
    percent: float | None
    message: str | None
    counters: dict[str, int]
    lines: int
    lines_left_out: int

    @classmethod
    def _read(cls, told: dict[str, Any]) -> TaskProgress:
        return cls(
            attempt=told["attempt"],
            worker_id=told["worker"],
            at=moment(told["at"]),
            percent=told["percent"],
            message=told["message"],
            counters=told["counters"],
            lines=told["lines"],
            lines_left_out=told["linesLeftOut"],
        )


@dataclass(frozen=True, slots=True)
class TaskOutput:
    """Lines that an attempt has printed.

    Attributes:
        attempt: which attempt; 0 if there is none yet.
        parts: how many objects of lines have been read; for `TaskHandle.output`.
        lines: the lines, in order.
    """

    attempt: int
    parts: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskHandle:
    """A task by its id: to wait for it, to read it, to cancel it. `await handle` waits for its result.

    Attributes:
        id: the task's id; keep it to find the task again from anywhere, by `queue.handle(id)`.
    """

    _queue: Queue = field(repr=False)
    id: str

    async def get(self) -> Task:
        """The task as it stands now. One GET.

        Raises:
            TaskNotFoundError: there is no such task.
        """
        return await self._queue._existing(self.id)

    async def result(self, timeout: float | timedelta | None = None) -> Any:
        """Waits for the task's end, by reading it again and again: every 20 ms at first, every 5 s at last.

        Args:
            timeout: how long to wait at most, in seconds or as a timedelta; None for as long as it takes.

        Returns:
            Its result as plain JSON values.

        Raises:
            TaskFailedError: it has failed for good; `error` has type, message and traceback.
            TaskCancelledError: it was cancelled, or has expired.
            AwaitTimeoutError: the time is over; the task goes on.
            TaskNotFoundError: there is no such task.
        """
        arguments: dict[str, object] = {"task": self.id}
        if timeout is not None:
            arguments["limitMillis"] = to_millis("timeout", timeout)
        return json.loads(await self._queue._call("await", arguments))

    async def cancel(self, reason: str = "cancelled") -> bool:
        """Asks to cancel the task: one that waits never runs; one that runs is told within a heartbeat (10 s).

        Durable on return; safe to repeat.

        Args:
            reason: for its history.

        Returns:
            True if the task is cancelled or has been asked to; False if it had ended before.

        Raises:
            TaskNotFoundError: there is no such task.
        """
        return await self._queue.cancel(self.id, reason)

    async def progress(self) -> TaskProgress | None:
        """What the last attempt has said of its work, by `TaskContext.progress` and `count`; None if it has said nothing, or
        there was no attempt yet. Best effort, and some seconds old while it runs. Two GETs.

        Raises:
            TaskNotFoundError: there is no such task.
        """
        told = json.loads(await self._queue._call("progress", {"task": self.id}))
        return None if told is None else TaskProgress._read(told)

    async def output(self, since: TaskOutput | None = None) -> TaskOutput:
        """The lines that the last attempt has printed, by `TaskContext.print`. Two GETs, and one for each object of lines: of
        64 KiB, or of 5 seconds.

        Args:
            since: the last answer, to get only what has been printed after it; None for all lines. If another attempt has
                begun meanwhile, all of its lines are answered.

        Raises:
            TaskNotFoundError: there is no such task.
        """
        arguments: dict[str, object] = {"task": self.id}
        if since is not None:
            if not isinstance(since, TaskOutput):
                raise InvalidInputError(f"since is {shown(since)}. Use what `await handle.output()` has answered, or None.")
            arguments.update(attempt=since.attempt, parts=since.parts)
        told = json.loads(await self._queue._call("output", arguments))
        return TaskOutput(told["attempt"], told["parts"], tuple(told["lines"]))

    def __await__(self) -> Generator[Any, None, Any]:
        return self.result().__await__()
