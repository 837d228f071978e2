"""What a handler's exception comes to, as it is stored."""

from __future__ import annotations

import asyncio
import traceback
from types import TracebackType

from windlass.errors import InvalidInputError, PermanentError, RescheduleError


def cancelled(why: str) -> dict[str, object]:
    """A handler that was stopped: its task goes back, or is cancelled."""
    return {"outcome": "cancelled", "type": "asyncio.CancelledError", "message": why}


def stored(e: BaseException, *, stopped: bool) -> dict[str, object]:
    """How a handler's exception is stored.

    Args:
        e: it, with the frame that called the handler in front.
        stopped: whether the handler was told to stop.
    """
    if isinstance(e, RescheduleError):
        return {"outcome": "reschedule", "delayMillis": round(e.delay.total_seconds() * 1000)}
    outcome = "permanent" if isinstance(e, PermanentError | InvalidInputError) else "retry"
    if isinstance(e, asyncio.CancelledError) and stopped:
        outcome = "cancelled"
    elif isinstance(e, KeyboardInterrupt | SystemExit):
        outcome = "cancelled"  # the process ends, and the task goes back
    trace = e.__traceback__.tb_next if e.__traceback__ is not None else None
    return {"outcome": outcome, **described(e, trace)}


def described(e: BaseException, trace: TracebackType | None) -> dict[str, object]:
    """An exception as its type, message and traceback, whatever its own methods do."""
    kind = type(e)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    try:
        message = str(e)
    except Exception as other:  # noqa: BLE001 - any that a user's __str__ may raise
        message = f"(its message cannot be shown: {type(other).__name__})"
    try:
        lines = traceback.format_exception(kind, e, trace)
    except Exception:  # noqa: BLE001 - any that a user's __str__ may raise
        lines = [name]
    text = "".join(lines)
    # The end says where it was raised.
    cut = text if len(text) <= 7900 else "…" + text[-7900:]
    return {"type": name, "message": _whole(message), "traceback": _whole(cut)}


def _whole(text: str) -> str:
    """Without halves of surrogate pairs, which are no characters."""
    return text.encode("utf-8", "replace").decode()
