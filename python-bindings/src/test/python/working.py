"""A worker that runs for the length of a block."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import windlass


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
