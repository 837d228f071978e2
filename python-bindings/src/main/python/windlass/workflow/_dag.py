"""Graphs of steps, and what follows from how far they have come."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar, cast

from windlass._hosting import takes_context
from windlass._json import duration, encode, shown
from windlass._steps import OnFailure, on_failure_of
from windlass.errors import InvalidInputError

Handler = Callable[..., Any]
H = TypeVar("H", bound=Callable[..., Any])


class WorkflowStatus(enum.Enum):
    """Where a workflow stands."""

    PENDING = "pending"
    RUNNING = "running"
    WAITING_SIGNAL = "waiting_signal"
    COMPENSATING = "compensating"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StepStatus(enum.Enum):
    """Where a step stands."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class StepDef:
    """A step of a workflow.

    Attributes:
        name: unique in the workflow; at most 200 bytes.
        handler: does the work: `async def` or a plain function, which takes () or (context), a StepContext. None of a step that
            workers elsewhere do, by its kind.
        depends_on: names of the steps that must be done before.
        retries: how many tries may follow the first, 0 to 999.
        timeout: how long one attempt may take, in seconds; more than zero.
        on_failure: what follows when it has failed for good.
        compensation: undoes it, or None.
        kind: the kind of step that some worker has registered, in Python or Java; None for one that this handler does.
        input: what a step of such a kind is given, beside the results of the steps that it depends on.
        queue: the queue that it waits in as a task of its own; None for the engine's, and only if it runs as one.

    Raises:
        InvalidInputError: a value is out of its range.
    """

    name: str
    handler: Handler | None
    depends_on: tuple[str, ...] = ()
    retries: int = 3
    timeout: float = 300
    on_failure: OnFailure = OnFailure.FAIL_WORKFLOW
    compensation: Handler | None = None
    kind: str | None = None
    input: Any = None
    queue: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise InvalidInputError(f"The name of a step is {shown(self.name)}. Use a text that is not empty.")
        what = f"Step {shown(self.name)}:"
        if self.kind is not None and (not isinstance(self.kind, str) or not self.kind):
            raise InvalidInputError(f"{what} its kind is {shown(self.kind)}. Use a text that is not empty.")
        if self.handler is not None and self.kind is not None:
            raise InvalidInputError(f"{what} it has a handler and the kind {shown(self.kind)}. Give it one of them.")
        if self.kind is None and not callable(self.handler):
            raise InvalidInputError(f"{what} its handler is {shown(self.handler)}, which cannot be called.")
        if self.compensation is not None and not callable(self.compensation):
            raise InvalidInputError(f"{what} its compensation is {shown(self.compensation)}, which cannot be called.")
        if isinstance(self.depends_on, str):
            raise InvalidInputError(f"{what} depends_on is the text {shown(self.depends_on)}. Use a list of names.")
        object.__setattr__(self, "depends_on", tuple(self.depends_on))
        if isinstance(self.retries, bool) or not isinstance(self.retries, int) or not 0 <= self.retries <= 999:
            raise InvalidInputError(f"{what} retries is {shown(self.retries)}. Use 0 to 999.")
        if isinstance(self.timeout, bool) or not isinstance(self.timeout, int | float) or not self.timeout > 0:
            raise InvalidInputError(f"{what} timeout is {shown(self.timeout)}. Use seconds, more than zero.")
        if not isinstance(self.on_failure, OnFailure):
            raise InvalidInputError(f"{what} on_failure is {shown(self.on_failure)}. Use one of OnFailure.")


@dataclass(slots=True)
class StepState:
    """How far a step has come.

    Attributes:
        status: where it stands.
        attempt: which attempt, from 1; 0 before the first.
        result: what it gave, once it is completed.
        error: why it failed, or None.
    """

    status: StepStatus = StepStatus.PENDING
    attempt: int = 0
    result: Any = None
    error: str | None = None


@dataclass(slots=True)
class WorkflowState:
    """How far a workflow has come.

    Attributes:
        id: its id.
        type: the name of its workflow.
        status: where it stands.
        data: what it was started with.
        steps: its steps by name; one that is missing is pending.
    """

    id: str = ""
    type: str = ""
    status: WorkflowStatus = WorkflowStatus.PENDING
    data: Any = None
    steps: dict[str, StepState] = field(default_factory=dict[str, StepState])


Steps = Iterable[StepDef] | Mapping[str, StepDef]


def _listed(steps: Steps) -> list[StepDef]:
    if isinstance(steps, Mapping):
        return list(cast("Mapping[str, StepDef]", steps).values())
    return list(steps)


def _by_name(steps: Steps) -> dict[str, StepDef]:
    return {step.name: step for step in _listed(steps)}


def _status(state: WorkflowState, name: str) -> StepStatus:
    step = state.steps.get(name)
    return StepStatus.PENDING if step is None else step.status


def _is_passed(step: StepDef | None, state: WorkflowState) -> bool:
    """Whether what depends on it may start."""
    if step is None:
        return False
    status = _status(state, step.name)
    return status is StepStatus.COMPLETED or (status is StepStatus.FAILED and step.on_failure is OnFailure.CONTINUE)


def compute_ready_steps(steps: Steps, state: WorkflowState) -> list[str]:
    """The names of the steps that may start now, in the order of their definition.

    Args:
        steps: of the workflow.
        state: how far it has come.
    """
    known = _by_name(steps)
    return [
        step.name
        for step in known.values()
        if _status(state, step.name) is StepStatus.PENDING
        and all(_is_passed(known.get(name), state) for name in step.depends_on)
    ]


def is_workflow_complete(steps: Steps, state: WorkflowState) -> bool:
    """Whether every step is completed, or has failed and lets the others go on."""
    return all(_is_passed(step, state) for step in _by_name(steps).values())


def has_unrecoverable_failure(steps: Steps, state: WorkflowState) -> bool:
    """Whether a step has failed whose failure is the workflow's, at once or after compensation."""
    final = (OnFailure.FAIL_WORKFLOW, OnFailure.COMPENSATE)
    return any(_status(state, s.name) is StepStatus.FAILED and s.on_failure in final for s in _by_name(steps).values())


def should_pause_workflow(steps: Steps, state: WorkflowState) -> bool:
    """Whether a step has failed whose failure pauses the workflow."""
    return any(
        _status(state, step.name) is StepStatus.FAILED and step.on_failure is OnFailure.PAUSE_WORKFLOW
        for step in _by_name(steps).values()
    )


def get_compensation_chain(steps: Steps, state: WorkflowState) -> list[str]:
    """The names of the completed steps that can be undone, in the order in which to undo them: what came last, first.

    Raises:
        InvalidInputError: the steps are no graph; see `validate_dag`.
    """
    known = _by_name(steps)
    return [
        name
        for name in reversed(topological_sort(known))
        if _status(state, name) is StepStatus.COMPLETED and known[name].compensation is not None
    ]


def get_blocked_steps(steps: Steps, state: WorkflowState) -> list[str]:
    """The names of the pending steps that can never start, since something that they need has failed or was cancelled.

    Raises:
        InvalidInputError: the steps are no graph; see `validate_dag`.
    """
    known = _by_name(steps)
    dead = {
        name
        for name, step in known.items()
        if _status(state, name) in (StepStatus.FAILED, StepStatus.CANCELLED) and not _is_passed(step, state)
    }
    blocked: set[str] = set()
    for name in topological_sort(known):
        waits = _status(state, name) is StepStatus.PENDING
        if waits and any(before in dead or before in blocked for before in known[name].depends_on):
            blocked.add(name)
    return [name for name in known if name in blocked]


def topological_sort(steps: Steps) -> list[str]:
    """The names of the steps, each behind all that it depends on; otherwise in the order of their definition.

    Raises:
        InvalidInputError: the steps are no graph; see `validate_dag`.
    """
    listed = _listed(steps)
    validate_dag(listed)
    return _sorted(_by_name(listed))


def _sorted(known: Mapping[str, StepDef]) -> list[str]:
    """As many as can be sorted: those of a cycle, and what depends on them, are left out."""
    places = {name: i for i, name in enumerate(known)}
    left = {name: len(set(step.depends_on)) for name, step in known.items()}
    after: dict[str, list[str]] = {name: [] for name in known}
    for name, step in known.items():
        for before in set(step.depends_on):
            after[before].append(name)
    order: list[str] = []
    wave = [name for name, count in left.items() if count == 0]
    while wave:
        order += wave
        following: list[str] = []
        for name in wave:
            for later in after[name]:
                left[later] -= 1
                if left[later] == 0:
                    following.append(later)
        wave = sorted(following, key=places.__getitem__)
    return order


def validate_dag(steps: Steps) -> None:
    """Checks that steps are a graph without cycles, all names unique and known.

    Raises:
        InvalidInputError: they are not; the message has all that is wrong, by name.
    """
    listed = _listed(steps)
    wrong: list[str] = []
    known = _by_name(listed)
    seen: set[str] = set()
    for step in listed:
        if step.name in seen:
            wrong.append(f"two steps are named {shown(step.name)}")
        seen.add(step.name)
        unknown = [name for name in step.depends_on if name not in known]
        wrong += [f"step {shown(step.name)} depends on {shown(name)}, which is no step" for name in unknown]
    if not listed:
        wrong.append("there is no step")
    if not wrong:
        placed = set(_sorted(known))
        left = [name for name in known if name not in placed]
        if left:
            wrong.append(f"these depend on each other in a circle, or on such a circle: {', '.join(map(shown, left))}")
    if wrong:
        raise InvalidInputError(f"The steps are no graph: {'; '.join(wrong)}.")


def compute_definition_hash(steps: Steps) -> str:
    """A hash of what makes the graph: names, dependencies, and what follows a failure; not of the handlers' code.

    Returns:
        64 hexadecimal digits; the same in every process, whatever the order of definition.
    """
    parts = [
        {
            "name": step.name,
            "depends_on": sorted(set(step.depends_on)),
            "on_failure": step.on_failure.value,
            **({} if step.kind is None else {"kind": step.kind}),
        }
        for step in sorted(_by_name(steps).values(), key=lambda step: step.name)
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class Workflow:
    """A graph of steps with a name.

    Attributes:
        name: its name.
        version: its version. Runs of a version are run only by workers that have registered that version.

    Raises:
        InvalidInputError: the name is no text, or empty; the version is less than 1.
    """

    def __init__(self, name: str, *, version: int = 1) -> None:
        if not isinstance(name, str) or not name:
            raise InvalidInputError(f"The name of a workflow is {shown(name)}. Use a text that is not empty.")
        if isinstance(version, bool) or not isinstance(version, int) or version < 1:
            raise InvalidInputError(f"The version of workflow {shown(name)} is {shown(version)}. Use 1 or more.")
        self.name = name
        self.version = version
        self._steps: dict[str, StepDef] = {}

    @property
    def kind(self) -> str:
        """The kind of those of its steps that Python handlers do, as the store names it."""
        return f"python:{self.name}:{self.version}"

    @property
    def steps(self) -> list[StepDef]:
        """Its steps, in the order of their definition."""
        return list(self._steps.values())

    def add(self, step: StepDef) -> None:
        """Adds a step.

        Raises:
            InvalidInputError: its name is taken.
        """
        if not isinstance(step, StepDef):
            raise InvalidInputError(f"The step is {shown(step)}. Use a StepDef, or the decorator @workflow.step(…).")
        if step.name in self._steps:
            raise InvalidInputError(f"Workflow {shown(self.name)} has a step {shown(step.name)} already.")
        self._steps[step.name] = step

    def remote_step(
        self,
        name: str,
        kind: str,
        depends_on: Iterable[str] | None = None,
        retries: int = 3,
        timeout: float = 300,
        on_failure: OnFailure = OnFailure.FAIL_WORKFLOW,
        *,
        input: object = None,
        queue: str | None = None,
    ) -> None:
        """Adds a step that any worker does that has registered its kind, in Java or Python: it runs as a task of its own unless
        this workflow's worker has the kind, too.

        Args:
            name: unique in the workflow.
            kind: the name of the kind.
            depends_on: names of the steps that must be done before; their results are given to it by name.
            retries: how many tries may follow the first.
            timeout: how long one attempt may take, in seconds.
            on_failure: what follows when it has failed for good.
            input: what it is given beside those results.
            queue: the queue that it waits in; None for the engine's.

        Raises:
            InvalidInputError: the name is taken, or a value is out of its range.
        """
        needs = depends_on if isinstance(depends_on, str) else tuple(depends_on or ())
        step = StepDef(name, None, needs, retries, timeout, on_failure, None, kind, input, queue)  # type: ignore[arg-type]
        self.add(step)

    def step(
        self,
        name: str,
        depends_on: Iterable[str] | None = None,
        retries: int = 3,
        timeout: float = 300,
        on_failure: OnFailure = OnFailure.FAIL_WORKFLOW,
        *,
        compensation: Handler | None = None,
    ) -> Callable[[H], H]:
        """Makes a function a step. A decorator.

        Args:
            name: unique in the workflow.
            depends_on: names of the steps that must be done before; they may be defined later.
            retries: how many tries may follow the first.
            timeout: how long one attempt may take, in seconds.
            on_failure: what follows when it has failed for good.
            compensation: undoes it.

        Raises:
            InvalidInputError: the name is taken, or a value is out of its range.
        """
        if not isinstance(name, str) or not name:
            raise InvalidInputError(f'The name of the step is {shown(name)}. Use @workflow.step("name-of-the-step").')

        def define(handler: H) -> H:
            needs = depends_on if isinstance(depends_on, str) else tuple(depends_on or ())
            self.add(StepDef(name, handler, needs, retries, timeout, on_failure, compensation))  # type: ignore[arg-type]
            return handler

        return define

    def get_step(self, name: str) -> StepDef | None:
        """A step by its name, or None if there is none."""
        return self._steps.get(name)

    def validate(self) -> None:
        """Checks the graph; see `validate_dag`."""
        validate_dag(self._steps)

    def definition_hash(self) -> str:
        """A hash of the graph; see `compute_definition_hash`."""
        return compute_definition_hash(self._steps)

    def definition(self) -> dict[str, Any]:
        """The graph as the engine stores it with each run.

        Raises:
            InvalidInputError: it is no graph (see `validate_dag`), a handler takes something else than () or (context), or a
                step asks for what the engine does not do yet.
        """
        self.validate()
        definition: dict[str, Any] = {"name": self.name, "steps": [self._stored(step) for step in self._steps.values()]}
        if self.version != 1:
            definition["version"] = self.version
        return definition

    def _stored(self, step: StepDef) -> dict[str, Any]:
        what = f"Step {shown(step.name)}:"
        if step.handler is not None:
            takes_context(step.handler, step.name)
        stored: dict[str, Any] = {
            "name": step.name,
            "kind": self.kind if step.kind is None else step.kind,
            "needs": ["$input", *dict.fromkeys(step.depends_on)],
            "timeout": duration(timedelta(seconds=step.timeout)),
            "onFailure": on_failure_of(what, step.on_failure),
        }
        if step.retries != 3:
            stored["retry"] = {"maxAttempts": step.retries + 1}
        if step.input is not None:
            stored["input"] = json.loads(encode(f"The input of step {shown(step.name)}", step.input))
        if step.queue is not None:
            stored["queue"] = step.queue
        return stored
