"""What operators do with a queue, and programs that claim by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from windlass import _failures, _json
from windlass._arguments import Seconds, to_flag, to_millis, to_text, to_text_or_none, to_whole
from windlass._connection import ConnectedQueue
from windlass._json import moment
from windlass._task import Task

if TYPE_CHECKING:
    from windlass._queue import Queue


@dataclass(frozen=True, slots=True)
class Pause:
    """Why something is paused.

    Attributes:
        reason: why; may be empty.
        by: who has paused it, or None if that was not said.
        at: when.
    """

    reason: str
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class PauseState:
    """What of a queue is paused.

    Attributes:
        queue: why the whole queue is paused, or None.
        types: why tasks of single types are, by the name of the type.
    """

    queue: Pause | None
    types: dict[str, Pause]

    def is_paused(self, task_type: str) -> bool:
        """Whether tasks of this type are not claimed: their type is paused, or the queue."""
        return self.queue is not None or task_type in self.types


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A task that failed for good, or that nobody can read.

    Attributes:
        task_id: the task.
        task_type: the name of its type; None of a body that nobody can read.
        error: type and message of the failure on one line.
        at: when it failed.
    """

    task_id: str
    task_type: str | None
    error: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """A worker of the store, in any language, as it stands there.

    Attributes:
        id: its id.
        host: its host; empty of a claim by hand.
        pid: its process, or 0.
        started_at: when it started, or None if that is not known.
        queues: what it takes tasks from.
        task_types: what it can do.
        by_hand: whether it is no worker, but a program that claims by hand.
        lease_seen_at: when its lease was last renewed, or None if it has none.
        alive: whether its lease stands.
        tasks: the ids of the tasks that it holds.
    """

    id: str
    host: str
    pid: int
    started_at: datetime | None
    queues: tuple[str, ...]
    task_types: tuple[str, ...]
    by_hand: bool
    lease_seen_at: datetime | None
    alive: bool
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ClaimedTask:
    """A task that this program has claimed, and works on without a Worker. Nobody renews its lease but `extend`. Whoever knows
    `task.id` and `token` can go on with it, in another process too.

    Attributes:
        task: the task as it was claimed.
        token: what proves the claim.
        until: nobody takes the task over before this time, unless it is extended.
    """

    task: Task
    token: str
    until: datetime | None
    _queue: Queue = field(repr=False)

    async def _held(self, verb: str, arguments: Mapping[str, object], extra: str = "") -> Any:
        given = {"queue": self._queue.name, "task": self.task.id, "token": self.token, **arguments}
        return json.loads(await self._queue._call(f"control.{verb}", given, extra=extra))

    async def input(self) -> Any:
        """Its input, also if it is stored beside it. One GET or two."""
        return await self._held("input", {})

    async def extend(self, lease_seconds: Seconds) -> datetime:
        """Lets the claim last so long from now. Durable on return; safe to repeat.

        Args:
            lease_seconds: 1 s to 1 h, in seconds or as a timedelta.

        Returns:
            Until when it lasts.

        Raises:
            LeaseLostError: the claim has ended.
        """
        told = await self._held("extend", {"leaseMillis": to_millis("lease_seconds", lease_seconds)})
        return moment(told["until"])

    async def complete(self, result: object = None) -> Task:
        """Ends the claim with a result. Durable on return; safe to repeat with the same result.

        Args:
            result: anything that the table of types knows.

        Raises:
            SchemaViolationError: it does not fit the schema of its type; nothing was recorded, and the claim is still held.
            LeaseLostError: the claim has ended otherwise; nothing was recorded.
        """
        encoded = _json.encode(f"The result of task {self.task.id}", result)
        return Task._read(self._queue, await self._held("complete", {}, f'"result":{encoded}'))

    async def fail(self, error: BaseException | str, *, permanent: bool = False) -> Task:
        """Ends the claim as failed: the task is tried again while it has tries left. Durable on return; safe to repeat.

        Args:
            error: what went wrong: an exception, stored with its traceback, or a text.
            permanent: whether to fail for good, whatever tries are left.

        Raises:
            LeaseLostError: the claim has ended otherwise; nothing was recorded.
        """
        if isinstance(error, BaseException):
            told = _failures.described(error, error.__traceback__)
            told["errorType"] = told.pop("type")
        else:
            told = {"errorType": "failed", "message": to_text("error", error)}
        return Task._read(self._queue, await self._held("fail", {**told, "permanent": to_flag("permanent", permanent)}))

    async def requeue(self, delay: Seconds = 0) -> Task:
        """Gives the task back, without counting a failure. Durable on return; safe to repeat.

        Args:
            delay: how long nobody may claim it, in seconds or as a timedelta.

        Raises:
            LeaseLostError: the claim has ended otherwise; nothing was recorded.
        """
        return Task._read(self._queue, await self._held("requeue", {"delayMillis": to_millis("delay", delay)}))


class QueueControl(ConnectedQueue):
    """The part of a Queue that is about operating it."""

    async def _control(self, verb: str, arguments: Mapping[str, object]) -> Any:
        return json.loads(await self._call(f"control.{verb}", {"queue": self._name, **arguments}))

    async def pause(self, reason: str = "", *, task_type: str | None = None, by: str | None = None) -> None:
        """Pauses the queue, or one type of tasks in it: nothing of it is claimed any more, by no worker and by no hand, until
        it is resumed. What runs goes on, and tasks may be submitted. Seen by workers within a poll. Durable on return; safe to
        repeat.

        Args:
            reason: for people.
            task_type: only tasks of this type; None for the whole queue.
            by: who pauses it, or None not to say.
        """
        given = {
            "reason": "" if reason == "" else to_text("reason", reason),
            "type": to_text_or_none("task_type", task_type),
            "by": to_text_or_none("by", by),
        }
        await self._control("pause", given)

    async def resume(self, *, task_type: str | None = None) -> bool:
        """Ends a pause. Types that are paused one by one stay so when the queue is resumed. Safe to repeat.

        Args:
            task_type: only of this type; None for that of the whole queue.

        Returns:
            Whether it was paused.
        """
        return bool(await self._control("resume", {"type": to_text_or_none("task_type", task_type)}))

    async def pauses(self) -> PauseState:
        """What of the queue is paused. One GET."""
        told = await self._control("pauses", {})
        return PauseState(_pause(told["queue"]), {kind: _one(pause) for kind, pause in told["types"].items()})

    async def redrive(self, task_id: str, reason: str = "redriven") -> bool:
        """Lets a task begin anew that failed, expired or was cancelled: with all its tries, at once. Durable on return; safe to
        repeat.

        Args:
            task_id: the task.
            reason: for its history.

        Returns:
            True if it waits again by this call; False if it has not ended, or is completed.

        Raises:
            TaskNotFoundError: there is no such task.
            InvalidInputError: it belongs to a workflow: use WorkflowClient.retry.
        """
        return bool(await self._control("redrive", {"task": to_text("task_id", task_id), "reason": to_text("reason", reason)}))

    async def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        """The tasks of this queue that failed for good, and those that nobody can read, the latest first. One LIST per thousand
        entries, and one GET for each that is answered.

        Args:
            limit: at most so many, 1 to 100,000.
        """
        told = await self._control("deadLetters", {"limit": to_whole("The limit", limit, 1, 100_000)})
        return [DeadLetter(each["task"], each["type"], each["error"], moment(each["at"])) for each in told]

    async def mark_expired(self, task_id: str) -> bool:
        """Ends a task that waits and may start no longer, as workers do when they meet it. Safe to repeat.

        Returns:
            Whether it has expired, now or before.

        Raises:
            TaskNotFoundError: there is no such task.
        """
        if await self._control("expire", {"task": to_text("task_id", task_id)}):
            return True
        await self._existing(task_id)
        return False

    async def is_drained(self) -> bool:
        """Whether nothing is left to do in this queue: nothing waits, for later neither, and nothing runs that might come
        back.
        """
        return bool(await self._control("isDrained", {}))

    async def workers(self) -> list[WorkerInfo]:
        """Who works on tasks of this store, of all queues and languages, and what each holds; by id. Two LISTs per thousand,
        and one GET for each worker and lease.
        """
        return [
            WorkerInfo(
                id=each["id"],
                host=each["host"],
                pid=each["pid"],
                started_at=None if each["startedAt"] is None else moment(each["startedAt"]),
                queues=tuple(each["queues"]),
                task_types=tuple(each["types"]),
                by_hand=each["byHand"],
                lease_seen_at=None if each["leaseSeenAt"] is None else moment(each["leaseSeenAt"]),
                alive=each["alive"],
                tasks=tuple(each["tasks"]),
            )
            for each in await self._control("workers", {})
        ]

    async def claim(
        self,
        count: int = 1,
        *,
        lease_seconds: Seconds = 300,
        task_type: str | None = None,
        worker_id: str | None = None,
    ) -> list[ClaimedTask]:
        """Claims tasks for a program that works on them itself, without a Worker. Each has a lease of its own, which nobody
        renews.

        Args:
            count: at most so many, 1 to 1,000.
            lease_seconds: how long the claims last unless they are extended: 1 s to 1 h, in seconds or as a timedelta.
            task_type: only of this type; None for any.
            worker_id: who claims, for the histories; None for host and process.

        Returns:
            Those that were claimed, in the order of the queue; none if nothing can be claimed now.
        """
        told = await self._control(
            "claim",
            {
                "count": to_whole("count", count, 1, 1000),
                "leaseMillis": to_millis("lease_seconds", lease_seconds),
                "type": to_text_or_none("task_type", task_type),
                "worker": to_text_or_none("worker_id", worker_id),
            },
        )
        return [
            ClaimedTask(
                Task._read(self._self, each["task"]),
                each["token"],
                None if each["until"] is None else moment(each["until"]),
                self._self,
            )
            for each in told
        ]

    async def claimed(self, task_id: str, token: str) -> ClaimedTask:
        """A task that was claimed by `claim`, here or in another process. One GET; the claim itself is checked when it is used.

        Raises:
            TaskNotFoundError: there is no such task.
        """
        task = await self._existing(to_text("task_id", task_id))
        return ClaimedTask(task, to_text("token", token), None, self._self)


def _pause(told: dict[str, Any] | None) -> Pause | None:
    return None if told is None else _one(told)


def _one(told: dict[str, Any]) -> Pause:
    return Pause(told["reason"], told["by"], moment(told["at"]))
