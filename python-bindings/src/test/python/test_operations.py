"""What operators do: schedules, pauses, cancelling many, dead letters, claims by hand; and the options of tasks."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

import windlass
from windlass import InvalidInputError, TaskStatus
from windlass.workflow import Workflow, WorkflowClient
from working import working


async def test_schedule_is_created_shown_changed_and_deleted(queue: windlass.Queue) -> None:
    made = await queue.create_schedule(
        "nightly", "report", {"of": "sales"}, "0 2 * * *", 60, 1, timezone="Europe/Berlin", overlap="skip", jitter=5
    )
    assert (made.id, made.cron, made.timezone) == ("nightly", "0 2 * * *", "Europe/Berlin")
    assert (made.task_type, made.queue_name, made.input, made.workflow) == ("report", "default", {"of": "sales"}, None)
    assert made.enabled
    assert made.next_fire_time is not None
    assert made.next_fire_time > await queue.now()
    again = await queue.create_schedule(
        "nightly", "report", {"of": "sales"}, "0 2 * * *", 60, 1, timezone="Europe/Berlin", overlap="skip", jitter=5
    )
    assert again.created_at == made.created_at
    with pytest.raises(windlass.ScheduleAlreadyExistsError):
        await queue.create_schedule("nightly", "report", {"of": "costs"}, "0 2 * * *")
    assert not (await queue.disable_schedule("nightly")).enabled
    assert (await queue.enable_schedule("nightly")).enabled
    assert await queue.get_schedule_last_run("nightly") is None
    task_id = await queue.trigger_schedule("nightly")
    task = await queue.get(task_id)
    assert task is not None
    assert (task.task_type, task.input, task.timeout_seconds, task.max_retries) == ("report", {"of": "sales"}, 60, 1)
    last = await queue.get_schedule_last_run("nightly")
    read = await queue.get_schedule("nightly")
    assert read is not None
    assert read.fired == 1
    assert last is None or last.started == task_id
    assert [schedule.id for schedule in await queue.list_schedules()] == ["nightly"]
    assert await queue.delete_schedule("nightly")
    assert not await queue.delete_schedule("nightly")
    assert await queue.get_schedule("nightly") is None
    with pytest.raises(windlass.ScheduleNotFoundError):
        await queue.trigger_schedule("nightly")


async def test_schedule_fires_while_a_worker_runs(memory: windlass.Queue) -> None:
    fired = asyncio.Event()
    worker = windlass.Worker(memory)

    @worker.task("tick")
    async def tick(value: dict[str, Any]) -> None:
        assert set(value) == {"at"}
        fired.set()

    async with working(worker):
        await memory.create_schedule("every-second", "tick", {}, "* * * * * ?", fire_time_field="at")
        await asyncio.wait_for(fired.wait(), 60)
        await memory.delete_schedule("every-second")


async def test_schedule_starts_a_graph(memory: windlass.Queue) -> None:
    workflow = Workflow("tidy")
    workflow.step("one")(lambda: "tidied")
    client = WorkflowClient(memory)
    made = await client.create_schedule("tidy-up", workflow, "0 3 * * *")
    assert (made.workflow, made.task_type) == ("tidy", None)
    worker = windlass.Worker(memory)
    worker.add_workflow(workflow)
    async with working(worker):
        workflow_id = await memory.trigger_schedule("tidy-up")
        assert await client.result(workflow_id, timeout=60) == {"one": "tidied"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cron": "whenever"}, "cron"),
        ({"cron": ""}, "cron is ''"),
        ({"timezone": "Berlin/Europe"}, "time zone"),
        ({"overlap": "sometimes"}, "buffer_one"),
        ({"catch_up": 101}, "Use 0 to 100"),
        ({"jitter": timedelta(days=2)}, "jitter"),
        ({"end_at": datetime(2020, 1, 1, tzinfo=timezone.utc)}, "has passed"),
        ({"cron": "0 0 30 2 *"}, "never fires"),
        ({"input": {1, 2}}, "has no order"),
        ({"priority": 10}, "priority is 10"),
    ],
)
async def test_schedule_that_cannot_be_is_refused(memory: windlass.Queue, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        await memory.create_schedule(**{"id": "s", "task_type": "t", "input": None, "cron": "0 2 * * *", **arguments})
    assert (await memory.requests())["put"] == 0


async def test_options_of_tasks(queue: windlass.Queue) -> None:
    soon = datetime.now(timezone.utc) + timedelta(hours=1)
    task = await queue.submit(
        "t",
        1,
        task_id="my-own-1",
        tags={"customer": "7", "kind": "test"},
        parent="some-task",
        max_reschedules=2,
        expires_at=soon,
    )
    assert (task.id, task.tags, task.parent) == ("my-own-1", {"customer": "7", "kind": "test"}, "some-task")
    assert task.max_reschedules == 2
    assert task.expires_at == soon.replace(microsecond=soon.microsecond // 1000 * 1000)
    assert task.is_expired_at(soon + timedelta(seconds=1))
    assert not task.is_expired_at(soon - timedelta(seconds=1))
    assert (await queue.submit("t", 1, task_id="my-own-1")).id == task.id
    one = await queue.submit("a", 1, idempotency_key="k", idempotency_scope="queue")
    with pytest.raises(windlass.IdempotencyConflictError):
        await queue.submit("b", 1, idempotency_key="k", idempotency_scope="queue")
    other = await queue.submit("b", 1, idempotency_key="k", idempotency_scope="mine", idempotency_ttl_days=1)
    assert one.id != other.id
    (brief,) = await queue.submit_many([("t", 1)], ttl_seconds=0.001, tags={"x": "y"})
    assert brief.tags == {"x": "y"}
    await asyncio.sleep(0.01)
    while not await queue.mark_expired(brief.id):
        await asyncio.sleep(0.05)  # the store's time is early by what it is uncertain
    ended = await brief.refresh()
    assert ended.status is TaskStatus.Expired
    assert ended.expired_at is not None
    assert ended.to_dict()["tags"] == {"x": "y"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"task_id": "no id!"}, "cannot be the id"),
        ({"task_id": "x", "idempotency_key": "k"}, "idempotency key"),
        ({"tags": ["x"]}, "Use a dict"),
        ({"tags": {"x": 5}}, "Use texts"),
        ({"tags": {"no name!": "y"}}, "name of a tag"),
        ({"parent": "no id!"}, "parent"),
        ({"ttl_seconds": 5, "expires_at": "2030-01-01T00:00:00Z"}, "both given"),
        ({"ttl_seconds": 0}, "ttl_seconds is 0"),
        ({"max_reschedules": -1}, "max_reschedules is -1"),
        ({"idempotency_key": "k", "idempotency_scope": ""}, "idempotency_scope is ''"),
        ({"expires_at": "soon"}, "2030-01-31T12:00:00Z"),
    ],
)
async def test_options_that_cannot_be_are_refused(memory: windlass.Queue, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        await memory.submit("t", 1, **arguments)
    assert (await memory.requests())["put"] == 0


async def test_ready_tasks_are_listed_in_their_order(queue: windlass.Queue) -> None:
    late = await queue.submit("t", "later", delay=3600)
    last = await queue.submit("t", "last", priority=9)
    first = await queue.submit("t", "first", priority=0)
    assert [task.id for task in await queue.list_ready()] == [first.id, last.id]
    assert [task.id for task in await queue.list_ready(shard=last.shard)] == (
        [first.id, last.id] if first.shard == last.shard else [last.id]
    )
    assert [task.id for task in await queue.peek(10)] == [first.id, last.id, late.id]
    with pytest.raises(InvalidInputError, match="Use 1 to 1000"):
        await queue.list_ready(limit=1001)


async def test_pause_and_resume_of_queue_and_type(queue: windlass.Queue) -> None:
    await queue.pause("deploying", by="ann")
    await queue.pause("broken", task_type="t")
    state = await queue.pauses()
    assert state.queue is not None
    assert (state.queue.reason, state.queue.by) == ("deploying", "ann")
    assert state.types["t"].reason == "broken"
    assert state.is_paused("anything")
    await queue.submit("t", 1)
    assert await queue.claim() == []
    assert await queue.resume()
    assert not await queue.resume()
    assert not (await queue.pauses()).is_paused("other")
    assert await queue.resume(task_type="t")
    assert (await queue.pauses()).types == {}


async def test_cancel_by_filter_redrive_and_dead_letters(queue: windlass.Queue) -> None:
    await queue.submit_many([("a", 1), ("a", 2)], tags={"x": "1"})
    await queue.submit("a", 3)
    await queue.submit("b", 4, parent="p")
    report = await queue.cancel_all(task_types=["a"], tags={"x": "1"}, reason="wrong", cancelled_by="ann")
    assert (report.cancelled, report.asked, report.ended_before) == (2, 0, 0)
    assert (await queue.cancel_all(parent="p")).cancelled == 1
    assert await queue.cancel_by_type("a") == (1, 0)
    (cancelled, _) = await queue.find(status=TaskStatus.Cancelled, task_types=["a"], limit=2)
    assert (cancelled.cancelled_by, cancelled.cancel_reason) in {("ann", "wrong"), (None, "cancelled")}
    worker = windlass.Worker(queue)

    @worker.task("fails")
    async def fails(value: object, context: windlass.TaskContext) -> str:
        if context.attempt == 1:
            raise windlass.PermanentError("no good")
        return "better"

    task = await queue.submit("fails")
    async with working(worker):
        with pytest.raises(windlass.TaskFailedError):
            await task.result(60)
        (dead,) = await queue.dead_letters()
        assert (dead.task_id, dead.task_type) == (task.id, "fails")
        assert "no good" in dead.error
        assert await queue.redrive(task.id, "mended")
        assert await task.result(60) == "better"
        workers = await queue.workers()
        assert worker.worker_id in [each.id for each in workers]
    assert not await queue.redrive(task.id)
    assert await queue.is_drained()
    with pytest.raises(InvalidInputError, match="Use a list of names"):
        await queue.cancel_all(task_types="a")


async def test_claims_by_hand(queue: windlass.Queue) -> None:
    await queue.submit_many([("t", {"i": 1}), ("t", {"i": 2}), ("t", {"i": 3}), ("other", 0)])
    claimed = await queue.claim(3, lease_seconds=30, task_type="t", worker_id="hand")
    assert sorted(each.task.input["i"] for each in claimed) == [1, 2, 3]
    one, two, three = claimed
    assert await one.input() == one.task.input
    assert one.until is not None
    assert await one.extend(60) > one.until
    held = await queue.claimed(one.task.id, one.token)
    assert (await held.complete({"done": 1})).output == {"done": 1}
    try:
        raise ValueError("by hand")
    except ValueError as e:
        failed = await two.fail(e, permanent=True)
    assert failed.status is TaskStatus.Failed
    assert failed.error is not None
    assert failed.error.type == "ValueError"
    assert "by hand" in (failed.error.traceback or "")
    assert (await three.requeue(3600)).status is TaskStatus.Pending
    with pytest.raises(windlass.LeaseLostError) as lost:
        await three.complete(1)
    assert lost.value.task_id == three.task.id
    with pytest.raises(InvalidInputError, match="Use 1 to 1000"):
        await queue.claim(0)
    with pytest.raises(InvalidInputError, match="lease"):
        await queue.claim(lease_seconds=0.5)
    with pytest.raises(windlass.TaskNotFoundError):
        await queue.claimed("nothing", "0123456789abcdef")


async def test_metrics_are_shown_to_prometheus(monkeypatch: pytest.MonkeyPatch) -> None:
    from windlass import metrics

    monkeypatch.setenv("WINDLASS_METRICS_PORT", "nowhere")
    with pytest.raises(InvalidInputError, match="Use a port"):
        metrics.auto_configure()
    monkeypatch.delenv("WINDLASS_METRICS_PORT")
    assert metrics.auto_configure() == metrics.current_exporter()
    with pytest.raises(InvalidInputError, match="Use 0 to 65535"):
        metrics.enable_prometheus(-1)
    for enable in (metrics.enable_statsd, metrics.enable_opentelemetry):
        with pytest.raises(InvalidInputError, match="enable_prometheus"):
            enable()
    port = metrics.enable_prometheus(0)
    assert metrics.enable_prometheus(9000) == port
    assert metrics.current_exporter() == "prometheus"
    async with windlass.connect(url="mem:") as queue:
        worker = windlass.Worker(queue)
        worker.add_handler("counted", lambda value: value)
        await queue.submit("counted")
        await worker.run(windlass.WorkerRunOptions(max_tasks=1))
    address = f"http://127.0.0.1:{port}"
    text = await asyncio.to_thread(lambda: urllib.request.urlopen(f"{address}/metrics", timeout=30).read().decode())
    assert "windlass_task_attempts" in text
    assert 'type="counted"' in text
    assert text.count("\n") == metrics.scrape().count("\n")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        await asyncio.to_thread(lambda: urllib.request.urlopen(address, timeout=30))
