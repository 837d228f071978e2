"""What handlers say of their work while it runs, and who reads it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import windlass
from windlass import InvalidInputError
from working import working


async def test_progress_and_output_are_read_by_the_handle(queue: windlass.Queue) -> None:
    worker = windlass.Worker(queue)

    @worker.task("import")
    async def on_loop(rows: int, context: windlass.TaskContext) -> None:
        for done in range(rows):
            context.count("rows")
            context.progress(100 * (done + 1) / rows, f"row {done + 1} of {rows}")
        context.count("bytes", 2**40)
        context.count("bytes", -1)
        context.print("ü", rows, "rows")
        context.print("a\nb", "c", sep="|")

    @worker.task("plain")
    def on_thread(_: object, context: windlass.TaskContext) -> None:
        context.progress(0.5)

    @worker.task("silent")
    async def silent(_: object) -> None: ...

    loud, plain, quiet = await queue.submit_many([("import", 4), ("plain", 0), ("silent", 0)])
    assert await loud.handle.progress() is None
    assert await loud.handle.output() == windlass.TaskOutput(0, 0, ())
    async with working(worker):
        for task in (loud, plain, quiet):
            await task.result(60)
    said = await loud.handle.progress()
    assert said is not None
    assert (said.attempt, said.worker_id) == (1, worker.worker_id)
    assert (said.percent, said.message) == (100, "row 4 of 4")
    assert said.counters == {"rows": 4, "bytes": 2**40 - 1}
    assert (said.lines, said.lines_left_out) == (3, 0)
    assert abs((said.at - await queue.now()).total_seconds()) < 3600
    printed = await loud.handle.output()
    assert printed.lines == ("ü 4 rows", "a", "b|c")
    assert (await loud.handle.output(printed)).lines == ()
    half = await plain.handle.progress()
    assert half is not None
    assert (half.percent, half.message, half.counters) == (0.5, None, {})
    assert await quiet.handle.progress() is None


async def test_output_is_of_the_last_attempt(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory)

    @worker.task("t")
    async def handle(_: object, context: windlass.TaskContext) -> None:
        context.print(f"attempt {context.attempt}")
        if context.attempt == 1:
            raise windlass.RetryableError("again")

    task = await memory.submit("t", retry_policy=windlass.RetryPolicy(1, 1))
    async with working(worker):
        await task.result(60)
    first = windlass.TaskOutput(1, 1, ("attempt 1",))
    assert (await task.handle.output(first)).lines == ("attempt 2",)


async def test_what_cannot_be_said_is_refused_and_the_task_goes_on(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory)
    kept: list[windlass.TaskContext] = []
    wrong: list[tuple[Any, str]] = [
        (lambda c: c.progress(101), "Use 0 to 100"),
        (lambda c: c.progress(float("nan")), "Use 0 to 100"),
        (lambda c: c.progress(True), "Use 0 to 100"),
        (lambda c: c.progress("5"), "Use 0 to 100"),
        (lambda c: c.progress(5, 7), "Use a text, or None"),
        (lambda c: c.progress(5, "\ud800"), "lone surrogate"),
        (lambda c: c.count(""), "name of the counter is ''"),
        (lambda c: c.count("n" * 201), "201 bytes"),
        (lambda c: c.count("rows", 0.5), "whole number"),
        (lambda c: c.count("rows", 2**63), "whole number"),
        (lambda c: c.print("\ud800"), "lone surrogate"),
        (lambda c: [c.count(f"c{i}") for i in range(51)], "50"),
    ]

    @worker.task("t")
    async def handle(_: object, context: windlass.TaskContext) -> str:
        kept.append(context)
        for say, message in wrong:
            with pytest.raises(InvalidInputError, match=message):
                say(context)
        return "done"

    task = await memory.submit("t", max_retries=0)
    async with working(worker):
        assert await task.result(60) == "done"
        kept[0].progress(50, "too late: does nothing")
    said = await task.handle.progress()
    assert said is not None
    assert said.percent is None
    with pytest.raises(InvalidInputError, match=r"handle\.output"):
        await task.handle.output("since")  # type: ignore[arg-type]
    for call in (memory.handle("no-such-task").progress(), memory.handle("no-such-task").output()):
        with pytest.raises(windlass.TaskNotFoundError, match="no-such-task"):
            await call


async def test_progress_is_seen_while_the_handler_runs(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory)
    ends = asyncio.Event()

    @worker.task("t")
    async def handle(_: object, context: windlass.TaskContext) -> None:
        context.progress(10, "begun")
        await ends.wait()

    task = await memory.submit("t")
    async with working(worker):
        async with asyncio.timeout(60):
            while (said := await task.handle.progress()) is None:
                await asyncio.sleep(0.02)
        ends.set()
        await task.result(60)
    assert (said.percent, said.message) == (10, "begun")
