"""Reading tasks, and what waits in a queue."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from windlass._arguments import to_flag, to_limit, to_status, to_text, to_texts, to_whole
from windlass._connection import ConnectedQueue
from windlass._json import shown
from windlass._status import TaskStatus
from windlass._task import HistoryEntry, Task
from windlass.errors import InvalidInputError


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


class QueueReading(ConnectedQueue):
    """The part of a Queue that reads."""

    async def get(self, task_id: str) -> Task | None:
        """A task as it stands, or None if there is none. One GET."""
        told = json.loads(await self._call("get", {"task": to_text("task_id", task_id)}))
        return None if told is None else Task._read(self._self, told)

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
            "queue": None if to_flag("all_queues", all_queues) else self._name,
            "status": to_status(status),
            "types": to_texts("task_types", task_types),
            "limit": to_limit(limit),
        }
        return self._tasks(await self._call("find", arguments))

    async def list_ready(self, shard: str | None = None, limit: int = 100) -> list[Task]:
        """Tasks of this queue that may start now, in the order in which they are claimed. One LIST, one per priority level in
        use, and one GET per task read.

        Args:
            shard: only those of this shard, of the first `limit`; None for all. Tasks wait by queue, not by shard.
            limit: at most so many, 1 to 1,000.
        """
        arguments = {"queue": self._name, "limit": to_whole("The limit", limit, 1, 1000), "ready": True}
        tasks = self._tasks(await self._call("peek", arguments))
        return [task for task in tasks if shard is None or task.shard == shard]

    async def peek(self, limit: int = 100) -> list[Task]:
        """What waits in this queue, without claiming it: what is due, in the order in which it is claimed, then what waits for
        later. One LIST, one per priority level in use, and one GET per task.

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
        """Counts what waits in this queue. One LIST, and one per priority level in use and thousand waiting tasks."""
        told = json.loads(await self._call("stats", {"queue": self._name}))
        oldest = told["oldestMillis"]
        return QueueStats(told["due"], told["scheduled"], None if oldest is None else oldest / 1000)
