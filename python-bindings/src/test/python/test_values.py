"""How values cross: the table of types in docs/python.md, both ways, and what is refused."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import decimal
import enum
import json
import math
import random
import uuid
from typing import Any

import numpy
import pydantic
import pytest

import windlass
from windlass import _json
from windlass.workflow import WorkflowClient, WorkflowContext, durable, list_signals
from working import working

UTC = datetime.timezone.utc


class Colour(enum.Enum):
    RED = "red"


class Size(enum.IntEnum):
    LARGE = 3


@dataclasses.dataclass
class Line:
    sku: str
    price: decimal.Decimal


@dataclasses.dataclass
class Order:
    id: uuid.UUID
    at: datetime.datetime
    lines: list[Line]
    colour: Colour = Colour.RED


class Model(pydantic.BaseModel):
    name: str
    when: datetime.date


TYPES: list[tuple[object, object]] = [
    (None, None),
    (True, True),
    (0, 0),
    (2**63, 2**63),
    (-(10**400), -(10**400)),
    (0.1, 0.1),
    (1e308, 1e308),
    ("", ""),
    ("ü 😀 \u0000 \u2028 \ufffe", "ü 😀 \u0000 \u2028 \ufffe"),
    ([1, [2]], [1, [2]]),
    ((1, 2), [1, 2]),
    ({"a": {"b": None}}, {"a": {"b": None}}),
    ({1: "x", None: 2}, {"1": "x", "null": 2}),
    (datetime.datetime(2030, 1, 31, 12, tzinfo=UTC), "2030-01-31T12:00:00Z"),
    (datetime.date(2030, 1, 31), "2030-01-31"),
    (datetime.time(12, 30), "12:30:00"),
    (datetime.timedelta(days=1, milliseconds=1500), "PT86401.5S"),
    (decimal.Decimal("12.30"), "12.30"),
    (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    (b"\x00\xff", "AP8="),
    (Colour.RED, "red"),
    (Size.LARGE, 3),
    (Line("a", decimal.Decimal("1.5")), {"sku": "a", "price": "1.5"}),
    (Model(name="x", when=datetime.date(2030, 1, 1)), {"name": "x", "when": "2030-01-01"}),
    (numpy.float64(0.5), 0.5),
    (numpy.array([1, 2]).tolist(), [1, 2]),
]


async def test_types_cross_as_the_table_says(queue: windlass.Queue) -> None:
    worker = windlass.Worker(queue)

    @worker.task("echo")
    async def echo(value: Any) -> Any:
        return value

    tasks = await queue.submit_many([("echo", given) for given, _ in TYPES])
    async with working(worker):
        for task, (given, stored) in zip(tasks, TYPES, strict=True):
            assert task.input == stored, given
            assert await task.result(30) == stored, given


REFUSED: list[tuple[object, str]] = [
    (math.nan, "NaN"),
    (math.inf, "NaN or an infinity"),
    (decimal.Decimal("NaN"), "no number"),
    ({1, 2}, "make it a list"),
    (object(), "object are not known"),
    (datetime.datetime(2030, 1, 1), "without a time zone"),  # noqa: DTZ001
    (numpy.array([1]), "tolist"),
    (numpy.int64(1), "tolist"),
    (10**1001, "digits|length"),
    ("\ud800", "surrogate"),
    ({(1, 2): 3}, "keys must be"),
    (lambda: None, "not known"),
]


@pytest.mark.parametrize(("value", "message"), REFUSED)
async def test_values_that_json_cannot_hold_are_refused(memory: windlass.Queue, value: object, message: str) -> None:
    with pytest.raises(windlass.InvalidInputError, match=message):
        await memory.submit("t", value)
    with pytest.raises(windlass.InvalidInputError, match=message):
        await memory.submit_many([("t", 1), ("t", value)])
    assert (await memory.requests())["put"] == 0


@pytest.mark.parametrize(("value", "message"), REFUSED)
async def test_results_that_json_cannot_hold_fail_the_task(memory: windlass.Queue, value: object, message: str) -> None:
    worker = windlass.Worker(memory)

    @worker.task("t")
    async def handle(_: object) -> object:
        return value

    task = await memory.submit("t")
    async with working(worker):
        with pytest.raises(windlass.TaskFailedError, match=message) as e:
            await task.result(30)
    assert "InvalidInput" in e.value.error.type
    assert (await task.refresh()).attempt == 1


async def test_annotations_build_dataclasses_and_models(queue: windlass.Queue) -> None:
    worker = windlass.Worker(queue)

    @worker.task("order")
    async def order(value: Order) -> Order:
        assert isinstance(value, Order)
        assert isinstance(value.lines[0], Line)
        assert value.lines[0].price == decimal.Decimal("0.1")
        return value

    @worker.task("model")
    def model(value: Model, _context: windlass.TaskContext) -> str:
        return value.when.isoformat()

    given = Order(uuid.UUID(int=7), datetime.datetime(2030, 1, 1, tzinfo=UTC), [Line("a", decimal.Decimal("0.1"))])
    one, two, bad = await queue.submit_many(
        [("order", given), ("model", Model(name="x", when=datetime.date(2030, 1, 1))), ("model", {"name": 1})]
    )
    async with working(worker):
        assert (await one.result(30))["lines"] == [{"sku": "a", "price": "0.1"}]
        assert await two.result(30) == "2030-01-01"
        with pytest.raises(windlass.TaskFailedError, match=r"(?s)does not fit.*when.*Field required"):
            await bad.result(30)


def test_durations_are_what_java_reads() -> None:
    for text, value in [("PT0S", 0.0), ("PT1.000001S", 1.000001), ("-PT0.5S", -0.5), ("PT100S", 100)]:
        assert _json.duration(datetime.timedelta(seconds=value)) == text


def weird(random_: random.Random, depth: int) -> object:
    """Something that JSON can hold, as odd as possible."""
    kind = random_.randrange(9 if depth > 0 else 6)
    if kind == 0:
        return random_.choice([None, True, False])
    if kind == 1:
        return random_.randrange(-(10 ** random_.randrange(1, 300)), 10 ** random_.randrange(1, 300))
    if kind == 2:
        return random_.uniform(-1, 1) * 10 ** random_.randrange(-300, 300)
    if kind in (3, 4, 5):
        points = [
            random_.choice([random_.randrange(0xD800), random_.randrange(0xE000, 0x110000), 0, 34, 92, 10])
            for _ in range(random_.randrange(40))
        ]
        return "".join(map(chr, points))
    if kind in (6, 7):
        return [weird(random_, depth - 1) for _ in range(random_.randrange(5))]
    return {str(weird(random_, 0)): weird(random_, depth - 1) for _ in range(random_.randrange(5))}


async def test_fuzz_weird_values_come_back_as_they_were(queue: windlass.Queue) -> None:
    seed = random.SystemRandom().randrange(2**32)
    random_ = random.Random(seed)
    worker = windlass.Worker(queue)

    @worker.task("echo")
    async def echo(value: Any) -> Any:
        return value

    values = [weird(random_, 6) for _ in range(100)]
    async with working(worker):
        tasks = await queue.submit_many([("echo", value) for value in values])
        for task, value in zip(tasks, values, strict=True):
            assert await task.result(60) == value, f"seed {seed}"


async def test_fuzz_no_input_brings_the_process_down(memory: windlass.Queue) -> None:
    """Deep, huge and broken input at every call of the boundary: a Python exception, or it works; the JVM lives."""
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    medium: Any = 1
    for _ in range(900):
        medium = [medium]
    circular: list[Any] = []
    circular.append(circular)
    nasty: list[Any] = [
        deep,
        medium,
        circular,
        "x" * 10_000_000,
        "\x00",
        "\ud800" * 100,
        b"\xff" * 100,
        10**5000,
        -1,
        2**64,
        1e400,
        "",
        " ",
        "../..",
        "a/b",
        "é" * 300,
        [],
        {},
        object(),
        math.nan,
        Exception,
        lambda: None,
    ]
    client = WorkflowClient(memory)
    calls: list[Any] = [
        lambda x: memory.submit(x, 1),
        lambda x: memory.submit("t", x),
        lambda x: memory.submit("t", 1, x),
        lambda x: memory.submit("t", 1, max_retries=x),
        lambda x: memory.submit("t", 1, retry_policy=x),
        lambda x: memory.submit("t", 1, schedule_at=x),
        lambda x: memory.submit("t", 1, idempotency_key=x),
        lambda x: memory.submit("t", 1, priority=x),
        lambda x: memory.submit("t", 1, delay=x),
        lambda x: memory.submit_many([("t", x)]),
        lambda x: memory.submit_many(x),
        lambda x: memory.get(x),
        lambda x: memory.get_history(x),
        lambda x: memory.load_input(x),
        lambda x: memory.cancel(x),
        lambda x: memory.cancel("no-such-task", x),
        lambda x: memory.cancel("no-such-task", "r", x),
        lambda x: memory.list(x),
        lambda x: memory.list("00", x),
        lambda x: memory.list("00", None, x),
        lambda x: memory.find(limit=x),
        lambda x: memory.handle(x).result(0),
        lambda x: memory.handle("no-such-task").result(x),
        lambda x: memory.queue(x).submit("t"),
        lambda x: memory.storage.get(x),
        lambda x: memory.storage.put(x, b""),
        lambda x: memory.storage.put("files/x", x),
        lambda x: memory.storage.list(x),
        lambda x: memory.storage.list("", limit=x),
        lambda x: open_and_close(url=x),
        lambda x: open_and_close(url="mem:", queue=x),
        lambda x: open_and_close(url="mem:", shard_prefix_len=x),
        lambda x: open_and_close(url="mem:", concurrency=x),
        lambda x: memory.submit("t", 1, tags=x),
        lambda x: memory.submit("t", 1, tags={"a": x}),
        lambda x: memory.submit("t", 1, ttl_seconds=x),
        lambda x: memory.submit("t", 1, task_id=x),
        lambda x: memory.submit("t", 1, debounce=x),
        lambda x: memory.peek(x),
        lambda x: memory.pause(x),
        lambda x: memory.resume(task_type=x),
        lambda x: memory.cancel_all(tags=x),
        lambda x: memory.redrive(x),
        lambda x: memory.claim(x),
        lambda x: memory.claim(worker_id=x),
        lambda x: memory.create_schedule(x, "t", 1, "0 2 * * *", paused=True),
        lambda x: memory.create_schedule("s", "t", x, "0 2 * * *", paused=True),
        lambda x: memory.create_schedule("s", "t", 1, x),
        lambda x: memory.create_schedule("s", "t", 1, "0 2 * * *", timezone=x),
        lambda x: memory.trigger_schedule(x),
        lambda x: client.start("f", x, workflow_id="w"),
        lambda x: client.start("f", 1, workflow_id=x),
        lambda x: client.start(x, 1, workflow_id="w2"),
        lambda x: client.start("f", 1, workflow_id="w3", version=x),
        lambda x: client.create_schedule(x, "f", "0 2 * * *", paused=True),
        lambda x: client.create_schedule("w", "f", "0 2 * * *", data=x, paused=True),
        lambda x: client.create_schedule("w", "f", "0 2 * * *", data={}, fire_time_field=x, paused=True),
        lambda x: memory.handle(x).progress(),
        lambda x: memory.handle("no-such-task").output(x),
        lambda x: nothing(windlass.Worker(memory, queues=["q"], weights=x)),
        lambda x: nothing(windlass.Worker(memory, queues=["q"], weights={"q": x})),
        lambda x: nothing(windlass.Worker(memory).task("t", concurrency=x, timeout_seconds=x)(lambda value: value)),
        lambda x: windlass._bridge.bridge().call("output", x),
        lambda x: client.signal("w", x),
        lambda x: client.signal("w", "s", x, signal_id="one"),
        lambda x: client.cancel(x),
        lambda x: client.wait("w", timeout=0 if x is None else x) if not isinstance(x, float) else asyncio.sleep(0),
        lambda x: client.list(prefix=x),
        lambda x: list_signals(memory, x),
        lambda x: windlass._bridge.bridge().call("workflow.start", x),
        lambda x: windlass._bridge.bridge().call("schedule.create", x),
        lambda x: windlass._bridge.bridge().call("worker.start", x),
        lambda x: asked_at_no_run(x),
        lambda x: windlass._bridge.bridge().call("submit", x),
        lambda x: windlass._bridge.bridge().call(x, "{}"),
        lambda x: windlass._bridge.bridge().call("storage.put", '{"connection": 1}', x),
    ]
    for call in calls:
        for value in nasty:
            if isinstance(value, str) and value.startswith("x" * 100) and call not in calls[:2]:
                continue  # one large text is enough
            try:
                await call(value)
            except (windlass.WindlassError, TypeError, ValueError, OverflowError, RuntimeError) as e:
                assert str(e) or isinstance(e, RuntimeError)  # noqa: PT017
    assert (await memory.submit("t", 1)).input == 1


async def nothing(made: object) -> None:
    """For what is refused when it is made."""


async def asked_at_no_run(request: Any) -> None:
    """What durable functions say, of runs that are not there."""
    bridge = windlass._bridge.bridge()
    bridge.ask(10**9, request)
    bridge.say(10**9, request)
    bridge.returned(10**9, result=request)
    bridge._gateway.returned(10**9, None, request)


async def open_and_close(**arguments: Any) -> None:
    async with windlass.connect(**arguments) as queue:
        await queue.submit("t")


async def test_fuzz_answers_of_handlers_bring_nothing_down(memory: windlass.Queue) -> None:
    worker = windlass.Worker(memory)
    deep: Any = 1
    for _ in range(100_000):
        deep = {"a": deep}

    class UnprintableError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no")

    def recurse(n: int) -> int:
        return recurse(n + 1) + 1

    def raises(e: BaseException) -> Any:
        raise e

    acts: list[Any] = [
        lambda: deep,
        lambda: recurse(0),
        lambda: raises(UnprintableError()),
        lambda: raises(Exception("\ud800\x00" * 10_000)),
        lambda: raises(ExceptionGroup("g", [ValueError(str(i)) for i in range(1000)])),
        lambda: raises(GeneratorExit()),
        lambda: raises(StopIteration(1)),
        lambda: raises(MemoryError()),
        lambda: json.loads("[" * 100_000),
    ]

    @worker.task("t")
    async def handle(number: int) -> Any:
        return acts[number]()

    @worker.task("plain")
    def plain(number: int) -> Any:
        return acts[number]()

    tasks = await memory.submit_many([(kind, i) for kind in ("t", "plain") for i in range(len(acts))], max_retries=0)
    async with working(worker):
        for task in tasks:
            try:
                await task.result(60)
            except windlass.TaskFailedError as e:
                assert e.error.type  # noqa: PT017
            except windlass.AwaitTimeoutError:
                pytest.fail(f"task {task.task_type} {task.input} hangs: {(await task.refresh()).history}")


async def test_fuzz_what_handlers_say_brings_nothing_down(memory: windlass.Queue) -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]

    class UnprintableError:
        def __str__(self) -> str:
            raise RuntimeError("no")

    nasty: list[Any] = [
        deep,
        "\x00",
        "\ud800",
        "é" * 1_000_000,
        "\n" * 100_000,
        b"\xff",
        10**5000,
        -1,
        1e400,
        "",
        [],
        {},
        object(),
        UnprintableError(),
        math.nan,
        None,
    ]
    worker = windlass.Worker(memory)

    @worker.task("t")
    def handle(_: object, context: windlass.TaskContext) -> str:
        for say in (
            context.progress,
            context.count,
            context.print,
            lambda x: context.progress(1, x),
            lambda x: context.count("rows", x),
            lambda x: context.print(1, 2, sep=x),
            lambda x: context._say({"percent": x, "counter": x, "more": x, "print": x}),
            lambda x: windlass._bridge.bridge().say(context._invocation, x),
        ):
            for value in nasty:
                try:
                    say(value)
                except (windlass.WindlassError, TypeError, ValueError, OverflowError, RuntimeError, AttributeError):
                    continue
        return "alive"

    task = await memory.submit("t", max_retries=0)
    async with working(worker):
        assert await task.result(120) == "alive"
    said = await task.handle.progress()
    assert said is not None
    assert len((await task.handle.output()).lines) == said.lines


async def test_fuzz_what_functions_ask_for_brings_nothing_down(memory: windlass.Queue) -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    nasty: list[Any] = [
        deep,
        "\x00",
        "\ud800",
        b"\xff",
        10**5000,
        -1,
        1e400,
        "",
        "é" * 300,
        [],
        {},
        object(),
        math.nan,
        None,
        "~x",
        "a#2",
    ]
    acts: list[Any] = [
        lambda ctx, x: ctx.step(x, lambda: 1),
        lambda ctx, x: ctx.step("s", lambda: x, retries=0),
        lambda ctx, x: ctx.step("s", x),
        lambda ctx, x: ctx.step("s", lambda: 1, timeout=x),
        lambda ctx, x: ctx.call(x, 1, queue=x),
        lambda ctx, x: ctx.call("echo", x, retries=0),
        lambda ctx, x: ctx.sleep(x if x != 10**5000 else -1),
        lambda ctx, x: ctx.sleep_until(x),
        lambda ctx, x: ctx.wait_for_signal(x, 0),
        lambda ctx, x: ctx.wait_for_signal("s", 0 if x is None else x),
        lambda ctx, x: ctx.child("no-such-function", x, 1),
        lambda ctx, x: ctx.child(x, "no-such-child", 1),
        lambda ctx, x: ctx.map("m", [x], lambda _: 1, parallelism=x if isinstance(x, int) else 1),
        lambda ctx, x: ctx.patched(x),
        lambda ctx, x: ctx.all(x),
        lambda ctx, x: ctx.any(x),
    ]
    handed_out = {8, 10, 11}  # these would wait for others

    @durable("fuzz")
    async def fuzz(ctx: WorkflowContext, act: int) -> Any:
        for value in nasty:
            try:
                asked = acts[act](ctx, value)
                if act not in handed_out and not (act == 4 and isinstance(value, str)):
                    await asked
            except (windlass.WindlassError, TypeError, ValueError, OverflowError, AttributeError):
                continue
        return "alive"

    worker = windlass.Worker(memory)
    worker.add_workflow(fuzz)
    worker.step("echo")(lambda value: value)
    client = WorkflowClient(memory)
    async with working(worker):
        for act in range(len(acts)):
            await client.start(fuzz, act, workflow_id=f"fuzz{act}")
        for act in range(len(acts)):
            assert await client.result(f"fuzz{act}", timeout=60) == "alive", act
