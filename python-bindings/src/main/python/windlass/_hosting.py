"""What a worker does for workflows: runs durable functions, and steps of graphs and of functions."""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from windlass import _bridge, _failures, _json
from windlass._durable import DurableFunction
from windlass._flow import AsideError, Flow
from windlass._functions import WorkflowContext
from windlass._handlers import Entry
from windlass._json import shown
from windlass._running import Run, is_cancelled
from windlass._steps import StepContext
from windlass.errors import InvalidInputError, PermanentError, RescheduleError, StepFailedError

if TYPE_CHECKING:
    from windlass.workflow._dag import Workflow

LOG = logging.getLogger("windlass.workflow")


class WorkflowHost:
    """The workflows of one worker."""

    def __init__(self) -> None:
        self._functions: dict[tuple[str, int], DurableFunction[..., Any]] = {}
        self._graphs: dict[str, Workflow] = {}
        self._kinds: dict[str, Entry] = {}
        self._flows: dict[int, Flow] = {}

    def __bool__(self) -> bool:
        return bool(self._functions or self._graphs or self._kinds)

    # --- setting up ---------------------------------------------------------------------------------------------

    def add(self, workflow: Workflow | DurableFunction[..., Any]) -> None:
        """A durable function, or a graph."""
        if isinstance(workflow, DurableFunction):
            key = (workflow.name, workflow.version)
            if self._functions.setdefault(key, workflow) is not workflow:
                raise InvalidInputError(f"Version {key[1]} of the workflow {shown(key[0])} is registered already.")
            return
        from windlass.workflow._dag import Workflow

        if not isinstance(workflow, Workflow):
            raise InvalidInputError(
                f"The workflow is {shown(workflow)}. Use a windlass.workflow.Workflow, or what @windlass.workflow.durable "
                f"makes."
            )
        workflow.definition()  # says what is wrong with it
        if self._graphs.setdefault(workflow.kind, workflow) is not workflow:
            raise InvalidInputError(f"Version {workflow.version} of the workflow {shown(workflow.name)} is registered already.")

    def add_kind(self, kind: str, entry: Entry) -> None:
        """A kind of step that any run may call."""
        if kind in self._kinds:
            raise InvalidInputError(f"The kind of step {shown(kind)} has a handler already.")
        self._kinds[kind] = entry

    def described(self, runs: int, steps: int, park_after_ms: int | None) -> dict[str, object]:
        """For Java."""
        return {
            "functions": [{"name": name, "version": version} for name, version in self._functions],
            "graphs": [{"kind": kind, "graph": graph.definition()} for kind, graph in self._graphs.items()],
            "kinds": list(self._kinds),
            "runs": runs,
            "steps": steps,
            "parkAfterMillis": park_after_ms,
        }

    # --- durable functions --------------------------------------------------------------------------------------

    def begin(self, run: Run, number: int, about: dict[str, Any], text: str) -> None:
        """On the loop: a durable function is to run."""
        flow = self._flows[number] = Flow(number, about["workflow"], about["run"], about["seed"], about["replaying"])
        function = self._functions[about["type"], about["version"]]
        flow.task = run.create_task(self._drive(flow, function, text))
        run.tasks[-number] = flow.task

        def ended(task: asyncio.Task[None]) -> None:
            self._flows.pop(number, None)
            run.tasks.pop(-number, None)
            if task.cancelled():  # perhaps before its first step: then it has said nothing
                _bridge.bridge().returned(number)

        flow.task.add_done_callback(ended)

    async def _drive(self, flow: Flow, function: DurableFunction[..., Any], text: str) -> None:
        bridge = _bridge.bridge()
        try:
            coroutine = function.begin(WorkflowContext(flow), text)
            result = await flow.drive(coroutine)
            encoded = _json.encode(f"The result of workflow {shown(flow.workflow_id)}", result)
        except AsideError:
            bridge.returned(flow.id)
        except asyncio.CancelledError as e:
            if is_cancelled():
                bridge.returned(flow.id)
                raise
            bridge.returned(flow.id, failure=_failures.stored(e, stopped=False))  # the function's own
        except BaseException as e:
            bridge.returned(flow.id, failure=_of_function(e))
            if not isinstance(e, Exception):
                raise
        else:
            bridge.returned(flow.id, result=encoded)

    def settled(self, kind: str, number: int, first: str, second: str) -> None:
        """On the loop: an answer for a durable function, or its end."""
        flow = self._flows.get(number)
        if flow is None:
            if kind == "unwind":
                _bridge.bridge().returned(number)
        elif kind == "settled":
            flow.settled(first, second)
        else:
            flow.put_aside(first)

    # --- steps --------------------------------------------------------------------------------------------------

    async def work(self, run: Run, invocation: int, about: dict[str, Any], text: str) -> None:
        """Runs one try of a step."""
        non_retryable: tuple[type[BaseException], ...] = ()

        def failed(e: BaseException) -> dict[str, object]:
            stopped = invocation in run.stopped or run.is_called_off() or ("flow" in about and about["flow"] not in self._flows)
            failure = _failures.stored(_no_reschedule(e), stopped=stopped)
            if isinstance(e, non_retryable):
                failure["outcome"] = "permanent"
            return failure

        with run.handling(invocation, failed) as handling:
            if "flow" in about:
                flow = self._flows.get(about["flow"])
                if flow is None:
                    raise asyncio.CancelledError("its durable function is put aside")
                body = flow.bodies[about["body"]]
                non_retryable = body.non_retryable
                bound = body.bound(about.get("item"), StepContext(invocation, about, None))
                result = await run.call(bound, ())
            else:
                result = await run.call(*self._of_kind(invocation, about, text))
            handling.gives(_json.encode(f"The result of step {shown(about['step'])}", result))

    def _of_kind(self, invocation: int, about: dict[str, Any], text: str) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        kind = about["kind"]
        given = json.loads(text)
        context = StepContext(invocation, about, given)
        graph = self._graphs.get(kind)
        if graph is not None:
            name = context.step
            step = graph.get_step(name)
            if step is None or step.handler is None:
                raise PermanentError(f"The workflow {shown(graph.name)} has no step {shown(name)} here.")
            return step.handler, (context,) if takes_context(step.handler, name) else ()
        known = self._kinds[kind]
        value = known.read(json.dumps(given["input"]))
        return known.handler, (value, context) if known.takes_context else (value,)


def _no_reschedule(e: BaseException) -> BaseException:
    if isinstance(e, RescheduleError):
        return InvalidInputError(
            "A step raised RescheduleError. Steps of workflows are tried again, and not rescheduled: raise RetryableError."
        )
    return e


def _of_function(e: BaseException) -> dict[str, object]:
    failure = _failures.stored(e, stopped=False)
    if isinstance(e, StepFailedError):
        failure["type"] = "step-failed"
    failure["outcome"] = "permanent"
    return failure


@functools.lru_cache(maxsize=1024)
def takes_context(handler: Callable[..., Any], step: str) -> bool:
    """Whether the handler of a step of a graph takes its StepContext.

    Raises:
        InvalidInputError: it takes more.
    """
    try:
        parameters = list(inspect.signature(handler).parameters.values())
    except (TypeError, ValueError):
        return True
    needed = [p for p in parameters if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    if len(needed) > 1 or any(p.kind is p.KEYWORD_ONLY for p in needed):
        raise InvalidInputError(
            f"The handler of step {shown(step)} takes ({', '.join(p.name for p in parameters)}). Use () or (context)."
        )
    places = [p for p in parameters if p.kind is not p.KEYWORD_ONLY and p.kind is not p.VAR_KEYWORD]
    return bool(needed) or (
        bool(places) and (places[0].kind is places[0].VAR_POSITIONAL or places[0].name in ("context", "ctx", "step"))
    )
