"""Signals of workflows, as they stand in the store: sent, and not yet taken."""

from __future__ import annotations

import json
import re
import urllib.parse
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from windlass import _json
from windlass._arguments import to_text, to_whole
from windlass._json import shown
from windlass._queue import Queue
from windlass.errors import InvalidInputError

_KEY = re.compile(r"workflow/([^/]+)/signals/([^/]+)/(\d{13})-([^/]+)\.json")


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal that was sent to a workflow.

    Attributes:
        id: tells it from others of its name.
        workflow_id: the workflow.
        name: its name.
        payload: its value.
        created_at: when it was sent, by the store's time as its sender knew it.
        run: the run that it is for.
        key: where it is stored.
    """

    id: str
    workflow_id: str
    name: str
    payload: Any
    created_at: datetime
    run: int
    key: str


@dataclass(slots=True)
class SignalCursor:
    """How far a reader has read the signals of a workflow: for programs that look at them. A durable function needs none; what
    it has taken is recorded by id.

    Attributes:
        positions: the key of the last one read, by the signal's name.
    """

    positions: dict[str, str] = field(default_factory=dict[str, str])

    def advance(self, signal: Signal) -> None:
        """What comes before and at this signal has been read."""
        self.positions[signal.name] = signal.key


@dataclass(frozen=True, slots=True)
class SignalKey:
    """What the key of a signal says.

    Attributes:
        workflow_id: the workflow.
        name: the signal's name.
        created_at: when it was sent.
        signal_id: its id.
    """

    workflow_id: str
    name: str
    created_at: datetime
    signal_id: str


def parse_signal_key(key: str) -> SignalKey | None:
    """What the key of a signal says; None if it is none. No request."""
    match = _KEY.fullmatch(key) if isinstance(key, str) else None
    if match is None:
        return None
    workflow, name, millis, signal_id = match.groups()
    at = datetime.fromtimestamp(int(millis) / 1000, timezone.utc)
    unquote = urllib.parse.unquote
    return SignalKey(unquote(workflow), unquote(name), at, unquote(signal_id))


async def send_signal(
    queue: Queue, workflow_id: str, name: str, payload: object = None, *, signal_id: str | None = None
) -> str:
    """Sends a signal to a workflow, perhaps before it is started: it is delivered once, to the next wait for its name that no
    earlier signal is for, now or later. Durable on return; safe to repeat by the same id.

    Args:
        queue: any queue of the store.
        workflow_id: the workflow.
        name: the signal's name, at most 180 bytes once percent-encoded; it does not begin with `~`, or end with `#` and a
            number.
        payload: its value, at most 256 KiB of JSON.
        signal_id: tells it from others of its name; None for a fresh one, and then a repeat is another signal.

    Returns:
        The signal's id.

    Raises:
        WorkflowEndedError: the run has ended; the signal was not sent.
        InvalidInputError: the name or the value cannot be used; nothing was written.
    """
    arguments = {
        "workflow": to_text("workflow_id", workflow_id),
        "name": to_text("name", name),
        "signalId": uuid.uuid4().hex if signal_id is None else to_text("signal_id", signal_id),
    }
    encoded = _json.encode(f"The value of signal {shown(name)}", payload)
    return str(json.loads(await _queue(queue)._call("workflow.signal", arguments, extra=f'"value":{encoded}')))


async def list_signals(queue: Queue, workflow_id: str, name: str | None = None, limit: int = 1000) -> list[Signal]:
    """The signals that were sent to a workflow and not yet taken, by name and in the order of their times. One LIST per
    thousand, and one GET for each.

    Args:
        queue: any queue of the store.
        workflow_id: the workflow.
        name: only those of this name; None for all.
        limit: at most so many, 1 to 100,000.
    """
    return await _read(queue, workflow_id, name, None, limit)


async def get_next_signal(queue: Queue, workflow_id: str, name: str, cursor: SignalCursor | None = None) -> Signal | None:
    """The first signal of a name behind a cursor, or None. It stays where it is: a run may take it, and `cursor.advance` makes
    the next call answer the one after it.

    Args:
        queue: any queue of the store.
        workflow_id: the workflow.
        name: the signal's name.
        cursor: how far the caller has read; None for the first of all.
    """
    after = None if cursor is None else cursor.positions.get(name)
    found = await _read(queue, workflow_id, to_text("name", name), after, 1)
    return found[0] if found else None


async def count_signals(queue: Queue, workflow_id: str, name: str | None = None) -> int:
    """How many signals were sent to a workflow and not yet taken. One LIST per thousand, and one GET for each."""
    return len(await _read(queue, workflow_id, name, None, 100_000))


async def delete_signals(queue: Queue, workflow_id: str, name: str | None = None) -> int:
    """Deletes the signals that were sent to a workflow and not yet taken: no run will get them. Safe to repeat.

    Args:
        queue: any queue of the store.
        workflow_id: the workflow.
        name: only those of this name; None for all.

    Returns:
        How many there were.
    """
    arguments = {"workflow": to_text("workflow_id", workflow_id), "name": None if name is None else to_text("name", name)}
    return int(json.loads(await _queue(queue)._call("workflow.deleteSignals", arguments)))


async def _read(queue: Queue, workflow_id: str, name: str | None, after: str | None, limit: int) -> list[Signal]:
    arguments = {
        "workflow": to_text("workflow_id", workflow_id),
        "name": None if name is None else to_text("name", name),
        "after": after,
        "limit": to_whole("The limit", limit, 1, 100_000),
    }
    return [
        Signal(
            id=told["id"],
            workflow_id=workflow_id,
            name=told["name"],
            payload=told.get("value"),
            created_at=datetime.fromtimestamp(told["at"] / 1000, timezone.utc),
            run=told["run"],
            key=told["key"],
        )
        for told in json.loads(await _queue(queue)._call("workflow.signals", arguments))
    ]


def _queue(queue: Queue) -> Queue:
    if not isinstance(queue, Queue):
        raise InvalidInputError(f"queue is {shown(queue)}. Use what `await windlass.connect(…)` gives.")
    return queue
