"""A Python step for Java's graphs, and graphs and functions of Python's with Java steps: started by PythonPackageIT."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from decimal import Decimal

import windlass
from windlass.workflow import StepContext, Workflow, WorkflowClient, WorkflowContext, durable


@dataclass
class Total:
    price: Decimal
    by: str


graph = Workflow("python-graph")


@graph.step("price")
async def price(ctx: StepContext) -> Total:
    return Total(Decimal(ctx.data), "python")


graph.remote_step("tenfold", "java-tenfold", depends_on=["price"], input={"step": "price"})


@graph.step("told", depends_on=["tenfold"])
async def told(ctx: StepContext) -> str:
    return f"{ctx.result('tenfold')}"


@durable("python-function")
async def function(ctx: WorkflowContext, text: str) -> str:
    return str(await ctx.call("java-tenfold", {"price": text}))


async def main(url: str) -> None:
    async with windlass.connect(url=url) as queue:
        worker = windlass.Worker(queue)
        worker.add_workflow(graph)
        worker.add_workflow(function)

        @worker.step("python-sum")
        async def add(_: None, step: StepContext) -> int:
            return sum(step.results.values())

        quick = windlass.WorkerRunOptions(polling=windlass.PollingStrategy.adaptive(20, 200))
        running = asyncio.create_task(worker.run(quick))
        client = WorkflowClient(queue)
        await client.start(graph, "1.25", workflow_id="from-python")
        await client.start(function, "0.5", workflow_id="function")
        print("graph", await client.result("from-python", timeout=60))
        print("function", await client.result("function", timeout=60))
        print("java's", await client.result("from-java", timeout=60))
        worker.stop()
        await running


asyncio.run(main(sys.argv[1]))
