"""JSON Schemas that inputs and results are held to, by the type of the task."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from windlass import _bridge, _json
from windlass._arguments import to_text, to_text_or_none
from windlass._connection import ConnectedQueue
from windlass._json import moment, shown
from windlass.errors import InvalidInputError

PARTS = ("input", "output")


@dataclass(frozen=True, slots=True, eq=False)
class TaskSchema(Mapping[str, Any]):
    """The schemas of a type of tasks, as they are published. Also a mapping of what is there of `input` and `output`, as
    `publish_schema` takes it: equal to a dict of the same schemas.

    Attributes:
        task_type: the type of the tasks.
        input: the JSON Schema of their inputs; None if any input will do.
        output: that of their results; None if any will do.
        version: how often schemas of this type were published or deleted, this time included: 1 or more.
        published_at: when, by the store's time.
        published_by: who, or None if that was not said.
    """

    task_type: str
    input: Any
    output: Any
    version: int
    published_at: datetime
    published_by: str | None

    def __getitem__(self, part: str) -> Any:
        found = self.input if part == "input" else self.output if part == "output" else None
        if found is None:
            raise KeyError(part)
        return found

    def __iter__(self) -> Iterator[str]:
        return (part for part, found in zip(PARTS, (self.input, self.output), strict=True) if found is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @classmethod
    def _read(cls, told: dict[str, Any]) -> TaskSchema:
        return cls(
            task_type=told["type"],
            input=told["input"],
            output=told["output"],
            version=told["version"],
            published_at=moment(told["publishedAt"]),
            published_by=told["publishedBy"],
        )


def _parts(schema: object) -> dict[str, object]:
    """What is there of `input` and `output`."""
    if not isinstance(schema, Mapping):
        raise InvalidInputError(
            f'The schema is {shown(schema)}. Use a dict with "input", "output" or both, each a JSON Schema, or what get_schema '
            "gives."
        )
    given = cast("Mapping[object, object]", schema)
    for part, found in given.items():
        if part not in PARTS:
            raise InvalidInputError(
                f'The schema holds {shown(part)}. Use a dict with "input", "output" or both, each a JSON Schema.'
            )
        if found is not None and not isinstance(found, Mapping | bool):
            raise InvalidInputError(f"The schema's {part} is {shown(found)}. Use a JSON Schema: a dict, True, or False.")
    return {str(part): found for part, found in given.items() if found is not None}


def _validate(part: str, what: str, schema: object, data: object) -> None:
    wanted = _parts(schema).get(part)
    value = _json.encode(what, data)
    if wanted is not None:
        encoded = _json.encode(f"The schema's {part}", wanted)
        _bridge.bridge().validate(f'{{"what":{json.dumps(what)},"schema":{encoded},"value":{value}}}')


class QueueSchemas(ConnectedQueue):
    """The part of a Queue that is about schemas."""

    async def _schema(self, verb: str, arguments: Mapping[str, object], extra: str = "") -> Any:
        return json.loads(await self._call(f"schema.{verb}", arguments, extra=extra))

    async def publish_schema(self, task_type: str, schema: Mapping[str, Any], *, by: str | None = None) -> TaskSchema:
        """Publishes the schemas of a type of tasks, in place of those that it had. From then on inputs that do not fit are
        refused, at `submit`, `submit_many` and `create_schedule`, and a task whose result does not fit fails for good: from
        Python, and from Java where a connection is told to check. What waits already is run as it is. A connection that has
        looked at the type before may go by what it knew for half a minute. Durable on return; safe to repeat: the same again
        changes nothing. One GET, and one PUT if they are new.

        Args:
            task_type: the type of the tasks, in all queues of the store.
            schema: `input`, `output` or both, each a JSON Schema (2020-12) of at most 256 KiB as a dict, such as pydantic's
                `Order.model_json_schema(mode="serialization")`. What is left out or None accepts anything; no result is null.
                References lead to other parts of the same schema; `format` checks nothing.
            by: who publishes, for people; at most 200 characters.

        Returns:
            What is published now.

        Raises:
            InvalidInputError: one is no JSON Schema 2020-12, or neither is given; nothing was written.
        """
        parts = _parts(schema)
        arguments: dict[str, object] = {"type": to_text("task_type", task_type), "by": to_text_or_none("by", by)}
        extra = ",".join(
            f'"{part}":{_json.encode(f"The {part} schema of type {shown(task_type)}", found)}' for part, found in parts.items()
        )
        return TaskSchema._read(await self._schema("publish", arguments, extra))

    async def get_schema(self, task_type: str) -> TaskSchema | None:
        """What is published for a type of tasks, or None if nothing is. One GET."""
        told = await self._schema("get", {"type": to_text("task_type", task_type)})
        return None if told is None else TaskSchema._read(told)

    async def list_schemas(self) -> list[str]:
        """The types of tasks for which schemas are published. One LIST per thousand, and one GET for each."""
        return list(await self._schema("list", {}))

    async def delete_schema(self, task_type: str) -> bool:
        """Takes back what is published for a type of tasks: any value will do, within half a minute. Durable on return; safe to
        repeat. One GET and one PUT.

        Returns:
            Whether there was something.
        """
        return bool(await self._schema("delete", {"type": to_text("task_type", task_type)}))

    def validate_input(self, schema: Mapping[str, Any], data: object) -> None:
        """Checks an input by a schema, whether or not that is published. No request, so nothing to await; it takes some
        milliseconds, since the schema is read anew each time.

        Args:
            schema: what `get_schema` gives, or a dict as `publish_schema` takes it; without `input` anything will do.
            data: the input: anything that the table of types knows, checked as the JSON that would be stored.

        Raises:
            SchemaViolationError: it does not fit; the message says where and why.
            InvalidInputError: the schema is none, or the data cannot be stored as JSON.
        """
        _validate("input", "The input", schema, data)

    def validate_output(self, schema: Mapping[str, Any], data: object) -> None:
        """Checks a result by a schema; see `validate_input`.

        Args:
            schema: what `get_schema` gives, or a dict as `publish_schema` takes it; without `output` anything will do.
            data: the result; None is null.

        Raises:
            SchemaViolationError: it does not fit; the message says where and why.
            InvalidInputError: the schema is none, or the data cannot be stored as JSON.
        """
        _validate("output", "The result", schema, data)
