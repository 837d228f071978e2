"""What a worker is told to keep to, and whom it tells what it has done."""

from __future__ import annotations

import asyncio
import collections
from pathlib import Path
from typing import Any

import pytest

import windlass
from windlass import InvalidInputError, TaskStatus
from windlass.workflow import Workflow, WorkflowClient
from working import working


async def test_type_concurrency_bounds_one_type_alone(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory, concurrency=8)
    running: collections.Counter[str] = collections.Counter()
    most: collections.Counter[str] = collections.Counter()
    together = asyncio.Event()

    async def handle(_: object, context: windlass.TaskContext) -> None:
        kind = context.task_type
        running[kind] += 1
        most[kind] = max(most[kind], running[kind])
        if running["free"] >= 4:
            together.set()
        await asyncio.wait_for(together.wait(), 30)
        running[kind] -= 1

    worker.task("narrow", concurrency=1)(handle)
    worker.add_handler("free", handle)
    tasks = await memory.submit_many([("narrow", i) for i in range(6)] + [("free", i) for i in range(6)])
    async with working(worker):
        await asyncio.gather(*(task.result(60) for task in tasks))
    assert most["narrow"] == 1
    assert most["free"] >= 4


async def test_type_timeout_is_the_shorter_one(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory)

    @worker.task("t", timeout_seconds=0.2)
    async def handle(_: object) -> None:
        await asyncio.Event().wait()

    task = await memory.submit("t", timeout_seconds=None, max_retries=0)
    async with working(worker):
        with pytest.raises(windlass.TaskFailedError, match="time-out"):
            await task.result(60)


async def test_weights_share_the_slots(memory: windlass.Queue) -> None:
    mails = memory.queue("mails")
    worker = windlass.Worker(memory, concurrency=4, queues=["mails"], weights={"mails": 9})
    order: list[str] = []

    @worker.task("t")
    async def handle(_: object, context: windlass.TaskContext) -> None:
        order.append(context.queue_name)

    await memory.submit_many([("t", i) for i in range(60)])
    await mails.submit_many([("t", i) for i in range(60)])
    assert await worker.run(windlass.WorkerRunOptions(max_tasks=120)) == 120
    first = collections.Counter(order[:50])
    assert first["mails"] > 2 * first["default"] > 0, first


async def test_max_tasks_counts_attempts_and_gives_nothing_back(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory, concurrency=4)

    @worker.task("t")
    async def handle(_: object, context: windlass.TaskContext) -> None:
        if context.attempt == 1:
            raise windlass.RetryableError("again")

    await memory.submit_many([("t", i) for i in range(10)], retry_policy=windlass.RetryPolicy(0, 0))
    assert await worker.run(windlass.WorkerRunOptions(max_tasks=5)) == 5
    histories = [entry.event for task in await memory.find() for entry in task.history]
    assert histories.count("claimed") == 5
    assert "rescheduled" not in histories


async def test_max_tasks_counts_runs_of_workflows(memory: windlass.Queue) -> None:
    graph = Workflow("graph")
    graph.step("one")(lambda: 1)
    client = WorkflowClient(memory)
    worker = windlass.Worker(memory)
    worker.add_workflow(graph)
    worker.add_handler("t", lambda value: value)
    await client.start(graph, workflow_id="w")

    assert await asyncio.wait_for(worker.run(windlass.WorkerRunOptions(max_tasks=1)), 60) == 0, "no handler of a task"

    assert await client.result("w", timeout=10) == {"one": 1}


async def test_hooks_of_attempts_come_once_it_is_recorded(queue: windlass.Queue) -> None:
    worker = windlass.Worker(queue)
    told: list[tuple[object, ...]] = []

    @worker.on_success
    async def succeeded(context: windlass.TaskContext, result: object) -> None:
        task = await context.refresh()
        told.append(("success", context.task_type, result, task.status, context.will_retry))

    @worker.on_error
    def failed(context: windlass.TaskContext, exception: BaseException) -> None:
        told.append(("error", context.task_type, type(exception), str(exception), context.will_retry))

    @worker.task("good")
    async def good(_: object) -> list[int]:
        return [1]

    @worker.task("twice")
    async def twice(_: object, context: windlass.TaskContext) -> None:
        raise KeyError(context.attempt)

    @worker.task("later")
    async def later(_: object, context: windlass.TaskContext) -> str:
        if context.attempt == 1:
            raise windlass.RescheduleError(0)
        return "later"

    @worker.task("slow", timeout_seconds=0.1)
    async def slow(_: object) -> None:
        await asyncio.Event().wait()

    @worker.task("unstorable")
    async def unstorable(_: object) -> object:
        return object()

    @worker.task("too-many-digits")
    async def digits(_: object) -> int:
        return 10**1001

    kinds = ["good", "twice", "later", "slow", "unstorable", "too-many-digits"]
    await queue.submit_many([(kind, 0) for kind in kinds], max_retries=1, retry_policy=windlass.RetryPolicy(1, 1))
    async with working(worker):
        async with asyncio.timeout(60):
            while len([task for task in await queue.find() if task.status.is_final]) < len(kinds):
                await asyncio.sleep(0.02)
    success = [each[1:] for each in told if each[0] == "success"]
    assert sorted(success, key=repr) == [
        ("good", [1], TaskStatus.Completed, None),
        ("later", "later", TaskStatus.Completed, None),
    ]
    errors: dict[object, list[Any]] = collections.defaultdict(list)
    for _, kind, *rest in (each for each in told if each[0] == "error"):
        errors[kind].append(rest)
    assert errors["twice"] == [[KeyError, "1", True], [KeyError, "2", False]]
    assert [(kind, again) for kind, _, again in errors["slow"]] == [(TimeoutError, True), (TimeoutError, False)]
    assert [(kind, again) for kind, _, again in errors["unstorable"]] == [(InvalidInputError, False)]
    assert [(kind, again) for kind, _, again in errors["too-many-digits"]] == [(InvalidInputError, False)]
    assert set(errors) == {"twice", "slow", "unstorable", "too-many-digits"}, "what is rescheduled has not failed"


async def test_lost_lease_is_told_and_the_coroutine_cancelled(tmp_path: Path) -> None:
    told: list[str] = []
    began = asyncio.Event()
    lost = asyncio.Event()
    async with windlass.connect(url=f"file:{tmp_path}/store?fsync=false") as queue:
        worker = windlass.Worker(queue)

        @worker.on_lease_lost
        async def lease_lost(context: windlass.TaskContext) -> None:
            told.append(context.task_id)
            lost.set()

        @worker.on_success
        async def success(context: windlass.TaskContext, _: object) -> None:
            told.append("success")

        @worker.task("t")
        async def handle(_: object, context: windlass.TaskContext) -> str:
            if context.attempt > 1:
                return "elsewhere"
            began.set()
            try:
                await asyncio.Event().wait()
            finally:
                told.append("cancelled")
            return "never"

        task = await queue.submit("t")
        async with working(worker, windlass.WorkerRunOptions(lease_seconds=2)):
            await asyncio.wait_for(began.wait(), 30)
            for file in [each for each in (tmp_path / "store").rglob("*") if each.is_file() and "leases" in str(each)]:
                file.unlink()
            await asyncio.wait_for(lost.wait(), 60)
            assert await task.result(60) == "elsewhere"
    assert sorted(told) == sorted(["cancelled", task.id, "success"])


async def test_startup_hook_that_fails_lets_nothing_run(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory)
    ran: list[int] = []
    worker.add_handler("t", ran.append)

    @worker.on_startup
    async def start() -> None:
        raise LookupError("no database")

    await memory.submit("t", 1)
    with pytest.raises(LookupError, match="no database"):
        await worker.run()
    assert ran == []
    await memory.close()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"queues": "mails"}, "Use a list of names"),
        ({"queues": ["mails", 5]}, "queues is 5"),
        ({"weights": ["mails"]}, "Use a dict"),
        ({"weights": {"mails": 2}}, "the queue 'mails', which the worker has not"),
        ({"queues": ["mails"], "weights": {"mails": 0}}, "Use 1 to 1000"),
        ({"queues": ["mails"], "weights": {"mails": 1.5}}, "Use 1 to 1000"),
        ({"worker_id": ""}, "worker_id is ''"),
    ],
)
async def test_worker_rules_that_cannot_be_are_refused(memory: windlass.Queue, arguments: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        windlass.Worker(memory, **arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"concurrency": 0}, "Use 1 to 10000"),
        ({"concurrency": True}, "Use 1 to 10000"),
        ({"timeout_seconds": 0}, "more than zero"),
        ({"timeout_seconds": "1"}, "Use seconds, or a timedelta"),
    ],
)
async def test_type_rules_that_cannot_be_are_refused(memory: windlass.Queue, arguments: Any, message: str) -> None:
    worker = windlass.Worker(memory)
    with pytest.raises(InvalidInputError, match=message):
        worker.task("t", **arguments)(lambda value: value)
    assert worker.registered_task_types() == []
