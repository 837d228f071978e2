"""Durable task queues and workflows on nothing but a bucket.

    import asyncio
    import windlass

    async def main() -> None:
        async with windlass.connect(url="file:./data") as queue:
            worker = windlass.Worker(queue)

            @worker.task("greet")
            async def greet(name: str) -> str:
                return f"hello {name}"

            task = await queue.submit("greet", "world")
            await worker.run(windlass.WorkerRunOptions(max_tasks=1))
            print(await task.result())

    asyncio.run(main())

Start programs by `python -m windlass app.py`: they run in a JVM that embeds this Python. A plain `python app.py` calls
`windlass.ensure_jvm()` first.

There is no assertion for pytest to rewrite here: PYTEST_DONT_REWRITE.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from windlass import _launch
from windlass._launch import ensure_jvm

if TYPE_CHECKING:
    __version__: str
    from windlass import metrics as metrics
    from windlass import workflow as workflow
    from windlass._cancelling import CancelReport as CancelReport
    from windlass._connect import connect as connect
    from windlass._context import TaskContext as TaskContext
    from windlass._control import ClaimedTask as ClaimedTask
    from windlass._control import DeadLetter as DeadLetter
    from windlass._control import Pause as Pause
    from windlass._control import PauseState as PauseState
    from windlass._control import WorkerInfo as WorkerInfo
    from windlass._handle import TaskHandle as TaskHandle
    from windlass._handle import TaskOutput as TaskOutput
    from windlass._handle import TaskProgress as TaskProgress
    from windlass._options import PollingStrategy as PollingStrategy
    from windlass._options import ShardLeaseConfig as ShardLeaseConfig
    from windlass._options import WorkerRunOptions as WorkerRunOptions
    from windlass._queue import Queue as Queue
    from windlass._reading import QueueStats as QueueStats
    from windlass._retry import RetryPolicy as RetryPolicy
    from windlass._schedules import Schedule as Schedule
    from windlass._schedules import ScheduleRun as ScheduleRun
    from windlass._schemas import TaskSchema as TaskSchema
    from windlass._status import TaskStatus as TaskStatus
    from windlass._storage import Storage as Storage
    from windlass._task import HistoryEntry as HistoryEntry
    from windlass._task import Task as Task
    from windlass._worker import Worker as Worker
    from windlass.errors import AwaitTimeoutError as AwaitTimeoutError
    from windlass.errors import ClosedError as ClosedError
    from windlass.errors import Failure as Failure
    from windlass.errors import IdempotencyConflictError as IdempotencyConflictError
    from windlass.errors import InvalidInputError as InvalidInputError
    from windlass.errors import LeaseLostError as LeaseLostError
    from windlass.errors import PermanentError as PermanentError
    from windlass.errors import RescheduleError as RescheduleError
    from windlass.errors import RetryableError as RetryableError
    from windlass.errors import ScheduleAlreadyExistsError as ScheduleAlreadyExistsError
    from windlass.errors import ScheduleNotFoundError as ScheduleNotFoundError
    from windlass.errors import SchemaViolation as SchemaViolation
    from windlass.errors import SchemaViolationError as SchemaViolationError
    from windlass.errors import StoreError as StoreError
    from windlass.errors import StoreRefusedError as StoreRefusedError
    from windlass.errors import StoreUnavailableError as StoreUnavailableError
    from windlass.errors import TaskCancelledError as TaskCancelledError
    from windlass.errors import TaskError as TaskError
    from windlass.errors import TaskFailedError as TaskFailedError
    from windlass.errors import TaskNotFoundError as TaskNotFoundError
    from windlass.errors import WindlassError as WindlassError

_MODULES = {
    "windlass._cancelling": ("CancelReport",),
    "windlass._context": ("TaskContext",),
    "windlass._control": ("ClaimedTask", "DeadLetter", "Pause", "PauseState", "WorkerInfo"),
    "windlass._options": ("PollingStrategy", "ShardLeaseConfig", "WorkerRunOptions"),
    "windlass._connect": ("connect",),
    "windlass._handle": ("TaskHandle", "TaskOutput", "TaskProgress"),
    "windlass._queue": ("Queue",),
    "windlass._reading": ("QueueStats",),
    "windlass._retry": ("RetryPolicy",),
    "windlass._schedules": ("Schedule", "ScheduleRun"),
    "windlass._schemas": ("TaskSchema",),
    "windlass._status": ("TaskStatus",),
    "windlass._storage": ("Storage",),
    "windlass._task": ("HistoryEntry", "Task"),
    "windlass._worker": ("Worker",),
    "windlass.errors": (
        "AwaitTimeoutError",
        "ClosedError",
        "Failure",
        "IdempotencyConflictError",
        "InvalidInputError",
        "LeaseLostError",
        "PermanentError",
        "RescheduleError",
        "RetryableError",
        "ScheduleAlreadyExistsError",
        "ScheduleNotFoundError",
        "SchemaViolation",
        "SchemaViolationError",
        "StoreError",
        "StoreRefusedError",
        "StoreUnavailableError",
        "TaskCancelledError",
        "TaskError",
        "TaskFailedError",
        "TaskNotFoundError",
        "WindlassError",
    ),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = ["ensure_jvm", *sorted(_HOME)]  # noqa: PLE0604  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    if name == "__version__":
        return _launch.version()
    if name not in _HOME:
        raise AttributeError(f"module 'windlass' has no attribute {name!r}")
    # Tools that read code, and children of multiprocessing, import names and never connect.
    if not (_launch.is_embedded() or _launch.is_multiprocessing_child() or os.environ.get("WINDLASS_WITHOUT_JVM")):
        raise _launch.missing_jvm(f"windlass.{name}")
    import importlib

    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
