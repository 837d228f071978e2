"""What durable functions ask for."""

from __future__ import annotations

import json
import logging
import random
import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NoReturn, ParamSpec, TypeVar, overload

from windlass import _json, errors
from windlass._arguments import Moment, Seconds, to_flag, to_millis, to_moment, to_text, to_whole
from windlass._durable import DurableFunction, type_of
from windlass._flow import LOG, Awaited, Body, Flow, Promise
from windlass._json import shown
from windlass._retry import RetryPolicy
from windlass._steps import OnFailure, arguments_of, options_of, result_reader
from windlass.errors import InvalidInputError

T = TypeVar("T")
U = TypeVar("U")
P = ParamSpec("P")


class WorkflowContext:
    """What a durable function does lasting things by.

    All that it asks for has a name and a position. Whoever runs the function again compares: if it asks for something else
    than what is recorded, the run pauses and says both. So the function itself does the same each time; time,
    randomness, requests and shared state belong into steps, or are asked for here. A function awaits nothing but its
    context: not `asyncio.sleep`, `asyncio.gather` and the like, whose order is not the same each time.

    Whatever is called begins at once, and `await` waits for it, so this is both at once:

        charged = ctx.step("charge", charge, order)
        packed = ctx.step("pack", pack, order)
        await ctx.all([charged, packed])

    Names are texts of at most 180 bytes once percent-encoded; those that begin with `~`, or end with `#` and a number, are
    the engine's. For the function's own coroutine only.

    Attributes:
        workflow_id: the workflow's id.
        run: the run's number, from 1.
    """

    def __init__(self, flow: Flow) -> None:
        """Made by the worker."""
        self._flow = flow
        self.workflow_id: str = flow.workflow_id
        self.run: int = flow.run
        self._random = random.Random(flow.seed)  # noqa: S311 - the same each time, so no secret
        self._uuids = 0

    # --- steps --------------------------------------------------------------------------------------------------

    @overload
    def step(
        self,
        name: str,
        body: Callable[..., Awaitable[T]],
        *arguments: Any,
        retries: int = ...,
        timeout: Seconds | None = ...,
        retry_policy: RetryPolicy | None = ...,
        on_failure: OnFailure = ...,
        non_retryable: tuple[type[BaseException], ...] = ...,
        result_type: Any = ...,
    ) -> Promise[T]: ...
    @overload
    def step(
        self,
        name: str,
        body: Callable[..., T],
        *arguments: Any,
        retries: int = ...,
        timeout: Seconds | None = ...,
        retry_policy: RetryPolicy | None = ...,
        on_failure: OnFailure = ...,
        non_retryable: tuple[type[BaseException], ...] = ...,
        result_type: Any = ...,
    ) -> Promise[T]: ...
    def step(
        self,
        name: str,
        body: Callable[..., Any],
        *arguments: Any,
        retries: int = 3,
        timeout: Seconds | None = 300,
        retry_policy: RetryPolicy | None = None,
        on_failure: OnFailure = OnFailure.FAIL_WORKFLOW,
        non_retryable: tuple[type[BaseException], ...] = (),
        result_type: Any = None,
    ) -> Promise[Any]:
        """Begins a step: work that is done once, and recorded by one PUT when it ends. It may run more than once, since a crash
        may come between its end and its record: `StepContext.idempotency_key` is the same each time.

        Args:
            name: names it; used again, it counts up (`charge`, `charge#2`).
            body: does the work: `async def`, or a plain function, which runs on a thread. Called with the arguments; if
                it takes one positional argument more, that is its StepContext.
            *arguments: for the body. They are not stored: take them from the function's input or from results of steps.
            retries: how many tries may follow the first, 0 to 999.
            timeout: how long one try may take, in seconds or as a timedelta; None for no limit.
            retry_policy: the wait between tries; None for 1 s, doubling up to 60 s, jitter 25 %.
            on_failure: what becomes of the run when it has failed for good: FAIL_WORKFLOW (the default) raises here, and the
                function may catch it; PAUSE_WORKFLOW pauses the run; CONTINUE gives None.
            non_retryable: exceptions that are not tried again; a PermanentError never is.
            result_type: what the result is read as, by pydantic; None for what the body's return annotation says.

        Returns:
            A promise of its result, as it is after it was stored as JSON.

        Raises:
            InvalidInputError: an argument cannot be accepted; or this is not the function's coroutine.
            StepFailedError: when awaited: it has failed for good.
        """
        options = options_of(retries, timeout, retry_policy, on_failure)
        number = self._flow.number()
        self._flow.bodies[number] = Body(body, arguments_of(body, len(arguments)), arguments, non_retryable)
        asked = {"ask": "step", "name": to_text("name", name), "options": options}
        return self._flow.begin(number, name, asked, result_reader(body, result_type))

    async def map(
        self,
        name: str,
        items: Iterable[U],
        body: Callable[..., Awaitable[T] | T],
        *,
        parallelism: int = 16,
        retries: int = 3,
        timeout: Seconds | None = 300,
        retry_policy: RetryPolicy | None = None,
        on_failure: OnFailure = OnFailure.FAIL_WORKFLOW,
        non_retryable: tuple[type[BaseException], ...] = (),
        result_type: Any = None,
    ) -> list[T]:
        """Runs one step for each item, several at once, named `name[0]`, `name[1]` and so on.

        Args:
            name: names them.
            items: what to work on; the same ones each time.
            body: does the work of one item: called with it, and with a StepContext if it takes one argument more.
            parallelism: how many at once at most, 1 to 10,000.
            retries: of each, as in `step`.
            timeout: of each, as in `step`.
            retry_policy: of each, as in `step`.
            on_failure: of each, as in `step`.
            non_retryable: of each, as in `step`.
            result_type: of each, as in `step`.

        Returns:
            The results, in the order of the items.

        Raises:
            StepFailedError: one has failed for good: the first in the order of the items, once all have ended.
        """
        given = list(items)
        number = self._flow.number()
        self._flow.bodies[number] = Body(body, arguments_of(body, 1), (given,), non_retryable, of_items=True)
        read = result_reader(body, result_type)
        text = await Awaited(
            self._flow,
            {
                "ask": "map",
                "name": to_text("name", name),
                "count": len(given),
                "parallelism": to_whole("parallelism", parallelism, 1, 10_000),
                "options": options_of(retries, timeout, retry_policy, on_failure),
            },
            number,
        )
        return [read(json.dumps(each)) for each in json.loads(text)]

    def call(
        self,
        kind: str,
        input: object = None,
        *,
        retries: int = 3,
        timeout: Seconds | None = 300,
        retry_policy: RetryPolicy | None = None,
        on_failure: OnFailure = OnFailure.FAIL_WORKFLOW,
        queue: str | None = None,
        priority: int | None = None,
        placement: str = "auto",
        result_type: Any = None,
    ) -> Promise[Any]:
        """Begins a call of a kind of step that some worker has registered, in Python (`Worker.step`) or Java. It runs here if
        this worker has it and nothing else is said, else as a task of its own at any worker that has.

        Args:
            kind: the name of the kind.
            input: its input: anything that the table of types knows.
            retries: as in `step`.
            timeout: as in `step`.
            retry_policy: as in `step`.
            on_failure: as in `step`.
            queue: the queue that it waits in as a task of its own; None for the engine's.
            priority: as a task of its own, 0 (first) to 9; None for the run's.
            placement: `auto`; `local` for this process alone; `fleet` for a task of its own in any case.
            result_type: what the result is read as, by pydantic; None for plain JSON.

        Raises:
            InvalidInputError: an argument cannot be accepted.
            StepFailedError: when awaited: it has failed for good.
        """
        options = options_of(retries, timeout, retry_policy, on_failure)
        options.update(queue=queue, priority=priority, placement=placement)
        asked = {"ask": "call", "name": to_text("kind", kind), "options": options}
        read = result_reader(None, result_type)
        encoded = _json.encode(f"The input of step {shown(kind)}", input)
        return self._flow.begin(self._flow.number(), kind, asked, read, extra=f'"input":{encoded}')

    async def map_calls(
        self,
        name: str,
        kind: str,
        items: Iterable[object],
        *,
        parallelism: int = 16,
        retries: int = 3,
        timeout: Seconds | None = 300,
        retry_policy: RetryPolicy | None = None,
        on_failure: OnFailure = OnFailure.FAIL_WORKFLOW,
        placement: str = "auto",
        result_type: Any = None,
    ) -> list[Any]:
        """Calls a kind of step for each item, several at once, named `name[0]`, `name[1]` and so on.

        With the placement `fleet` all workers that have the kind take part.

        Args:
            name: names them.
            kind: the name of the kind.
            items: the inputs; the same ones each time.
            parallelism: how many at once at most, 1 to 10,000.
            retries: of each, as in `step`.
            timeout: of each, as in `step`.
            retry_policy: of each, as in `step`.
            on_failure: of each, as in `step`.
            placement: of each, as in `call`.
            result_type: what each result is read as, by pydantic; None for plain JSON.

        Returns:
            The results, in the order of the items.

        Raises:
            StepFailedError: one has failed for good: the first in the order of the items, once all have ended.
        """
        options = options_of(retries, timeout, retry_policy, on_failure)
        options["placement"] = placement
        read = result_reader(None, result_type)
        encoded = _json.encode(f"The inputs of {shown(kind)}", list(items))
        asked = {
            "ask": "mapCalls",
            "name": to_text("name", name),
            "kind": to_text("kind", kind),
            "items": json.loads(encoded),
            "parallelism": to_whole("parallelism", parallelism, 1, 10_000),
            "options": options,
        }
        return [read(json.dumps(each)) for each in json.loads(await Awaited(self._flow, asked))]

    # --- waits --------------------------------------------------------------------------------------------------

    def sleep(self, seconds: Seconds) -> Promise[None]:
        """Waits. If it is long, the run parks: it holds no worker, thread or lease until then.

        Args:
            seconds: how long, in seconds or as a timedelta, zero to ten years; counted from `now()`.
        """
        return self._flow.begin(
            self._flow.number(), "sleep", {"ask": "timer", "millis": to_millis("seconds", seconds)}, json.loads
        )

    def sleep_until(self, time: Moment) -> Promise[None]:
        """Waits until a time by the store's clock; not at all if that has passed.

        Args:
            time: a datetime with a time zone, or an RFC 3339 text.
        """
        asked = {"ask": "until", "time": to_moment("time", time)}
        return self._flow.begin(self._flow.number(), "sleep_until", asked, json.loads)

    def wait_for_signal(self, name: str, timeout_seconds: Seconds | None = None, *, result_type: Any = None) -> Promise[Any]:
        """Waits for the next signal of a name. If it is long in coming, the run parks, and waiting costs nothing.

        Args:
            name: the signal's name.
            timeout_seconds: how long at most, in seconds or as a timedelta, counted from `now()`; None for as long as it takes.
            result_type: what the value is read as, by pydantic; None for plain JSON.

        Returns:
            A promise of its value.

        Raises:
            SignalTimeoutError: when awaited: it has not come in time. One that comes later goes to whoever waits next.
        """
        asked: dict[str, object] = {"ask": "signal", "name": to_text("name", name)}
        if timeout_seconds is not None:
            asked["limitMillis"] = to_millis("timeout_seconds", timeout_seconds)
        return self._flow.begin(self._flow.number(), name, asked, result_reader(None, result_type))

    def child(
        self,
        workflow: DurableFunction[..., T] | str,
        workflow_id: str,
        input: object = None,
        *,
        abandoned: bool = False,
        version: int | None = None,
    ) -> Promise[T]:
        """Starts another durable function as a run of its own, and waits for its end when awaited.

        Args:
            workflow: the function, or the name of its type, in Python or Java.
            workflow_id: its id, which is no other workflow's.
            input: its input.
            abandoned: whether it goes on when this run ends; otherwise it is cancelled with it.
            version: of a type that is given by its name; None for 1.

        Raises:
            StepFailedError: when awaited: it failed, was cancelled, or the id is taken.
        """
        name, number = type_of(workflow, version)
        asked = {
            "ask": "child",
            "type": name,
            "version": number,
            "workflow": to_text("workflow_id", workflow_id),
            "abandoned": to_flag("abandoned", abandoned),
        }
        read = result_reader(workflow.function if isinstance(workflow, DurableFunction) else None, None)
        encoded = _json.encode(f"The input of workflow {shown(workflow_id)}", input)
        return self._flow.begin(self._flow.number(), workflow_id, asked, read, extra=f'"input":{encoded}')

    async def continue_as_new(self, data: object = None, *, version: int | None = None) -> NoReturn:
        """Ends this run and goes on as the workflow's next one, which begins with nothing recorded: for functions that run for
        ever, so that no run grows without end. Never returns: write `return await ctx.continue_as_new(…)`; what stands in
        `finally` still runs, and may not await.

        The decision is recorded first, then the next run is put, and this one is completed: five PUTs. Who waits for the
        workflow, sends it signals, or cancels it, means the next run from then on; a parent waits for the last one. Signals
        that were sent and not taken go to the next run. What this run has begun is ended as by its return.

        Args:
            data: the next run's: anything that the table of types knows.
            version: of the function that the next run is of, which some worker must have; None for this one's.

        Raises:
            InvalidInputError: an argument cannot be accepted; the run goes on.
        """
        encoded = _json.encode(f"The data of the next run of workflow {shown(self.workflow_id)}", data)
        asked: dict[str, object] = {"ask": "continue", "input": json.loads(encoded)}
        if version is not None:
            asked["version"] = to_whole("version", version, 1, 2**31 - 1)
        await Awaited(self._flow, asked)
        raise AssertionError("a run that has gone on as a new one was resumed")

    # --- several ------------------------------------------------------------------------------------------------

    async def all(self, promises: Iterable[Promise[T]]) -> list[T]:
        """Waits until all have ended.

        Returns:
            Their results, in order.

        Raises:
            StepFailedError: one has failed for good: the first in the order given, once all have ended.
        """
        results: list[T] = []
        failure: errors.WindlassError | None = None
        for promise in list(promises):
            try:
                results.append(await promise)
            except errors.WindlassError as e:
                failure = failure or e
        if failure is not None:
            raise failure
        return results

    async def any(self, promises: Sequence[Promise[T]]) -> Promise[T]:
        """Waits until one has ended, well or not. Which one it was is recorded, by one PUT: it is the same each time.

        Returns:
            One that has ended; await it for its result.

        Raises:
            InvalidInputError: there is none to wait for.
        """
        if not promises:
            raise InvalidInputError("There is nothing to wait for: any() needs at least one promise.")
        text = await Awaited(self._flow, {"ask": "any", "of": [promise._number for promise in promises]})
        first = int(text)
        return next(promise for promise in promises if promise._number == first)

    # --- the same each time -------------------------------------------------------------------------------------

    async def now(self) -> datetime:
        """The time, as it was when what this function has seen last ended: the same each time the function runs again. The
        first call costs one PUT if it comes before anything was waited for.
        """
        return _json.moment(json.loads(await Awaited(self._flow, {"ask": "now"})))

    @property
    def random(self) -> random.Random:
        """Randomness, the same each time the function runs again, also in a run that is tried again or forked; foreseeable, so
        not for secrets.
        """
        return self._random

    def uuid(self) -> uuid.UUID:
        """A UUID, the same each time the function runs again, also in a run that is tried again or forked, and no other run's;
        foreseeable, so not for secrets.
        """
        self._uuids += 1
        return uuid.uuid5(uuid.NAMESPACE_OID, f"windlass/{self.workflow_id}/{self._flow.seed}/{self._uuids}")

    async def patched(self, change: str) -> bool:
        """Whether this run has a change: True for runs that come here for the first time with code that asks, False for those
        that went by before. Lets the code change under runs that are open. One PUT when it is True for the first time.

        Args:
            change: names the change, for ever.
        """
        return bool(json.loads(await Awaited(self._flow, {"ask": "patched", "id": to_text("change", change)})))

    @property
    def replaying(self) -> bool:
        """Whether the function repeats what it has done before."""
        return self._flow.replaying

    @property
    def log(self) -> logging.LoggerAdapter[logging.Logger]:
        """A logger that is silent while the function repeats what it has done before. Its records have `windlass_workflow`."""
        return _Quiet(LOG, self)


class _Quiet(logging.LoggerAdapter[logging.Logger]):
    def __init__(self, logger: logging.Logger, context: WorkflowContext) -> None:
        super().__init__(logger, {"windlass_workflow": context.workflow_id})
        self._context = context

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802 - logging's name
        return not self._context.replaying and super().isEnabledFor(level)
