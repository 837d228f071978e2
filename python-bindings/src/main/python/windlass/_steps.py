"""Steps of workflows: how they are run, and what their bodies may ask."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable
from typing import Any

from windlass import _bridge, _json
from windlass._arguments import Seconds, to_retries, to_retry, to_timeout
from windlass._json import shown
from windlass._retry import RetryPolicy
from windlass.errors import InvalidInputError, WindlassError


class OnFailure(enum.Enum):
    """What follows when a step has failed for good."""

    FAIL_WORKFLOW = "fail_workflow"
    """The workflow fails."""
    PAUSE_WORKFLOW = "pause_workflow"
    """The workflow pauses, for a human to look; once it is resumed, the step is tried anew."""
    CONTINUE = "continue"
    """The steps that depend on it go on without its result."""
    COMPENSATE = "compensate"
    """What was done is undone, last first; then the workflow fails. Of the pure functions only, so far: a workflow with such a
    step is refused when it is registered or started. A durable function undoes by `except`."""


_JAVA = {OnFailure.FAIL_WORKFLOW: "FAIL", OnFailure.PAUSE_WORKFLOW: "PAUSE", OnFailure.CONTINUE: "CONTINUE"}


def on_failure_of(what: str, given: OnFailure) -> str:
    """As the engine names it."""
    if not isinstance(given, OnFailure):
        raise InvalidInputError(f"{what} on_failure is {shown(given)}. Use one of OnFailure.")
    if given not in _JAVA:
        raise InvalidInputError(
            f"{what} on_failure is COMPENSATE, which the engine does not do yet. Make the workflow a durable function, and "
            f"undo by `except StepFailedError`; or use FAIL_WORKFLOW."
        )
    return _JAVA[given]


def options_of(retries: int, timeout: Seconds | None, policy: RetryPolicy | None, on_failure: OnFailure) -> dict[str, object]:
    """How a step of a function is run, for Java."""
    return {
        "attempts": to_retries("retries", retries) + 1,
        "retry": to_retry(policy),
        "timeoutMillis": to_timeout("timeout", timeout),
        "onFailure": on_failure_of("A step's", on_failure),
    }


def arguments_of(body: object, given: int) -> bool:
    """Whether a body takes its context behind the arguments that it is given.

    Raises:
        InvalidInputError: it cannot be called, or takes fewer or more.
    """
    if not callable(body):
        raise InvalidInputError(f"The body of the step is {shown(body)}, which cannot be called.")
    try:
        parameters = list(inspect.signature(body).parameters.values())
    except (TypeError, ValueError):
        return False
    places = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = [p for p in places if p.default is p.empty]
    rest = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    if len(needed) > given + 1 or (len(places) < given and not rest):
        raise InvalidInputError(
            f"The body of the step takes ({', '.join(p.name for p in parameters)}), and is given {given} argument(s). Give it "
            f"what it takes; one positional argument more is its StepContext."
        )
    return len(needed) == given + 1


def result_reader(body: object, result_type: Any) -> Callable[[str], Any]:
    """How to read a step's result."""
    annotation = result_type
    if annotation is None:
        annotation = Any if body is None else _json.annotation(body, "return")
    read = _json.reader(annotation, "The result of a step")
    return lambda text: None if text == "null" else read(text)


class StepContext:
    """What the body of a step may ask about it.

    Attributes:
        workflow_id: the workflow's id.
        run: the run's number, from 1.
        step: the step's name.
        attempt: which try this is, from 1. After a crash of the run's owner the count starts anew.
        idempotency_key: the same text for every try of this step in this run, and for no other: for services that take one.
        data: of a graph: what the workflow was started with; otherwise None.
        input: the step's own input: of a step that was called by a durable function, or that a graph gives one.
        results: of a graph: the results of the steps that it depends on, by name; without those that have none.
    """

    def __init__(self, invocation: int, about: dict[str, Any], given: dict[str, Any] | None) -> None:
        """Made by the worker."""
        self._invocation = invocation
        self.workflow_id: str = about["workflow"]
        self.run: int = about["run"]
        self.step: str = about["step"]
        self.attempt: int = about["attempt"]
        self.idempotency_key: str = about["key"]
        results: dict[str, Any] = dict(given["results"]) if given else {}
        self.data: Any = results.pop("$input", None)
        self.input: Any = given["input"] if given else None
        self.results: dict[str, Any] = results

    def result(self, step: str) -> Any:
        """The result of a step that this one depends on; None if it gave none, failed while the workflow goes on, or was
        skipped. No request.
        """
        return self.results.get(step)

    @property
    def cancelled(self) -> bool:
        """Whether to stop: the workflow is being cancelled, the step's time-out is over, or its worker stops or has lost its
        lease. A coroutine gets CancelledError as well; a plain function looks here. No request.
        """
        return _bridge.bridge().is_cancelled(self._invocation)

    async def is_cancellation_requested(self) -> bool:
        """The same as `cancelled`. No request."""
        return self.cancelled

    async def extend_lease(self, additional_secs: float = 0) -> None:
        """Makes sure that the step is still this try's. The worker's heartbeat keeps the lease for as long as the body runs;
        the step's time-out is not moved by it.

        Args:
            additional_secs: accepted.

        Raises:
            WindlassError: the try has been told to stop; what it did after that is not recorded.
        """
        del additional_secs
        if self.cancelled:
            raise WindlassError(f"Try {self.attempt} of step {self.step} of workflow {self.workflow_id} was told to stop.")

    async def wait_for_signal(self, name: str, timeout_seconds: float | None = None) -> Any:
        """Not for steps of a graph, which would hold a worker for as long as they wait.

        Raises:
            InvalidInputError: always; a durable function waits, by `WorkflowContext.wait_for_signal`, at no cost.
        """
        del timeout_seconds
        raise InvalidInputError(
            f"The step {shown(self.step)} is to wait for the signal {shown(name)}, and would hold its worker meanwhile. Make "
            f"the workflow a durable function (windlass.workflow.durable) and wait there by ctx.wait_for_signal: that costs "
            f"nothing."
        )

    def __repr__(self) -> str:
        return f"<windlass.workflow.StepContext of step {shown(self.step)} of workflow {shown(self.workflow_id)}>"
