"""Runs of workflows, and their steps, as they were read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from windlass._json import moment
from windlass.errors import Failure
from windlass.workflow._dag import WorkflowStatus

_STATUS = {status.name: status for status in WorkflowStatus} | {"WAITING": WorkflowStatus.WAITING_SIGNAL}


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """The latest run of a workflow as it stood when it was read.

    Attributes:
        id: the workflow's id.
        run: the run's number, from 1.
        type: the name of the workflow: of the graph, or of the durable function's type.
        is_function: whether it is a durable function; else a graph.
        status: where it stands. WAITING_SIGNAL is a run that is parked: it waits for a signal, a time, or steps elsewhere.
        data: what it was started with, as plain JSON; None of runs in lists, and once the task of the run has been removed.
        current_steps: the steps of a graph that may run now; empty of functions, of lists, and once it has ended.
        started_at: when it was started.
        ended_at: when it ended, or None.
        pause_reason: why it is paused, or None.
        cancel_reason: why it was to be cancelled, or None.
        failure: why it failed, with type, message and traceback; or None.
    """

    id: str
    run: int
    type: str
    is_function: bool
    status: WorkflowStatus
    data: Any
    current_steps: tuple[str, ...]
    started_at: datetime
    ended_at: datetime | None
    pause_reason: str | None
    cancel_reason: str | None
    failure: Failure | None

    @property
    def error(self) -> str | None:
        """Type and message of what it failed with, or None."""
        return None if self.failure is None else str(self.failure)

    @property
    def is_final(self) -> bool:
        """Whether it has ended."""
        return self.status in (WorkflowStatus.COMPLETED, WorkflowStatus.FAILED, WorkflowStatus.CANCELLED)

    @classmethod
    def _read(cls, told: dict[str, Any]) -> WorkflowRun:
        return cls(
            id=told["id"],
            run=told["run"],
            type=told["name"],
            is_function=told["function"],
            status=_STATUS[told["status"]],
            data=told.get("data"),
            current_steps=tuple(told.get("current", ())),
            started_at=moment(told["startedAt"]),
            ended_at=None if told["endedAt"] is None else moment(told["endedAt"]),
            pause_reason=told["pauseReason"],
            cancel_reason=told["cancelReason"],
            failure=None if told["error"] is None else Failure(**told["error"]),
        )


@dataclass(frozen=True, slots=True)
class StepRun:
    """A step that has ended.

    Attributes:
        name: the step's name.
        succeeded: False if it has failed for good.
        skipped: whether it had nothing to do, and so has no result.
        result: its result.
        error: why it failed, or None.
        attempts: how many tries it took.
        started_at: when its last try began.
        finished_at: when its last try ended.
        fleet: whether it ran as a task of its own.
        worker_id: the worker that recorded it, or None if that is not known.
    """

    name: str
    succeeded: bool
    skipped: bool
    result: Any
    error: Failure | None
    attempts: int
    started_at: datetime
    finished_at: datetime
    fleet: bool
    worker_id: str | None

    @classmethod
    def _read(cls, told: dict[str, Any]) -> StepRun:
        return cls(
            name=told["name"],
            succeeded=told["succeeded"],
            skipped=told["skipped"],
            result=told["result"],
            error=None if told["error"] is None else Failure(**told["error"]),
            attempts=told["attempts"],
            started_at=moment(told["startedAt"]),
            finished_at=moment(told["finishedAt"]),
            fleet=told["fleet"],
            worker_id=told["worker"],
        )
