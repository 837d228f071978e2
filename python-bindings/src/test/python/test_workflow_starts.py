"""Runs that are started by name, version and schedule, and what they were started with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

import windlass
from windlass import InvalidInputError
from windlass.workflow import (
    StepContext,
    Workflow,
    WorkflowClient,
    WorkflowContext,
    WorkflowStatus,
    durable,
    list_workflows,
)
from working import working


@durable("report")
async def report_of_old(ctx: WorkflowContext, given: dict[str, Any]) -> list[Any]:
    return [1, given]


@durable("report", version=2)
async def report(ctx: WorkflowContext, given: dict[str, Any]) -> list[Any]:
    return [2, given]


async def test_data_is_read_from_the_store(queue: windlass.Queue) -> None:
    graph = Workflow("graph")
    graph.step("one")(lambda ctx: len(ctx.data["rows"]))
    client, reader = WorkflowClient(queue), WorkflowClient(queue.queue("other"))
    large = {"rows": ["ü" * 1000] * 100}
    started = await client.start(report, {"of": ("sales",)}, workflow_id="small")
    await client.start(report, large, workflow_id="large")
    await client.start(graph, large, workflow_id="graph")
    await client.start(report, workflow_id="none")
    assert started.data == {"of": ["sales"]}, "as it is stored, whoever reads it"
    for name, data in (("small", {"of": ["sales"]}), ("large", large), ("graph", large), ("none", None)):
        run = await reader.get(name)
        assert run is not None
        assert run.data == data
    assert (await reader.pause("small")).data == {"of": ["sales"]}
    assert (await reader.resume("small")).data == {"of": ["sales"]}
    assert [run.data for run in await list_workflows(queue, prefix="small")] == [None]
    worker = windlass.Worker(queue)
    worker.add_workflow(report)
    worker.add_workflow(graph)
    async with working(worker):
        ended = await reader.wait("large", timeout=60)
        assert (ended.status, ended.data) == (WorkflowStatus.COMPLETED, large)
        assert await reader.result("graph", timeout=60) == {"one": 100}


async def test_data_of_a_retried_run_is_that_of_the_first(memory: windlass.Queue) -> None:
    broken = True
    graph = Workflow("graph")

    @graph.step("one", retries=0)
    def one(ctx: StepContext) -> object:
        if broken:
            raise ValueError("broken")
        return ctx.data

    client = WorkflowClient(memory)
    worker = windlass.Worker(memory)
    worker.add_workflow(graph)
    async with working(worker):
        await client.start(graph, [7], workflow_id="w")
        assert (await client.wait("w", timeout=60)).status is WorkflowStatus.FAILED
        broken = False
        again = await client.retry("w")
        assert (again.run, again.data) == (2, [7])
        assert await client.result("w", timeout=60) == {"one": [7]}


async def test_start_by_name_takes_a_version(memory: windlass.Queue) -> None:
    @durable("parent")
    async def parent(ctx: WorkflowContext) -> list[Any]:
        second = ctx.child("report", "child-2", {}, version=2)
        return await ctx.all([ctx.child("report", "child-1", {}), second])

    worker = windlass.Worker(memory)
    for function in (report_of_old, report, parent):
        worker.add_workflow(function)
    client = WorkflowClient(memory)
    async with working(worker):
        await client.start("report", {"a": 1}, workflow_id="one")
        await client.start("report", {"a": 1}, workflow_id="two", version=2)
        await client.start(parent, workflow_id="parent")
        assert await client.result("one", timeout=60) == [1, {"a": 1}]
        assert await client.result("two", timeout=60) == [2, {"a": 1}]
        assert await client.result("parent", timeout=60) == [[1, {}], [2, {}]]


async def test_schedule_starts_a_function(queue: windlass.Queue) -> None:
    client = WorkflowClient(queue)
    made = await client.create_schedule(
        "nightly", report, "0 3 * * *", data={"of": "sales"}, fire_time_field="night", overlap="cancel_previous", priority=2
    )
    assert (made.workflow, made.workflow_version, made.input) == ("report", 2, {"of": "sales"})
    assert (made.task_type, made.queue_name, made.overlap) == (None, None, "cancel_previous")
    again = await client.create_schedule(
        "nightly",
        "report",
        "0 3 * * *",
        data={"of": "sales"},
        version=2,
        fire_time_field="night",
        overlap="cancel_previous",
        priority=2,
    )
    assert again.created_at == made.created_at
    with pytest.raises(windlass.ScheduleAlreadyExistsError):
        await client.create_schedule("nightly", report, "0 3 * * *", data={"of": "costs"})
    worker = windlass.Worker(queue)
    worker.add_workflow(report)
    async with working(worker):
        workflow_id = await queue.trigger_schedule("nightly")
        version, given = await client.result(workflow_id, timeout=60)
    assert workflow_id.startswith("nightly@")
    assert (version, given["of"]) == (2, "sales")
    assert datetime.fromisoformat(given["night"]).tzinfo is not None
    run = await client.get(workflow_id)
    assert run is not None
    assert run.data == given


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"workflow": 5}, "workflow is 5"),
        ({"workflow": "f", "version": 0}, "version is 0"),
        ({"workflow": "f", "version": True}, "version is True"),
        ({"workflow": report, "version": 1}, "its own: 2"),
        ({"workflow": "f", "data": {1}}, "has no order"),
        ({"workflow": "f", "data": [], "fire_time_field": "at"}, "object"),
        ({"workflow": "f", "data": {}, "fire_time_field": ""}, "fire_time_field is ''"),
        ({"workflow": "f", "data": "x" * 300_000}, "256 KiB|262144|bytes"),
        ({"workflow": "graph", "attempts": 0}, "Use 1 to 1000"),
        ({"workflow": "graph", "cron": "0 0 30 2 *"}, "never fires"),
        ({"workflow": "of-a-graph", "data": {}}, "a scheduled graph is given nothing"),
        ({"workflow": "of-a-graph", "version": 2}, "the graph says its own: 1"),
    ],
)
async def test_schedules_of_workflows_that_cannot_be_are_refused(
    memory: windlass.Queue, arguments: dict[str, Any], message: str
) -> None:
    graph = Workflow("graph")
    graph.step("one")(lambda: 1)
    if arguments["workflow"] == "of-a-graph":
        arguments = {**arguments, "workflow": graph}
    client = WorkflowClient(memory)
    with pytest.raises(InvalidInputError, match=message):
        await client.create_schedule(**{"id": "s", "cron": "0 3 * * *", **arguments})
    assert (await memory.requests())["put"] == 0
    with pytest.raises(InvalidInputError, match="its own"):
        await client.start(graph, workflow_id="w", version=1)
    with pytest.raises(InvalidInputError, match="its own"):
        await client.start(report, workflow_id="w", version=1)
