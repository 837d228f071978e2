"""Handlers: what they get, what comes of what they do, and how a worker ends."""

from __future__ import annotations

import asyncio
import contextvars
import json
import logging
import threading
import time
from datetime import timedelta

import pytest

import windlass
from windlass import TaskStatus
from working import working


async def test_handlers_async_and_plain_give_results(queue: windlass.Queue) -> None:
    worker = windlass.Worker(queue)
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")
    variable.set("set")

    @worker.task("async")
    async def on_loop(value: int) -> int:
        return value + 1

    @worker.task("plain")
    def on_thread(value: int, context: windlass.TaskContext) -> list[object]:
        return [value, context.attempt, threading.current_thread().name.split("_")[0], variable.get()]

    @worker.task("none")
    async def nothing(_: object) -> None:
        return None

    async with working(worker):
        one, two, three = await queue.submit_many([("async", 1), ("plain", 2), ("none", 3)])
        assert await one.result(30) == 2
        assert await two.result(30) == [2, 1, "windlass-handler", "set"]
        assert await three.result(30) is None
        done = await one.refresh()
    assert done.status is TaskStatus.Completed
    assert done.output == 2
    assert done.worker_id == worker.worker_id
    assert [entry.event for entry in done.history] == ["submitted", "claimed", "completed"]
    assert worker.registered_task_types() == ["async", "none", "plain"]


async def test_context_tells_about_the_task(queue: windlass.Queue) -> None:
    worker = windlass.Worker(queue)
    seen: list[windlass.TaskContext] = []

    @worker.task("t")
    async def handle(value: object, context: windlass.TaskContext) -> object:
        seen.append(context)
        assert not await context.is_cancellation_requested()
        await context.extend_lease(60)
        assert await context.lease_expires_at() == context.deadline
        task = await context.refresh()
        assert task.status is TaskStatus.Running
        assert not task.is_timed_out_at(await queue.now())
        assert task.is_timed_out_at(await queue.now() + timedelta(hours=1))
        return value

    task = await queue.submit("t", [1, None, {"x": "y"}])
    async with working(worker):
        assert await task.result(30) == [1, None, {"x": "y"}]
    (context,) = seen
    assert (context.task_id, context.task_type, context.queue_name) == (task.id, "t", "default")
    assert (context.attempt, context.idempotency_key) == (1, task.id)
    assert context.deadline is not None


async def test_exception_is_retried_then_stored_with_its_traceback(queue: windlass.Queue) -> None:
    worker = windlass.Worker(queue)
    attempts: list[int] = []

    class BrokenError(Exception):
        pass

    @worker.task("t")
    async def fail_at_this_line(_: object, context: windlass.TaskContext) -> None:
        attempts.append(context.attempt)
        raise BrokenError("it does not ⚙ work") from KeyError("cause")

    policy = windlass.RetryPolicy(1, 1)
    task = await queue.submit("t", max_retries=2, retry_policy=policy)
    async with working(worker):
        with pytest.raises(windlass.TaskFailedError, match="it does not ⚙ work") as e:
            await task.result(30)
    assert attempts == [1, 2, 3]
    assert e.value.task_id == task.id
    error = e.value.error
    assert error.type.endswith("BrokenError")
    assert error.message == "it does not ⚙ work"
    assert error.traceback is not None
    assert "fail_at_this_line" in error.traceback
    assert "KeyError" in error.traceback
    read = await task.refresh()
    assert read.status is TaskStatus.Failed
    assert read.error == error
    assert read.last_error == str(error)
    assert read.retry_count == 3
    assert not read.can_retry()


async def test_permanent_error_is_not_retried(queue: windlass.Queue) -> None:
    worker = windlass.Worker(queue)

    @worker.task("permanent")
    async def permanent(_: object) -> None:
        raise windlass.PermanentError("no such customer")

    @worker.task("unstorable")
    def unstorable(_: object) -> object:
        return {"a": {1, 2}}

    @worker.task("retryable")
    async def retryable(_: object, context: windlass.TaskContext) -> str:
        if context.attempt == 1:
            raise windlass.RetryableError("again")
        return "done"

    policy = windlass.RetryPolicy(1, 1)
    tasks = await queue.submit_many([("permanent", 0), ("unstorable", 0), ("retryable", 0)], retry_policy=policy)
    async with working(worker):
        with pytest.raises(windlass.TaskFailedError, match="no such customer"):
            await tasks[0].result(30)
        with pytest.raises(windlass.TaskFailedError, match="has no order: make it a list"):
            await tasks[1].result(30)
        assert await tasks[2].result(30) == "done"
    assert (await tasks[0].refresh()).attempt == 1
    assert (await tasks[1].refresh()).attempt == 1
    assert (await tasks[2].refresh()).attempt == 2


async def test_reschedule_runs_again_without_counting(queue: windlass.Queue) -> None:
    worker = windlass.Worker(queue)

    @worker.task("t")
    async def handle(_: object, context: windlass.TaskContext) -> int:
        if context.attempt < 3:
            raise windlass.RescheduleError(timedelta(milliseconds=5))
        return context.attempt

    task = await queue.submit("t", max_retries=0)
    async with working(worker):
        assert await task.result(30) == 3
    read = await task.refresh()
    assert (read.retry_count, read.reschedule_count) == (0, 2)


async def test_timeout_cancels_the_coroutine(queue: windlass.Queue) -> None:
    worker = windlass.Worker(queue)
    cancelled = asyncio.Event()

    @worker.task("t")
    async def handle(_: object, context: windlass.TaskContext) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            assert context.cancelled
            cancelled.set()
            raise

    task = await queue.submit("t", timeout_seconds=0.2, max_retries=0)
    async with working(worker):
        with pytest.raises(windlass.TaskFailedError, match="time-out"):
            await task.result(30)
        await asyncio.wait_for(cancelled.wait(), 30)


async def test_cancel_running_task_reaches_the_coroutine(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory)
    failed: list[object] = []
    worker.on_error(lambda _, e: failed.append(e))
    started = asyncio.Event()
    cancelled = asyncio.Event()

    @worker.task("t")
    async def handle(_: object) -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    task = await memory.submit("t")
    # A heartbeat brings it: a short lease, so that this does not take ten seconds.
    async with working(worker, windlass.WorkerRunOptions(lease_seconds=3)):
        await asyncio.wait_for(started.wait(), 30)
        assert await task.handle.cancel("enough")
        await asyncio.wait_for(cancelled.wait(), 60)
        with pytest.raises(windlass.TaskCancelledError, match="enough"):
            await task.result(30)
    assert failed == [], "what is cancelled has not failed"


async def test_stop_handlers_that_go_on_are_cancelled_and_given_back(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory)
    started = asyncio.Event()

    @worker.task("t")
    async def handle(_: object) -> None:
        started.set()
        await asyncio.Event().wait()

    task = await memory.submit("t", max_retries=0)
    async with working(worker, drain_seconds=0.1):
        await asyncio.wait_for(started.wait(), 30)
    read = await task.refresh()
    assert read.status is TaskStatus.Pending
    assert read.retry_count == 0
    assert read.history[-1].event == "released"


async def test_stop_that_comes_with_the_task_is_told(memory: windlass.Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    bridge = windlass._bridge.bridge()
    told: list[tuple[int, object]] = []
    monkeypatch.setattr(bridge, "fail", lambda number, failure: told.append((number, failure["outcome"])))
    worker = windlass.Worker(memory)
    worker.add_handler("t", lambda value: value)
    started = asyncio.Event()
    worker.on_startup(started.set)
    about = {"task": "x", "type": "t", "queue": "default", "attempt": 1, "key": "k", "deadline": None}
    async with working(worker, windlass.WorkerRunOptions(max_tasks=1)):
        await started.wait()
        # Both in one batch: a task of asyncio's that is cancelled before its first step runs no line of its own.
        worker.deliver(("run", 10**9, json.dumps(about), "1"))
        worker.deliver(("stop", 10**9, "", ""))
        async with asyncio.timeout(30):
            while not told:
                await asyncio.sleep(0.01)
    assert told == [(10**9, "cancelled")]


async def test_run_cancelled_drains(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory)
    started = asyncio.Event()
    ends = asyncio.Event()

    @worker.task("t")
    async def handle(_: object) -> str:
        started.set()
        await ends.wait()
        return "whole"

    task = await memory.submit("t")
    running = asyncio.create_task(worker.run())
    await asyncio.wait_for(started.wait(), 30)
    running.cancel()
    ends.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (await task.refresh()).output == "whole"


async def test_loop_that_ends_gives_tasks_back_and_own_cancellations_fail(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory)
    began = asyncio.Event()

    @worker.task("own")
    async def own(_: object) -> None:
        inner = asyncio.ensure_future(asyncio.sleep(60))
        inner.cancel()
        await inner

    @worker.task("self")
    async def itself(_: object) -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(60)

    @worker.task("t")
    async def handle(_: object) -> None:
        began.set()
        await asyncio.Event().wait()

    *failed, task = await memory.submit_many([("own", 0), ("self", 0), ("t", 0)], max_retries=0)
    before = asyncio.all_tasks()
    running = asyncio.create_task(worker.run())
    for each in failed:
        with pytest.raises(windlass.TaskFailedError, match="CancelledError"):
            await each.result(60)
    await asyncio.wait_for(began.wait(), 60)
    for each in asyncio.all_tasks() - before:
        each.cancel()  # as asyncio.run does in the end, of the worker and of its handlers alike
    with pytest.raises(asyncio.CancelledError):
        await running
    read = await task.refresh()
    assert (read.status, read.retry_count) == (TaskStatus.Pending, 0)


async def test_max_tasks_leaves_the_others(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory, concurrency=50)
    ran: list[int] = []

    @worker.task("t")
    async def handle(value: int) -> None:
        ran.append(value)

    await memory.submit_many([("t", i) for i in range(20)])

    assert await worker.run(windlass.WorkerRunOptions(max_tasks=3)) == 3

    assert len(ran) == 3
    assert (await memory.stats()).due == 17
    assert await worker.run(windlass.WorkerRunOptions(max_tasks=17)) == 17
    assert len(await memory.find(status=TaskStatus.Completed)) == 20


async def test_hooks_are_called(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory)
    told: list[object] = []

    @worker.on_startup
    async def start() -> None:
        told.append("start")

    @worker.on_shutdown
    def end() -> None:
        told.append("end")

    @worker.on_success
    async def success(context: windlass.TaskContext, result: object) -> None:
        told.append((context.task_type, result))
        raise ValueError("a hook that fails harms nobody")

    @worker.on_error
    def error(context: windlass.TaskContext, exception: BaseException) -> None:
        told.append((context.task_type, str(exception)))

    @worker.task("good")
    async def good(_: object) -> int:
        return 1

    @worker.task("bad")
    async def bad(_: object) -> int:
        raise windlass.PermanentError("no")

    await memory.submit("good", priority=0)
    await memory.submit("bad", priority=9)
    await worker.run(windlass.WorkerRunOptions(max_tasks=2))
    assert told[0] == "start"
    assert told[-1] == "end"
    assert ("good", 1) in told
    assert ("bad", "no") in told


async def test_thousand_handlers_in_flight(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory, concurrency=1000)
    running = 0
    most = 0
    all_there = asyncio.Event()

    @worker.task("t")
    async def handle(value: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if running == 1000:
            all_there.set()
        await all_there.wait()
        running -= 1
        return value

    tasks = await memory.submit_many([("t", i) for i in range(1000)])
    async with working(worker):
        assert await asyncio.gather(*(task.result(60) for task in tasks)) == list(range(1000))
    assert most == 1000


async def test_plain_functions_leave_the_loop_free(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory, concurrency=4)
    together = threading.Barrier(4)

    @worker.task("t")
    def handle(value: int) -> int:
        together.wait(30)
        return value

    tasks = await memory.submit_many([("t", i) for i in range(4)])
    async with working(worker):
        assert await asyncio.gather(*(task.result(60) for task in tasks)) == [0, 1, 2, 3]


async def test_handler_that_blocks_the_loop_is_reported(
    memory: windlass.Queue, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("windlass._watch.BLOCKED_SECONDS", 0.05)
    worker = windlass.Worker(memory)

    @worker.task("t")
    async def handle(_: object) -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end and "has been blocked" not in caplog.text:
            time.sleep(0.01)  # the very thing that is to be reported

    task = await memory.submit("t")
    with caplog.at_level(logging.WARNING, logger="windlass"):
        async with working(worker):
            await task.result(60)
    assert "the event loop has been blocked" in caplog.text
    assert "the very thing that is to be reported" in caplog.text


async def test_two_workers_of_two_loops_share_the_bridge(memory: windlass.Queue) -> None:
    def other_loop() -> int:
        async def work() -> int:
            async with windlass.connect(url="mem:") as queue:
                worker = windlass.Worker(queue)

                @worker.task("t")
                async def handle(value: int) -> int:
                    return value * 2

                task = await queue.submit("t", 21)
                async with working(worker):
                    return int(await task.result(30))

        return asyncio.run(work())

    worker = windlass.Worker(memory)

    @worker.task("t")
    async def handle(value: int) -> int:
        return value

    async with working(worker):
        task = await memory.submit("t", 1)
        assert await asyncio.gather(asyncio.to_thread(other_loop), task.result(30)) == [42, 1]


async def test_java_log_lines_arrive_in_logging(memory: windlass.Queue, caplog: pytest.LogCaptureFixture) -> None:
    worker = windlass.Worker(memory)

    @worker.task("t")
    async def handle(_: object) -> None:
        raise windlass.PermanentError("logged")

    task = await memory.submit("t")
    async with working(worker):
        with pytest.raises(windlass.TaskFailedError):
            await task.result(30)
    records = [each for each in caplog.records if task.id in each.getMessage()]
    assert records
    assert records[0].name.startswith("windlass.")
    assert records[0].__dict__["windlass_task"] == task.id


async def test_close_while_a_worker_runs_is_refused(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory)
    worker.add_handler("t", lambda value: value)
    started = asyncio.Event()
    worker.on_startup(started.set)
    async with working(worker):
        await started.wait()
        with pytest.raises(windlass.WindlassError, match="still run"):
            await memory.close()
        with pytest.raises(windlass.InvalidInputError, match="runs already"):
            await worker.run()
