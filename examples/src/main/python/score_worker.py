"""A Python step for a Java fleet: numpy scores what Java has counted. Runs until Ctrl-C or SIGTERM.

Run `python -m windlass score_worker.py file:./data`, and dev.windlass.examples.ScoringFleet beside it.
"""

import asyncio
import sys

import numpy

from windlass import PollingStrategy, Worker, WorkerRunOptions, connect


async def main(url: str) -> None:
    async with connect(url=url) as queue:
        worker = Worker(queue)

        @worker.step("score")
        def score(counts: list[int]) -> dict[str, float]:  # a plain function: numpy leaves the interpreter free
            values = numpy.array(counts, dtype=float)
            return {"mean": float(values.mean()), "spread": float(values.std())}

        print("scoring", flush=True)
        await worker.run(WorkerRunOptions(polling=PollingStrategy.adaptive(50, 1000)))


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "file:./data"))
