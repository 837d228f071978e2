"""All exceptions of Windlass. Each message says what happened, to which task or object, and what to do about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


class WindlassError(Exception):
    """Root of all exceptions that Windlass raises.

    Attributes:
        causes: what it came from, the nearest first, each as `type: message`.
    """

    def __init__(self, message: str, causes: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.causes = causes


class InvalidInputError(WindlassError, ValueError):
    """What the caller gave cannot be accepted. Nothing was written; the same call fails again until the input changes."""


@dataclass(frozen=True, slots=True)
class SchemaViolation:
    """Where a value does not fit its schema.

    Attributes:
        path: where in the value, as a JSON Pointer (RFC 6901): `/lines/3/price`; empty for the value as a whole.
        message: what is wrong there.
    """

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path or '(the value itself)'}: {self.message}"


class SchemaViolationError(InvalidInputError):
    """An input or a result does not fit the schema that is published for its type of tasks. Nothing was written.

    Attributes:
        violations: where it does not fit; at least one. The message has the first five.
    """

    def __init__(self, message: str, violations: tuple[SchemaViolation, ...], causes: tuple[str, ...] = ()) -> None:
        super().__init__(message, causes)
        self.violations = violations


class ClosedError(WindlassError, RuntimeError):
    """The queue, the worker or the process's connection to the JVM is closed."""


class StoreError(WindlassError):
    """The store did not do what it was asked for."""


class StoreRefusedError(StoreError, PermissionError):
    """The store refuses: permission, no such bucket, a format of a newer version. Trying again does not help."""


class StoreUnavailableError(StoreError, ConnectionError):
    """The store does not answer. It is not known whether a write has landed; trying again later may help."""


class TaskError(WindlassError):
    """An exception about one task.

    Attributes:
        task_id: the task.
    """

    def __init__(self, message: str, task_id: str, causes: tuple[str, ...] = ()) -> None:
        super().__init__(message, causes)
        self.task_id = task_id


class TaskNotFoundError(TaskError, LookupError):
    """There is no such task: the id is wrong, or the task's retention is over."""


class TaskCancelledError(TaskError):
    """Somebody waits for a task that was cancelled or has expired: it will give no result."""


class AwaitTimeoutError(TaskError, TimeoutError):
    """A task has not ended within the time that one was willing to wait. It goes on; waiting again is right."""


class IdempotencyConflictError(TaskError):
    """The idempotency key is taken by a task with another type, queue or input. Nothing was written."""


class LeaseLostError(TaskError):
    """The claim on a task is lost to somebody else. What this attempt did is not recorded; stop."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure as stored with its task.

    Attributes:
        type: the class of the exception, Python's or Java's, or a name such as `timeout`.
        message: its message; empty if it had none; at most 4,000 characters.
        traceback: its traceback or stack trace, at most 8,000 characters, or None.
    """

    type: str
    message: str
    traceback: str | None = None

    def __str__(self) -> str:
        return f"{self.type}: {self.message}" if self.message else self.type


class TaskFailedError(TaskError):
    """Somebody waits for a task that has failed for good.

    Attributes:
        error: the failure of the handler as stored.
    """

    def __init__(self, message: str, task_id: str, error: Failure, causes: tuple[str, ...] = ()) -> None:
        super().__init__(message, task_id, causes)
        self.error = error


class WorkflowError(WindlassError):
    """An exception about one workflow.

    Attributes:
        workflow_id: the workflow.
    """

    def __init__(self, message: str, workflow_id: str, causes: tuple[str, ...] = ()) -> None:
        super().__init__(message, causes)
        self.workflow_id = workflow_id


class WorkflowNotFoundError(WorkflowError, LookupError):
    """There is no such workflow: the id is wrong, or its retention is over."""


class WorkflowAlreadyExistsError(WorkflowError):
    """The id is taken: by a run of another workflow or with another input, or by any if `existing` is `reject`. Nothing was
    started.
    """


class WorkflowEndedError(WorkflowError):
    """A run was told something after its end. Nothing was done."""


class WorkflowFailedError(WorkflowError):
    """Somebody waits for a run that has failed for good.

    Attributes:
        error: the failure as stored.
    """

    def __init__(self, message: str, workflow_id: str, error: Failure, causes: tuple[str, ...] = ()) -> None:
        super().__init__(message, workflow_id, causes)
        self.error = error


class StepFailedError(WindlassError):
    """Raised in a durable function: what it waits for has failed for good. If it leaves the function, the run fails.

    Attributes:
        step: the name of the step, call or child.
        error: the failure as stored.
    """

    def __init__(self, message: str, step: str, error: Failure, causes: tuple[str, ...] = ()) -> None:
        super().__init__(message, causes)
        self.step = step
        self.error = error


class SignalTimeoutError(WindlassError, TimeoutError):
    """Raised in a durable function: the signal that it waits for has not come in time.

    Attributes:
        signal: the name of the signal.
    """

    def __init__(self, message: str, signal: str, causes: tuple[str, ...] = ()) -> None:
        super().__init__(message, causes)
        self.signal = signal


class ScheduleNotFoundError(WindlassError, LookupError):
    """There is no schedule of that id: it was never created, or has been deleted."""


class ScheduleAlreadyExistsError(WindlassError):
    """There is another schedule of that id. Nothing was written."""


class RetryableError(Exception):
    """Raised by a handler: try this task again, as its retry policy says. Every other exception means the same."""


class PermanentError(Exception):
    """Raised by a handler: trying again would not help. The task fails at once, whatever attempts are left."""


class RescheduleError(Exception):
    """Raised by a handler: run this task again after a while. Does not count as a failure.

    Args:
        delay: how long, in seconds or as a timedelta; zero to ten years.

    Raises:
        InvalidInputError: the delay is no duration, negative, or longer than ten years.
    """

    def __init__(self, delay: float | timedelta) -> None:
        if isinstance(delay, bool) or not isinstance(delay, int | float | timedelta):
            raise InvalidInputError(f"The delay is {delay!r:.60}. Use seconds, or a timedelta.")
        seconds = delay.total_seconds() if isinstance(delay, timedelta) else delay
        if not 0 <= seconds <= 3660 * 86400:
            raise InvalidInputError(f"The delay is {seconds} s. Use zero to ten years.")
        super().__init__(f"again after {seconds} s")
        self.delay = timedelta(seconds=seconds)


_PLAIN: dict[str, type[WindlassError]] = {
    "InvalidInputException": InvalidInputError,
    "StoreRefusedException": StoreRefusedError,
    "StoreUnavailableException": StoreUnavailableError,
    "StoreException": StoreError,
    "ScheduleNotFoundException": ScheduleNotFoundError,
    "ScheduleAlreadyExistsException": ScheduleAlreadyExistsError,
}
_OF_WORKFLOWS: dict[str, type[WorkflowError]] = {
    "WorkflowNotFoundException": WorkflowNotFoundError,
    "WorkflowAlreadyExistsException": WorkflowAlreadyExistsError,
    "WorkflowEndedException": WorkflowEndedError,
}
_OF_TASKS: dict[str, type[TaskError]] = {
    "TaskNotFoundException": TaskNotFoundError,
    "TaskCancelledException": TaskCancelledError,
    "AwaitTimeoutException": AwaitTimeoutError,
    "IdempotencyConflictException": IdempotencyConflictError,
    "LeaseLostException": LeaseLostError,
}


def from_java(text: str) -> WindlassError:
    """The exception for a failure as Java describes it."""
    told: dict[str, Any] = json.loads(text)
    kind = str(told["kind"])
    message = str(told["message"])
    causes = tuple(f"{each['type']}: {each['message']}" for each in told["causes"])
    if kind == "TaskFailedException":
        return TaskFailedError(message, told["taskId"], Failure(**told["error"]), causes)
    if kind == "WorkflowFailedException":
        return WorkflowFailedError(message, told["workflowId"], Failure(**told["error"]), causes)
    if kind == "StepFailedException":
        return StepFailedError(message, told["step"], Failure(**told["error"]), causes)
    if kind == "SignalTimeoutException":
        return SignalTimeoutError(message, told["signal"], causes)
    if kind == "SchemaViolationException":
        return SchemaViolationError(message, tuple(SchemaViolation(**each) for each in told["violations"]), causes)
    if kind in _OF_WORKFLOWS:
        return _OF_WORKFLOWS[kind](message, told["workflowId"], causes)
    if kind in _OF_TASKS:
        return _OF_TASKS[kind](message, told["taskId"], causes)
    if kind in _PLAIN:
        return _PLAIN[kind](message, causes)
    return WindlassError(message if kind == "WindlassException" else f"{told['type']}: {message}", causes)
