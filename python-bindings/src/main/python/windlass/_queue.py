"""Connections and queues."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from windlass import _bridge, _json
from windlass._arguments import (
    Moment,
    Seconds,
    to_limit,
    to_millis,
    to_moment,
    to_priority,
    to_retries,
    to_retry,
    to_status,
    to_text,
    to_timeout,
    to_whole,
)
from windlass._control import QueueControl
from windlass._json import shown
from windlass._schedules import QueueSchedules
from windlass._storage import Storage
from windlass._task import HistoryEntry, RetryPolicy, Task, TaskHandle, TaskStatus
from windlass.errors import ClosedError, InvalidInputError, TaskNotFoundError, WindlassError

INLINE_BYTES = 256 * 1024
"""Inputs and results above this are stored beside the task, without being asked for."""


@dataclass(frozen=True, slots=True)
class QueueStats:
    """What waits in a queue.

    Attributes:
        due: tasks that may start now.
        scheduled: tasks that wait for a later time.
        oldest_due_seconds: how long the oldest of those that may start has waited, or None if there is none.
    """

    due: int
    scheduled: int
    oldest_due_seconds: float | None


class _Connection:
    """What the queues of one connection share."""

    def __init__(self, number: int, location: str, shard_width: int) -> None:
        self.number = number
        self.location = location
        self.shard_width = shard_width
        self.closed = False
        self.workers: set[object] = set()


class Queue(QueueControl, QueueSchedules):
    """A queue of tasks on a store, got from `connect`. All I/O is `async`; any number of calls may be under way at once.

    Use it as `async with`, or close it in the end.
    """

    def __init__(self, connection: _Connection, name: str) -> None:
        """Not for programs: use `await connect(…)`, and `queue.queue(name)` for others on the same connection."""
        if not isinstance(connection, _Connection):
            raise InvalidInputError('A queue comes from connect(): queue = await windlass.connect(url="file:./data").')
        self._connection = connection
        self._name = name

    # --- about it -----------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Its name in the store."""
        return self._name

    @property
    def location(self) -> str:
        """Where it is connected to, as a URI for people; never a secret."""
        return self._connection.location

    @property
    def shard_prefix_len(self) -> int:
        """How many hexadecimal digits of the shard lead the keys of tasks; 2 unless the store was made with others."""
        return self._connection.shard_width

    def all_shards(self) -> list[str]:
        """The names of all shards. No request."""
        return [f"{i:0{self.shard_prefix_len}x}" for i in range(16**self.shard_prefix_len)]

    @property
    def storage(self) -> Storage:
        """The objects of the store."""
        return Storage(self)

    def queue(self, name: str) -> Queue:
        """Another queue of the same connection. No request: a queue is there once a task is in it.

        Args:
            name: any text of at most 200 bytes once percent-encoded.
        """
        return Queue(self._connection, to_text("name of the queue", name))

    def handle(self, task_id: str) -> TaskHandle:
        """A handle on a task that was submitted before, by anyone. No request."""
        return TaskHandle(self, to_text("task_id", task_id))

    def __repr__(self) -> str:
        return f"<windlass.Queue {shown(self._name)} at {self.location}{' (closed)' if self._connection.closed else ''}>"

    # --- submitting ---------------------------------------------------------------------------------------------

    async def submit(
        self,
        task_type: str,
        input: object = None,
        timeout_seconds: Seconds | None = 300,
        max_retries: int = 3,
        retry_policy: RetryPolicy | None = None,
        schedule_at: Moment | None = None,
        use_payload_refs: bool = False,  # noqa: ARG002, FBT001, FBT002 - accepted, see below
        payload_ref_threshold_bytes: int = INLINE_BYTES,  # noqa: ARG002
        idempotency_key: str | None = None,
        idempotency_ttl_days: float | None = None,
        idempotency_scope: str = "type",
        max_reschedules: int | None = None,
        ttl_seconds: Seconds | None = None,
        expires_at: Moment | None = None,
        *,
        priority: int = 5,
        delay: Seconds | None = None,
        task_id: str | None = None,
        tags: Mapping[str, str] | None = None,
        parent: str | None = None,
    ) -> Task:
        """Submits a task. Two PUTs, one round trip. Durable on return.

        Not safe to repeat without an idempotency key: each call is a task of its own.

        Args:
            task_type: the name of its type; workers with a handler of that name run it. At most 200 bytes.
            input: what its handler gets: anything that the table of types in docs/python.md knows, at most 64 MiB of JSON.
            timeout_seconds: how long one attempt may take, in seconds or as a timedelta; None for no limit. Then its
                handler is cancelled, and the attempt counts as failed.
            max_retries: how many tries may follow the first, 0 to 999.
            retry_policy: the wait between tries; None for 1 s, doubling up to 60 s, jitter 25 %.
            schedule_at: starts no earlier than at this time, by the store's clock: a datetime with a time zone, or an
                RFC 3339 text. One that has passed means at once.
            use_payload_refs: accepted; inputs and results above the threshold are always stored beside the task.
            payload_ref_threshold_bytes: accepted; the threshold is 262,144 bytes for all.
            idempotency_key: makes the call safe to repeat: a second one with the same key answers the first one's task.
                The key stands for type, queue and input; at most 200 bytes.
            idempotency_ttl_days: how long the key holds, in days, more than zero: if its task has ended by then, a later
                submission is a task of its own, under the same id. None for as long as the task is stored.
            idempotency_scope: among which tasks the key is one: those of the same `type`, of the same `queue`, or, by any other
                text, those of the same scope.
            max_reschedules: how often its handler may raise RescheduleError, 0 to 1,000,000; once more, and it fails for good.
                None for no limit.
            ttl_seconds: does not start any more so long after submission, in seconds or as a timedelta: it ends as Expired. An
                attempt that runs goes on. None for no expiry.
            expires_at: the same as a time by the store's clock; not with ttl_seconds.
            priority: 0 (first) to 9.
            delay: starts no earlier than this long after submission, in seconds or as a timedelta; not with schedule_at.
            task_id: its id: letters, digits and dashes, at most 100, unique in the store; None for a fresh one. Makes the call
                safe to repeat, as a key does; not with one.
            tags: names and values to find it by; at most 16.
            parent: the id of the task that it belongs to, to find it by; it is only noted.

        Returns:
            The task as submitted; with an idempotency key that is taken, the task that it belongs to, as it stands.

        Raises:
            InvalidInputError: an argument cannot be accepted; nothing was written.
            IdempotencyConflictError: the key is taken by a task with another type or input; nothing was written.
            StoreUnavailableError: it is not known whether the task was submitted.
        """
        options = _options(timeout_seconds, max_retries, retry_policy, priority)
        if schedule_at is not None and delay is not None:
            raise InvalidInputError("schedule_at and delay are both given. Use one of them.")
        if schedule_at is not None:
            options["dueAt"] = to_moment("schedule_at", schedule_at)
        if delay is not None:
            options["delayMillis"] = to_millis("delay", delay)
        if idempotency_key is not None:
            options["idempotencyKey"] = to_text("idempotency_key", idempotency_key)
        if idempotency_ttl_days is not None:
            options["idempotencyTtlMillis"] = to_millis("idempotency_ttl_days", idempotency_ttl_days * 86400)
        options["idempotencyScope"] = to_text("idempotency_scope", idempotency_scope)
        if task_id is not None:
            options["id"] = to_text("task_id", task_id)
        options.update(_life(max_reschedules, ttl_seconds, expires_at), **_marks(tags, parent))
        text = _json.encode(f'The input of a task of type "{task_type}"', input)
        told = await self._call(
            "submit",
            {"queue": self._name, "type": to_text("task_type", task_type), "options": options},
            extra=f'"input":{text}',
        )
        return Task._read(self, json.loads(told))

    async def submit_many(
        self,
        tasks: Iterable[tuple[str, object]],
        timeout_seconds: Seconds | None = 300,
        max_retries: int = 3,
        retry_policy: RetryPolicy | None = None,
        max_reschedules: int | None = None,
        ttl_seconds: Seconds | None = None,
        expires_at: Moment | None = None,
        *,
        priority: int = 5,
        tags: Mapping[str, str] | None = None,
        parent: str | None = None,
    ) -> list[Task]:
        """Submits many tasks, up to 128 at once. All inputs are encoded before the first task is written; after that each
        task stands for itself: if one fails, others may have been submitted.

        Args:
            tasks: pairs of type and input.
            timeout_seconds: for each, as in `submit`.
            max_retries: for each, as in `submit`.
            retry_policy: for each, as in `submit`.
            max_reschedules: for each, as in `submit`.
            ttl_seconds: for each, as in `submit`.
            expires_at: for each, as in `submit`.
            priority: for each, as in `submit`.
            tags: for each, as in `submit`.
            parent: for each, as in `submit`.

        Returns:
            The tasks, in the same order.

        Raises:
            InvalidInputError: an argument cannot be accepted; nothing was written.
            StoreUnavailableError: it is not known whether some were submitted.
        """
        items: list[str] = []
        for each in tasks:
            if not isinstance(each, tuple) or len(each) != 2:
                raise InvalidInputError(f"tasks holds {shown(each)}. Use pairs of type and input.")
            kind = to_text("task_type", each[0])
            items.append(f"[{json.dumps(kind)},{_json.encode(f'The input of task {len(items)}', each[1])}]")
        options = _options(timeout_seconds, max_retries, retry_policy, priority)
        options.update(_life(max_reschedules, ttl_seconds, expires_at), **_marks(tags, parent))
        told = await self._call("submitMany", {"queue": self._name, "options": options}, extra=f'"items":[{",".join(items)}]')
        return [Task._read(self, each) for each in json.loads(told)]

    # --- reading ------------------------------------------------------------------------------------------------

    async def get(self, task_id: str) -> Task | None:
        """A task as it stands, or None if there is none. One GET."""
        told = json.loads(await self._call("get", {"task": to_text("task_id", task_id)}))
        return None if told is None else Task._read(self, told)

    async def _existing(self, task_id: str) -> Task:
        task = await self.get(task_id)
        if task is None:
            raise TaskNotFoundError(
                f"There is no task {task_id} at {self.location}. Check the id; a task is removed when its retention is over.",
                task_id,
            )
        return task

    async def list(self, shard: str, status: TaskStatus | None = None, limit: int = 100) -> list[Task]:
        """Tasks of one shard, of all queues, in no order. One LIST per thousand tasks, one GET per task read.

        Args:
            shard: one of `all_shards()`.
            status: only those that stand there; None for all.
            limit: at most so many.
        """
        if shard not in self.all_shards():
            raise InvalidInputError(
                f"There is no shard {shown(shard)}. Use one of all_shards(), such as {self.all_shards()[0]!r}."
            )
        arguments = {"shard": shard, "status": to_status(status), "limit": to_limit(limit)}
        return self._tasks(await self._call("list", arguments))

    async def find(
        self,
        *,
        status: TaskStatus | None = None,
        task_types: Sequence[str] = (),
        all_queues: bool = False,
        limit: int = 100,
    ) -> list[Task]:
        """Tasks of this queue, of all shards, those oldest first. One LIST per thousand tasks of the store and one GET per
        task read, so this is for people and small stores.

        Args:
            status: only those that stand there; None for all.
            task_types: only those of these types; empty for all.
            all_queues: those of other queues, too.
            limit: at most so many.
        """
        arguments = {
            "queue": None if all_queues else self._name,
            "status": to_status(status),
            "types": list(task_types),
            "limit": to_limit(limit),
        }
        return self._tasks(await self._call("find", arguments))

    async def list_ready(self, shard: str | None = None, limit: int = 100) -> list[Task]:
        """Tasks of this queue that may start now, in the order in which they are claimed. One LIST per priority level, and one
        GET per task read.

        Args:
            shard: only those of this shard, of the first `limit`; None for all. Tasks wait by queue, not by shard.
            limit: at most so many, 1 to 1,000.
        """
        arguments = {"queue": self._name, "limit": to_whole("The limit", limit, 1, 1000), "ready": True}
        tasks = self._tasks(await self._call("peek", arguments))
        return [task for task in tasks if shard is None or task.shard == shard]

    async def peek(self, limit: int = 100) -> list[Task]:
        """What waits in this queue, without claiming it: what is due, in the order in which it is claimed, then what waits for
        later. One LIST per priority level, and one GET per task.

        Args:
            limit: at most so many, 1 to 1,000.
        """
        return self._tasks(await self._call("peek", {"queue": self._name, "limit": to_whole("The limit", limit, 1, 1000)}))

    async def get_history(self, task_id: str) -> list[HistoryEntry]:
        """What has happened to a task, oldest first: its last 20 transitions. One GET.

        Raises:
            TaskNotFoundError: there is no such task.
        """
        return list((await self._existing(to_text("task_id", task_id))).history)

    async def load_input(self, task: Task | str) -> Any:
        """The input of a task, wherever it is stored. One or two GETs.

        Args:
            task: it, or its id.

        Raises:
            TaskNotFoundError: there is no such task.
        """
        return await self._payload(task, "input")

    async def load_output(self, task: Task | str) -> Any:
        """The result of a task, wherever it is stored; None if it has none. One or two GETs.

        Args:
            task: it, or its id.

        Raises:
            TaskNotFoundError: there is no such task.
        """
        return await self._payload(task, "output")

    async def _payload(self, task: Task | str, what: str) -> Any:
        task_id = task.id if isinstance(task, Task) else to_text("task_id", task)
        return json.loads(await self._call("payload", {"task": task_id, "what": what}))

    async def stats(self) -> QueueStats:
        """Counts what waits in this queue. One LIST per thousand waiting tasks and priority level."""
        told = json.loads(await self._call("stats", {"queue": self._name}))
        oldest = told["oldestMillis"]
        return QueueStats(told["due"], told["scheduled"], None if oldest is None else oldest / 1000)

    async def queues(self) -> list[str]:
        """The names of the queues in which something waits. One LIST; at most 1,000 names."""
        return list(json.loads(await self._call("queues", {})))

    async def now(self) -> datetime:
        """The store's time, as this process knows it: by which tasks are due. May be early by a moment, is never late."""
        return _json.moment(json.loads(await self._call("now", {})))

    async def requests(self) -> dict[str, int]:
        """The requests of this connection so far, each try counted: `get`, `put`, `list`, `delete`."""
        return dict(json.loads(await self._call("requests", {})))

    # --- cancelling ---------------------------------------------------------------------------------------------

    async def cancel(self, task_id: str, reason: str | None = None, cancelled_by: str | None = None) -> bool:
        """Cancels a task: one that waits never runs; one that runs is told within a heartbeat (10 s), and ends as cancelled
        unless it completes first. Durable on return; safe to repeat.

        Args:
            task_id: the task.
            reason: for its history.
            cancelled_by: who, for its history.

        Returns:
            True if the task is cancelled or has been asked to; False if it had ended before.

        Raises:
            TaskNotFoundError: there is no such task.
        """
        arguments = {
            "task": to_text("task_id", task_id),
            "reason": "cancelled" if reason is None else to_text("reason", reason),
            "by": None if cancelled_by is None else to_text("cancelled_by", cancelled_by),
        }
        return bool(json.loads(await self._call("cancel", arguments)))

    async def request_cancellation(self, task_id: str) -> bool:
        """Asks a task to stop: the same as `cancel` without a reason.

        Raises:
            TaskNotFoundError: there is no such task.
        """
        return await self.cancel(task_id, "cancellation requested")

    async def cancel_many(
        self, task_ids: Iterable[str], reason: str | None = None, cancelled_by: str | None = None
    ) -> tuple[int, int]:
        """Cancels many tasks.

        Returns:
            How many are cancelled or have been asked to, and how many are not: they had ended before, or are not there.
        """
        done = failed = 0
        for task_id in list(task_ids):
            try:
                ok = await self.cancel(task_id, reason, cancelled_by)
            except TaskNotFoundError:
                ok = False
            done, failed = done + ok, failed + (not ok)
        return done, failed

    async def cancel_by_type(
        self, task_type: str, reason: str | None = None, cancelled_by: str | None = None
    ) -> tuple[int, int]:
        """Cancels the tasks of this queue of one type that wait or run; see `cancel_all`.

        Args:
            task_type: the type.
            reason: for their histories.
            cancelled_by: who, for their histories.

        Returns:
            How many are cancelled or have been asked to, and how many had ended meanwhile.
        """
        report = await self.cancel_all(task_types=[task_type], reason=reason, cancelled_by=cancelled_by)
        return report.cancelled + report.asked, report.ended_before

    # --- upkeep, and the end --------------------------------------------------------------------------------------

    async def sweep(self, *, ready_keys: bool = False) -> str:
        """Recovers the tasks of dead workers, as every worker does by itself now and then. Safe to repeat.

        Args:
            ready_keys: whether to walk all ready keys, too, and remove those that no task names.

        Returns:
            What was found, for people.
        """
        return str(json.loads(await self._call("sweep", {"readyKeys": ready_keys})))

    async def close(self) -> None:
        """Closes the connection, for all its queues. Stop their workers before. A second call does nothing.

        Raises:
            WindlassError: a worker of this connection still runs.
        """
        if self._connection.closed:
            return
        if self._connection.workers:
            raise WindlassError(
                f"{len(self._connection.workers)} worker(s) of this connection still run. Stop them first: "
                "cancel the task that awaits worker.run(), or call worker.stop()."
            )
        self._connection.closed = True
        await _bridge.bridge().call("close", json.dumps({"connection": self._connection.number}))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # --- inside ---------------------------------------------------------------------------------------------------

    async def _call(
        self, verb: str, arguments: Mapping[str, object], body: bytes | None = None, *, extra: str = ""
    ) -> str | bytes:
        if self._connection.closed:
            raise ClosedError(f"The connection to {self.location} is closed. Connect again.")
        head = json.dumps({"connection": self._connection.number, **arguments})
        text = f"{head[:-1]},{extra}}}" if extra else head
        return await _bridge.bridge().call(verb, text, body)

    def _tasks(self, text: str | bytes) -> list[Task]:
        return [Task._read(self, told) for told in json.loads(text)]


def _options(timeout: Seconds | None, max_retries: int, policy: RetryPolicy | None, priority: int) -> dict[str, object]:
    return {
        "attempts": to_retries("max_retries", max_retries) + 1,
        "priority": to_priority(priority),
        "retry": to_retry(policy),
        "timeoutMillis": to_timeout("timeout_seconds", timeout),
    }


def _life(max_reschedules: int | None, ttl: Seconds | None, expires_at: Moment | None) -> dict[str, object]:
    options: dict[str, object] = {}
    if max_reschedules is not None:
        options["maxReschedules"] = to_whole("max_reschedules", max_reschedules, 0, 1_000_000)
    if ttl is not None and expires_at is not None:
        raise InvalidInputError("ttl_seconds and expires_at are both given. Use one of them.")
    if ttl is not None:
        options["ttlMillis"] = to_timeout("ttl_seconds", ttl)
    if expires_at is not None:
        options["expiresAt"] = to_moment("expires_at", expires_at)
    return options


def _marks(tags: Mapping[str, str] | None, parent: str | None) -> dict[str, object]:
    options: dict[str, object] = {}
    if tags is not None:
        if not isinstance(tags, Mapping):
            raise InvalidInputError(f"tags is {shown(tags)}. Use a dict of names and values.")
        for name, value in tags.items():
            if not isinstance(name, str) or not isinstance(value, str):
                raise InvalidInputError(f"tags holds {shown(name)}: {shown(value)}. Use texts.")
        options["tags"] = dict(tags)
    if parent is not None:
        options["parent"] = to_text("parent", parent)
    return options
