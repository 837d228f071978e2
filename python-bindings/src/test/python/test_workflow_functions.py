"""Durable functions: what they ask for, what is recorded, and how they go on elsewhere."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

import windlass
from windlass import InvalidInputError
from windlass.workflow import (
    OnFailure,
    Promise,
    SignalTimeoutError,
    StepContext,
    StepFailedError,
    WorkflowClient,
    WorkflowContext,
    WorkflowFailedError,
    WorkflowStatus,
    durable,
)
from working import reached, working

QUICK = windlass.RetryPolicy(1, 1)


@dataclass
class Order:
    id: int
    price: Decimal


@dataclass
class Payment:
    order: int
    paid: Decimal


async def test_function_runs_steps_and_gives_its_result(queue: windlass.Queue) -> None:
    ran: list[str] = []

    async def charge(order: Order, step: StepContext) -> Payment:
        ran.append(step.idempotency_key)
        return Payment(order.id, order.price)

    def on_thread(number: int) -> str:
        return f"{number} on {threading.current_thread().name.split('_')[0]}"

    @durable("checkout")
    async def checkout(ctx: WorkflowContext, order: Order) -> dict[str, object]:
        payment = await ctx.step("charge", charge, order)
        assert isinstance(payment, Payment)  # as the body's annotation says, also when it is read again
        first, second = ctx.step("a", on_thread, 1), ctx.step("a", on_thread, 2)
        both = await ctx.all([first, second])
        quick = await ctx.any([first, ctx.sleep(3600)])
        tripled = await ctx.map("triple", [1, 2, 3], lambda each: each * 3, parallelism=2)
        await ctx.sleep(timedelta(milliseconds=20))
        await ctx.sleep_until(datetime(2020, 1, 1, tzinfo=timezone.utc))
        return {"paid": payment.paid, "both": both, "quick": quick.name, "tripled": tripled, "at": await ctx.now()}

    worker = windlass.Worker(queue)
    worker.add_workflow(checkout)
    client = WorkflowClient(queue)
    run = await client.start(checkout, Order(7, Decimal("1.50")), workflow_id="order 7/ü")
    assert (run.id, run.type, run.is_function, run.run) == ("order 7/ü", "checkout", True, 1)
    async with working(worker):
        result = await client.result("order 7/ü", timeout=60)
        assert await client.result("order 7/ü", workflow=checkout) == result
    assert result["paid"] == "1.50"
    assert result["both"] == ["1 on windlass-handler", "2 on windlass-handler"]
    assert result["quick"] == "a"
    assert result["tripled"] == [3, 6, 9]
    assert len(ran) == 1
    steps = await client.steps("order 7/ü")
    names = [step.name for step in steps]
    assert names[:3] == ["charge", "a", "a#2"]
    assert {"triple[0]", "triple[1]", "triple[2]", "~any"} <= set(names)
    assert steps[0].result == {"order": 7, "paid": "1.50"}
    ended = await client.get("order 7/ü")
    assert ended is not None
    assert ended.status is WorkflowStatus.COMPLETED
    assert ended.is_final


async def test_function_parks_for_a_signal_and_repeats_without_doing_again(queue: windlass.Queue) -> None:
    begun: list[bool] = []
    bodies: list[str] = []
    random: list[tuple[float, object]] = []

    @durable("approval")
    async def approval(ctx: WorkflowContext, request: dict[str, str]) -> list[object]:
        begun.append(ctx.replaying)
        random.append((ctx.random.random(), ctx.uuid()))
        asked = await ctx.step("ask", lambda: bodies.append("ask") or request["for"])
        answer = await ctx.wait_for_signal("answer", timeout_seconds=600)
        await ctx.step("tell", lambda: bodies.append("tell"))
        return [asked, answer]

    worker = windlass.Worker(queue)
    worker.add_workflow(approval)
    client = WorkflowClient(queue)
    async with working(worker):
        await client.start(approval, {"for": "leave"}, workflow_id="w")
        await reached(client, "w", WorkflowStatus.WAITING_SIGNAL)
        await client.signal("w", "answer", {"yes": True}, signal_id="one")
        assert await client.result("w", timeout=60) == ["leave", {"yes": True}]
    assert begun == [False, True]
    assert bodies == ["ask", "tell"]
    assert random[0] == random[1]


async def test_signal_sent_before_the_start_is_delivered_and_one_too_late_times_out(memory: windlass.Queue) -> None:
    @durable("waits")
    async def waits(ctx: WorkflowContext) -> object:
        first = await ctx.wait_for_signal("s")
        try:
            await ctx.wait_for_signal("s", 0.05)
        except TimeoutError as e:
            return [first, e.signal if isinstance(e, SignalTimeoutError) else None]
        return None

    worker = windlass.Worker(memory)
    worker.add_workflow(waits)
    client = WorkflowClient(memory)
    await client.signal("w", "s", 1)
    async with working(worker):
        await client.start(waits, workflow_id="w")
        assert await client.result("w", timeout=60) == [1, "s"]


async def test_failures_reach_the_function_which_may_undo(memory: windlass.Queue) -> None:
    tried: list[int] = []
    undone: list[str] = []

    class DeclinedError(Exception):
        pass

    async def ship(step: StepContext) -> None:
        tried.append(step.attempt)
        raise OSError("the van is broken")

    def charge() -> None:
        raise DeclinedError("no money")

    @durable("saga")
    async def saga(ctx: WorkflowContext) -> str:
        assert await ctx.step("optional", ship, retries=0, on_failure=OnFailure.CONTINUE) is None
        with pytest.raises(StepFailedError, match="no money") as declined:
            await ctx.step("charge", charge, non_retryable=(DeclinedError,))
        assert declined.value.error.type.endswith("DeclinedError")
        try:
            await ctx.step("ship", ship, retries=2, retry_policy=QUICK)
        except StepFailedError as failed:
            await ctx.step("undo", undone.append, failed.step)
            raise
        return "shipped"

    @durable("broken")
    async def broken(ctx: WorkflowContext) -> None:
        raise KeyError("the function's own")

    worker = windlass.Worker(memory)
    worker.add_workflow(saga)
    worker.add_workflow(broken)
    client = WorkflowClient(memory)
    async with working(worker):
        await client.start(saga, workflow_id="saga")
        with pytest.raises(WorkflowFailedError, match="the van is broken") as failed:
            await client.result("saga", timeout=60)
        assert failed.value.error.type == "step-failed"
        assert failed.value.workflow_id == "saga"
        await client.start(broken, workflow_id="broken")
        ended = await client.wait("broken", timeout=60)
    assert tried == [1, 1, 2, 3]
    assert undone == ["ship"]
    assert ended.status is WorkflowStatus.FAILED
    assert ended.failure is not None
    assert ended.failure.type == "KeyError"
    assert ended.failure.traceback is not None
    assert "in broken" in ended.failure.traceback


async def test_cancel_reaches_step_and_function_as_cancelled_error(memory: windlass.Queue) -> None:
    began = asyncio.Event()
    told: list[str] = []

    async def long() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            told.append("step")
            raise

    @durable("long")
    async def function(ctx: WorkflowContext) -> None:
        try:
            await ctx.step("long", long)
        except asyncio.CancelledError:
            told.append("function")
            raise
        finally:
            told.append("finally")

    worker = windlass.Worker(memory)
    worker.add_workflow(function)
    client = WorkflowClient(memory)
    async with working(worker):
        await client.start(function, workflow_id="w")
        await asyncio.wait_for(began.wait(), 30)
        assert await client.cancel("w", reason="no longer needed")
        ended = await client.wait("w", timeout=60)
    assert ended.status is WorkflowStatus.CANCELLED
    assert ended.cancel_reason == "no longer needed"
    assert sorted(told) == ["finally", "function", "step"]
    with pytest.raises(windlass.TaskCancelledError, match="no longer needed"):
        await client.result("w")


async def test_parked_function_is_closed_not_cancelled(memory: windlass.Queue) -> None:
    told: list[str] = []

    @durable("parks")
    async def parks(ctx: WorkflowContext) -> None:
        try:
            await ctx.wait_for_signal("s")
        except asyncio.CancelledError:
            told.append("cancelled")
            raise
        except GeneratorExit:
            told.append("closed")
            raise

    worker = windlass.Worker(memory)
    worker.add_workflow(parks)
    client = WorkflowClient(memory)
    async with working(worker):
        await client.start(parks, workflow_id="w")
        await reached(client, "w", WorkflowStatus.WAITING_SIGNAL)
        assert told == ["closed"]
        await client.cancel("w")
        assert (await client.wait("w", timeout=60)).status is WorkflowStatus.CANCELLED
    assert told == ["closed", "cancelled"]


async def test_changed_code_pauses_the_run_and_right_code_goes_on(memory: windlass.Queue) -> None:
    def version(names: list[str]) -> windlass.Worker:
        @durable("changing")
        async def changing(ctx: WorkflowContext) -> list[str]:
            done = [await ctx.step(name, lambda: name) for name in names]  # noqa: B023 - called before the next turn
            return [*done, await ctx.wait_for_signal("go")]

        worker = windlass.Worker(memory)
        worker.add_workflow(changing)
        return worker

    client = WorkflowClient(memory)
    await client.start("changing", workflow_id="w")
    async with working(version(["reserve", "charge"])):
        await reached(client, "w", WorkflowStatus.WAITING_SIGNAL)
    await client.signal("w", "go", "gone")
    async with working(version(["reserve", "bill"])):
        paused = await reached(client, "w", WorkflowStatus.PAUSED)
    assert paused.pause_reason is not None
    assert "at position 1 it asks for the step 'bill', but the step 'charge' is recorded" in paused.pause_reason
    async with working(version(["reserve"])):
        await client.resume("w")
        await reached(client, "w", WorkflowStatus.PAUSED)
    async with working(version(["reserve", "charge"])):
        await client.resume("w")
        assert await client.result("w", timeout=60) == ["reserve", "charge", "gone"]


async def test_what_is_not_the_contexts_is_refused(memory: windlass.Queue) -> None:
    @durable("sleeps")
    async def sleeps(ctx: WorkflowContext) -> None:
        await asyncio.sleep(1)

    @durable("gathers")
    async def gathers(ctx: WorkflowContext) -> None:
        await asyncio.gather(ctx.step("a", lambda: 1), ctx.step("b", lambda: 2))

    @durable("leaks")
    async def leaks(ctx: WorkflowContext) -> None:
        async def body() -> None:
            ctx.step("inner", lambda: 1)

        await ctx.step("outer", body, retries=0)

    @durable("names")
    async def names(ctx: WorkflowContext) -> str:
        for wrong in ("", "~mine", "n" * 181):
            with pytest.raises(InvalidInputError):
                await ctx.step(wrong, lambda: 1)
        with pytest.raises(InvalidInputError, match="cannot be called"):
            ctx.step("a", 5)  # type: ignore[arg-type]
        with pytest.raises(InvalidInputError, match="is given 1 argument"):
            ctx.step("a", lambda: 1, "too many")
        with pytest.raises(InvalidInputError, match="Use 0 to 999"):
            ctx.step("a", lambda: 1, retries=-1)
        with pytest.raises(InvalidInputError, match="at least one promise"):
            await ctx.any([])
        with pytest.raises(InvalidInputError, match="COMPENSATE"):
            ctx.step("a", lambda: 1, on_failure=OnFailure.COMPENSATE)
        return await ctx.step("a", lambda: "well")

    @durable("unstorable")
    async def unstorable(ctx: WorkflowContext) -> object:
        return {1, 2}

    worker = windlass.Worker(memory)
    client = WorkflowClient(memory)
    wanted = {
        sleeps: "ctx.sleep in place of asyncio.sleep",
        gathers: "ctx.all",
        leaks: "outside of its function's coroutine",
        unstorable: "has no order",
    }
    for function in (*wanted, names):
        worker.add_workflow(function)
        await client.start(function, workflow_id=function.name)
    async with working(worker):
        assert await client.result("names", timeout=60) == "well"
        for function, message in wanted.items():
            with pytest.raises(WorkflowFailedError, match=message):
                await client.result(function.name, timeout=60)


async def test_worker_that_stops_gives_its_runs_back(memory: windlass.Queue) -> None:
    attempts: list[int] = []
    began = asyncio.Event()

    async def slow() -> str:
        attempts.append(1)
        began.set()
        if len(attempts) == 1:
            await asyncio.Event().wait()
        return "done"

    @durable("slow")
    async def function(ctx: WorkflowContext) -> list[str]:
        return [await ctx.step("first", lambda: "first"), await ctx.step("slow", slow)]

    client = WorkflowClient(memory)
    await client.start(function, workflow_id="w")
    first, second = windlass.Worker(memory), windlass.Worker(memory)
    first.add_workflow(function)
    second.add_workflow(function)
    async with working(first, drain_seconds=0.2):
        await asyncio.wait_for(began.wait(), 30)
    run = await client.get("w")
    assert run is not None
    assert not run.is_final
    async with working(second):
        assert await client.result("w", timeout=60) == ["first", "done"]
    assert len(attempts) == 2


async def test_children_calls_and_patches(memory: windlass.Queue) -> None:
    @durable("child")
    async def child(ctx: WorkflowContext, value: int) -> Payment:
        return Payment(value, Decimal(value))

    @durable("parent", version=2)
    async def parent(ctx: WorkflowContext, value: int) -> list[object]:
        payment = await ctx.child(child, f"{ctx.workflow_id}-child", value)
        assert isinstance(payment, Payment)
        called = ctx.call("double", value)
        sent: Promise[int] = ctx.call("double", value + 1, placement="fleet")
        doubled = await ctx.map_calls("doubles", "double", [1, 2, 3], placement="fleet", parallelism=2)
        return [payment.order, await called, await sent, doubled, await ctx.patched("new"), ctx.run]

    worker = windlass.Worker(memory)

    @worker.step("double")
    async def double(value: int, step: StepContext) -> int:
        assert step.input == value
        return value * 2

    worker.add_workflow(child)
    worker.add_workflow(parent)
    client = WorkflowClient(memory)
    async with working(worker):
        await client.start(parent, 4, workflow_id="p")
        assert await client.result("p", timeout=60) == [4, 8, 10, [2, 4, 6], True, 1]
    assert {run.id for run in await client.list(prefix="p")} == {"p", "p-child"}


async def test_retry_takes_over_what_succeeded(memory: windlass.Queue) -> None:
    ran: list[str] = []

    def flaky() -> str:
        ran.append("flaky")
        if len(ran) == 2:
            raise windlass.PermanentError("once")
        return "well"

    @durable("retried")
    async def retried(ctx: WorkflowContext) -> list[object]:
        return [await ctx.step("first", lambda: ran.append("first")), await ctx.step("flaky", flaky)]

    worker = windlass.Worker(memory)
    worker.add_workflow(retried)
    client = WorkflowClient(memory)
    async with working(worker):
        await client.start(retried, workflow_id="w")
        assert (await client.wait("w", timeout=60)).status is WorkflowStatus.FAILED
        assert (await client.retry("w")).run == 2
        assert await client.result("w", timeout=60) == [None, "well"]
        with pytest.raises(InvalidInputError):
            await client.retry("w")
    assert ran == ["first", "flaky", "flaky"]


async def test_log_is_silent_while_repeating(memory: windlass.Queue, caplog: pytest.LogCaptureFixture) -> None:
    @durable("logs")
    async def logs(ctx: WorkflowContext) -> None:
        await ctx.step("one", lambda: None)
        ctx.log.warning("after one")
        await ctx.step("two", lambda: None)
        await ctx.wait_for_signal("go")
        ctx.log.warning("after go")

    worker = windlass.Worker(memory)
    worker.add_workflow(logs)
    client = WorkflowClient(memory)
    with caplog.at_level(logging.WARNING, logger="windlass"):
        async with working(worker):
            await client.start(logs, workflow_id="w")
            await reached(client, "w", WorkflowStatus.WAITING_SIGNAL)
            await client.signal("w", "go")
            await client.result("w", timeout=60)
    lines = [record for record in caplog.records if record.name == "windlass.workflow"]
    assert [record.getMessage() for record in lines] == ["after one", "after go"]
    assert lines[0].__dict__["windlass_workflow"] == "w"


async def test_thousand_functions_wait_without_holding_anything(memory: windlass.Queue) -> None:
    @durable("many")
    async def many(ctx: WorkflowContext, number: int) -> int:
        return number + await ctx.wait_for_signal("more")

    worker = windlass.Worker(memory, concurrency=64)
    worker.add_workflow(many)
    client = WorkflowClient(memory)
    async with working(worker):
        await asyncio.gather(*(client.start(many, i, workflow_id=f"w{i}") for i in range(200)))
        await asyncio.gather(*(client.signal(f"w{i}", "more", 1000) for i in range(200)))
        assert await asyncio.gather(*(client.result(f"w{i}", timeout=60) for i in range(200))) == list(range(1000, 1200))


async def test_durable_refuses_what_is_no_function_of_that_kind(memory: windlass.Queue) -> None:
    with pytest.raises(InvalidInputError, match="async def"):
        durable("plain")(lambda ctx: None)  # type: ignore[arg-type,return-value]
    with pytest.raises(InvalidInputError, match=r"Use @durable\("):
        durable(lambda ctx: None)  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match=r"Use \(context\) or \(context, input\)"):

        @durable("three")
        async def three(ctx: WorkflowContext, a: int, b: int) -> None: ...

    with pytest.raises(InvalidInputError, match="Use 1 or more"):

        @durable("zero", version=0)
        async def zero(ctx: WorkflowContext) -> None: ...

    @durable("good")
    async def good(ctx: WorkflowContext) -> None: ...

    worker = windlass.Worker(memory)
    worker.add_workflow(good)
    with pytest.raises(InvalidInputError, match="registered already"):
        worker.add_workflow(durable("good")(good.function))
    with pytest.raises(InvalidInputError, match="durable makes"):
        worker.add_workflow(good.function)  # type: ignore[arg-type]
    worker.step("kind")(lambda value: value)
    with pytest.raises(InvalidInputError, match="has a handler already"):
        worker.step("kind")(lambda value: value)
    client = WorkflowClient(memory)
    with pytest.raises(InvalidInputError, match="existing is"):
        await client.start(good, workflow_id="w", existing="perhaps")
    with pytest.raises(InvalidInputError, match="workflow_id is ''"):
        await client.start(good, workflow_id="")
    with pytest.raises(windlass.WindlassError, match=r"There is no workflow"):
        await client.cancel("missing")
    with pytest.raises(InvalidInputError, match=r"windlass\.connect"):
        WorkflowClient("queue")  # type: ignore[arg-type]


KILLED = """
import asyncio, sys, windlass
from windlass.workflow import durable

@durable("killed")
async def killed(ctx):
    first = await ctx.step("first", lambda: "of the process that was killed")
    print(first, flush=True)
    return [first, await ctx.step("second", asyncio.sleep, 3600)]

async def main():
    async with windlass.connect(url=sys.argv[1]) as queue:
        worker = windlass.Worker(queue)
        worker.add_workflow(killed)
        await worker.run(windlass.WorkerRunOptions(lease_seconds=1, with_monitor=False))

asyncio.run(main())
"""


async def test_run_of_a_killed_process_goes_on_in_another(tmp_path: Path) -> None:
    bodies: list[str] = []

    @durable("killed")
    async def killed(ctx: WorkflowContext) -> list[object]:
        first = await ctx.step("first", lambda: bodies.append("first"))
        return [first, await ctx.step("second", lambda: bodies.append("second") or "of this process")]

    url = f"file:{tmp_path}/store?fsync=false"
    async with windlass.connect(url=url) as queue:
        client = WorkflowClient(queue)
        await client.start(killed, workflow_id="w")
        command = [sys.executable, "-m", "windlass", "-c", KILLED, url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert await asyncio.to_thread(process.stdout.readline) == "of the process that was killed\n"
            process.kill()
        worker = windlass.Worker(queue)
        worker.add_workflow(killed)
        async with working(worker, windlass.WorkerRunOptions(lease_seconds=1)):
            result = asyncio.create_task(client.result("w", timeout=60))
            while not result.done():
                await queue.sweep()  # else the worker does it, every ten seconds
                await asyncio.sleep(0.1)
            assert await result == ["of the process that was killed", "of this process"]
    assert bodies == ["second"]
