"""Tasks as they were read, and handles on them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from windlass._handle import TaskHandle
from windlass._json import moment, shown
from windlass._retry import RetryPolicy
from windlass._status import TaskStatus
from windlass.errors import Failure, InvalidInputError

if TYPE_CHECKING:
    from windlass._queue import Queue


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of a task's history.

    Attributes:
        at: when, by the store's time as the writer knew it.
        event: what happened, such as `submitted`, `claimed`, `retried`, `completed`.
        worker_id: the worker that did it or to which it happened, or None.
        attempt: the attempt that it belongs to; 0 before the first.
        cause: why, such as an exception's type and message, or None.
    """

    at: datetime
    event: str
    worker_id: str | None
    attempt: int
    cause: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A task as it stood when it was read. Immutable; read it again with `await task.refresh()`.

    Attributes:
        id: its id.
        shard: the shard that it is stored in: the first digits of its id's hash.
        queue_name: its queue.
        task_type: the name of its type.
        input: its input, or None if it is None or is stored beside the task (`input_ref`): see Queue.load_input.
        output: its result, likewise; None before it has completed.
        status: where it stands.
        priority: 0 (first) to 9.
        timeout_seconds: how long one attempt may take, or None for no limit.
        max_retries: how many tries may follow the first.
        retry_count: how many failures count against that so far.
        retry_policy: the wait between tries.
        created_at: when it was submitted.
        available_at: when it may start at the earliest.
        lease_id: the lease of the worker that runs it, or None.
        attempt: how often it was claimed; the fencing token.
        updated_at: when it was last changed.
        started_at: when it was last claimed, or None.
        completed_at: when it reached a final status, or None.
        worker_id: the worker that claimed it last, or None.
        error: its last failure, or None.
        input_ref: where its input is stored if it is stored beside it, or None.
        output_ref: where its result is stored if it is stored beside it, or None.
        reschedule_count: how often its handler has rescheduled it.
        max_reschedules: how often it may, or None for no limit.
        cancel_requested: whether somebody has asked to cancel it while it runs.
        cancel_reason: why somebody asked to cancel it, or None.
        cancelled_by: who asked to cancel it, as `cancel` was told, or None.
        expires_at: when it may start no longer, or None.
        tags: its tags by name.
        parent: the id of the task that it belongs to, or None.
        history: its last transitions, oldest first; at most 20.
    """

    id: str
    shard: str
    queue_name: str
    task_type: str
    input: Any
    output: Any
    status: TaskStatus
    priority: int
    timeout_seconds: float | None
    max_retries: int
    retry_count: int
    retry_policy: RetryPolicy
    created_at: datetime
    available_at: datetime
    lease_id: str | None
    attempt: int
    updated_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    worker_id: str | None
    error: Failure | None
    input_ref: str | None
    output_ref: str | None
    reschedule_count: int
    max_reschedules: int | None
    cancel_requested: bool
    cancel_reason: str | None
    cancelled_by: str | None
    expires_at: datetime | None
    tags: dict[str, str]
    parent: str | None
    history: tuple[HistoryEntry, ...] = field(repr=False)
    _queue: Queue = field(repr=False)

    @classmethod
    def _read(cls, queue: Queue, told: dict[str, Any]) -> Task:
        history = tuple(
            HistoryEntry(moment(each["at"]), each["event"], each["worker"], each["attempt"], each["cause"])
            for each in told["history"]
        )
        created = moment(told["createdAt"])
        running = told["status"] == "RUNNING"
        retry = told["retry"]
        return cls(
            id=told["id"],
            shard=shard_of(told["id"], queue.shard_prefix_len),
            queue_name=told["queue"],
            task_type=told["type"],
            input=told["input"],
            output=told["output"],
            status=TaskStatus(told["status"].lower()),
            priority=told["priority"],
            timeout_seconds=None if told["timeoutMillis"] is None else told["timeoutMillis"] / 1000,
            max_retries=told["maxAttempts"] - 1,
            retry_count=told["failures"],
            retry_policy=RetryPolicy(retry["initialMillis"], retry["maxMillis"], retry["multiplier"], retry["jitter"]),
            created_at=created,
            available_at=moment(told["dueAt"]),
            lease_id=told["leaseId"] if running else None,
            attempt=told["attempt"],
            updated_at=history[-1].at if history else created,
            started_at=None if told["startedAt"] is None else moment(told["startedAt"]),
            completed_at=None if told["finishedAt"] is None else moment(told["finishedAt"]),
            worker_id=told["workerId"],
            error=None if told["error"] is None else Failure(**told["error"]),
            input_ref=told["inputRef"],
            output_ref=told["outputRef"],
            reschedule_count=told["reschedules"],
            max_reschedules=told["maxReschedules"],
            cancel_requested=told["cancelRequested"],
            cancel_reason=told["cancelReason"],
            cancelled_by=told["cancelledBy"],
            expires_at=None if told["expiresAt"] is None else moment(told["expiresAt"]),
            tags=told["tags"],
            parent=told["parent"],
            history=history,
            _queue=queue,
        )

    @property
    def last_error(self) -> str | None:
        """Type and message of its last failure, or None."""
        return None if self.error is None else str(self.error)

    @property
    def lease_expires_at(self) -> datetime | None:
        """Always None: a worker keeps one lease for all its tasks, and no task knows when that ends."""
        return None

    @property
    def cancelled_at(self) -> datetime | None:
        """When it was cancelled, or None."""
        return self.completed_at if self.status is TaskStatus.Cancelled else None

    @property
    def expired_at(self) -> datetime | None:
        """When it ended since it had not started in time, or None."""
        return self.completed_at if self.status is TaskStatus.Expired else None

    @property
    def handle(self) -> TaskHandle:
        """What one does with it: wait, read again, cancel."""
        return TaskHandle(self._queue, self.id)

    async def result(self, timeout: float | timedelta | None = None) -> Any:
        """Waits for its end; see TaskHandle.result."""
        return await self.handle.result(timeout)

    async def refresh(self) -> Task:
        """The task as it stands now. One GET.

        Raises:
            TaskNotFoundError: it is no longer there.
        """
        return await self.handle.get()

    def can_retry(self) -> bool:
        """Whether a failure now would be followed by another try."""
        return not self.status.is_final and self.retry_count <= self.max_retries - 1

    def is_available_at(self, now: datetime) -> bool:
        """Whether it waits and may start at that time."""
        return self.status is TaskStatus.Pending and self.available_at <= _aware(now)

    def is_lease_expired_at(self, now: datetime) -> bool:
        """Always False: only its worker's lease object knows, and the sweeper acts on that. See `lease_expires_at`."""
        _aware(now)
        return False

    def is_timed_out_at(self, now: datetime) -> bool:
        """Whether the attempt that runs would be over its time-out at that time."""
        if self.status is not TaskStatus.Running or self.started_at is None or self.timeout_seconds is None:
            return False
        return self.started_at + timedelta(seconds=self.timeout_seconds) < _aware(now)

    def is_expired_at(self, now: datetime) -> bool:
        """Whether it has expired, or waits and could not start at that time any more."""
        if self.status is TaskStatus.Expired:
            return True
        at = _aware(now)
        return self.status is TaskStatus.Pending and self.expires_at is not None and self.expires_at <= at

    def to_dict(self) -> dict[str, Any]:
        """All its attributes that JSON can hold, times as RFC 3339 texts."""
        told: dict[str, Any] = {}
        for name in self.__dataclass_fields__:
            if name.startswith("_"):
                continue
            value = getattr(self, name)
            if isinstance(value, datetime):
                value = value.isoformat().replace("+00:00", "Z")
            elif isinstance(value, TaskStatus):
                value = value.value
            elif isinstance(value, RetryPolicy):
                value = {each: getattr(value, each) for each in RetryPolicy.__dataclass_fields__}
            elif isinstance(value, Failure):
                value = {"type": value.type, "message": value.message, "traceback": value.traceback}
            elif name == "history":
                value = [
                    {
                        "at": entry.at.isoformat().replace("+00:00", "Z"),
                        "event": entry.event,
                        "worker_id": entry.worker_id,
                        "attempt": entry.attempt,
                        "cause": entry.cause,
                    }
                    for entry in self.history
                ]
            told[name] = value
        return told


def shard_of(task_id: str, width: int) -> str:
    """The shard of a task: the first digits of the hash of its id."""
    return hashlib.sha256(task_id.encode()).hexdigest()[:width]


def _aware(now: datetime) -> datetime:
    if not isinstance(now, datetime):
        raise InvalidInputError(f"The time is {shown(now)}. Use a datetime, such as await queue.now().")
    if now.tzinfo is None:
        raise InvalidInputError("The time has no time zone. Use datetime.now(timezone.utc), or await queue.now().")
    return now.astimezone(timezone.utc)
