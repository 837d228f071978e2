"""The one way to the JVM: calls that are awaited, and the tasks that Java hands over.

Calls return at once; a thread takes what Java has to say in batches, and hands each event loop its part. So neither side ever
waits for the other by looking again and again, and any number of calls is under way with one thread.
"""

from __future__ import annotations

import asyncio
import importlib
import itertools
import json
import logging
import os
import threading
from collections.abc import Callable
from typing import Any, Protocol

from windlass import _launch, errors

LOG = logging.getLogger("windlass")

Message = tuple[str, int, str, str]

# What AWS's SDK reads, by Java's names. It takes credentials from one place: all of them, or none.
_PROPERTIES = (
    {
        "AWS_ACCESS_KEY_ID": "aws.accessKeyId",
        "AWS_SECRET_ACCESS_KEY": "aws.secretAccessKey",
        "AWS_SESSION_TOKEN": "aws.sessionToken",
    },
    {"AWS_REGION": "aws.region"},
    {"AWS_PROFILE": "aws.profile"},
    {"AWS_CONFIG_FILE": "aws.configFile"},
    {"AWS_SHARED_CREDENTIALS_FILE": "aws.sharedCredentialsFile"},
)


class Worker(Protocol):
    """What a worker is to the bridge."""

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """Where its handlers run."""
        ...

    def deliver(self, message: Message) -> None:
        """On that loop: a task or step to run (`run`: about it, its input), or one to stop (`stop`); a durable function to run
        (`flow`), what one has asked for (`settled`), or one to put aside (`unwind`); what the worker has done (`told`).
        """
        ...


class Bridge:
    """The connection of this process to its JVM. Safe for use by any number of threads and event loops."""

    def __init__(self, gateway: Any) -> None:
        self._gateway = gateway
        self._ids = itertools.count(1)
        self._workers: dict[int, Worker] = {}
        self._invocations: dict[int, Worker] = {}
        self._flows: dict[int, Worker] = {}
        self._waiting: dict[int, tuple[asyncio.AbstractEventLoop, asyncio.Future[str | bytes]]] = {}
        self._handed_over: set[str] = set()
        self._closed = False
        self.set_log_level()
        self._process = os.getpid()
        self._pump = threading.Thread(target=self._take, name="windlass-bridge", daemon=True)
        self._pump.start()

    # --- calls --------------------------------------------------------------------------------------------------

    async def call(self, verb: str, arguments: str, body: bytes | None = None) -> str | bytes:
        """Has Java do something.

        Args:
            verb: what.
            arguments: a JSON object in ASCII.
            body: bytes beside it.

        Returns:
            The result as JSON, or bytes where the verb gives bytes.

        Raises:
            WindlassError: as Java says.
            ClosedError: the process is at its end, or is a fork of the one with the JVM.
        """
        self._check()
        loop = asyncio.get_running_loop()
        number = next(self._ids)
        future: asyncio.Future[str | bytes] = loop.create_future()
        self._waiting[number] = (loop, future)
        try:
            if body is None:
                self._gateway.call(number, verb, arguments)
            else:
                self._gateway.callWithBytes(number, verb, arguments, body)
            return await future
        except asyncio.CancelledError:
            self._gateway.abandon(number)
            raise
        finally:
            self._waiting.pop(number, None)

    def enable_metrics(self) -> None:
        """Counts what connections do that are opened from now on."""
        self._gateway.enableMetrics()

    def scrape(self) -> str:
        """What has been counted."""
        return str(self._gateway.scrape())

    def set_log_level(self) -> None:
        """Java says what the logger `windlass` lets through, and no more crosses the boundary."""
        self._gateway.logLevel(LOG.getEffectiveLevel())

    async def value(self, verb: str, **arguments: object) -> Any:
        """A call with plain arguments, and its result as a Python value."""
        result = await self.call(verb, json.dumps(arguments))
        return json.loads(result)

    def _check(self) -> None:
        if os.getpid() != self._process:
            raise errors.ClosedError(
                "This process is a fork of the one that holds the JVM, and a JVM does not survive a fork. Use "
                'multiprocessing.get_context("spawn"), and start the child\'s program by windlass.'
            )
        if self._closed:
            raise errors.ClosedError("The process is at its end: the JVM takes no more calls.")

    def hand_over_environment(self) -> None:
        """What the program has set in os.environ since the process was started: AWS's SDK reads Java's environment, and before
        that, Java's properties.
        """
        java: Any = importlib.import_module("java.lang")
        for group in _PROPERTIES:
            changed = any(os.environ.get(variable) != java.System.getenv(variable) for variable in group)
            for variable, name in group.items():
                value = os.environ.get(variable)
                if changed and value:
                    java.System.setProperty(name, value)
                    self._handed_over.add(name)
                elif name in self._handed_over:
                    java.System.clearProperty(name)
                    self._handed_over.discard(name)

    # --- workers ------------------------------------------------------------------------------------------------

    def add_worker(self, worker: Worker) -> int:
        """Its number, for Java."""
        self._check()
        number = next(self._ids)
        self._workers[number] = worker
        return number

    def remove_worker(self, number: int) -> None:
        """Its handlers have all ended."""
        self._workers.pop(number, None)

    def succeed(self, invocation: int, result: str) -> None:
        """A handler has returned."""
        self._invocations.pop(invocation, None)
        self._gateway.succeed(invocation, result)

    def fail(self, invocation: int, failure: dict[str, object]) -> None:
        """A handler has failed."""
        self._invocations.pop(invocation, None)
        self._gateway.fail(invocation, json.dumps(failure))

    def say(self, invocation: int, said: str) -> None:
        """A handler says how far its work is.

        Raises:
            InvalidInputError: it cannot be accepted.
        """
        failure = self._gateway.say(invocation, said)
        if failure is not None:
            raise errors.from_java(failure)

    def validate(self, request: str) -> None:
        """Checks a value by a JSON Schema. No request.

        Raises:
            SchemaViolationError: it does not fit.
            InvalidInputError: the schema is none.
        """
        self._check()
        failure = self._gateway.validate(request)
        if failure is not None:
            raise errors.from_java(failure)

    def ask(self, flow: int, request: str) -> None:
        """A durable function asks for something."""
        self._gateway.ask(flow, request)

    def returned(self, flow: int, *, result: str | None = None, failure: dict[str, object] | None = None) -> None:
        """A durable function has returned, failed, or, with neither, been put aside."""
        self._flows.pop(flow, None)
        self._gateway.returned(flow, result, None if failure is None else json.dumps(failure))

    def is_cancelled(self, invocation: int) -> bool:
        """Whether a handler should stop. No request."""
        return bool(self._gateway.isCancelled(invocation))

    # --- the pump -----------------------------------------------------------------------------------------------

    def _take(self) -> None:
        while True:
            try:
                text = self._gateway.take()
                if text is None:
                    return
                self._sort(text)
            except BaseException:
                if self._closed:
                    return
                LOG.exception("a batch of messages from Java could not be delivered")

    def _sort(self, text: str) -> None:
        head, _, body = text.partition("\n")
        at = 0
        parts: dict[asyncio.AbstractEventLoop, list[Callable[[], None]]] = {}
        for kind, number, *lengths in json.loads(head):
            texts = ["", ""]
            for i, length in enumerate(lengths):
                texts[i] = body[at : at + length]
                at += length
            target = self._target((kind, number, texts[0], texts[1]))
            if target is not None:
                parts.setdefault(target[0], []).append(target[1])
        for loop, actions in parts.items():
            try:
                loop.call_soon_threadsafe(_perform, actions)
            except RuntimeError:
                self._lost(loop)

    def _target(self, message: Message) -> tuple[asyncio.AbstractEventLoop, Callable[[], None]] | None:
        kind, number, first, _ = message
        if kind == "log":
            _log(json.loads(first))
            return None
        if kind in ("run", "flow"):
            return self._to_begin(message)
        if kind in ("stop", "settled", "unwind"):
            worker = (self._invocations if kind == "stop" else self._flows).get(number)
            return None if worker is None else (worker.loop, lambda: worker.deliver(message))
        if kind == "told":
            told = self._workers.get(number)
            return None if told is None else (told.loop, lambda: told.deliver(message))
        waiting = self._waiting.get(number)
        if waiting is None:
            if kind == "bytes":
                self._gateway.bytes(number)
            return None
        loop, future = waiting
        content = bytes(memoryview(self._gateway.bytes(number))) if kind == "bytes" else first
        return loop, lambda: _resolve(future, kind, content)

    def _to_begin(self, message: Message) -> tuple[asyncio.AbstractEventLoop, Callable[[], None]] | None:
        kind, number, about, _ = message
        worker = self._workers.get(json.loads(about)["worker"])
        if worker is None:
            if kind == "flow":
                self.returned(number)
            else:
                self.fail(number, {"outcome": "cancelled", "type": "Cancelled", "message": "the worker is gone"})
            return None
        (self._flows if kind == "flow" else self._invocations)[number] = worker
        return worker.loop, lambda: worker.deliver(message)

    def _lost(self, loop: asyncio.AbstractEventLoop) -> None:
        """An event loop was closed while its handlers ran: their tasks go back to the queue."""
        for invocation, worker in list(self._invocations.items()):
            if worker.loop is loop:
                self.fail(invocation, {"outcome": "cancelled", "type": "Cancelled", "message": "the event loop was closed"})
        for flow, worker in list(self._flows.items()):
            if worker.loop is loop:
                self.returned(flow)
        for number, worker in list(self._workers.items()):
            if worker.loop is loop:  # what it still claimed, nobody here would work on
                self.remove_worker(number)
                self._gateway.call(next(self._ids), "worker.drain", json.dumps({"worker": number, "limitMillis": 0}))

    def close(self) -> None:
        """At the end of the process: gives back what workers still hold, and ends the pump."""
        if self._closed or os.getpid() != self._process:
            return
        self._closed = True
        for invocation in list(self._invocations):
            self.fail(invocation, {"outcome": "cancelled", "type": "Cancelled", "message": "the process ends"})
        for flow in list(self._flows):
            self.returned(flow)
        self._gateway.close()
        self._pump.join(5)


def _log(line: dict[str, Any]) -> None:
    """A line of Java's log, with the ids of task, queue and worker as attributes of the record."""
    name = str(line["logger"]).removeprefix("dev.windlass.")
    logger = logging.getLogger(f"windlass.{name}")
    trace = line.get("trace")
    text = line["message"] if trace is None else f"{line['message']}\n{trace}"
    logger.log(line["level"], "%s", text, extra={f"windlass_{key}": value for key, value in line["ids"].items()})


def _perform(actions: list[Callable[[], None]]) -> None:
    for action in actions:
        try:
            action()
        except Exception:
            LOG.exception("a message from Java could not be dealt with")


def _resolve(future: asyncio.Future[str | bytes], kind: str, content: str | bytes) -> None:
    if future.done():
        return
    if kind == "error" and isinstance(content, str):
        future.set_exception(errors.from_java(content))
    else:
        future.set_result(content)


class _State:
    lock = threading.Lock()
    bridge: Bridge | None = None


def bridge() -> Bridge:
    """The bridge of this process, opened at the first call.

    Raises:
        ImportError: there is no JVM.
    """
    with _State.lock:
        if _State.bridge is None:
            if not _launch.is_embedded():
                raise _launch.missing_jvm("windlass.connect()")
            # A Java class: Jep's importer finds it.
            java: Any = importlib.import_module("dev.windlass.python")
            _State.bridge = Bridge(java.Gateway.open())
        return _State.bridge


def close() -> None:
    """At the end of the process."""
    with _State.lock:
        if _State.bridge is not None:
            _State.bridge.close()
