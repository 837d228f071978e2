"""Starting, watching and controlling runs of workflows."""

from __future__ import annotations

import contextlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar, overload

from windlass import _json
from windlass._arguments import Moment, Seconds, to_limit, to_millis, to_priority, to_text, to_text_or_none, to_whole
from windlass._durable import DurableFunction, type_of
from windlass._json import shown
from windlass._queue import Queue
from windlass._schedules import Schedule, schedule_options
from windlass._steps import result_reader
from windlass.errors import (
    InvalidInputError,
    TaskCancelledError,
    WorkflowFailedError,
    WorkflowNotFoundError,
)
from windlass.workflow._dag import StepState, StepStatus, Workflow, WorkflowState, WorkflowStatus
from windlass.workflow._runs import StepRun, WorkflowRun
from windlass.workflow._signals import _queue, send_signal

if TYPE_CHECKING:
    from windlass.workflow._engine import WorkflowEngine

T = TypeVar("T")
EXISTING = {"return": "RETURN", "reject": "REJECT", "new_run": "NEW_RUN_AFTER_END"}


class WorkflowClient:
    """Starts runs of workflows, waits for them, and controls them. Safe for use by any number of tasks.

    Args:
        queue: any queue of the store: all of a store see the same workflows.
        engine: accepted; a client needs none in its process.
    """

    def __init__(self, queue: Queue, engine: WorkflowEngine | None = None) -> None:
        del engine
        self._on = _queue(queue)

    async def _call(self, verb: str, arguments: dict[str, object], *, extra: str = "") -> Any:
        return json.loads(await self._on._call(f"workflow.{verb}", arguments, extra=extra))

    async def start(
        self,
        workflow: Workflow | DurableFunction[..., Any] | str,
        data: object = None,
        *,
        workflow_id: str,
        priority: int = 5,
        attempts: int = 25,
        existing: str = "return",
        version: int | None = None,
    ) -> WorkflowRun:
        """Starts a run. Three PUTs at once, then a GET of how it stands; durable on return. Safe to repeat: the same id,
        workflow and data is the same run.

        Args:
            workflow: a graph, a durable function, or the name of a durable function's type, in Python or Java. It need not be
                registered in this process: some worker must have it.
            data: what it is given: anything that the table of types knows.
            workflow_id: its id, at most 200 bytes once percent-encoded.
            priority: 0 (first) to 9.
            attempts: how many owners the run may lose (killed processes) before it fails, 1 to 1,000. Failures of steps do not
                count.
            existing: what if the id exists: `return` answers its run if it is of the same workflow and data, `reject` refuses,
                `new_run` starts the next run if the last one has ended.
            version: of a type that is given by its name; None for 1. Graphs and functions know theirs.

        Raises:
            WorkflowAlreadyExistsError: the id is taken, as `existing` says, or by another workflow or data.
            InvalidInputError: an argument cannot be accepted; nothing was written.
            StoreUnavailableError: it is not known whether it was started; repeat the call.
        """
        if not isinstance(existing, str) or existing not in EXISTING:
            raise InvalidInputError(f"existing is {shown(existing)}. Use one of {', '.join(EXISTING)}.")
        arguments: dict[str, object] = {
            "workflow": to_text("workflow_id", workflow_id),
            "options": {
                "priority": to_priority(priority),
                "attempts": to_whole("attempts", attempts, 1, 1000),
                "existing": EXISTING[existing],
            },
        }
        if isinstance(workflow, Workflow):
            arguments["graph"] = _graph(workflow, version)
        else:
            arguments["type"], arguments["version"] = type_of(workflow, version)
        encoded = _json.encode(f"The data of workflow {shown(workflow_id)}", data)
        told = await self._call("start", arguments, extra=f'"input":{encoded}')
        return WorkflowRun._read({**told, "data": json.loads(encoded)})

    async def get(self, workflow_id: str) -> WorkflowRun | None:
        """The latest run of a workflow, or None if there is none. Three GETs if it has ended; else five, and for a graph one
        and those of its steps; one more if its data is over 64 KiB.
        """
        told = await self._call("get", {"workflow": to_text("workflow_id", workflow_id)})
        return None if told is None else WorkflowRun._read(told)

    async def exists(self, workflow_id: str) -> bool:
        """Whether there is such a workflow."""
        return await self.get(workflow_id) is not None

    async def wait(self, workflow_id: str, *, timeout: Seconds | None = None, poll_interval: float = 1.0) -> WorkflowRun:
        """Waits until the latest run has ended, whichever way; see also `result`.

        Args:
            workflow_id: the workflow.
            timeout: how long to wait at most, in seconds or as a timedelta; None for as long as it takes.
            poll_interval: accepted; its state is read every 20 ms at first, every 2 s at last, and a run that ends in a worker
                of this connection is seen at once.

        Raises:
            AwaitTimeoutError: the time is over; the run goes on.
            WorkflowNotFoundError: there is no such workflow.
        """
        del poll_interval
        with contextlib.suppress(WorkflowFailedError, TaskCancelledError):
            await self._await(workflow_id, timeout)
        run = await self.get(workflow_id)
        if run is None:
            raise WorkflowNotFoundError(f"There is no workflow {shown(workflow_id)} any more.", workflow_id)
        return run

    async def _await(self, workflow_id: str, timeout: Seconds | None) -> dict[str, Any]:
        limit = None if timeout is None else to_millis("timeout", timeout)
        return await self._call("await", {"workflow": to_text("workflow_id", workflow_id), "limitMillis": limit})

    @overload
    async def result(self, workflow_id: str, *, timeout: Seconds | None = ..., workflow: DurableFunction[..., T]) -> T: ...
    @overload
    async def result(self, workflow_id: str, *, timeout: Seconds | None = ..., workflow: None = ...) -> Any: ...
    async def result(
        self, workflow_id: str, *, timeout: Seconds | None = None, workflow: DurableFunction[..., Any] | None = None
    ) -> Any:
        """Waits for the end of the latest run.

        Args:
            workflow_id: the workflow.
            timeout: how long to wait at most, in seconds or as a timedelta; None for as long as it takes.
            workflow: the durable function: its result is read as its annotation says; None for plain JSON.

        Returns:
            Of a durable function its result; of a graph the results of its last steps, those that no other step needs, by name.

        Raises:
            WorkflowFailedError: it has failed; `error` has type, message and traceback.
            TaskCancelledError: it was cancelled.
            AwaitTimeoutError: the time is over; the run goes on.
            WorkflowNotFoundError: there is no such workflow.
        """
        if workflow is not None and not isinstance(workflow, DurableFunction):
            raise InvalidInputError(f"workflow is {shown(workflow)}. Use what @windlass.workflow.durable makes, or None.")
        results = await self._await(workflow_id, timeout)
        if workflow is not None:
            return result_reader(workflow.function, None)(json.dumps(results.get("~result")))
        if results:
            return results.get("~result") if "~result" in results else results
        run = await self.get(workflow_id)
        return None if run is not None and run.is_function else results

    async def steps(self, workflow_id: str) -> list[StepRun]:
        """The steps of the latest run that have ended, in the order of the definition, or in which the function asked for them;
        timers and signals of a function are among them. Two GETs if the run has ended, and one for each result over 4 KiB;
        else three or four, one a step, and one LIST per thousand.
        """
        return [StepRun._read(told) for told in await self._call("steps", {"workflow": to_text("workflow_id", workflow_id)})]

    async def state(self, workflow_id: str) -> WorkflowState | None:
        """How far the latest run has come, for the pure functions over (steps, state); None if there is no such workflow. Steps
        that have not ended are missing: of those the store does not know whether they run.
        """
        run = await self.get(workflow_id)
        if run is None:
            return None
        state = WorkflowState(run.id, run.type, run.status, run.data)
        for step in await self.steps(workflow_id):
            status = StepStatus.COMPLETED if step.succeeded else StepStatus.FAILED
            error = None if step.error is None else str(step.error)
            state.steps[step.name] = StepState(status, step.attempts, step.result, error)
        return state

    async def signal(self, workflow_id: str, name: str, payload: object = None, *, signal_id: str | None = None) -> str:
        """Sends a signal to a workflow; see `send_signal`."""
        return await send_signal(self._on, workflow_id, name, payload, signal_id=signal_id)

    async def cancel(self, workflow_id: str, *, reason: str = "cancelled") -> bool:
        """Asks the latest run to end. Its steps that run, and a function that waits, get CancelledError; no other step starts.
        Seen by its owner within two seconds. Durable on return; safe to repeat.

        Args:
            workflow_id: the workflow.
            reason: why, for people.

        Returns:
            False if it had ended otherwise before.

        Raises:
            WorkflowNotFoundError: there is no such workflow.
        """
        return bool(await self._control("cancel", workflow_id, reason))

    async def terminate(self, workflow_id: str, *, reason: str = "terminated") -> bool:
        """Ends the latest run here and now, as cancelled, without its owner: for one that no worker knows, or whose steps do
        not listen. Otherwise use `cancel`. Durable on return; safe to repeat.

        Returns:
            False if it had ended otherwise before.
        """
        return bool(await self._control("terminate", workflow_id, reason))

    async def pause(self, workflow_id: str, *, reason: str = "paused") -> WorkflowRun:
        """Pauses the latest run: steps that run go on to their end, and no other one starts until it is resumed. Durable on
        return; safe to repeat.

        Raises:
            WorkflowEndedError: it has ended; nothing was written.
        """
        return WorkflowRun._read(await self._control("pause", workflow_id, reason))

    async def resume(self, workflow_id: str) -> WorkflowRun:
        """Lets a paused run go on, whoever has paused it. A step whose failure has paused it is tried anew. Durable on return;
        safe to repeat.

        Raises:
            WorkflowEndedError: it has ended; nothing was written.
        """
        return WorkflowRun._read(await self._control("resume", workflow_id, None))

    async def retry(self, workflow_id: str) -> WorkflowRun:
        """Tries the latest run again, which has failed or was cancelled: as the workflow's next run, with the same input, which
        takes over what the steps that succeeded gave. Durable on return; safe to repeat.

        Raises:
            InvalidInputError: it has neither failed nor been cancelled.
        """
        return WorkflowRun._read(await self._control("retry", workflow_id, None))

    async def fork(self, workflow_id: str, step: str) -> WorkflowRun:
        """Runs the workflow again from a step on, however its latest run has ended: as the workflow's next run, with the same
        data. Of a graph it takes over what succeeded, but for that step and all that need it; of a function, all that it had
        asked for before that step, well ended or not: so it goes the same way up to there, with the code that is registered
        by then. Signals and children are those of the new run: name children by `ctx.run`, or they are found taken. The ended
        run stays as it is. Durable on return; safe to repeat.

        Args:
            workflow_id: the workflow.
            step: a step of the graph; of a function, a name as `steps` gives it, such as `charge#2`.

        Returns:
            The new run.

        Raises:
            InvalidInputError: the run has not ended, or has no such step; nothing was written.
            WorkflowNotFoundError: there is no such workflow.
        """
        return WorkflowRun._read(await self._control("fork", workflow_id, None, step=to_text("step", step)))

    async def _control(self, what: str, workflow_id: str, reason: str | None, **more: str) -> Any:
        arguments: dict[str, object] = {"workflow": to_text("workflow_id", workflow_id), "what": what, **more}
        if reason is not None:
            arguments["reason"] = to_text("reason", reason)
        return await self._call("control", arguments)

    async def list(
        self,
        *,
        prefix: str = "",
        limit: int = 100,
        status: WorkflowStatus | None = None,
        workflow: str | None = None,
    ) -> list[WorkflowRun]:
        """Workflows in the order of their ids, each with its latest run; of open ones the status is PENDING or PAUSED. Reads
        the state of one after the other until enough match: for people, and for stores of some thousands.

        Args:
            prefix: only ids that begin with this.
            limit: at most so many.
            status: only those that stand there; None for all.
            workflow: only those of the graph or type of this name; None for all.
        """
        if status is not None and not isinstance(status, WorkflowStatus):
            raise InvalidInputError(f"status is {shown(status)}. Use one of WorkflowStatus.")
        known = {WorkflowStatus.PENDING, WorkflowStatus.PAUSED, *_FINAL}
        if status is not None and status not in known:
            raise InvalidInputError(
                f"status is {shown(status)}. A list tells PENDING (open), PAUSED, COMPLETED, FAILED and CANCELLED apart."
            )
        arguments: dict[str, object] = {
            "prefix": prefix if prefix == "" else to_text("prefix", prefix),
            "limit": to_limit(limit),
            "status": None if status is None else status.name,
            "name": to_text_or_none("workflow", workflow),
        }
        return [WorkflowRun._read(told) for told in await self._call("list", arguments)]

    async def create_schedule(
        self,
        id: str,
        workflow: Workflow | DurableFunction[..., Any] | str,
        cron: str,
        *,
        data: object = None,
        version: int | None = None,
        priority: int = 5,
        attempts: int = 25,
        fire_time_field: str | None = None,
        timezone: str = "UTC",
        overlap: str = "allow",
        catch_up: int = 1,
        jitter: Seconds | timedelta = 0,
        start_at: Moment | None = None,
        end_at: Moment | None = None,
        paused: bool = False,
    ) -> Schedule:
        """Creates a schedule that starts a run of a workflow at each of its fire times, under an id made of the schedule's and
        the time. One PUT; durable on return. Safe to repeat: the same again is the same schedule, left as it stands.

        Args:
            id: its name, at most 200 bytes once percent-encoded.
            workflow: a graph, a durable function, or the name of a durable function's type, in Python or Java.
            cron: when it fires: Unix cron (5 fields) or Quartz (6 or 7).
            data: what each run of a function is given, at most 256 KiB of JSON; steps of a scheduled graph find none.
            version: as in `start`.
            priority: of each run, as in `start`.
            attempts: of each run, as in `start`.
            fire_time_field: puts the fire time into this field of the data, which must be a dict; of functions only.
            timezone: as in `Queue.create_schedule`.
            overlap: as in `Queue.create_schedule`; `cancel_previous` cancels the run before.
            catch_up: as in `Queue.create_schedule`.
            jitter: as in `Queue.create_schedule`.
            start_at: as in `Queue.create_schedule`.
            end_at: as in `Queue.create_schedule`.
            paused: as in `Queue.create_schedule`.

        Raises:
            InvalidInputError: an argument cannot be accepted, or it would never fire; nothing was written.
            ScheduleAlreadyExistsError: there is another one of that name.
        """
        arguments: dict[str, object] = {
            "name": to_text("id", id),
            "cron": to_text("cron", cron),
            "options": {"priority": to_priority(priority), "attempts": to_whole("attempts", attempts, 1, 1000)},
            **schedule_options(timezone, overlap, catch_up, jitter, start_at, end_at, paused=paused),
        }
        if isinstance(workflow, Workflow):
            if data is not None or fire_time_field is not None:
                raise InvalidInputError(
                    "data or fire_time_field is given, and a scheduled graph is given nothing. Make the workflow a durable "
                    "function, or give its steps inputs of their own."
                )
            arguments["graph"] = _graph(workflow, version)
        else:
            arguments["workflow"], arguments["version"] = type_of(workflow, version)
            arguments["fireTimeField"] = to_text_or_none("fire_time_field", fire_time_field)
        encoded = _json.encode(f"The data of schedule {shown(id)}", data)
        return Schedule._read(json.loads(await self._on._call("schedule.create", arguments, extra=f'"input":{encoded}')))


def _graph(workflow: Workflow, version: int | None) -> object:
    if version is not None:
        raise InvalidInputError(f"version is {shown(version)}, and the graph says its own: {workflow.version}. Leave it out.")
    return workflow.definition()


_FINAL = (WorkflowStatus.COMPLETED, WorkflowStatus.FAILED, WorkflowStatus.CANCELLED)


async def get_workflow_state(queue: Queue, workflow_id: str) -> WorkflowState | None:
    """How far a workflow has come; see `WorkflowClient.state`."""
    return await WorkflowClient(queue).state(workflow_id)


async def workflow_exists(queue: Queue, workflow_id: str) -> bool:
    """Whether there is such a workflow."""
    return await WorkflowClient(queue).exists(workflow_id)


async def list_workflows(queue: Queue, *, prefix: str = "", limit: int = 100) -> list[WorkflowRun]:
    """Workflows in the order of their ids; see `WorkflowClient.list`."""
    return await WorkflowClient(queue).list(prefix=prefix, limit=limit)


async def get_step_result(queue: Queue, workflow_id: str, step: str) -> Any:
    """The result of a step of the latest run; None if it has not ended, or has none.

    Raises:
        WorkflowNotFoundError: there is no such workflow.
    """
    for each in await WorkflowClient(queue).steps(workflow_id):
        if each.name == step:
            return each.result
    return None
