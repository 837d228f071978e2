"""Workers that run for the length of a block, and runs that have come somewhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import windlass
from windlass.workflow import WorkflowClient, WorkflowRun, WorkflowStatus


@asynccontextmanager
async def working(
    worker: windlass.Worker, options: windlass.WorkerRunOptions | None = None, drain_seconds: float = 10
) -> AsyncIterator[asyncio.Task[int]]:
    """Runs it; in the end it is stopped, and has ended."""
    quick = windlass.WorkerRunOptions(polling=windlass.PollingStrategy.adaptive(20, 200))
    running = asyncio.create_task(worker.run(options or quick, drain_seconds=drain_seconds))
    try:
        yield running
    finally:
        worker.stop()
        await asyncio.wait_for(running, 60)


async def reached(client: WorkflowClient, workflow_id: str, status: WorkflowStatus, limit: float = 60) -> WorkflowRun:
    """Waits until a run stands there."""
    async with asyncio.timeout(limit):
        while True:
            run = await client.get(workflow_id)
            if run is not None and run.status is status:
                return run
            await asyncio.sleep(0.01)
