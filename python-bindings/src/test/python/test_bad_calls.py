"""Each call, given what it cannot take: an exception of the right class that says what to do, and nothing was written."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import windlass
from windlass import InvalidInputError, WorkerRunOptions
from windlass.workflow import (
    Workflow,
    WorkflowClient,
    WorkflowContext,
    WorkflowEngine,
    WorkflowFailedError,
    WorkflowSweeper,
    durable,
    register_workflow,
    register_workflows,
    send_signal,
)
from working import working

Calls = dict[str, tuple[Callable[..., Any], str]]

OF_QUEUES: Calls = {
    "submit-coroutine": (lambda q: q.submit(asyncio.sleep(0)), "task_type is a coroutine. Await it"),
    "submit-ttl-text": (lambda q: q.submit("t", idempotency_key="k", idempotency_ttl_days="3"), "Use days"),
    "submit-ttl-nan": (lambda q: q.submit("t", idempotency_key="k", idempotency_ttl_days=float("nan")), "Use days"),
    "submit-ttl-no-key": (lambda q: q.submit("t", idempotency_ttl_days=1), "no key"),
    "submit-tags": (lambda q: q.submit("t", tags={"a": {}}), "Use texts"),
    "submit-both-ends": (lambda q: q.submit("t", ttl_seconds=1, expires_at="2100-01-01T00:00:00Z"), "both given"),
    "many-none": (lambda q: q.submit_many(None), "Use a list of pairs"),
    "many-text": (lambda q: q.submit_many("ab"), "Use a list of pairs"),
    "many-dict": (lambda q: q.submit_many({"a": 1}), "Use pairs of type and input"),
    "get": (lambda q: q.get(5), "task_id is 5"),
    "find-types": (lambda q: q.find(task_types="abc"), "Use a list of names"),
    "find-status": (lambda q: q.find(status="Pending"), r"windlass\.TaskStatus"),
    "find-all": (lambda q: q.find(all_queues="yes"), "Use True or False"),
    "list-shard": (lambda q: q.list(3), "There is no shard 3"),
    "load": (lambda q: q.load_input(5), "task_id is 5"),
    "handle": (lambda q: q.handle(None), "task_id is None"),
    "queue": (lambda q: q.queue(None), "queue is None"),
    "result-text": (lambda q: q.handle("x").result("5"), "Use seconds, or a timedelta"),
    "result-nan": (lambda q: q.handle("x").result(float("nan")), "timeout is nan"),
    "handle-cancel": (lambda q: q.handle("x").cancel(5), "reason is 5"),
    "cancel-many-none": (lambda q: q.cancel_many(None), "Use a list of ids"),
    "cancel-many-text": (lambda q: q.cancel_many("abc"), "Use a list of ids"),
    "cancel-all-tags": (lambda q: q.cancel_all(tags=["a"]), "Use a dict"),
    "cancel-all-parent": (lambda q: q.cancel_all(parent=3), "parent is 3"),
    "cancel-all-by": (lambda q: q.cancel_all(cancelled_by=3), "cancelled_by is 3"),
    "pause": (lambda q: q.pause(5), "reason is 5"),
    "pause-by": (lambda q: q.pause("x", by=5), "by is 5"),
    "claim": (lambda q: q.claim(lease_seconds="5"), "lease_seconds is '5'"),
    "cron": (lambda q: q.create_schedule("s", "t", 1, 5), "cron is 5"),
    "paused": (lambda q: q.create_schedule("s", "t", {}, "0 2 * * *", paused="no"), "Use True or False"),
    "overlap": (lambda q: q.create_schedule("s", "t", {}, "0 2 * * *", overlap=[]), "overlap is"),
    "fire-time": (lambda q: q.create_schedule("s", "t", {}, "0 2 * * *", fire_time_field=5), "fire_time_field is 5"),
    "storage-key": (lambda q: q.storage.get(5), "key is 5"),
    "storage-body": (lambda q: q.storage.put("files/x", "text"), "Use bytes"),
}

OF_WORKERS: Calls = {
    "worker-shards": (lambda q: windlass.Worker(q, "w", 5), "Use a list of names"),
    "worker-shards-mixed": (lambda q: windlass.Worker(q, "w", ["00", 1]), "shards is 1"),
    "worker-concurrency": (lambda q: windlass.Worker(q, concurrency="5"), "concurrency is '5'"),
    "step-handler": (lambda q: windlass.Worker(q).step("k")(5), "cannot be called"),
    "step-kind": (lambda q: windlass.Worker(q).step(lambda x: x), r"Use @worker\.step"),
    "step-twice": (lambda q: twice(windlass.Worker(q).step("k")), "has a handler already"),
    "drain-text": (lambda q: worker_of(q).run(drain_seconds="x"), "drain_seconds is 'x'"),
    "drain-negative": (lambda q: worker_of(q).run(drain_seconds=-1), "drain_seconds is -1"),
    "poll": (lambda _: WorkerRunOptions(poll_interval_ms=-5), "poll_interval_ms is -5"),
    "poll-text": (lambda _: WorkerRunOptions(poll_interval_ms="5"), "poll_interval_ms is '5'"),
    "monitor": (lambda _: WorkerRunOptions(with_monitor="no"), "with_monitor is 'no'"),
    "scheduler": (lambda _: WorkerRunOptions(with_scheduler=0), "with_scheduler is 0"),
    "retry-text": (lambda _: windlass.RetryPolicy(multiplier="x"), "multiplier is 'x'"),
    "retry-nan": (lambda _: windlass.RetryPolicy(jitter_percent=float("nan")), "jitter_percent is nan"),
    "reschedule": (lambda _: windlass.RescheduleError("x"), "Use seconds, or a timedelta"),
}

OF_WORKFLOWS: Calls = {
    "client": (lambda _: WorkflowClient("q"), r"windlass\.connect"),
    "start": (lambda q: WorkflowClient(q).start(5, workflow_id="w"), "workflow is 5"),
    "existing": (lambda q: WorkflowClient(q).start("f", workflow_id="w", existing=[]), "existing is"),
    "result": (lambda q: WorkflowClient(q).result("w", workflow=5), "workflow is 5"),
    "wait": (lambda q: WorkflowClient(q).wait("w", timeout="5"), "timeout is '5'"),
    "list": (lambda q: WorkflowClient(q).list(workflow=5), "workflow is 5"),
    "signal": (lambda q: WorkflowClient(q).signal("w", 5), "name is 5"),
    "signal-queue": (lambda _: send_signal("q", "w", "n"), r"windlass\.connect"),
    "add": (lambda q: windlass.Worker(q).add_workflow(lambda ctx: 1), "durable"),
    "function-plain": (lambda _: durable("f")(lambda ctx: 1), "Use an `async def`"),
    "function-bare": (lambda _: durable(lambda ctx: 1), "Use @durable"),
    "function-twice": (lambda q: twice(windlass.Worker(q).add_workflow, durable("f")(ends), durable("f")(ends)), "already"),
    "graph-name": (lambda _: Workflow(5), "name of a workflow is 5"),
    "graph-step-bare": (lambda _: Workflow("g").step(lambda: 1), r"Use @workflow\.step"),
    "graph-step-handler": (lambda _: Workflow("g").step("a")(5), "cannot be called"),
    "graph-step-twice": (lambda _: twice(Workflow("g").step("a")), "has a step 'a' already"),
    "engine": (lambda q: WorkflowEngine(q, Workflow("g")), "Use a list of workflows"),
    "register": (lambda _: register_workflow(None, Workflow("g")), r"Use a windlass\.Worker"),
    "registers": (lambda q: register_workflows(windlass.Worker(q), 5), "Use a list of workflows"),
    "sweeper": (lambda q: WorkflowSweeper(q, "x"), "interval_seconds is 'x'"),
    "sweeper-zero": (lambda q: WorkflowSweeper(q, 0), "more than zero"),
}


def worker_of(queue: windlass.Queue) -> windlass.Worker:
    worker = windlass.Worker(queue)
    worker.add_handler("t", lambda value: value)
    return worker


def twice(act: Callable[..., Any], *each: Any) -> None:
    """Does it with one, and with the other."""
    for one in each or (lambda: 1, lambda: 2) if act.__name__ != "register" else (lambda x: x, lambda x: x):
        act(one)


async def ends(ctx: WorkflowContext) -> None: ...


ALL = {**OF_QUEUES, **OF_WORKERS, **OF_WORKFLOWS}


@pytest.mark.parametrize("name", ALL)
async def test_call_that_cannot_be_is_refused(memory: windlass.Queue, name: str) -> None:
    call, message = ALL[name]
    with pytest.raises(InvalidInputError, match=message):  # noqa: PT012 - some raise when called, some when awaited
        made = call(memory)
        if inspect.isawaitable(made):
            await asyncio.wait_for(made, 30)
    assert (await memory.requests())["put"] == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda q: windlass.connect(uri="mem:"),
        lambda q: windlass.Worker(q, threads=4),
        lambda q: WorkerRunOptions(max_task=1),
        lambda q: windlass.Worker(q).task("t", retries=3),
        lambda q: q.create_schedule("s", "t", 1, "0 2 * * *", tz="UTC"),
        lambda q: q.find(queue="x"),
        lambda q: WorkflowClient(q).start("f", id="w"),
        lambda q: windlass.RetryPolicy(max_retries=3),
        lambda q: Workflow("g").step("a", needs=["b"]),
    ],
)
def test_unknown_keyword_is_a_type_error_at_the_call(call: Callable[[Any], Any], url: str) -> None:
    queue = asyncio.run(windlass.connect(url=url)._open())
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        call(queue)
    asyncio.run(queue.close())


async def test_times_that_are_none_are_refused(memory: windlass.Queue) -> None:
    task = await memory.submit("t")
    for ask in (task.is_available_at, task.is_lease_expired_at, task.is_expired_at):
        with pytest.raises(InvalidInputError, match="Use a datetime"):
            ask("now")  # type: ignore[arg-type]
        with pytest.raises(InvalidInputError, match="no time zone"):
            ask(datetime(2030, 1, 1))  # noqa: DTZ001
    with pytest.raises(windlass.TaskNotFoundError, match="no-such-task"):
        await memory.mark_expired("no-such-task")
    assert not await memory.mark_expired(task.id)


async def test_every_part_of_a_closed_connection_says_so(url: str) -> None:
    queue = await windlass.connect(url=url)
    task = await queue.submit("t")
    (claimed,) = await queue.claim()
    client = WorkflowClient(queue)
    await queue.close()
    for call in (
        worker_of(queue).run(),
        client.start("f", workflow_id="w"),
        client.get("w"),
        client.create_schedule("s", "f", "0 2 * * *"),
        queue.list_schedules(),
        queue.claim(),
        claimed.complete(1),
        queue.pause(),
        queue.queue("other").submit("t"),
        queue.storage.list(),
        task.handle.progress(),
        WorkflowSweeper(queue).sweep(),
        queue.__aenter__(),
    ):
        with pytest.raises(windlass.ClosedError, match="Connect again"):
            await call


async def test_claim_by_hand_that_fails_with_what_cannot_be_shown(memory: windlass.Queue) -> None:
    class UnprintableError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no")

    await memory.submit("t", max_retries=0)
    (claimed,) = await memory.claim()
    failed = await claimed.fail(UnprintableError())
    assert failed.error is not None
    assert failed.error.message == "(its message cannot be shown: RuntimeError)"


async def test_results_that_json_cannot_hold_fail_steps_and_functions(memory: windlass.Queue) -> None:
    @durable("function")
    async def function(ctx: WorkflowContext) -> object:
        return {1, 2}

    @durable("body")
    async def body(ctx: WorkflowContext) -> object:
        return await ctx.step("step", lambda: object())

    graph = Workflow("graph")
    graph.step("one")(lambda: float("nan"))
    worker = windlass.Worker(memory)
    client = WorkflowClient(memory)
    messages = {"function": "make it a list", "body": "object are not known", "graph": "NaN"}
    for workflow in (function, body, graph):
        worker.add_workflow(workflow)
        await client.start(workflow, workflow_id=workflow.name)
    async with working(worker):
        for name, message in messages.items():
            with pytest.raises(WorkflowFailedError, match=message) as failed:
                await client.result(name, timeout=60)
            assert failed.value.error.type == ("windlass.errors.InvalidInputError" if name == "function" else "step-failed")


async def test_use_from_another_thread(memory: windlass.Queue) -> None:
    loop = asyncio.get_running_loop()
    told: list[object] = []

    def without_a_loop() -> None:
        call = memory.submit("t", 1)
        try:
            call.send(None)
        except RuntimeError as e:
            told.append(str(e))

    def by_this_loop() -> None:
        told.append(asyncio.run_coroutine_threadsafe(memory.submit("t", 2), loop).result(30).input)

    def by_a_loop_of_its_own() -> None:
        told.append(asyncio.run(memory.submit("t", 3)).input)

    for work in (without_a_loop, by_this_loop, by_a_loop_of_its_own):
        thread = threading.Thread(target=work)
        thread.start()
        await asyncio.to_thread(thread.join)
    assert told == ["no running event loop", 2, 3]


async def test_worker_is_stopped_from_a_thread_and_refused_in_a_second_loop(memory: windlass.Queue) -> None:
    worker = worker_of(memory)
    started = asyncio.Event()
    worker.on_startup(started.set)
    running = asyncio.create_task(worker.run())
    await started.wait()
    with pytest.raises(InvalidInputError, match="runs already"):
        await asyncio.to_thread(lambda: asyncio.run(worker.run()))
    threading.Thread(target=worker.stop).start()
    assert await asyncio.wait_for(running, 60) == 0


async def test_context_of_a_function_elsewhere_is_refused(memory: windlass.Queue) -> None:
    told: list[str] = []

    @durable("leaks")
    async def leaks(ctx: WorkflowContext) -> str:
        def elsewhere() -> None:
            for use in (lambda: ctx.sleep(0), lambda: ctx.step("x", lambda: 1)):
                try:
                    use()
                except InvalidInputError as e:
                    told.append(str(e))

        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join(30)
        await ctx.step("body", elsewhere)
        return "alive"

    worker = windlass.Worker(memory)
    worker.add_workflow(leaks)
    client = WorkflowClient(memory)
    async with working(worker):
        await client.start(leaks, workflow_id="w")
        assert await client.result("w", timeout=60) == "alive"
    assert len(told) == 4
    assert all("outside of its function's coroutine" in each for each in told)


def test_installation_that_is_not_whole_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from windlass import _bootstrap, _launch

    monkeypatch.setattr(_launch, "__file__", str(tmp_path / "_launch.py"))
    with pytest.raises(_launch.LaunchError, match="Install the wheel"):
        _launch.command_line(["x"])
    (tmp_path / "jars").mkdir()
    (tmp_path / "jars" / "jep-4.2.2.jar").touch()
    with pytest.raises(_launch.LaunchError, match=r"holds no jep-4\.3\.1\.jar"):
        _launch.command_line(["x"])
    assert _bootstrap.run_program(None, "4.2.2", []) == 2, "before anything else is done"


def test_jep_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.metadata

    from windlass import _launch

    def missing(_: str) -> str:
        raise importlib.metadata.PackageNotFoundError

    monkeypatch.setattr("importlib.metadata.version", missing)
    with pytest.raises(_launch.LaunchError, match="none is installed"):
        _launch.command_line(["x"])
