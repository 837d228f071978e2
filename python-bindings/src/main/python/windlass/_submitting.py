"""Submitting tasks."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Mapping

from windlass import _json
from windlass._arguments import (
    Moment,
    Seconds,
    to_days,
    to_flag,
    to_items,
    to_millis,
    to_moment,
    to_priority,
    to_retries,
    to_retry,
    to_tags,
    to_text,
    to_timeout,
    to_whole,
)
from windlass._connection import ConnectedQueue
from windlass._json import shown
from windlass._retry import RetryPolicy
from windlass._task import Task
from windlass.errors import InvalidInputError

INLINE_BYTES = 256 * 1024
"""Inputs and results above this are stored beside the task, without being asked for."""


class QueueSubmitting(ConnectedQueue):
    """The part of a Queue that takes tasks in."""

    async def submit(
        self,
        task_type: str,
        input: object = None,
        timeout_seconds: Seconds | None = 300,
        max_retries: int = 3,
        retry_policy: RetryPolicy | None = None,
        schedule_at: Moment | None = None,
        use_payload_refs: bool = False,  # noqa: ARG002, FBT001, FBT002 - accepted, see below
        payload_ref_threshold_bytes: int = INLINE_BYTES,
        idempotency_key: str | None = None,
        idempotency_ttl_days: float | None = None,
        idempotency_scope: str = "type",
        max_reschedules: int | None = None,
        ttl_seconds: Seconds | None = None,
        expires_at: Moment | None = None,
        *,
        priority: int = 5,
        delay: Seconds | None = None,
        task_id: str | None = None,
        tags: Mapping[str, str] | None = None,
        parent: str | None = None,
        debounce: str | None = None,
        debounce_moves: bool = False,
    ) -> Task:
        """Submits a task. Two PUTs, one round trip, and one GET for the schema of its type once in half a minute. Durable on
        return.

        Not safe to repeat without an idempotency key: each call is a task of its own.

        Args:
            task_type: the name of its type; workers with a handler of that name run it. At most 200 bytes.
            input: what its handler gets: anything that the table of types in docs/python.md knows, at most 64 MiB of JSON.
            timeout_seconds: how long one attempt may take, in seconds or as a timedelta; None for no limit. Then its
                handler is cancelled, and the attempt counts as failed.
            max_retries: how many tries may follow the first, 0 to 999.
            retry_policy: the wait between tries; None for 1 s, doubling up to 60 s, jitter 25 %.
            schedule_at: starts no earlier than at this time, by the store's clock: a datetime with a time zone, or an
                RFC 3339 text. One that has passed means at once.
            use_payload_refs: accepted; inputs and results above the threshold are always stored beside the task.
            payload_ref_threshold_bytes: accepted; the threshold is 262,144 bytes for all, and others are warned of.
            idempotency_key: makes the call safe to repeat: a second one with the same key answers the first one's task.
                The key stands for type, queue and input; at most 200 bytes.
            idempotency_ttl_days: how long the key holds, in days, more than zero: if its task has ended by then, a later
                submission is a task of its own, under the same id. None for as long as the task is stored.
            idempotency_scope: among which tasks the key is one: those of the same `type`, of the same `queue`, or, by any other
                text, those of the same scope.
            max_reschedules: how often its handler may raise RescheduleError, 0 to 1,000,000; once more, and it fails for good.
                None for no limit.
            ttl_seconds: does not start any more so long after submission, in seconds or as a timedelta: it ends as Expired. An
                attempt that runs goes on. None for no expiry.
            expires_at: the same as a time by the store's clock; not with ttl_seconds.
            priority: 0 (first) to 9.
            delay: starts no earlier than this long after submission, in seconds or as a timedelta; not with schedule_at.
            task_id: its id: letters, digits and dashes, at most 100, unique in the store; None for a fresh one. Makes the call
                safe to repeat, as a key does; not with one.
            tags: names and values to find it by; at most 16.
            parent: the id of the task that it belongs to, to find it by; it is only noted.
            debounce: lets a burst of submissions come to one task: while a task of this key waits in this queue to be claimed
                for the first time, this submission is that task, and its own type, input and options count for nothing. At most
                200 bytes; not with idempotency_key or task_id. Costs one request or a few more.
            debounce_moves: whether the task that waits is due when this submission says; otherwise it keeps its due time.

        Returns:
            The task as submitted; with an idempotency key that is taken, or a debounce key whose task waits, that task as it
            stands.

        Raises:
            InvalidInputError: an argument cannot be accepted; nothing was written.
            SchemaViolationError: so, since the input does not fit the schema of its type.
            IdempotencyConflictError: the key is taken by a task with another type or input; nothing was written.
            StoreUnavailableError: it is not known whether the task was submitted.
        """
        if payload_ref_threshold_bytes != INLINE_BYTES:
            warnings.warn(
                f"payload_ref_threshold_bytes has no effect: what is over {INLINE_BYTES} bytes is stored beside the task.",
                stacklevel=2,
            )
        options = _options(timeout_seconds, max_retries, retry_policy, priority)
        if schedule_at is not None and delay is not None:
            raise InvalidInputError("schedule_at and delay are both given. Use one of them.")
        if schedule_at is not None:
            options["dueAt"] = to_moment("schedule_at", schedule_at)
        if delay is not None:
            options["delayMillis"] = to_millis("delay", delay)
        if idempotency_key is not None:
            options["idempotencyKey"] = to_text("idempotency_key", idempotency_key)
        if idempotency_ttl_days is not None:
            options["idempotencyTtlMillis"] = to_days("idempotency_ttl_days", idempotency_ttl_days)
        options["idempotencyScope"] = to_text("idempotency_scope", idempotency_scope)
        if task_id is not None:
            options["id"] = to_text("task_id", task_id)
        if debounce is not None:
            options["debounce"] = to_text("debounce", debounce)
        if to_flag("debounce_moves", debounce_moves):
            if debounce is None:
                raise InvalidInputError("debounce_moves is given, and no debounce. Give the key too.")
            options["debounceMoves"] = True
        options.update(_life(max_reschedules, ttl_seconds, expires_at), **_marks(tags, parent))
        text = _json.encode(f'The input of a task of type "{task_type}"', input)
        told = await self._call(
            "submit",
            {"queue": self._name, "type": to_text("task_type", task_type), "options": options},
            extra=f'"input":{text}',
        )
        return Task._read(self._self, json.loads(told))

    async def submit_many(
        self,
        tasks: Iterable[tuple[str, object]],
        timeout_seconds: Seconds | None = 300,
        max_retries: int = 3,
        retry_policy: RetryPolicy | None = None,
        max_reschedules: int | None = None,
        ttl_seconds: Seconds | None = None,
        expires_at: Moment | None = None,
        *,
        priority: int = 5,
        tags: Mapping[str, str] | None = None,
        parent: str | None = None,
    ) -> list[Task]:
        """Submits many tasks, up to 128 at once. All inputs are encoded before the first task is written; after that each
        task stands for itself: if one fails, others may have been submitted.

        Args:
            tasks: pairs of type and input.
            timeout_seconds: for each, as in `submit`.
            max_retries: for each, as in `submit`.
            retry_policy: for each, as in `submit`.
            max_reschedules: for each, as in `submit`.
            ttl_seconds: for each, as in `submit`.
            expires_at: for each, as in `submit`.
            priority: for each, as in `submit`.
            tags: for each, as in `submit`.
            parent: for each, as in `submit`.

        Returns:
            The tasks, in the same order.

        Raises:
            InvalidInputError: an argument cannot be accepted; nothing was written.
            SchemaViolationError: so, since an input does not fit the schema of its type.
            StoreUnavailableError: it is not known whether some were submitted.
        """
        items: list[str] = []
        for each in to_items("tasks", tasks, "pairs of type and input"):
            if not isinstance(each, tuple) or len(each) != 2:
                raise InvalidInputError(f"tasks holds {shown(each)}. Use pairs of type and input.")
            kind = to_text("task_type", each[0])
            items.append(f"[{json.dumps(kind)},{_json.encode(f'The input of task {len(items)}', each[1])}]")
        options = _options(timeout_seconds, max_retries, retry_policy, priority)
        options.update(_life(max_reschedules, ttl_seconds, expires_at), **_marks(tags, parent))
        told = await self._call("submitMany", {"queue": self._name, "options": options}, extra=f'"items":[{",".join(items)}]')
        return [Task._read(self._self, each) for each in json.loads(told)]


def _options(timeout: Seconds | None, max_retries: int, policy: RetryPolicy | None, priority: int) -> dict[str, object]:
    return {
        "attempts": to_retries("max_retries", max_retries) + 1,
        "priority": to_priority(priority),
        "retry": to_retry(policy),
        "timeoutMillis": to_timeout("timeout_seconds", timeout),
    }


def _life(max_reschedules: int | None, ttl: Seconds | None, expires_at: Moment | None) -> dict[str, object]:
    options: dict[str, object] = {}
    if max_reschedules is not None:
        options["maxReschedules"] = to_whole("max_reschedules", max_reschedules, 0, 1_000_000)
    if ttl is not None and expires_at is not None:
        raise InvalidInputError("ttl_seconds and expires_at are both given. Use one of them.")
    if ttl is not None:
        options["ttlMillis"] = to_timeout("ttl_seconds", ttl)
    if expires_at is not None:
        options["expiresAt"] = to_moment("expires_at", expires_at)
    return options


def _marks(tags: Mapping[str, str] | None, parent: str | None) -> dict[str, object]:
    options: dict[str, object] = {}
    if tags is not None:
        options["tags"] = to_tags(tags)
    if parent is not None:
        options["parent"] = to_text("parent", parent)
    return options
