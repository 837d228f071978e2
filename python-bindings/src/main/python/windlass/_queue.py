"""Queues."""

from __future__ import annotations

import json
from datetime import datetime
from types import TracebackType
from typing import Self

from windlass import _bridge, _json
from windlass._arguments import to_text
from windlass._cancelling import QueueCancelling
from windlass._connection import Connection
from windlass._control import QueueControl
from windlass._handle import TaskHandle
from windlass._json import shown
from windlass._reading import QueueReading
from windlass._schedules import QueueSchedules
from windlass._schemas import QueueSchemas
from windlass._storage import Storage
from windlass._submitting import QueueSubmitting
from windlass.errors import InvalidInputError, WindlassError


class Queue(QueueSubmitting, QueueReading, QueueCancelling, QueueControl, QueueSchedules, QueueSchemas):
    """A queue of tasks on a store, got from `connect`. All I/O is `async`; any number of calls may be under way at once.

    Use it as `async with`, or close it in the end.
    """

    def __init__(self, connection: Connection, name: str) -> None:
        """Not for programs: use `await connect(…)`, and `queue.queue(name)` for others on the same connection."""
        if not isinstance(connection, Connection):
            raise InvalidInputError('A queue comes from connect(): queue = await windlass.connect(url="file:./data").')
        self._connection = connection
        self._name = name

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

    # --- the connection -----------------------------------------------------------------------------------------

    async def queues(self) -> list[str]:
        """The names of the queues in which something waits, or is paused. One LIST per thousand."""
        return list(json.loads(await self._call("queues", {})))

    async def now(self) -> datetime:
        """The store's time, as this process knows it: by which tasks are due. May be early by a moment, is never late."""
        return _json.moment(json.loads(await self._call("now", {})))

    async def requests(self) -> dict[str, int]:
        """The requests of this connection so far, each try counted: `get`, `put`, `list`, `delete`."""
        return dict(json.loads(await self._call("requests", {})))

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
        self._check_open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
