"""Wrong use gets a Python exception of the right class, with a message that says what to do."""

from __future__ import annotations

import asyncio
import functools
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import windlass
from windlass import InvalidInputError


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"task_type": ""}, "task_type is ''"),
        ({"task_type": 5}, "task_type is 5"),
        ({"task_type": "t" * 201}, "201 bytes"),
        ({"timeout_seconds": 0}, "more than zero, or None"),
        ({"timeout_seconds": -1}, "zero to ten years"),
        ({"timeout_seconds": "5"}, "Use seconds, or a timedelta"),
        ({"timeout_seconds": float("nan")}, "timeout_seconds is nan"),
        ({"max_retries": -1}, "Use 0 to 999"),
        ({"max_retries": True}, "Use 0 to 999"),
        ({"max_retries": 1000}, "Use 0 to 999"),
        ({"retry_policy": {"initial": 1}}, "windlass.RetryPolicy"),
        ({"schedule_at": 1234567}, "2030-01-31T12:00:00Z"),
        ({"schedule_at": "tomorrow"}, "2030-01-31T12:00:00Z"),
        ({"schedule_at": "2030-01-31T12:00:00"}, "without a time zone"),
        ({"schedule_at": "2500-01-01T00:00:00Z"}, "1970 to 2199"),
        ({"schedule_at": "2030-01-31T12:00:00Z", "delay": 5}, "both given"),
        ({"delay": timedelta(days=-1)}, "zero to ten years"),
        ({"priority": 10}, "0 \\(first\\) to 9"),
        ({"idempotency_key": ""}, "idempotency_key is ''"),
        ({"idempotency_key": "k" * 201}, "201 bytes"),
        ({"input": "x" * (64 * 1024 * 1024)}, "64 MiB"),
    ],
)
async def test_submit_refuses_and_writes_nothing(memory: windlass.Queue, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message) as e:
        await memory.submit(**{"task_type": "t", **arguments})
    assert isinstance(e.value, ValueError)
    assert (await memory.requests())["put"] == 0


async def test_submit_unknown_keyword_is_a_type_error(memory: windlass.Queue) -> None:
    with pytest.raises(TypeError, match="timeout_secs"):
        await memory.submit("t", timeout_secs=5)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "no place to connect to"),
        ({"url": "nowhere"}, "has no scheme"),
        ({"url": "ftp://x"}, "No backend knows the scheme"),
        ({"url": "mem:", "bucket": "b"}, "url is given beside bucket"),
        ({"url": "mem:", "queue": ""}, "name of the queue|queue is ''"),
        ({"url": "mem:", "shard_prefix_len": 5}, "Use 1 to 4"),
        ({"url": "mem:", "concurrency": 0}, "Use 1 to 10000"),
        ({"url": "file:"}, "names no place"),
        ({"bucket": "UPPER_case!", "region": "us-east-1"}, "bucket"),
    ],
)
async def test_connect_refuses(arguments: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("S3_BUCKET", "S3_ENDPOINT", "S3_REGION", "WINDLASS_STORE"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(InvalidInputError, match=message):
        await windlass.connect(**arguments)


async def test_connect_missing_bucket_or_server_says_so(url: str, tmp_path: Path) -> None:
    if url.startswith("s3:"):
        with pytest.raises(windlass.StoreRefusedError, match="there is no bucket 'no-such-bucket'"):
            await windlass.connect(bucket="no-such-bucket")
    else:
        (tmp_path / "file").write_text("x")
        with pytest.raises(windlass.StoreError):
            await windlass.connect(url=f"file:{tmp_path}/file")


async def test_connect_environment_and_arguments_reach_s3(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if not url.startswith("s3:"):
        monkeypatch.setenv("WINDLASS_STORE", url)
        async with windlass.connect() as queue:
            assert await queue.submit("t")
        return
    bucket = url.removeprefix("s3://").split("?")[0]
    async with windlass.connect(bucket=bucket) as queue:
        task = await queue.submit("t")
    async with windlass.connect(url=url) as queue:
        assert await queue.get(task.id)


async def test_connect_is_from_the_working_directory_of_the_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "a folder 100% ü"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for url in ("file:./store?fsync=false", "file:store?fsync=false", f"file:{tmp_path}/other?fsync=false"):
        async with windlass.connect(url=url) as queue:
            await queue.submit("t")
    assert [each.name for each in folder.iterdir()] == ["store"]
    assert (tmp_path / "other").is_dir()


async def test_connect_sees_what_the_program_has_set_in_the_environment(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if not url.startswith("s3:"):
        pytest.skip("only S3 has credentials")
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "nobody")
        with pytest.raises(windlass.StoreRefusedError):
            await windlass.connect(url=url)
    async with windlass.connect(url=url) as queue:
        assert await queue.submit("t")


async def test_handlers_that_cannot_be_are_refused(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory)
    with pytest.raises(InvalidInputError, match="cannot be called"):
        worker.add_handler("t", 5)  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match=r'Use @worker\.task\("name'):

        @worker.task
        async def no_type(_: object) -> None: ...

    for handler in (lambda: None, lambda a, b, c: None, lambda a, *, needed: None):
        with pytest.raises(InvalidInputError, match=r"Use \(input\) or \(input, context\)"):
            worker.add_handler("t", handler)
    worker.add_handler("t", lambda x: x)
    with pytest.raises(InvalidInputError, match="has a handler already"):
        worker.add_handler("t", lambda x: x)
    with pytest.raises(InvalidInputError, match="cannot be called"):
        worker.on_startup(5)  # type: ignore[type-var]


async def test_handlers_of_every_callable_kind_are_taken(memory: windlass.Queue) -> None:
    class Service:
        def method(self, value: int) -> int:
            return value + 1

        async def __call__(self, value: int) -> int:
            return value + 2

    def three(more: int, value: int) -> int:
        return value + more

    worker = windlass.Worker(memory)
    worker.add_handler("method", Service().method)
    worker.add_handler("object", Service())
    worker.add_handler("partial", functools.partial(three, 3))
    worker.add_handler("builtin", abs)
    tasks = await memory.submit_many([("method", 1), ("object", 1), ("partial", 1), ("builtin", -1)])
    await worker.run(windlass.WorkerRunOptions(max_tasks=4))
    assert [await task.result(10) for task in tasks] == [2, 3, 4, 1]


async def test_worker_refuses(memory: windlass.Queue) -> None:
    with pytest.raises(InvalidInputError, match=r"windlass\.connect"):
        windlass.Worker("queue")  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match="Use 1 to 10000"):
        windlass.Worker(memory, concurrency=0)
    with pytest.raises(InvalidInputError, match="no handler"):
        await windlass.Worker(memory).run()
    worker = windlass.Worker(memory)
    worker.add_handler("t", lambda x: x)
    with pytest.raises(InvalidInputError, match="WorkerRunOptions"):
        await worker.run({"max_tasks": 1})  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match="max_tasks is 0"):
        windlass.WorkerRunOptions(max_tasks=0)
    for name, value, message in (
        ("lease_seconds", 0.5, "1 to 3600"),
        ("runs", 0, "1 to 10000"),
        ("park_after_ms", 5, "10 to 3600000"),
    ):
        with pytest.raises(InvalidInputError, match=f"{name} is {value}. Use {message}"):
            windlass.WorkerRunOptions(**{name: value})  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match=r"PollingStrategy\.fixed"):
        windlass.WorkerRunOptions(polling=5)  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match="1 to 3600000"):
        windlass.PollingStrategy.fixed(0)
    with pytest.raises(InvalidInputError, match="zero to ten years"):
        windlass.RescheduleError(-1)
    with pytest.raises(InvalidInputError, match="Use a whole number"):
        windlass.RetryPolicy(initial_interval_ms=1.5)  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match="comes from connect"):
        windlass.Queue("x", "y")  # type: ignore[arg-type]


async def test_what_has_no_effect_is_warned_of(memory: windlass.Queue) -> None:
    with pytest.warns(UserWarning, match="always doubles"):
        windlass.PollingStrategy.adaptive(backoff_multiplier=3.0)
    with pytest.warns(UserWarning, match="shard leasing has no effect"):
        windlass.WorkerRunOptions(shard_leasing_enabled=True)
    with pytest.warns(UserWarning, match="monitor_sweep_interval_s has no effect"):
        windlass.WorkerRunOptions(monitor_sweep_interval_s=5)
    with pytest.warns(UserWarning, match="payload_ref_threshold_bytes has no effect") as warned:
        await memory.submit("t", payload_ref_threshold_bytes=10)
    assert warned[0].filename == __file__, "it is said of the line that calls"
    with pytest.warns(UserWarning, match="shards has no effect"):
        windlass.Worker(memory, shards=["00"])
    windlass.WorkerRunOptions(shard_lease_config=windlass.ShardLeaseConfig.disabled())


async def test_annotation_that_needs_pydantic_says_so(memory: windlass.Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pydantic", None)
    worker = windlass.Worker(memory)

    async def handle(_: set[int]) -> None: ...

    with pytest.raises(TypeError, match=r"pip install 'windlass\[models\]'"):
        worker.add_handler("t", handle)


def test_use_without_a_loop_is_an_error(url: str) -> None:
    async def opened() -> windlass.Queue:
        return await windlass.connect(url=url)

    queue = asyncio.run(opened())

    async def later() -> str:
        task = await queue.submit("t")
        await queue.close()
        return task.id

    assert asyncio.run(later())  # a queue belongs to no loop
    with pytest.raises(RuntimeError, match="no running event loop"):
        windlass._bridge.bridge().call("now", "{}").send(None)


def test_every_exception_carries_its_causes() -> None:
    from windlass import errors

    told = '{"kind":"StoreUnavailableException","type":"x.Y","message":"m","causes":[{"type":"java.io.IOException","message":"reset"}]}'
    error = errors.from_java(told)
    assert isinstance(error, windlass.StoreUnavailableError)
    assert isinstance(error, ConnectionError)
    assert error.causes == ("java.io.IOException: reset",)
    unknown = errors.from_java(
        '{"kind":"NullPointerException","type":"java.lang.NullPointerException","message":"m","causes":[]}'
    )
    assert str(unknown) == "java.lang.NullPointerException: m"
