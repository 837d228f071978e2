"""Graphs with Python handlers, and what a client does with runs of any kind."""

from __future__ import annotations

import asyncio

import pytest

import windlass
from windlass import InvalidInputError
from windlass.workflow import (
    OnFailure,
    SignalCursor,
    StepContext,
    StepDef,
    StepStatus,
    Workflow,
    WorkflowAlreadyExistsError,
    WorkflowClient,
    WorkflowContext,
    WorkflowEndedError,
    WorkflowEngine,
    WorkflowFailedError,
    WorkflowStatus,
    WorkflowSweeper,
    count_signals,
    delete_signals,
    durable,
    get_next_signal,
    get_step_result,
    get_workflow_state,
    is_workflow_complete,
    list_signals,
    list_workflows,
    parse_signal_key,
    register_workflow,
    register_workflows,
    send_signal,
    workflow_exists,
)
from working import reached, working

QUICK = windlass.WorkerRunOptions(polling=windlass.PollingStrategy.adaptive(20, 200))


def shop() -> Workflow:
    """A graph of four steps."""
    workflow = Workflow("shop")

    @workflow.step("reserve")
    async def reserve(ctx: StepContext) -> dict[str, object]:
        return {"item": ctx.data["item"], "left": 3}

    @workflow.step("price")
    def price(ctx: StepContext) -> int:
        return 5 * int(ctx.data["count"])

    @workflow.step("ship", depends_on=["reserve", "price"], retries=1)
    async def ship(ctx: StepContext) -> str:
        assert ctx.results == {"reserve": {"item": "book", "left": 3}, "price": 10}
        assert (ctx.workflow_id, ctx.step, ctx.attempt) == ("w", "ship", 1)
        assert not await ctx.is_cancellation_requested()
        await ctx.extend_lease(5)
        return f"{ctx.result('reserve')['item']} for {ctx.result('price')}"

    @workflow.step("tell", depends_on=["ship"])
    def tell() -> None:
        return None

    return workflow


async def test_graph_runs_and_results_flow(queue: windlass.Queue) -> None:
    workflow = shop()
    worker = windlass.Worker(queue)
    register_workflow(worker, workflow, queue)
    client = WorkflowClient(queue)
    run = await client.start(workflow, {"item": "book", "count": 2}, workflow_id="w")
    assert (run.type, run.is_function, run.data) == ("shop", False, {"item": "book", "count": 2})
    waiting = await client.get("w")
    assert waiting is not None
    assert waiting.current_steps == ("reserve", "price")
    async with working(worker):
        ended = await client.wait("w", timeout=60)
    assert ended.status is WorkflowStatus.COMPLETED
    assert await client.result("w") == {"tell": None}
    assert await get_step_result(queue, "w", "ship") == "book for 10"
    assert await get_step_result(queue, "w", "nothing") is None
    state = await get_workflow_state(queue, "w")
    assert state is not None
    assert is_workflow_complete(workflow.steps, state)
    assert state.steps["ship"].status is StepStatus.COMPLETED
    again = await client.start(workflow, {"item": "book", "count": 2}, workflow_id="w")
    assert again.status is WorkflowStatus.COMPLETED
    with pytest.raises(WorkflowAlreadyExistsError, match="another input") as taken:
        await client.start(workflow, {"item": "other"}, workflow_id="w")
    assert taken.value.workflow_id == "w"


async def test_graph_failures_fail_pause_or_go_on(memory: windlass.Queue) -> None:
    broken = True

    def graph(on_failure: OnFailure) -> Workflow:
        workflow = Workflow(f"graph-{on_failure.value}")

        @workflow.step("may-fail", retries=0, on_failure=on_failure)
        async def may_fail() -> str:
            if broken:
                raise ValueError("it is broken")
            return "mended"

        @workflow.step("after", depends_on=["may-fail"])
        async def after(ctx: StepContext) -> object:
            return [ctx.result("may-fail")]

        return workflow

    graphs = [graph(each) for each in (OnFailure.FAIL_WORKFLOW, OnFailure.CONTINUE, OnFailure.PAUSE_WORKFLOW)]
    worker = windlass.Worker(memory)
    register_workflows(worker, graphs)
    client = WorkflowClient(memory)
    for each in graphs:
        await client.start(each, workflow_id=each.name)
    async with working(worker):
        with pytest.raises(WorkflowFailedError, match="it is broken") as failed:
            await client.result("graph-fail_workflow", timeout=60)
        assert "may_fail" in (failed.value.error.traceback or "")
        assert await client.result("graph-continue", timeout=60) == {"after": [None]}
        paused = await reached(client, "graph-pause_workflow", WorkflowStatus.PAUSED)
        assert "it is broken" in (paused.pause_reason or "")
        broken = False
        await client.resume("graph-pause_workflow")
        assert await client.result("graph-pause_workflow", timeout=60) == {"after": ["mended"]}
        assert (await client.retry("graph-fail_workflow")).run == 2
        assert await client.result("graph-fail_workflow", timeout=60) == {"after": ["mended"]}


async def test_changed_graph_pauses_its_runs(memory: windlass.Queue) -> None:
    def graph(needs: list[str]) -> Workflow:
        workflow = Workflow("changing")
        workflow.step("one")(lambda: 1)
        workflow.step("two")(lambda: 2)
        workflow.step("last", depends_on=needs)(lambda: 3)
        return workflow

    client = WorkflowClient(memory)
    await client.start(graph(["one", "two"]), workflow_id="w")
    worker = windlass.Worker(memory)
    worker.add_workflow(graph(["one"]))
    async with working(worker):
        paused = await reached(client, "w", WorkflowStatus.PAUSED)
    assert "step 'last' needed" in (paused.pause_reason or "")


async def test_graph_cancel_reaches_its_steps(memory: windlass.Queue) -> None:
    began = asyncio.Event()
    told: list[bool] = []
    workflow = Workflow("long")

    @workflow.step("long")
    async def long(ctx: StepContext) -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            told.append(ctx.cancelled)

    engine = WorkflowEngine(memory, [workflow])
    client = WorkflowClient(memory, engine)
    running = asyncio.create_task(engine.run(QUICK))
    await client.start(workflow, workflow_id="w")
    await asyncio.wait_for(began.wait(), 30)
    assert await client.cancel("w")
    assert (await client.wait("w", timeout=60)).status is WorkflowStatus.CANCELLED
    engine.stop()
    await running
    assert told == [True]
    assert "Sweep" in await WorkflowSweeper(memory).sweep()


async def test_pause_resume_terminate_and_lists(memory: windlass.Queue) -> None:
    workflow = Workflow("never-run")
    workflow.step("one")(lambda: 1)
    client = WorkflowClient(memory)
    for name in ("b", "a", "other"):
        await client.start(workflow, workflow_id=name)
    paused = await client.pause("a", reason="wait a moment")
    assert (paused.status, paused.pause_reason) == (WorkflowStatus.PAUSED, "wait a moment")
    assert (await client.resume("a")).pause_reason is None
    assert await client.terminate("b", reason="nobody knows it")
    assert [run.id for run in await client.list()] == ["a", "b", "other"]
    assert [run.id for run in await client.list(status=WorkflowStatus.CANCELLED)] == ["b"]
    assert [run.id for run in await list_workflows(memory, prefix="o", limit=5)] == ["other"]
    assert await workflow_exists(memory, "a")
    assert not await workflow_exists(memory, "nowhere")
    with pytest.raises(WorkflowEndedError, match="has ended"):
        await client.pause("b")
    with pytest.raises(windlass.AwaitTimeoutError):
        await client.wait("a", timeout=0.05)
    with pytest.raises(InvalidInputError, match="tells PENDING"):
        await client.list(status=WorkflowStatus.RUNNING)


async def test_signals_in_the_store(queue: windlass.Queue) -> None:
    @durable("takes")
    async def takes(ctx: WorkflowContext) -> object:
        return await ctx.wait_for_signal("b")

    for i in range(3):
        await send_signal(queue, "w/ö", "a", {"i": i}, signal_id=f"a{i}")
    await send_signal(queue, "w/ö", "b", "last")
    assert [signal.payload for signal in await list_signals(queue, "w/ö", "a")] == [{"i": 0}, {"i": 1}, {"i": 2}]
    assert await count_signals(queue, "w/ö") == 4
    cursor = SignalCursor()
    seen: list[str] = []
    while (signal := await get_next_signal(queue, "w/ö", "a", cursor)) is not None:
        seen.append(signal.id)
        cursor.advance(signal)
        key = parse_signal_key(signal.key)
        assert key is not None
        assert (key.workflow_id, key.name, key.signal_id, key.created_at) == ("w/ö", "a", signal.id, signal.created_at)
    assert seen == ["a0", "a1", "a2"]
    assert await delete_signals(queue, "w/ö", "a") == 3
    worker = windlass.Worker(queue)
    worker.add_workflow(takes)
    client = WorkflowClient(queue)
    await client.start(takes, workflow_id="w/ö")
    async with working(worker):
        assert await client.result("w/ö", timeout=60) == "last"
    assert parse_signal_key("tasks/00/x.json") is None
    with pytest.raises(WorkflowEndedError):
        await send_signal(queue, "w/ö", "b")


async def test_graph_that_cannot_be_is_refused_at_the_edge(memory: windlass.Queue) -> None:
    client = WorkflowClient(memory)
    empty = Workflow("empty")
    with pytest.raises(InvalidInputError, match="there is no step"):
        await client.start(empty, workflow_id="w")
    compensated = Workflow("compensated")
    compensated.step("a", on_failure=OnFailure.COMPENSATE)(lambda: 1)
    with pytest.raises(InvalidInputError, match="durable function"):
        await client.start(compensated, workflow_id="w")
    many = Workflow("many")
    many.step("a")(lambda a, b: 1)
    with pytest.raises(InvalidInputError, match=r"Use \(\) or \(context\)"):
        windlass.Worker(memory).add_workflow(many)
    with pytest.raises(InvalidInputError, match="a handler and the kind"):
        StepDef("a", lambda: 1, kind="b")
    with pytest.raises(InvalidInputError, match="cannot be called"):
        StepDef("a", None)
    with pytest.raises(InvalidInputError, match="version"):
        Workflow("w", version=0)
    waits = Workflow("waits")

    @waits.step("a", retries=0)
    async def a(ctx: StepContext) -> None:
        await ctx.wait_for_signal("s")

    worker = windlass.Worker(memory)
    worker.add_workflow(waits)
    await client.start(waits, workflow_id="waits")
    async with working(worker):
        with pytest.raises(WorkflowFailedError, match="Make the workflow a durable function"):
            await client.result("waits", timeout=60)
    assert (await memory.requests())["put"] > 0


async def test_graph_sends_what_it_does_not_know_to_who_does(memory: windlass.Queue) -> None:
    workflow = Workflow("mixed")
    workflow.step("one")(lambda ctx: ctx.data + 1)
    workflow.remote_step("render", "render", depends_on=["one"], input={"dpi": 300})
    workflow.step("last", depends_on=["render"])(lambda ctx: ctx.result("render"))
    owner, other = windlass.Worker(memory), windlass.Worker(memory)
    owner.add_workflow(workflow)

    @other.step("render")
    async def render(given: dict[str, int], step: StepContext) -> list[object]:
        return [given["dpi"], step.results]

    client = WorkflowClient(memory)
    await client.start(workflow, 1, workflow_id="w")
    async with working(owner), working(other):
        assert await client.result("w", timeout=60) == {"last": [300, {"one": 2}]}
    ran = {step.name: step for step in await client.steps("w")}
    assert ran["render"].worker_id != ran["one"].worker_id == ran["last"].worker_id
    assert ran["render"].fleet != ran["one"].fleet, "whichever worker owns the run sends what only the other one knows"
