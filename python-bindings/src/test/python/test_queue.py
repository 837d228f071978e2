"""Submitting, reading and cancelling."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import pytest

import windlass
from windlass import TaskStatus


async def test_submit_defaults_are_those_of_the_documents(queue: windlass.Queue) -> None:
    task = await queue.submit("greet", {"name": "wörld 😀"})

    assert task.status is TaskStatus.Pending
    assert task.task_type == "greet"
    assert task.input == {"name": "wörld 😀"}
    assert task.queue_name == "default"
    assert (task.timeout_seconds, task.max_retries, task.retry_count, task.priority) == (300, 3, 0, 5)
    assert task.retry_policy == windlass.RetryPolicy(1000, 60000, 2.0, 0.25)
    assert (task.attempt, task.worker_id, task.output, task.error) == (0, None, None, None)
    assert task.shard in queue.all_shards()
    assert [entry.event for entry in task.history] == ["submitted"]
    read = await queue.get(task.id)
    assert read is not None
    assert read.to_dict() == task.to_dict()
    assert f"tasks/{task.shard}/{task.id}.json" in [key async for key in queue.storage.iterate("tasks/")]


async def test_submit_costs_two_puts_and_a_look_at_the_schema_of_a_new_type(memory: windlass.Queue) -> None:
    await memory.submit("warm-up")
    for gets in (1, 0):
        before = await memory.requests()

        await memory.submit("greet", "x")

        after = await memory.requests()
        assert after["put"] - before["put"] == 2
        assert after["get"] - before["get"] == gets


async def test_submit_all_options_are_kept(queue: windlass.Queue) -> None:
    due = datetime.now(timezone.utc) + timedelta(hours=1)
    policy = windlass.RetryPolicy(10, 20, 3.0, 0.0)

    task = await queue.submit("t", 1, 12.5, 7, policy, due, priority=2)

    read = await task.refresh()
    assert read.timeout_seconds == 12.5
    assert read.max_retries == 7
    assert read.retry_policy == policy
    assert abs(read.available_at - due) < timedelta(milliseconds=2)
    assert read.priority == 2
    assert not read.is_available_at(datetime.now(timezone.utc))
    assert read.is_available_at(due + timedelta(seconds=1))
    unlimited = await queue.submit("t", 1, timeout_seconds=None, delay=timedelta(hours=2))
    assert unlimited.timeout_seconds is None
    assert unlimited.available_at > due


async def test_submit_idempotency_key_gives_the_same_task(queue: windlass.Queue) -> None:
    first = await queue.submit("t", {"a": 1}, idempotency_key="k")

    again = await queue.submit("t", {"a": 1}, idempotency_key="k")

    assert again.id == first.id
    with pytest.raises(windlass.IdempotencyConflictError) as conflict:
        await queue.submit("t", {"a": 2}, idempotency_key="k")
    assert conflict.value.task_id == first.id


async def test_submit_debounced_bursts_come_to_one_task(queue: windlass.Queue) -> None:
    first = await queue.submit("t", 1, delay=3600, debounce="index")

    kept = await queue.submit("t", 2, delay=60, debounce="index")
    moved = await queue.submit("t", 3, delay=60, debounce="index", debounce_moves=True)
    other = await queue.submit("t", 4, debounce="other")

    assert kept.id == moved.id == first.id != other.id
    read = await first.refresh()
    assert read.input == 1
    assert read.available_at < first.available_at
    for arguments, message in (
        ({"debounce": ""}, "debounce is ''"),
        ({"debounce": "k" * 201}, "201"),
        ({"debounce_moves": True}, "no debounce"),
        ({"debounce": "k", "debounce_moves": "no"}, "Use True or False"),
        ({"debounce": "k", "idempotency_key": "k"}, "debounce"),
        ({"debounce": "k", "task_id": "k"}, "debounce"),
    ):
        with pytest.raises(windlass.InvalidInputError, match=message):
            await queue.submit("t", **arguments)  # type: ignore[arg-type]


async def test_submit_many_gives_tasks_in_order(queue: windlass.Queue) -> None:
    tasks = await queue.submit_many([("a" if i % 2 else "b", i) for i in range(50)], max_retries=1)

    assert [task.input for task in tasks] == list(range(50))
    assert [task.task_type for task in tasks[:2]] == ["b", "a"]
    assert {task.max_retries for task in tasks} == {1}
    assert await queue.submit_many([]) == []


async def test_submit_large_input_is_stored_beside_the_task(queue: windlass.Queue) -> None:
    value = {"text": "ü" * 400_000}

    task = await queue.submit("t", value)

    assert task.input is None
    assert task.input_ref is not None
    assert await queue.load_input(task) == value
    assert await queue.load_input(task.id) == value
    assert await queue.load_output(task) is None


async def test_get_unknown_ids_give_none_and_verbs_raise(queue: windlass.Queue) -> None:
    assert await queue.get("no-such-task") is None
    for call in (
        queue.cancel("no-such-task"),
        queue.get_history("no-such-task"),
        queue.load_input("no-such-task"),
        queue.handle("no-such-task").get(),
        queue.handle("no-such-task").result(1),
        queue.request_cancellation("no-such-task"),
    ):
        with pytest.raises(windlass.TaskNotFoundError, match="no-such-task") as e:
            await call
        assert e.value.task_id == "no-such-task"


async def test_list_and_find_select(queue: windlass.Queue) -> None:
    tasks = [await queue.submit("a", i) for i in range(3)]
    other = await queue.queue("other").submit("b", 9)
    await queue.cancel(tasks[0].id)

    assert {task.id for task in await queue.find()} == {task.id for task in tasks}
    assert [task.id for task in await queue.find(status=TaskStatus.Cancelled)] == [tasks[0].id]
    assert [task.id for task in await queue.find(task_types=["b"], all_queues=True)] == [other.id]
    assert len(await queue.find(limit=2)) == 2
    assert tasks[1].id in {task.id for task in await queue.list(tasks[1].shard)}
    assert tasks[0].id not in {task.id for task in await queue.list(tasks[0].shard, TaskStatus.Pending)}
    assert {task.id for task in await queue.list_ready()} == {tasks[1].id, tasks[2].id}
    stats = await queue.stats()
    assert stats.due == 2
    assert sorted(await queue.queues()) == ["default", "other"]


async def test_cancel_waiting_task_never_runs(queue: windlass.Queue) -> None:
    task = await queue.submit("t")

    assert await queue.cancel(task.id, "changed my mind", "alice")

    read = await task.refresh()
    assert read.status is TaskStatus.Cancelled
    assert read.cancelled_by == "alice"
    assert read.cancelled_at is not None
    with pytest.raises(windlass.TaskCancelledError, match="changed my mind") as e:
        await task.result(10)
    assert e.value.task_id == task.id
    history = await queue.get_history(task.id)
    assert [entry.event for entry in history] == ["submitted", "cancelled"]


async def test_cancel_many_and_by_type_count(queue: windlass.Queue) -> None:
    tasks = [await queue.submit("a") for _ in range(3)]
    await queue.submit("b")

    assert await queue.cancel_many([tasks[0].id, "no-such-task"]) == (1, 1)
    assert await queue.cancel_by_type("a", "old") == (2, 0)
    assert await queue.cancel_by_type("b") == (1, 0)


async def test_result_time_over_raises(queue: windlass.Queue) -> None:
    task = await queue.submit("nobody-works-on-this")

    with pytest.raises(windlass.AwaitTimeoutError, match="PENDING") as e:
        await task.result(0.05)
    assert isinstance(e.value, TimeoutError)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(task.handle.result(), 0.05)


async def test_storage_reads_all_and_writes_beside(queue: windlass.Queue) -> None:
    storage = queue.storage
    body = bytes(range(256)) * 5000

    await storage.put("files/a", body)
    await storage.put("files/b", b"")

    assert await storage.get("files/a") == body
    assert await storage.get("files/b") == b""
    assert await storage.get("files/c") is None
    assert await storage.exists("files/a")
    assert await storage.list("files/") == ["files/a", "files/b"]
    assert await storage.list("files/", start_after="files/a") == ["files/b"]
    await storage.delete("files/a")
    await storage.delete("files/a")
    assert not await storage.exists("files/a")
    for key in ("tasks/x", "meta/store.json", "ready/q"):
        with pytest.raises(windlass.InvalidInputError, match="belongs to Windlass"):
            await storage.put(key, b"x")
        with pytest.raises(windlass.InvalidInputError, match="belongs to Windlass"):
            await storage.delete(key)


async def test_now_is_the_time(queue: windlass.Queue) -> None:
    await queue.submit("t")

    assert abs(await queue.now() - datetime.now(timezone.utc)) < timedelta(minutes=1)


async def test_connect_shard_prefix_len_is_kept(url: str) -> None:
    async with windlass.connect(url=url, shard_prefix_len=1) as queue:
        assert queue.shard_prefix_len == 1
        assert queue.all_shards() == list("0123456789abcdef")
        task = await queue.submit("t")
        assert [found.id for found in await queue.list(task.shard)] == [task.id]


async def test_close_then_use_says_so(url: str) -> None:
    queue = await windlass.connect(url=url)
    task = await queue.submit("t")
    await queue.close()
    await queue.close()

    assert "closed" in repr(queue)
    for call in (queue.get(task.id), queue.submit("t"), task.result(), queue.storage.get("x")):
        with pytest.raises(windlass.ClosedError, match="Connect again"):
            await call
