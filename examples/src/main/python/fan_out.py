"""Fan-out over real computation: numpy works in C and gives the interpreter free, so plain handlers use all cores.

Run `python -m windlass fan_out.py`.
"""

import asyncio
import os
import sys

import numpy

from windlass import Worker, connect


async def main(url: str) -> None:
    async with connect(url=url, queue="eigen") as queue:
        worker = Worker(queue, concurrency=os.cpu_count() or 1)

        @worker.task("largest-eigenvalue")
        def largest_eigenvalue(seed: int) -> float:  # a plain function: runs on a thread
            random = numpy.random.default_rng(seed)
            half = random.standard_normal((120, 120))
            return float(numpy.linalg.eigvalsh(half + half.T)[-1])

        tasks = await queue.submit_many([("largest-eigenvalue", seed) for seed in range(20)])
        running = asyncio.create_task(worker.run())
        values = await asyncio.gather(*(task.result(timeout=120) for task in tasks))
        worker.stop()
        await running
        print(f"{len(values)} matrices, largest eigenvalue {max(values):.3f}")


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "mem:"))
