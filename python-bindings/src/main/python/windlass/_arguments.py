"""Arguments that many calls take, checked at the edge: what cannot be accepted is named, with what to do."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from windlass import _json
from windlass._json import shown
from windlass._retry import RetryPolicy
from windlass._status import TaskStatus
from windlass.errors import InvalidInputError

T = TypeVar("T")

Seconds = float | timedelta
Moment = datetime | str


def to_retries(what: str, value: int) -> int:
    """A number of tries after the first, 0 to 999."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 999:
        raise InvalidInputError(f"{what} is {shown(value)}. Use 0 to 999.")
    return value


def to_priority(value: int) -> int:
    """0 (first) to 9."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 9:
        raise InvalidInputError(f"priority is {shown(value)}. Use 0 (first) to 9.")
    return value


def to_retry(policy: RetryPolicy | None) -> dict[str, object]:
    """A retry policy, for Java; empty for the defaults."""
    if policy is None:
        return {}
    if not isinstance(policy, RetryPolicy):
        raise InvalidInputError(f"retry_policy is {shown(policy)}. Use a windlass.RetryPolicy, or None.")
    return {
        "initialMillis": policy.initial_interval_ms,
        "maxMillis": policy.max_interval_ms,
        "multiplier": policy.multiplier,
        "jitter": policy.jitter_percent,
    }


def to_timeout(what: str, timeout: Seconds | None) -> int | None:
    """A limit in milliseconds, more than zero; None for none."""
    millis = None if timeout is None else to_millis(what, timeout)
    if millis == 0:
        raise InvalidInputError(f"{what} is 0. Use more than zero, or None for no limit.")
    return millis


def to_whole(what: str, value: int, least: int, most: int) -> int:
    """A whole number within bounds."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InvalidInputError(f"{what} is {shown(value)}. Use {least} to {most}.")
    return value


def to_millis(what: str, value: Seconds) -> int:
    """A duration in milliseconds, zero to ten years; what is not zero is at least one."""
    if isinstance(value, timedelta):
        seconds = value.total_seconds()
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInputError(f"{what} is {shown(value)}. Use seconds, or a timedelta.")
    else:
        seconds = value
    if not 0 <= seconds <= 3660 * 86400:
        raise InvalidInputError(f"{what} is {shown(value)}. Use zero to ten years.")
    return 0 if seconds == 0 else max(1, round(seconds * 1000))


def to_days(what: str, value: float) -> int:
    """A number of days in milliseconds, more than zero."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 3660:
        raise InvalidInputError(f"{what} is {shown(value)}. Use days, more than zero and at most 3660.")
    return max(1, round(value * 86_400_000))


def to_moment(what: str, value: Moment) -> str:
    """A moment as RFC 3339."""
    if not isinstance(value, str | datetime):
        raise InvalidInputError(f"{what} is {shown(value)}. Use a datetime, or a text such as 2030-01-31T12:00:00Z.")
    return _json.timestamp(what, value)


def to_text(what: str, value: object) -> str:
    """A text that is not empty, without halves of surrogate pairs."""
    if inspect.iscoroutine(value):
        value.close()
        raise InvalidInputError(f"{what} is a coroutine. Await it.")
    if not isinstance(value, str) or not value:
        raise InvalidInputError(f"{what} is {shown(value)}. Use a text that is not empty.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidInputError(f"{what} is {shown(value)}, with a lone surrogate, which is no character.") from None
    return value


def to_text_or_none(what: str, value: object) -> str | None:
    """A text that is not empty, or None."""
    return None if value is None else to_text(what, value)


def to_flag(what: str, value: object) -> bool:
    """True or False: of other values some would mean the opposite of what they say."""
    if not isinstance(value, bool):
        raise InvalidInputError(f"{what} is {shown(value)}. Use True or False.")
    return value


def to_texts(what: str, values: Iterable[str]) -> list[str]:
    """Texts that are not empty."""
    return [to_text(what, value) for value in to_items(what, values, "names")]


def to_items(what: str, values: Iterable[T], of: str) -> list[T]:
    """A list of what can be walked through; a text is none."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise InvalidInputError(f"{what} is {shown(values)}. Use a list of {of}.")
    return list(values)


def to_tags(tags: Mapping[str, str] | None) -> dict[str, str]:
    """Names and values, both texts."""
    if tags is None:
        return {}
    if not isinstance(tags, Mapping):
        raise InvalidInputError(f"tags is {shown(tags)}. Use a dict of names and values.")
    for name, value in tags.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise InvalidInputError(f"tags holds {shown(name)}: {shown(value)}. Use texts.")
    return dict(tags)


def to_limit(limit: int) -> int:
    """How many at most, 1 to 1,000,000."""
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= 1_000_000:
        raise InvalidInputError(f"The limit is {shown(limit)}. Use 1 to 1000000.")
    return limit


def to_status(status: TaskStatus | None) -> str | None:
    """A status as its name; None for any."""
    if status is None:
        return None
    if not isinstance(status, TaskStatus):
        raise InvalidInputError(f"status is {shown(status)}. Use a windlass.TaskStatus, or None.")
    if status is TaskStatus.Archived:
        raise InvalidInputError("Windlass does not archive: no task is Archived.")
    return status.name
