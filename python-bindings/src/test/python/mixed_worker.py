"""Works on what Java submitted, and submits what Java works on: started by PythonPackageIT."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from decimal import Decimal

from windlass import PermanentError, Worker, WorkerRunOptions, connect


@dataclass
class Order:
    price: Decimal
    count: int


async def main(url: str) -> None:
    async with connect(url=url, queue="mixed") as queue:
        worker = Worker(queue)

        @worker.task("total")
        async def total(order: Order) -> dict[str, object]:
            if order.count < 0:
                raise PermanentError("nothing was ordered")
            return {"price": order.price * order.count, "by": "python"}

        await worker.run(WorkerRunOptions(max_tasks=2))
        task = await queue.submit("tenfold", {"price": Decimal("2.5"), "by": "python"})
        print("java says", await task.result(timeout=60))


asyncio.run(main(sys.argv[1]))
