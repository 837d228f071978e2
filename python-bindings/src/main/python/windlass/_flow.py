"""How the coroutines of durable functions are driven."""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
import logging
from collections.abc import Awaitable, Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, cast

from windlass import _bridge, errors
from windlass._json import shown
from windlass.errors import InvalidInputError

if TYPE_CHECKING:
    from windlass._steps import StepContext

T = TypeVar("T")
U = TypeVar("U")
P = ParamSpec("P")

LOG = logging.getLogger("windlass.workflow")


@dataclass(frozen=True, slots=True)
class _Request:
    """What a coroutine yields to its driver: something to ask Java for, and wait for."""

    flow: Flow
    asked: dict[str, object]


class AsideError(Exception):
    """The run is put aside: to the driver only."""


class Promise(Awaitable[T], Generic[T]):
    """What a durable function has asked for: it has begun, and `await` waits for its end, which may be in another process,
    after this one is gone. Awaiting it again gives the same again.

    Attributes:
        name: the name that was given to it.
    """

    def __init__(self, flow: Flow, number: int, name: str, read: Callable[[str], Any]) -> None:
        """Made by the context."""
        self._flow = flow
        self._number = number
        self._read = read
        self.name = name

    def __await__(self) -> Generator[Any, Any, T]:
        text = yield from self._flow.wait({"ask": "get", "of": self._number})
        return self._read(text)

    def __repr__(self) -> str:
        return f"<windlass.workflow.Promise {shown(self.name)}>"


class Awaited(Awaitable[str]):
    """A request whose answer is awaited at once."""

    def __init__(self, flow: Flow, asked: Mapping[str, object], number: int | None = None) -> None:
        self._flow = flow
        self._asked = asked
        self._number = number

    def __await__(self) -> Generator[Any, Any, str]:
        return (yield from self._flow.wait(self._asked, self._number))


@dataclass(frozen=True, slots=True)
class Body:
    """What runs a step of a function."""

    call: Callable[..., Any]
    takes_context: bool
    arguments: tuple[Any, ...]
    non_retryable: tuple[type[BaseException], ...]
    of_items: bool = False

    def bound(self, item: int | None, context: StepContext) -> Callable[[], Any]:
        """Without arguments."""
        arguments = (self.arguments[0][item],) if self.of_items else self.arguments
        return functools.partial(self.call, *arguments, *((context,) if self.takes_context else ()))


@dataclass(slots=True, eq=False)
class Flow:
    """One activation of a durable function in this process, on one event loop."""

    id: int
    workflow_id: str
    run: int
    seed: str
    replaying: bool
    bodies: dict[int, Body] = field(default_factory=dict[int, Body])
    task: asyncio.Task[None] | None = None
    _numbers: int = 0
    _aside: str | None = None
    _pending: dict[int, asyncio.Future[str]] = field(default_factory=dict[int, "asyncio.Future[str]"])

    def number(self) -> int:
        """The number of the next thing that is asked for."""
        self._check()
        self._numbers += 1
        return self._numbers

    def _check(self) -> None:
        try:
            mine = self.task is not None and asyncio.current_task() is self.task
        except RuntimeError:  # another thread
            mine = False
        if not mine:
            raise InvalidInputError(
                f"The context of workflow {shown(self.workflow_id)} was used outside of its function's coroutine: in the body "
                "of a step, in a task of asyncio's (such as by asyncio.gather), or after the function's end. Use ctx.all([…]), "
                "ctx.any([…]) and ctx.map(…), whose order is the same each time."
            )
        if self._aside is not None:
            raise asyncio.CancelledError(self._aside)

    def begin(
        self, number: int, name: str, asked: Mapping[str, object], read: Callable[[str], Any], *, extra: str = ""
    ) -> Promise[Any]:
        """Asks for something that is awaited later."""
        self._tell({**asked, "token": number}, extra)
        return Promise(self, number, name, read)

    def _tell(self, asked: dict[str, object], extra: str = "") -> None:
        text = json.dumps(asked)
        _bridge.bridge().ask(self.id, f"{text[:-1]},{extra}}}" if extra else text)

    def wait(self, asked: Mapping[str, object], number: int | None = None) -> Generator[_Request, str, str]:
        """What a coroutine delegates to."""
        token = self.number() if number is None else number
        self._check()
        return (yield _Request(self, {**asked, "token": token}))

    # --- the driver's side --------------------------------------------------------------------------------------

    async def drive(self, coroutine: Any) -> Any:
        """Runs the coroutine to its end.

        Raises:
            AsideError: the run is put aside, and the coroutine has been unwound.
        """
        advance: Callable[[], Any] = functools.partial(coroutine.send, None)
        while True:
            if self._aside is not None:
                self._unwind(coroutine)
                raise AsideError
            try:
                asked = advance()
            except StopIteration as e:
                return e.value
            if not isinstance(asked, _Request) or asked.flow is not self:
                _quiet(asked)
                advance = functools.partial(coroutine.throw, _foreign(self, asked))
                continue
            try:
                answer = await self._answer(asked)
            except AsideError:
                continue
            except Exception as e:  # noqa: BLE001 - whatever it is, it is the function's to see
                advance = functools.partial(coroutine.throw, e)
            except asyncio.CancelledError:
                coroutine.close()
                raise
            else:
                advance = functools.partial(coroutine.send, answer)

    async def _answer(self, request: _Request) -> str:
        token: Any = request.asked["token"]
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._pending[token] = future
        self._tell(request.asked)
        try:
            return await future
        finally:
            self._pending.pop(token, None)

    def _unwind(self, coroutine: Any) -> None:
        """Cancelled runs raise CancelledError where the function waits; of others the coroutine is closed."""
        try:
            if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED or self._aside != "cancelled":
                coroutine.close()
            else:
                coroutine.throw(asyncio.CancelledError(f"workflow {self.workflow_id} is being cancelled"))
                LOG.warning("workflow %s: its function waits while it is being cancelled, and was ended", self.workflow_id)
                coroutine.close()
        except (StopIteration, asyncio.CancelledError):
            pass
        except Exception:
            LOG.exception("workflow %s: its function failed while it was put aside", self.workflow_id)

    def settled(self, about: str, value: str) -> None:
        """On the loop: an answer has come."""
        told = json.loads(about)
        self.replaying = told["replaying"]
        future = self._pending.get(told["token"])
        if future is None or future.done():
            return
        if told["ok"]:
            future.set_result(value)
        else:
            future.set_exception(errors.from_java(value))

    def put_aside(self, why: str) -> None:
        """On the loop: the run is parked, released or cancelled."""
        self._aside = why
        for future in self._pending.values():
            if not future.done():
                future.set_exception(AsideError(why))


def _foreign(flow: Flow, asked: object) -> InvalidInputError:
    return InvalidInputError(
        f"The durable function of workflow {shown(flow.workflow_id)} awaits {shown(asked)}, which is not its context's. It "
        f"awaits its context alone: ctx.sleep in place of asyncio.sleep, ctx.all in place of asyncio.gather; requests belong "
        f"into steps."
    )


def _quiet(asked: object) -> None:
    """A future of asyncio's that nobody will look at."""
    if isinstance(asked, asyncio.Future):
        future = cast("asyncio.Future[Any]", asked)
        future._asyncio_future_blocking = False  # type: ignore[attr-defined]
        future.cancel()
