"""Measures what the boundary costs: `python -m windlass measure.py [store]`. Not a test; figures go to the notes of a release."""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import windlass

TASKS = 2000


def megabytes() -> float:
    with Path("/proc/self/status").open() as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


async def calls(queue: windlass.Queue) -> None:
    for _ in range(500):
        await queue.now()
    begin = time.perf_counter()
    for _ in range(2000):
        await queue.now()
    one = time.perf_counter() - begin
    begin = time.perf_counter()
    for _ in range(20):
        await asyncio.gather(*(queue.now() for _ in range(1000)))
    many = time.perf_counter() - begin
    print(f"calls: {one / 2000 * 1e6:.0f} µs one after the other, {20_000 / many:.0f}/s with 1,000 in flight")


async def tasks(queue: windlass.Queue) -> None:
    worker = windlass.Worker(queue, concurrency=256)

    @worker.task("t")
    async def handle(value: Any) -> Any:
        return value

    begin = time.perf_counter()
    await queue.submit_many([("t", i) for i in range(TASKS)])
    submitted = time.perf_counter()
    await worker.run(windlass.WorkerRunOptions(max_tasks=TASKS))
    ended = time.perf_counter()
    print(
        f"tasks at {queue.location}: {TASKS / (submitted - begin):.0f}/s submitted, {TASKS / (ended - submitted):.0f}/s worked on"
    )


async def flight(queue: windlass.Queue) -> None:
    worker = windlass.Worker(queue, concurrency=1000)
    there = asyncio.Event()
    running = 0
    before = megabytes()

    @worker.task("wait")
    async def handle(_: Any) -> None:
        nonlocal running
        running += 1
        if running == 1000:
            print(f"1,000 handlers in flight: {megabytes() - before:.0f} MB more, {megabytes():.0f} MB in all")
            there.set()
        await there.wait()

    await queue.submit_many([("wait", i) for i in range(1000)])
    await worker.run(windlass.WorkerRunOptions(max_tasks=1000))


CPU = """
import asyncio, sys, windlass
async def main():
    async with windlass.connect(url=sys.argv[1]) as queue:
        worker = windlass.Worker(queue, concurrency=4)
        @worker.task("cpu")
        async def cpu(n):
            return sum(i * i for i in range(n))
        await worker.run()
asyncio.run(main())
"""


async def processes() -> None:
    for count in (1, 4):
        with tempfile.TemporaryDirectory() as folder:
            url = f"file:{folder}/store?fsync=false"
            async with windlass.connect(url=url) as queue:
                await queue.submit("warm-up", idempotency_key="x")
                workers = [subprocess.Popen([sys.executable, "-m", "windlass", "-c", CPU, url]) for _ in range(count)]
                first = await queue.submit("cpu", 1)
                await first.result(60)
                await asyncio.sleep(2)
                begin = time.perf_counter()
                waiting = await queue.submit_many([("cpu", 1_000_000)] * 100)
                await asyncio.gather(*(task.result(300) for task in waiting))
                print(f"GIL-bound handler of some 50 ms, {count} process(es): {100 / (time.perf_counter() - begin):.1f}/s")
                for worker in workers:
                    worker.terminate()
                for worker in workers:
                    worker.wait()


async def main(url: str) -> None:
    async with windlass.connect(url=url) as queue:
        await calls(queue)
        await tasks(queue)
        await flight(queue)
    await processes()
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")


begin_ = time.perf_counter()
done = subprocess.run(
    [
        sys.executable,
        "-m",
        "windlass",
        "-c",
        "import asyncio, windlass\nasync def m():\n async with windlass.connect(url='mem:') as q: await q.submit('t')\nasyncio.run(m())",
    ],
    check=True,
)
print(f"start of a process to the end of its first submit and its exit: {time.perf_counter() - begin_:.2f} s")
asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "mem:"))
