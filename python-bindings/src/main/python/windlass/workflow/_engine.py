"""Workers of workflows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from windlass._arguments import Seconds, to_items, to_timeout
from windlass._durable import DurableFunction
from windlass._json import shown
from windlass._queue import Queue
from windlass._worker import DRAIN_SECONDS, Worker, WorkerRunOptions
from windlass.errors import InvalidInputError
from windlass.workflow._dag import Workflow


def register_workflow(worker: Worker, workflow: Workflow | DurableFunction[..., Any], queue: Queue | None = None) -> None:
    """Lets a worker own runs of a workflow; the same as `worker.add_workflow`.

    Args:
        worker: the worker, which does not run yet.
        workflow: a graph, or a durable function.
        queue: accepted; runs wait in a queue of their own, which all such workers take from.

    Raises:
        InvalidInputError: it is none, something is wrong with it, it is registered already, or the worker runs.
    """
    del queue
    if not isinstance(worker, Worker):
        raise InvalidInputError(f"worker is {shown(worker)}. Use a windlass.Worker.")
    worker.add_workflow(workflow)


def register_workflows(
    worker: Worker, workflows: Iterable[Workflow | DurableFunction[..., Any]], queue: Queue | None = None
) -> None:
    """The same for several."""
    for workflow in to_items("workflows", workflows, "workflows"):
        register_workflow(worker, workflow, queue)


class WorkflowEngine:
    """A worker that does nothing but workflows. A Worker with `add_workflow` does the same beside its tasks.

    Args:
        queue: any queue of the store.
        workflows: graphs and durable functions.
        concurrency: how many steps run at once, of each run that it owns, and of runs that others own.
        worker_id: names it; None for host, process and a random part.

    Raises:
        InvalidInputError: an argument cannot be accepted.
    """

    def __init__(
        self,
        queue: Queue,
        workflows: Iterable[Workflow | DurableFunction[..., Any]] = (),
        *,
        concurrency: int = 16,
        worker_id: str | None = None,
    ) -> None:
        self.worker = Worker(queue, worker_id, concurrency=concurrency)
        for workflow in to_items("workflows", workflows, "workflows"):
            self.register(workflow)

    def register(self, workflow: Workflow | DurableFunction[..., Any]) -> None:
        """Lets it own runs of a workflow. Before `run`."""
        self.worker.add_workflow(workflow)

    async def run(self, options: WorkerRunOptions | None = None, *, drain_seconds: Seconds = DRAIN_SECONDS) -> None:
        """Works until `stop` is called, or the task that awaits it is cancelled; see `Worker.run`."""
        await self.worker.run(options, drain_seconds=drain_seconds)

    def stop(self) -> None:
        """Ends `run` in an orderly way: runs go back, and other workers go on with them. Returns at once; safe to repeat."""
        self.worker.stop()


class WorkflowSweeper:
    """Recovers the runs of workers that died, beside their tasks. Every worker does so by itself, unless its `with_monitor` is
    off: a sweeper is for programs without one.

    Args:
        queue: any queue of the store.
        interval_seconds: how often `run` sweeps, in seconds or as a timedelta; more than zero.
    """

    def __init__(self, queue: Queue, interval_seconds: Seconds = 60) -> None:
        if not isinstance(queue, Queue):
            raise InvalidInputError(f"queue is {shown(queue)}. Use what `await windlass.connect(…)` gives.")
        millis = to_timeout("interval_seconds", interval_seconds)
        if millis is None:
            raise InvalidInputError("interval_seconds is None. Use seconds, more than zero.")
        self._queue = queue
        self._interval = millis / 1000

    async def sweep(self) -> str:
        """Sweeps once. Safe to repeat, and for several at once.

        Returns:
            What was found, for people.
        """
        return await self._queue.sweep()

    async def run(self) -> None:
        """Sweeps again and again, until the task that awaits it is cancelled."""
        while True:
            await self.sweep()
            await asyncio.sleep(self._interval)
