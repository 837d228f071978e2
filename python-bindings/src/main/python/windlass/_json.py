"""Python values as the JSON that is stored, and back: the table in docs/python.md says how each type crosses."""

from __future__ import annotations

import base64
import dataclasses
import datetime
import decimal
import enum
import functools
import importlib
import inspect
import json
import typing
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from windlass.errors import InvalidInputError

Json = typing.Union[None, bool, int, float, str, "list[Json]", "dict[str, Json]"]


def encode(what: str, value: object) -> str:
    """JSON for a value, in ASCII.

    Args:
        what: what it is, for the message, such as "The input of a task".
        value: anything that the table of types knows.

    Raises:
        InvalidInputError: it holds what JSON cannot hold.
    """
    try:
        text = json.dumps(value, allow_nan=False, default=_other, separators=(",", ":"))
        if "\\ud" in text:
            # Half a pair of surrogates is no character, and would be stored as another text.
            json.dumps(value, ensure_ascii=False, default=_other).encode()
        return text
    except RecursionError:
        raise InvalidInputError(f"{what} is nested too deeply for JSON. Use at most 400 levels.") from None
    except UnicodeEncodeError:
        raise InvalidInputError(
            f"{what} holds a text with a lone surrogate, which is no character. Decode it with another error handler."
        ) from None
    except (TypeError, ValueError) as e:
        if "Out of range float" in str(e):
            raise InvalidInputError(
                f"{what} holds NaN or an infinity, which JSON has not. Use None or a text for it."
            ) from None
        if "Circular" in str(e):
            raise InvalidInputError(f"{what} contains itself. JSON is a tree.") from None
        raise InvalidInputError(f"{what} cannot be stored as JSON: {e}") from e


def _other(value: object) -> object:
    if isinstance(value, datetime.datetime):
        return timestamp("a datetime", value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return duration(value)
    if isinstance(value, decimal.Decimal):
        if not value.is_finite():
            raise TypeError(f"the Decimal {value} is no number")
        return str(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, enum.Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    dump = getattr(value, "model_dump", None)
    if callable(dump) and not isinstance(value, type):
        return dump(mode="json")
    if isinstance(value, Mapping):
        return dict(typing.cast("Mapping[object, object]", value))
    kind = type(value)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    if isinstance(value, set | frozenset):
        raise TypeError(f"a {name} has no order: make it a list")
    if inspect.iscoroutine(value):
        raise TypeError("a coroutine was returned instead of its result: await it")
    if hasattr(value, "tolist") or hasattr(value, "item"):
        raise TypeError(f"values of {name} are not known: use value.tolist()")
    raise TypeError(f"values of {name} are not known: make it a dict, a list, a text or a number")


def shown(value: object) -> str:
    """A value for a message: short, and whatever its own repr does."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - any that a user's __repr__ may raise
        text = f"a {type(value).__name__} that cannot be shown"
    return text if len(text) <= 60 else f"{text[:59]}…"


def timestamp(what: str, value: datetime.datetime | str) -> str:
    """A moment as RFC 3339 in UTC or with its offset.

    Raises:
        InvalidInputError: a datetime without a time zone, or a text that is no moment.
    """
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value)
        except ValueError:
            raise InvalidInputError(f'{what} is "{value}". Use a datetime, or a text such as 2030-01-31T12:00:00Z.') from None
    if value.tzinfo is None:
        raise InvalidInputError(
            f"{what} is {value.isoformat()}, without a time zone. Use datetime.now(timezone.utc) or value.astimezone()."
        )
    return value.isoformat().replace("+00:00", "Z")


def duration(value: datetime.timedelta) -> str:
    """A timedelta as ISO 8601, as Java's Duration reads it."""
    micros = value // datetime.timedelta(microseconds=1)
    sign = "-" if micros < 0 else ""
    seconds, rest = divmod(abs(micros), 1_000_000)
    return f"{sign}PT{seconds}.{rest:06d}".rstrip("0").rstrip(".") + "S" if rest else f"{sign}PT{seconds}S"


def moment(text: str) -> datetime.datetime:
    """A moment as Java writes it."""
    # Java writes nanoseconds where there are any; a datetime holds microseconds.
    if "." in text:
        head, fraction = text.removesuffix("Z").split(".")
        text = f"{head}.{fraction[:6].ljust(6, '0')}Z"
    return datetime.datetime.fromisoformat(text)


_PLAIN = (None, Any, object, dict, list, str, int, float, bool, type(None), inspect.Parameter.empty)


def annotation(function: object, name: str) -> object:
    """What an argument of a function is annotated with, names resolved; `return` for its result. Any if it is not.

    Raises:
        TypeError: the annotation cannot be resolved.
    """
    target: Any = function
    while isinstance(target, functools.partial):
        target = target.func
    if isinstance(target, type):
        return Any
    if not inspect.isroutine(target):
        target = target.__call__
    try:
        return typing.get_type_hints(target).get(name, Any)
    except Exception:  # noqa: BLE001 - any that a user's annotation may raise
        given = getattr(target, "__annotations__", {}).get(name, Any)
        if isinstance(given, str):
            what = "result" if name == "return" else "input"
            raise TypeError(
                f"The annotation {shown(given)} of the {what} of {shown(function)} cannot be resolved. Define the type at the "
                f"top of the module, or leave the annotation out."
            ) from None
        return given


@functools.lru_cache(maxsize=1024)
def _adapter(annotation: Any) -> Any:
    return importlib.import_module("pydantic").TypeAdapter(annotation)


def reader(annotation: object, what: str) -> Callable[[str], Any]:
    """How to read JSON as what a handler's annotation says.

    Args:
        annotation: of the handler's input.
        what: whose, for the message.

    Raises:
        TypeError: the annotation needs pydantic, and that is not installed.
    """
    if _is_plain(annotation):
        return json.loads
    try:
        pydantic: Any = importlib.import_module("pydantic")
    except ImportError:
        raise TypeError(
            f"{what} is annotated as {annotation!r}, which is checked and built by pydantic. "
            "Run `pip install 'windlass[models]'`, or annotate it as dict."
        ) from None
    try:
        adapter = _adapter(annotation)
    except TypeError:  # not to be hashed
        adapter = pydantic.TypeAdapter(annotation)

    def read(text: str) -> Any:
        try:
            return adapter.validate_json(text)
        except pydantic.ValidationError as e:
            raise InvalidInputError(f"{what} does not fit {annotation!r}: {e}") from e

    return read


def _is_plain(annotation: object) -> bool:
    if annotation in _PLAIN:
        return True
    if isinstance(annotation, typing.TypeVar):
        return True
    origin = typing.get_origin(annotation)
    return origin in (dict, list) and all(_is_plain(each) for each in typing.get_args(annotation))
