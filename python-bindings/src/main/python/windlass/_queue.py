"""Connections and queues."""

from __future__ import annotations

import inspect
import json
import os
import urllib.parse
from collections.abc import Awaitable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from windlass import _bridge, _json
from windlass._json import shown
from windlass._storage import Storage
from windlass._task import HistoryEntry, RetryPolicy, Task, TaskHandle, TaskStatus
from windlass.errors import ClosedError, InvalidInputError, TaskNotFoundError, WindlassError

INLINE_BYTES = 256 * 1024
"""Inputs and results above this are stored beside the task, without being asked for."""

Seconds = float | timedelta
Moment = datetime | str


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


class Queue:
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
        return Queue(self._connection, _text("name of the queue", name))

    def handle(self, task_id: str) -> TaskHandle:
        """A handle on a task that was submitted before, by anyone. No request."""
        return TaskHandle(self, _text("task_id", task_id))

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
        *,
        priority: int = 5,
        delay: Seconds | None = None,
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
            priority: 0 (first) to 9.
            delay: starts no earlier than this long after submission, in seconds or as a timedelta; not with schedule_at.

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
            options["dueAt"] = _moment("schedule_at", schedule_at)
        if delay is not None:
            options["delayMillis"] = _millis("delay", delay)
        if idempotency_key is not None:
            options["idempotencyKey"] = _text("idempotency_key", idempotency_key)
        text = _json.encode(f'The input of a task of type "{task_type}"', input)
        told = await self._call(
            "submit",
            {"queue": self._name, "type": _text("task_type", task_type), "options": options},
            extra=f'"input":{text}',
        )
        return Task._read(self, json.loads(told))

    async def submit_many(
        self,
        tasks: Iterable[tuple[str, object]],
        timeout_seconds: Seconds | None = 300,
        max_retries: int = 3,
        retry_policy: RetryPolicy | None = None,
        *,
        priority: int = 5,
    ) -> list[Task]:
        """Submits many tasks, up to 128 at once. All inputs are encoded before the first task is written; after that each
        task stands for itself: if one fails, others may have been submitted.

        Args:
            tasks: pairs of type and input.
            timeout_seconds: for each, as in `submit`.
            max_retries: for each, as in `submit`.
            retry_policy: for each, as in `submit`.
            priority: for each, as in `submit`.

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
            kind = _text("task_type", each[0])
            items.append(f"[{json.dumps(kind)},{_json.encode(f'The input of task {len(items)}', each[1])}]")
        options = _options(timeout_seconds, max_retries, retry_policy, priority)
        told = await self._call("submitMany", {"queue": self._name, "options": options}, extra=f'"items":[{",".join(items)}]')
        return [Task._read(self, each) for each in json.loads(told)]

    # --- reading ------------------------------------------------------------------------------------------------

    async def get(self, task_id: str) -> Task | None:
        """A task as it stands, or None if there is none. One GET."""
        told = json.loads(await self._call("get", {"task": _text("task_id", task_id)}))
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
        arguments = {"shard": shard, "status": _status(status), "limit": _limit(limit)}
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
            "status": _status(status),
            "types": list(task_types),
            "limit": _limit(limit),
        }
        return self._tasks(await self._call("find", arguments))

    async def list_ready(self, shard: str | None = None, limit: int = 100) -> list[Task]:
        """Tasks of this queue that may start now. Reads as `find` does.

        Args:
            shard: only those of this shard; None for all. Tasks wait by queue, not by shard.
            limit: at most so many.
        """
        tasks = self._tasks(await self._call("waiting", {"queue": self._name, "limit": _limit(limit)}))
        return [task for task in tasks if shard is None or task.shard == shard]

    async def get_history(self, task_id: str) -> list[HistoryEntry]:
        """What has happened to a task, oldest first: its last 20 transitions. One GET.

        Raises:
            TaskNotFoundError: there is no such task.
        """
        return list((await self._existing(_text("task_id", task_id))).history)

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
        task_id = task.id if isinstance(task, Task) else _text("task_id", task)
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
        text = "cancelled" if reason is None else _text("reason", reason)
        if cancelled_by is not None:
            text = f"{text} (by {_text('cancelled_by', cancelled_by)})"
        return bool(json.loads(await self._call("cancel", {"task": _text("task_id", task_id), "reason": text})))

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
        self, task_type: str, reason: str | None = None, cancelled_by: str | None = None, limit: int = 1000
    ) -> tuple[int, int]:
        """Cancels the tasks of this queue of one type that wait or run. Reads as `find` does.

        Args:
            task_type: the type.
            reason: for their histories.
            cancelled_by: who, for their histories.
            limit: at most so many that wait, and so many that run.

        Returns:
            How many are cancelled or have been asked to, and how many had ended meanwhile.
        """
        ids: list[str] = []
        for status in (TaskStatus.Pending, TaskStatus.Running):
            ids += [task.id for task in await self.find(status=status, task_types=[task_type], limit=limit)]
        return await self.cancel_many(ids, reason, cancelled_by)

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


class Connecting(Awaitable[Queue]):
    """What `connect` gives: await it, or use it in `async with`."""

    def __init__(self, url: str, options: dict[str, str], name: str, shard_width: int | None, concurrency: int) -> None:
        self._url = url
        self._options = options
        self._name = name
        self._shard_width = shard_width
        self._concurrency = concurrency
        self._opened: Queue | None = None

    async def _open(self) -> Queue:
        arguments: dict[str, object] = {
            "url": self._url,
            "options": self._options,
            "concurrency": self._concurrency,
        }
        if self._shard_width is not None:
            arguments["shardWidth"] = self._shard_width
        bridge = _bridge.bridge()
        bridge.set_log_level()
        told = json.loads(await bridge.call("connect", json.dumps(arguments)))
        return Queue(_Connection(told["connection"], told["location"], told["shardWidth"]), self._name)

    def __await__(self) -> Generator[Any, None, Queue]:
        return self._open().__await__()

    async def __aenter__(self) -> Queue:
        self._opened = await self._open()
        return self._opened

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._opened is not None:
            await self._opened.close()


def connect(
    endpoint: str | None = None,
    bucket: str | None = None,
    region: str | None = None,
    shard_prefix_len: int | None = None,
    *,
    url: str | None = None,
    queue: str = "default",
    concurrency: int = 256,
) -> Connecting:
    """Connects to a store. Await it, or use it in `async with`: then the connection is closed in the end.

    One or two GETs; writes nothing, unless shard_prefix_len is given: an empty place is initialised by the first write.

    Args:
        endpoint: another server than Amazon S3, such as http://127.0.0.1:9000; otherwise S3_ENDPOINT.
        bucket: the bucket; otherwise S3_BUCKET.
        region: its region; otherwise S3_REGION, then AWS's own chain, where the credentials come from, too.
        shard_prefix_len: hexadecimal digits of the shard that leads the keys of tasks, 1 to 4; initialises a new store with
            it. None for what the store has, or 2.
        url: the place as a URI, in place of the above: "file:./data", "s3://bucket/prefix", "mem:" (private to this
            connection). Otherwise WINDLASS_STORE.
        queue: the name of the queue; others by `queue.queue(name)`.
        concurrency: how many requests may be under way at once, 1 to 10,000.

    Raises:
        ImportError: this Python runs without a JVM.
        InvalidInputError: no place is named, or two, or no backend knows it.
        StoreRefusedError: the place cannot be used: permission, no such bucket, format.
        StoreUnavailableError: the store does not answer.
    """
    options: dict[str, str] = {}
    place = _place(endpoint, bucket, region, url)
    if url is None or region is not None:
        for name, given, variable in (("endpoint", endpoint, "S3_ENDPOINT"), ("region", region, "S3_REGION")):
            value = given or os.environ.get(variable)
            if value and place.startswith("s3:"):
                options[name] = value
    if shard_prefix_len is not None and (
        isinstance(shard_prefix_len, bool) or not isinstance(shard_prefix_len, int) or not 1 <= shard_prefix_len <= 4
    ):
        raise InvalidInputError(f"shard_prefix_len is {shown(shard_prefix_len)}. Use 1 to 4.")
    if isinstance(concurrency, bool) or not isinstance(concurrency, int) or not 1 <= concurrency <= 10_000:
        raise InvalidInputError(f"concurrency is {shown(concurrency)}. Use 1 to 10000.")
    _bridge.bridge()  # without a JVM this is the moment to say so
    return Connecting(place, options, _text("queue", queue), shard_prefix_len, concurrency)


def _place(endpoint: str | None, bucket: str | None, region: str | None, url: str | None) -> str:
    if url is not None:
        given = [n for n, v in (("endpoint", endpoint), ("bucket", bucket), ("region", region)) if v is not None]
        if given:
            raise InvalidInputError(f"url is given beside {', '.join(given)}. Use the one or the others.")
        return _text("url", url)
    if bucket is None and endpoint is None and os.environ.get("WINDLASS_STORE"):
        return os.environ["WINDLASS_STORE"]
    name = bucket if bucket is not None else os.environ.get("S3_BUCKET")
    if not name:
        raise InvalidInputError(
            'There is no place to connect to. Give a url such as "file:./data" or "mem:", or a bucket, or set '
            "S3_BUCKET or WINDLASS_STORE."
        )
    return f"s3://{urllib.parse.quote(_text('bucket', name), safe='/')}"


def _options(timeout: Seconds | None, max_retries: int, policy: RetryPolicy | None, priority: int) -> dict[str, object]:
    if isinstance(max_retries, bool) or not isinstance(max_retries, int) or not 0 <= max_retries <= 999:
        raise InvalidInputError(f"max_retries is {shown(max_retries)}. Use 0 to 999.")
    if isinstance(priority, bool) or not isinstance(priority, int) or not 0 <= priority <= 9:
        raise InvalidInputError(f"priority is {shown(priority)}. Use 0 (first) to 9.")
    retry: dict[str, object] = {}
    if policy is not None:
        if not isinstance(policy, RetryPolicy):
            raise InvalidInputError(f"retry_policy is {shown(policy)}. Use a windlass.RetryPolicy, or None.")
        retry = {
            "initialMillis": policy.initial_interval_ms,
            "maxMillis": policy.max_interval_ms,
            "multiplier": policy.multiplier,
            "jitter": policy.jitter_percent,
        }
    millis = None if timeout is None else _millis("timeout_seconds", timeout)
    if millis == 0:
        raise InvalidInputError("timeout_seconds is 0. Use more than zero, or None for no limit.")
    return {"attempts": max_retries + 1, "retry": retry, "priority": priority, "timeoutMillis": millis}


def _millis(what: str, value: Seconds) -> int:
    if isinstance(value, timedelta):
        seconds = value.total_seconds()
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInputError(f"{what} is {shown(value)}. Use seconds, or a timedelta.")
    else:
        seconds = value
    if not 0 <= seconds <= 3660 * 86400:
        raise InvalidInputError(f"{what} is {shown(value)}. Use zero to ten years.")
    return 0 if seconds == 0 else max(1, round(seconds * 1000))


def _moment(what: str, value: Moment) -> str:
    if not isinstance(value, str | datetime):
        raise InvalidInputError(f"{what} is {shown(value)}. Use a datetime, or a text such as 2030-01-31T12:00:00Z.")
    return _json.timestamp(what, value)


def _text(what: str, value: object) -> str:
    if inspect.iscoroutine(value):
        value.close()
        raise InvalidInputError(f"{what} is a coroutine. Await it.")
    if not isinstance(value, str) or not value:
        raise InvalidInputError(f"{what} is {shown(value)}. Use a text that is not empty.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidInputError(f"{what} is {shown(value)}, with a lone surrogate, which is no character.") from None
    return value


def _limit(limit: int) -> int:
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= 1_000_000:
        raise InvalidInputError(f"The limit is {shown(limit)}. Use 1 to 1000000.")
    return limit


def _status(status: TaskStatus | None) -> str | None:
    if status is None:
        return None
    if not isinstance(status, TaskStatus):
        raise InvalidInputError(f"status is {shown(status)}. Use a windlass.TaskStatus, or None.")
    if status is TaskStatus.Archived:
        raise InvalidInputError("Windlass does not archive: no task is Archived.")
    return status.name
