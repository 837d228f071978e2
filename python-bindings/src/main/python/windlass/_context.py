"""What handlers of tasks may ask about their task."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from windlass import _bridge, _json
from windlass._arguments import to_text
from windlass._json import shown
from windlass._task import Task
from windlass.errors import InvalidInputError, WindlassError

if TYPE_CHECKING:
    from windlass._queue import Queue


class TaskContext:
    """What a handler may ask about the task that it works on.

    Attributes:
        task_id: the task's id.
        task_type: the name of its type.
        queue_name: the queue it was claimed from.
        attempt: how often it has been claimed, this time included, from 1: the fencing token.
        idempotency_key: the same text for every attempt of this task, for services that take one.
        deadline: when this attempt's time is over, by the store's time; None if it has no time-out.
        will_retry: for `Worker.on_error`: whether the task is tried again after this failure. None before the attempt's end.
    """

    def __init__(self, queue: Queue, invocation: int, about: dict[str, Any]) -> None:
        """Made by the worker."""
        self._queue = queue
        self._invocation = invocation
        self.task_id: str = about["task"]
        self.task_type: str = about["type"]
        self.queue_name: str = about["queue"]
        self.attempt: int = about["attempt"]
        self.idempotency_key: str = about["key"]
        self.deadline: datetime | None = None if about["deadline"] is None else _json.moment(about["deadline"])
        self.will_retry: bool | None = None

    @property
    def cancelled(self) -> bool:
        """Whether to stop: somebody asked to cancel the task, its time-out is over, the worker's lease is lost, or the
        worker's drain time is over. A coroutine gets CancelledError as well; a plain function looks here. No request.
        """
        return _bridge.bridge().is_cancelled(self._invocation)

    async def is_cancellation_requested(self) -> bool:
        """The same as `cancelled`. No request: the worker's heartbeat brings it, every 10 s."""
        return self.cancelled

    async def extend_lease(self, additional_secs: float = 0) -> None:
        """Makes sure that the task is still this attempt's. The worker's heartbeat keeps the lease for as long as the handler
        runs, so nothing needs to be extended; the time-out of the attempt, `deadline`, is not moved by it.

        Args:
            additional_secs: accepted.

        Raises:
            WindlassError: the attempt has been told to stop; what it did after that is not recorded.
        """
        del additional_secs
        if self.cancelled:
            raise WindlassError(f"The attempt {self.attempt} of task {self.task_id} has been told to stop.")

    async def lease_expires_at(self) -> datetime | None:
        """When this attempt's time is over: `deadline`. The lease itself is renewed for as long as the handler runs."""
        return self.deadline

    async def refresh(self) -> Task:
        """The task as it stands now. One GET.

        Raises:
            TaskNotFoundError: it is no longer there.
        """
        return await self._queue._existing(self.task_id)

    # --- progress -----------------------------------------------------------------------------------------------

    def progress(self, percent: float, message: str | None = None) -> None:
        """Says how far the work is, for people and programs that watch: `TaskHandle.progress`. Does not wait, and may be called
        from any thread: what is said is written every 5 seconds at most, and once more before the attempt's end is recorded.
        So a task that says something costs a PUT, and one more for each 5 seconds in which it says more. The task's fate
        never depends on it: what the store refuses is left out, with a line in the log. Does nothing after the attempt's end.

        Args:
            percent: 0 to 100.
            message: what is being done, cut after 1,000 characters; None for nothing.

        Raises:
            InvalidInputError: an argument cannot be accepted.
        """
        if isinstance(percent, bool) or not isinstance(percent, int | float) or not 0 <= percent <= 100:
            raise InvalidInputError(f"The progress is {shown(percent)} percent. Use 0 to 100.")
        if message is not None and not isinstance(message, str):
            raise InvalidInputError(f"The message is {shown(message)}. Use a text, or None.")
        self._say({"percent": percent, "message": message})

    def count(self, name: str, more: int = 1) -> None:
        """Adds to a counter of this attempt, such as "rows"; written as `progress` says.

        Args:
            name: of the counter, at most 200 bytes once percent-encoded; at most 50 of them.
            more: what to add; may be negative.

        Raises:
            InvalidInputError: the name cannot be used, there are too many, or it is no whole number.
        """
        if isinstance(more, bool) or not isinstance(more, int) or not -(2**63) <= more < 2**63:
            raise InvalidInputError(f"The counter {shown(name)} is to count {shown(more)}. Use a whole number of 64 bits.")
        self._say({"counter": to_text("The name of the counter", name), "more": more})

    def print(self, *values: object, sep: str = " ") -> None:
        """Prints a line, or several, that are kept beside the task: `TaskHandle.output`. Written as `progress` says, by one
        more PUT each time. Lines are cut after 8,192 characters; of an attempt that prints more than 4 MiB the rest is counted,
        and not kept.

        Args:
            *values: what to print, as text; line breaks part lines.
            sep: what stands between them.

        Raises:
            InvalidInputError: the text has half of a surrogate pair, which is no character.
        """
        self._say({"print": sep.join(str(value) for value in values)})

    def _say(self, said: dict[str, object]) -> None:
        _bridge.bridge().say(self._invocation, _json.encode(f"What task {self.task_id} says", said))

    def __repr__(self) -> str:
        return f"<windlass.TaskContext of task {self.task_id}, attempt {self.attempt}>"
