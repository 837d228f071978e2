"""A connection to a store, and what all parts of a queue stand on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from windlass import _bridge
from windlass._task import Task
from windlass.errors import ClosedError, TaskNotFoundError

if TYPE_CHECKING:
    from windlass._queue import Queue


class Connection:
    """What the queues of one connection share."""

    def __init__(self, number: int, location: str, shard_width: int) -> None:
        self.number = number
        self.location = location
        self.shard_width = shard_width
        self.closed = False
        self.workers: set[object] = set()


class ConnectedQueue:
    """A queue on a connection: its name, its place, and the one way to Java."""

    _connection: Connection
    _name: str

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
    def _self(self) -> Queue:
        return cast("Queue", self)

    async def _existing(self, task_id: str) -> Task:
        task = await self._self.get(task_id)
        if task is None:
            raise TaskNotFoundError(
                f"There is no task {task_id} at {self.location}. Check the id; a task is removed when its retention is over.",
                task_id,
            )
        return task

    def _check_open(self) -> None:
        if self._connection.closed:
            raise ClosedError(f"The connection to {self.location} is closed. Connect again.")

    async def _call(
        self, verb: str, arguments: Mapping[str, object], body: bytes | None = None, *, extra: str = ""
    ) -> str | bytes:
        self._check_open()
        head = json.dumps({"connection": self._connection.number, **arguments})
        text = f"{head[:-1]},{extra}}}" if extra else head
        return await _bridge.bridge().call(verb, text, body)

    def _tasks(self, text: str | bytes) -> list[Task]:
        return [Task._read(self._self, told) for told in json.loads(text)]
