"""Submits and works by the schemas that Java has published, and publishes another: started by PythonPackageIT."""

from __future__ import annotations

import asyncio
import sys

from windlass import SchemaViolationError, Worker, WorkerRunOptions, connect


async def main(url: str) -> None:
    async with connect(url=url, queue="mixed") as queue:
        schema = await queue.get_schema("total")
        assert schema is not None
        try:
            await queue.submit("total", {"count": -1})
        except SchemaViolationError as e:
            print(f"published by {schema.published_by}, refused at {', '.join(each.path for each in e.violations)}")
        worker = Worker(queue)
        worker.add_handler("total", lambda order: {"price": order["price"], "by": "python"})
        await worker.run(WorkerRunOptions(max_tasks=1))
        await queue.publish_schema("tenfold", {"input": {"properties": {"by": {"enum": ["java", "python"]}}}})


asyncio.run(main(sys.argv[1]))
