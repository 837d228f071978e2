"""JSON Schemas: published, and inputs and results are held to them, whoever published them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pydantic
import pytest

import windlass
from windlass import InvalidInputError, SchemaViolation, SchemaViolationError, TaskStatus, WorkerRunOptions
from working import working

EMAIL = {
    "type": "object",
    "properties": {"to": {"type": "array", "items": {"type": "string", "pattern": "@"}}, "body": {"type": "string"}},
    "required": ["to"],
    "additionalProperties": False,
}
RECEIPT = {"type": "object", "properties": {"sent": {"type": "integer", "minimum": 1}}, "required": ["sent"]}
BOTH = {"input": EMAIL, "output": RECEIPT}


async def test_schema_is_published_shown_replaced_and_deleted(queue: windlass.Queue) -> None:
    made = await queue.publish_schema("send-email", BOTH, by="ada")
    assert (made.task_type, made.input, made.output, made.version, made.published_by) == (
        "send-email",
        EMAIL,
        RECEIPT,
        1,
        "ada",
    )
    assert abs(made.published_at - await queue.now()) < timedelta(minutes=5)
    assert made == BOTH
    puts = (await queue.requests())["put"]
    assert (await queue.publish_schema("send-email", made)).version == 1
    assert (await queue.requests())["put"] == puts

    changed = await queue.publish_schema("send-email", {"input": True, "output": None})
    assert (changed.version, dict(changed), len(changed), changed.published_by) == (2, {"input": True}, 1, None)
    assert await queue.get_schema("send-email") == {"input": True}
    await queue.publish_schema("e-mails & faxes/ü", {"output": RECEIPT})
    assert sorted(await queue.list_schemas()) == ["e-mails & faxes/ü", "send-email"]

    assert await queue.delete_schema("send-email")
    assert not await queue.delete_schema("send-email")
    assert await queue.get_schema("send-email") is None
    assert await queue.list_schemas() == ["e-mails & faxes/ü"]
    again = await queue.publish_schema("send-email", BOTH)
    assert again.version == 4


async def test_input_that_does_not_fit_is_refused_where_it_is_submitted(queue: windlass.Queue) -> None:
    await queue.publish_schema("send-email", BOTH)
    puts = (await queue.requests())["put"]

    with pytest.raises(SchemaViolationError, match=r'"send-email".*version 1: /to/1: .*Nothing was written') as refused:
        await queue.submit("send-email", {"to": ["a@b.c", "nobody"]})
    assert [violation.path for violation in refused.value.violations] == ["/to/1"]
    assert isinstance(refused.value, InvalidInputError)
    with pytest.raises(SchemaViolationError) as several:
        await queue.submit("send-email", {"to": 5, "cc": []})
    assert {violation.path for violation in several.value.violations} == {"", "/to"}
    assert "(the value itself): " in str(several.value)
    with pytest.raises(SchemaViolationError, match="/to: "):
        await queue.create_schedule("mails", "send-email", {"to": "a@b.c"}, "0 2 * * *")
    with pytest.raises(SchemaViolationError, match="/to/0: "):
        await queue.submit_many([*[("send-email", {"to": ["a@b.c"]})] * 200, ("send-email", {"to": ["nobody"]})])
    assert (await queue.requests())["put"] == puts
    assert await queue.get_schedule("mails") is None

    task = await queue.submit("send-email", {"to": ["a@b.c"]})
    assert (task.status, task.input) == (TaskStatus.Pending, {"to": ["a@b.c"]})
    assert (await queue.submit("another", {"to": 5})).input == {"to": 5}


async def test_result_that_does_not_fit_fails_the_task_for_good(queue: windlass.Queue) -> None:
    await queue.publish_schema("send-email", BOTH)
    worker = windlass.Worker(queue)
    ran: list[str] = []
    failures: list[str] = []

    @worker.task("send-email")
    async def send(email: dict[str, Any]) -> object:
        ran.append(email["to"][0])
        return {"sent": len(email["to"])} if "body" in email else None if "none" in email["to"][0] else {"sent": 0}

    @worker.on_error
    def failed(context: windlass.TaskContext, error: BaseException) -> None:
        failures.append(f"{context.will_retry} {error}")

    good = await queue.submit("send-email", {"to": ["a@b.c"], "body": ""})
    wrong = await queue.submit("send-email", {"to": ["wrong@b.c"]}, max_retries=5)
    none = await queue.submit("send-email", {"to": ["none@b.c"]}, max_retries=5)
    async with working(worker):
        assert await good.result(timeout=60) == {"sent": 1}
        for task, where in ((wrong, "/sent: "), (none, "(the value itself): ")):
            with pytest.raises(windlass.TaskFailedError) as told:
                await task.result(timeout=60)
            assert told.value.error.type == "dev.windlass.schema.SchemaViolationException"
            assert f"version 1: {where}" in told.value.error.message
            ended = await task.refresh()
            assert (ended.status, ended.retry_count, ended.output) == (TaskStatus.Failed, 1, None)
    assert sorted(ran) == ["a@b.c", "none@b.c", "wrong@b.c"]
    assert len(failures) == 2
    assert all(each.startswith("False ") and "does not fit its schema" in each for each in failures)


async def test_claim_by_hand_with_a_result_that_does_not_fit_is_still_held(memory: windlass.Queue) -> None:
    await memory.publish_schema("send-email", BOTH)
    task = await memory.submit("send-email", {"to": []})
    (claim,) = await memory.claim()
    with pytest.raises(SchemaViolationError, match="/sent: "):
        await claim.complete({"sent": "many"})
    assert (await task.refresh()).status is TaskStatus.Running
    assert (await claim.complete({"sent": 2})).output == {"sent": 2}


async def test_values_are_checked_as_the_json_that_is_stored(memory: windlass.Queue) -> None:
    @dataclass
    class Line:
        price: Decimal
        count: int

    @dataclass
    class Order:
        lines: list[Line]

    schema = pydantic.TypeAdapter(Order).json_schema(mode="serialization")
    await memory.publish_schema("order", {"input": schema})
    with pytest.raises(SchemaViolationError, match="/lines/1/price: "):
        await memory.submit("order", {"lines": [{"price": "1.50", "count": 1}, {"price": 1.5, "count": 1}]})
    task = await memory.submit("order", Order([Line(Decimal("1.50"), 2)]))
    assert task.input == {"lines": [{"price": "1.50", "count": 2}]}

    exact = {"input": {"const": 12345678901234567890.1}, "output": {"maximum": 0.1}}
    await memory.publish_schema("exact", exact)
    assert await memory.get_schema("exact") == exact
    memory.validate_output(exact, 0.1)


async def test_wait_for_changed_schema_is_over_on_a_new_connection(tmp_path: Any) -> None:
    url = f"file:{tmp_path}/store?fsync=false"
    async with windlass.connect(url=url) as first:
        await first.submit("send-email", {"to": 1})
        await first.publish_schema("send-email", BOTH)
        async with windlass.connect(url=url, queue="other") as second:
            with pytest.raises(SchemaViolationError, match="/to: "):
                await second.submit("send-email", {"to": 1})
            await second.delete_schema("send-email")
        async with windlass.connect(url=url) as third:
            task = await third.submit("send-email", {"to": 1})
            worker = windlass.Worker(third)
            worker.add_handler("send-email", lambda email: email)
            assert await worker.run(WorkerRunOptions(max_tasks=2)) == 2
            assert await task.result(timeout=10) == {"to": 1}


async def test_validate_asks_no_store_and_says_where(memory: windlass.Queue) -> None:
    before = await memory.requests()
    memory.validate_input(BOTH, {"to": ["a@b.c"]})
    memory.validate_output(BOTH, {"sent": 1})
    memory.validate_input({"output": RECEIPT}, 5)
    with pytest.raises(SchemaViolationError, match=r"^The input does not fit its schema: /to/0: .*\.$") as refused:
        memory.validate_input(BOTH, {"to": ["nobody"]})
    (violation,) = refused.value.violations
    assert str(violation) == f"/to/0: {violation.message}"
    with pytest.raises(SchemaViolationError, match=r"^The result does not fit its schema: /sent: "):
        memory.validate_output(BOTH, {"sent": 0})
    with pytest.raises(SchemaViolationError) as many:
        memory.validate_input(BOTH, {"to": ["x"] * 8})
    assert str(many.value).endswith("; and 3 more.")
    assert many.value.violations[7] == SchemaViolation("/to/7", many.value.violations[0].message)
    assert await memory.requests() == before


BAD: dict[str, tuple[Callable[[windlass.Queue], Any], str]] = {
    "type": (lambda q: q.publish_schema("", BOTH), "task_type is ''"),
    "no-dict": (lambda q: q.publish_schema("t", "schema"), "The schema is 'schema'. Use a dict with"),
    "bare": (lambda q: q.publish_schema("t", EMAIL), "The schema holds 'type'. Use a dict with"),
    "neither": (lambda q: q.publish_schema("t", {"input": None}), "Neither a schema of the inputs nor one of the results"),
    "part": (lambda q: q.publish_schema("t", {"input": "string"}), "input is 'string'. Use a JSON Schema"),
    "wrong": (lambda q: q.publish_schema("t", {"input": {"type": "strin"}}), 'inputs of type "t" is no JSON Schema.*: /type: '),
    "dialect": (
        lambda q: q.publish_schema("t", {"output": {"$schema": "http://json-schema.org/draft-07/schema#"}}),
        "Write it in JSON Schema 2020-12",
    ),
    "fetched": (lambda q: q.publish_schema("t", {"input": {"$ref": "http://127.0.0.1:1/x"}}), "nothing is fetched"),
    "nowhere": (lambda q: q.publish_schema("t", {"input": {"$ref": "#/$defs/x"}}), "leads nowhere"),
    "endless": (lambda q: q.publish_schema("t", {"input": {"$ref": "#"}}), "refers to itself without an end"),
    "json": (lambda q: q.publish_schema("t", {"input": {"enum": [{1, 2}]}}), "a set has no order"),
    "nan": (lambda q: q.publish_schema("t", {"input": {"maximum": float("nan")}}), "holds NaN"),
    "large": (lambda q: q.publish_schema("t", {"input": {"title": "x" * 300_000}}), "at most 262144 are allowed"),
    "by": (lambda q: q.publish_schema("t", BOTH, by=5), "by is 5"),
    "by-long": (lambda q: q.publish_schema("t", BOTH, by="x" * 201), "name of 201 characters"),
    "get": (lambda q: q.get_schema(None), "task_type is None"),
    "delete": (lambda q: q.delete_schema(5), "task_type is 5"),
    "validate-type": (lambda q: q.validate_input("send-email", {}), "The schema is 'send-email'. Use a dict with"),
    "validate-schema": (lambda q: q.validate_output({"output": {"type": 5}}, {}), "is no JSON Schema 2020-12: /type: "),
    "validate-data": (lambda q: q.validate_input(BOTH, {1, 2}), "The input cannot be stored as JSON: a set"),
}


@pytest.mark.parametrize("name", BAD)
async def test_schema_that_cannot_be_is_refused_at_the_edge(memory: windlass.Queue, name: str) -> None:
    call, message = BAD[name]
    with pytest.raises(InvalidInputError, match=message) as refused:  # noqa: PT012 - some raise when called, some when awaited
        made = call(memory)
        await made
    assert not isinstance(refused.value, SchemaViolationError)
    assert (await memory.requests())["put"] == 0
