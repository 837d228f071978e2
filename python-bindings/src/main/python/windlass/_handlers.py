"""Handlers: what can be one, and how it is called."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from windlass import _json
from windlass.errors import InvalidInputError

Handler = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A handler, and how it is called."""

    handler: Handler
    takes_context: bool
    read: Callable[[str], Any]


def entry_of(handler: Handler, what: str) -> Entry:
    """How a handler is called: whether it takes its context, and how its input is read.

    Raises:
        InvalidInputError: it takes something else than (input) or (input, context).
        TypeError: its annotation cannot be used.
    """
    try:
        parameters = list(inspect.signature(handler, eval_str=False).parameters.values())
    except (TypeError, ValueError):
        parameters = [inspect.Parameter("input", inspect.Parameter.POSITIONAL_ONLY)]
    places = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = [p for p in places if p.default is p.empty]
    rest = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    by_name = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty]
    if by_name or len(needed) > 2 or (not places and not rest):
        raise InvalidInputError(f"{what} takes ({', '.join(p.name for p in parameters)}). Use (input) or (input, context).")
    takes_context = rest or len(needed) == 2 or (len(places) > 1 and places[1].name in ("context", "ctx"))
    annotation = _json.annotation(handler, places[0].name) if places else Any
    return Entry(handler, takes_context, _json.reader(annotation, f"The input of {what[0].lower()}{what[1:]}"))


def is_async(function: object) -> bool:
    """Whether a call gives a coroutine: also of partials, and of objects that are called."""
    target: Any = function
    while isinstance(target, functools.partial):
        target = target.func
    call: Any = getattr(target, "__call__", None)  # noqa: B004 - that of an object may be a coroutine function
    return inspect.iscoroutinefunction(target) or inspect.iscoroutinefunction(call)
