"""Runs that go on as a new one: forked from a step, or continued as new."""

from __future__ import annotations

import pytest

import windlass
from windlass import InvalidInputError
from windlass.workflow import (
    StepContext,
    Workflow,
    WorkflowClient,
    WorkflowContext,
    WorkflowNotFoundError,
    WorkflowStatus,
    durable,
)
from working import reached, working


async def test_fork_of_a_function_takes_over_what_was_before_the_step(queue: windlass.Queue) -> None:
    ran: list[str] = []
    price = 5

    def work(name: str) -> str:
        ran.append(name)
        return f"{name} at {price}"

    @durable("forked")
    async def forked(ctx: WorkflowContext, order: int) -> list[object]:
        # Names that hang on the randomness: it is the same in the forked run, or the run would pause.
        first = await ctx.step(f"first-{ctx.uuid()}-{ctx.random.random()}", work, "first")
        return [order, first, await ctx.step("second", work, "second"), str(ctx.uuid())]

    worker = windlass.Worker(queue)
    worker.add_workflow(forked)
    client = WorkflowClient(queue)
    async with working(worker):
        await client.start(forked, 17, workflow_id="w")
        before = await client.result("w", timeout=60)
        assert before[:3] == [17, "first at 5", "second at 5"]
        price = 6

        run = await client.fork("w", "second")

        assert (run.run, run.data) == (2, 17)
        assert await client.result("w", timeout=60) == [17, "first at 5", "second at 6", before[3]]
        assert ran == ["first", "second", "second"]
        with pytest.raises(InvalidInputError, match="third"):
            await client.fork("w", "third")
    with pytest.raises(WorkflowNotFoundError):
        await client.fork("x", "second")
    run = await client.get("w")
    assert run is not None
    assert (run.run, run.status) == (2, WorkflowStatus.COMPLETED)


async def test_fork_of_a_graph_runs_the_step_and_all_that_need_it(memory: windlass.Queue) -> None:
    ran: list[str] = []
    graph = Workflow("forked-graph")

    @graph.step("one")
    def one() -> int:
        ran.append("one")
        return 1

    @graph.step("two", depends_on=["one"])
    def two(ctx: StepContext) -> int:
        ran.append("two")
        return ctx.result("one") + 1

    @graph.step("three", depends_on=["two"])
    def three(ctx: StepContext) -> int:
        ran.append("three")
        return ctx.result("two") + 1

    client = WorkflowClient(memory)
    await client.start(graph, workflow_id="w")
    with pytest.raises(InvalidInputError, match="once it has ended"):
        await client.fork("w", "two")
    worker = windlass.Worker(memory)
    worker.add_workflow(graph)
    async with working(worker):
        assert await client.result("w", timeout=60) == {"three": 3}
        assert (await client.fork("w", "two")).run == 2
        assert await client.result("w", timeout=60) == {"three": 3}
    assert ran == ["one", "two", "three", "two", "three"]


async def test_function_continues_as_new_and_takes_its_signals_along(queue: windlass.Queue) -> None:
    seen: list[tuple[int, int, str]] = []
    left: list[int] = []
    drawn: set[str] = set()

    @durable("counter")
    async def counter(ctx: WorkflowContext, count: int) -> str:
        try:
            drawn.add(str(ctx.uuid()))
            await ctx.step("work", lambda: count)
            said = await ctx.wait_for_signal("go")
            seen.append((ctx.run, count, said))
            if count == 2:
                return await ctx.continue_as_new(3, version=2)
            return await ctx.continue_as_new(count + 1)
        finally:
            left.append(count)

    @durable("counter", version=2)
    async def counter_2(ctx: WorkflowContext, count: int) -> str:
        return f"{count} in run {ctx.run}: {await ctx.wait_for_signal('go')}"

    worker = windlass.Worker(queue)
    worker.add_workflow(counter)
    worker.add_workflow(counter_2)
    client = WorkflowClient(queue)
    async with working(worker):
        await client.start(counter, 1, workflow_id="w")
        for said in ("a", "b", "c"):
            await client.signal("w", "go", said)
        assert await client.result("w", timeout=60) == "3 in run 3: c"
    assert [each for each in seen if each in ((1, 1, "a"), (2, 2, "b"))] == seen
    assert set(left) == {1, 2}
    assert len(drawn) == 2
    run = await client.get("w")
    assert run is not None
    assert (run.run, run.data, run.status) == (3, 3, WorkflowStatus.COMPLETED)


async def test_continuation_that_cannot_be_is_refused_and_the_run_goes_on(memory: windlass.Queue) -> None:
    refused: list[str] = []

    @durable("refused")
    async def function(ctx: WorkflowContext, last: bool) -> int:
        if last:
            await ctx.wait_for_signal("never")
        for data, version in ((float("nan"), None), ({1}, None), (True, 0), (True, "2")):
            try:
                await ctx.continue_as_new(data, version=version)  # type: ignore[arg-type]
            except InvalidInputError as e:
                refused.append(str(e))
        return await ctx.continue_as_new(data=True)

    worker = windlass.Worker(memory)
    worker.add_workflow(function)
    client = WorkflowClient(memory)
    async with working(worker):
        await client.start(function, False, workflow_id="w")
        run = await reached(client, "w", WorkflowStatus.WAITING_SIGNAL)
        assert (run.run, run.data) == (2, True)
        assert await client.cancel("w")
        assert (await client.wait("w", timeout=60)).run == 2
    assert [text.split(" is ")[0] for text in refused[2:]] == ["version", "version"]
    assert refused[0].startswith("The data of the next run of workflow 'w' holds NaN")
    assert "a set has no order" in refused[1]
    assert len(refused) == 4
