"""What handlers of tasks may ask about their task."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from windlass import _bridge, _json
from windlass._task import Task
from windlass.errors import WindlassError

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

    def __repr__(self) -> str:
        return f"<windlass.TaskContext of task {self.task_id}, attempt {self.attempt}>"
