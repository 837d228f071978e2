"""Measures what Python costs: `python -m windlass measure.py`. Not a test; its table stands in docs/python.md, with the command.

Takes some two minutes. Prints a table in Markdown; each line is one run, so run it on a machine that does nothing else.
"""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import windlass
from windlass import _launch
from windlass.workflow import WorkflowClient, WorkflowContext, durable

TASKS = 5000
FLIGHT = 1000
START = """
import asyncio, windlass
async def main():
    async with windlass.connect(url="mem:") as queue:
        await queue.submit("t")
asyncio.run(main())
"""
CPU = """
import asyncio, sys, windlass
async def main():
    async with windlass.connect(url=sys.argv[1]) as queue:
        worker = windlass.Worker(queue, concurrency=4)
        @worker.task("cpu")
        async def cpu(n):
            return sum(i * i for i in range(n))
        await worker.run(windlass.WorkerRunOptions(polling=windlass.PollingStrategy.fixed(100)))
asyncio.run(main())
"""


def row(what: str, figure: str) -> None:
    """A line of the table."""
    print(f"| {what} | {figure} |", flush=True)


def megabytes() -> float:
    """The resident memory of this process."""
    with Path("/proc/self/status").open() as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


def start() -> None:
    """From the command to the end of the first submit, and the process's end."""
    times: list[float] = []
    for _ in range(5):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-m", "windlass", "-c", START], check=True)
        times.append(time.perf_counter() - begin)
    row("start of a process, its first submit to `mem:`, its end", f"{sorted(times)[2]:.2f} s (median of 5)")


async def calls(queue: windlass.Queue) -> None:
    """Calls that do nothing in Java."""
    for _ in range(2000):
        await queue.now()
    begin = time.perf_counter()
    for _ in range(5000):
        await queue.now()
    one = time.perf_counter() - begin
    begin = time.perf_counter()
    for _ in range(30):
        await asyncio.gather(*(queue.now() for _ in range(1000)))
    many = time.perf_counter() - begin
    row("calls over the boundary, one after the other", f"{5000 / one:,.0f}/s ({one / 5000 * 1e6:.0f} µs each)")
    row("calls over the boundary, 1,000 in flight", f"{30_000 / many:,.0f}/s")


async def tasks(url: str) -> None:
    """Tasks that do nothing, submitted and worked on by one process: Python's, then Java's."""
    place = url.partition(":")[0]
    async with windlass.connect(url=url) as queue:
        worker = windlass.Worker(queue, concurrency=256)

        @worker.task("t")
        async def handle(value: Any) -> Any:
            return value

        begin = time.perf_counter()
        await queue.submit_many([("t", 1)] * TASKS)
        submitted = time.perf_counter()
        await worker.run(windlass.WorkerRunOptions(max_tasks=TASKS))
        ended = time.perf_counter()
    jars = os.pathsep.join(str(jar) for jar in _launch._jars())
    command = [str(_launch.find_java()), "-cp", jars, str(Path(__file__).with_name("JavaTasks.java")), url, str(TASKS)]
    java = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1].split()
    submitting, working = TASKS / (submitted - begin), TASKS / (ended - submitted)
    row(f"tasks submitted to `{place}:`, Python / Java", f"{submitting:,.0f}/s / {float(java[0]):,.0f}/s")
    row(f"tasks worked on from `{place}:` by a process, Python / Java", f"{working:,.0f}/s / {float(java[1]):,.0f}/s")


async def flight(queue: windlass.Queue) -> None:
    """Handlers that wait, all at once. In a process of its own: one that has done much has memory left over."""
    worker = windlass.Worker(queue, concurrency=FLIGHT)
    there = asyncio.Event()
    running = 0
    await queue.submit("before")
    gc.collect()
    before = megabytes()

    @worker.task("wait")
    async def handle(_: Any) -> None:
        nonlocal running
        running += 1
        if running == FLIGHT:
            row(
                f"{FLIGHT:,} handlers in flight", f"{megabytes() - before:.0f} MB more than before, {megabytes():.0f} MB in all"
            )
            there.set()
        await there.wait()

    await queue.submit_many([("wait", i) for i in range(FLIGHT)])
    await worker.run(windlass.WorkerRunOptions(max_tasks=FLIGHT))


async def functions(queue: windlass.Queue) -> None:
    """Steps of durable functions, one after the other in each."""

    @durable("chain")
    async def chain(ctx: WorkflowContext) -> int:
        for _ in range(20):
            await ctx.step("step", lambda: 1)
        return 20

    worker = windlass.Worker(queue, concurrency=64)
    worker.add_workflow(chain)
    client = WorkflowClient(queue)
    running = asyncio.create_task(worker.run(windlass.WorkerRunOptions(runs=64)))
    for part in ("warm", "timed"):
        begin = time.perf_counter()
        await asyncio.gather(*(client.start(chain, workflow_id=f"{part}{i}") for i in range(100)))
        await asyncio.gather(*(client.result(f"{part}{i}") for i in range(100)))
        took = time.perf_counter() - begin
    row("steps of durable functions on `mem:`, 100 runs of 20", f"{2000 / took:,.0f}/s")
    worker.stop()
    await running


async def processes() -> None:
    """A handler that computes in Python, in one process and in four."""
    for count in (1, 4):
        with tempfile.TemporaryDirectory() as folder:
            url = f"file:{folder}/store?fsync=false"
            async with windlass.connect(url=url) as queue:
                workers = [subprocess.Popen([sys.executable, "-m", "windlass", "-c", CPU, url]) for _ in range(count)]
                while len(await queue.workers()) < count:
                    await asyncio.sleep(0.1)
                await asyncio.gather(*(task.result(60) for task in await queue.submit_many([("cpu", 1)] * 8)))
                begin = time.perf_counter()
                waiting = await queue.submit_many([("cpu", 1_000_000)] * 200)
                await asyncio.gather(*(task.result(300) for task in waiting))
                took = time.perf_counter() - begin
                row(f"a handler bound by the GIL, {count} worker process(es)", f"{200 / took:.1f}/s")
                for worker in workers:
                    worker.terminate()
                for worker in workers:
                    worker.wait()


async def main() -> None:
    """All of it."""
    print("| what | figure |\n| --- | --- |")
    start()
    async with windlass.connect(url="mem:") as queue:
        await calls(queue)
    await tasks("mem:")
    with tempfile.TemporaryDirectory() as folder:
        await tasks(f"file:{folder}/store?fsync=false")
    subprocess.run([sys.executable, "-m", "windlass", __file__, "flight"], check=True)
    async with windlass.connect(url="mem:") as queue:
        await functions(queue)
    await processes()


async def only_flight() -> None:
    """What `main` runs in another process."""
    async with windlass.connect(url="mem:") as queue:
        await flight(queue)


PARTS = {"flight": only_flight, "processes": processes}

asyncio.run(PARTS.get("".join(sys.argv[1:]), main)())
