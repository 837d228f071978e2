"""Schedules: tasks and workflows that start by cron."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from windlass import _json
from windlass._arguments import (
    Moment,
    Seconds,
    to_flag,
    to_millis,
    to_moment,
    to_priority,
    to_retries,
    to_retry,
    to_text,
    to_text_or_none,
    to_timeout,
    to_whole,
)
from windlass._connection import ConnectedQueue
from windlass._json import moment, shown
from windlass._retry import RetryPolicy
from windlass.errors import InvalidInputError

OVERLAPS = ("allow", "skip", "cancel_previous", "buffer_one")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule as it stood when it was read.

    Attributes:
        id: its name.
        cron: when it fires.
        timezone: where the expression's local times are.
        task_type: the type of the tasks that it submits; None of one that starts a workflow.
        queue_name: their queue, likewise.
        workflow: the name of the workflow that it starts, or None.
        workflow_version: its version, or None.
        input: what each task, or run of a durable function, is given.
        enabled: whether it fires.
        overlap: what becomes of a fire time while what was started before has not ended.
        created_at: when it was created.
        last_fire_time: the fire time that was fired last, or None.
        last_started: the id of the task or workflow that was started last, or None.
        next_fire_time: the fire time that comes next, or None.
        fired: how many fire times were fired, triggers by hand included.
        missed: how many nobody fired in time.
        skipped: how many were skipped, since what was started before had not ended.
        refused: how many were too old to be fired safely.
    """

    id: str
    cron: str
    timezone: str
    task_type: str | None
    queue_name: str | None
    workflow: str | None
    workflow_version: int | None
    input: Any
    enabled: bool
    overlap: str
    created_at: datetime
    last_fire_time: datetime | None
    last_started: str | None
    next_fire_time: datetime | None
    fired: int
    missed: int
    skipped: int
    refused: int

    @classmethod
    def _read(cls, told: dict[str, Any]) -> Schedule:
        def time(name: str) -> datetime | None:
            return None if told[name] is None else moment(told[name])

        return cls(
            id=told["id"],
            cron=told["cron"],
            timezone=told["timezone"],
            task_type=told.get("type"),
            queue_name=told.get("queue"),
            workflow=told.get("workflow"),
            workflow_version=told.get("version"),
            input=told.get("input"),
            enabled=not told["paused"],
            overlap=told["overlap"],
            created_at=moment(told["createdAt"]),
            last_fire_time=time("lastAt"),
            last_started=told["lastId"],
            next_fire_time=time("nextAt"),
            fired=told["fired"],
            missed=told["missed"],
            skipped=told["skipped"],
            refused=told["refused"],
        )


@dataclass(frozen=True, slots=True)
class ScheduleRun:
    """What a schedule has started last.

    Attributes:
        schedule_id: the schedule.
        fire_time: the fire time that it was for.
        started: the id of the task or workflow.
    """

    schedule_id: str
    fire_time: datetime
    started: str


def schedule_options(
    timezone: str,
    overlap: str,
    catch_up: int,
    jitter: Seconds,
    start_at: Moment | None,
    end_at: Moment | None,
    *,
    paused: bool,
) -> dict[str, object]:
    """What all schedules take, for Java."""
    if not isinstance(overlap, str) or overlap not in OVERLAPS:
        raise InvalidInputError(f"overlap is {shown(overlap)}. Use one of {', '.join(OVERLAPS)}.")
    return {
        "zone": to_text("timezone", timezone),
        "overlap": overlap,
        "catchUp": to_whole("catch_up", catch_up, 0, 100),
        "jitterMillis": to_millis("jitter", jitter),
        "startAt": None if start_at is None else to_moment("start_at", start_at),
        "endAt": None if end_at is None else to_moment("end_at", end_at),
        "paused": to_flag("paused", paused),
    }


class QueueSchedules(ConnectedQueue):
    """The part of a Queue that is about schedules."""

    async def _schedule(self, verb: str, arguments: Mapping[str, object], extra: str = "") -> Any:
        return json.loads(await self._call(f"schedule.{verb}", arguments, extra=extra))

    async def create_schedule(
        self,
        id: str,
        task_type: str,
        input: object,
        cron: str,
        timeout_seconds: Seconds | None = 300,
        max_retries: int = 3,
        *,
        timezone: str = "UTC",
        retry_policy: RetryPolicy | None = None,
        priority: int = 5,
        overlap: str = "allow",
        catch_up: int = 1,
        jitter: Seconds = 0,
        start_at: Moment | None = None,
        end_at: Moment | None = None,
        paused: bool = False,
        fire_time_field: str | None = None,
    ) -> Schedule:
        """Creates a schedule that submits a task to this queue at each of its fire times, exactly once, whoever fires and
        whatever crashes. Something fires while a worker runs, in any language (WorkerRunOptions.with_scheduler). One PUT;
        durable on return. Safe to repeat: the same again is the same schedule, left as it stands.

        Args:
            id: its name, at most 200 bytes once percent-encoded.
            task_type: the type of the tasks.
            input: the input of each, at most 256 KiB of JSON.
            cron: when it fires: Unix cron (5 fields) or Quartz (6 or 7).
            timeout_seconds: of each task, as in `submit`.
            max_retries: of each task, as in `submit`.
            timezone: the IANA name of the zone of the expression's local times.
            retry_policy: of each task, as in `submit`.
            priority: of each task, as in `submit`.
            overlap: what becomes of a fire time while what was started before has not ended: `allow`, `skip`,
                `cancel_previous`, or `buffer_one`.
            catch_up: how many of the fire times that nobody fired in time are fired afterwards, the latest ones; 0 to 100.
            jitter: fires each time later by an amount up to this, in seconds or as a timedelta, at most a day.
            start_at: fires no earlier.
            end_at: fires only before this.
            paused: whether it begins disabled.
            fire_time_field: puts the fire time into this field of the input, which must be a dict.

        Raises:
            InvalidInputError: an argument cannot be accepted, or it would never fire; nothing was written.
            SchemaViolationError: so, since the input does not fit the schema of its type.
            ScheduleAlreadyExistsError: there is another one of that name.
        """
        arguments: dict[str, object] = {
            "name": to_text("id", id),
            "queue": self._name,
            "type": to_text("task_type", task_type),
            "cron": to_text("cron", cron),
            "options": {
                "attempts": to_retries("max_retries", max_retries) + 1,
                "retry": to_retry(retry_policy),
                "priority": to_priority(priority),
                "timeoutMillis": to_timeout("timeout_seconds", timeout_seconds),
            },
            "fireTimeField": to_text_or_none("fire_time_field", fire_time_field),
            **schedule_options(timezone, overlap, catch_up, jitter, start_at, end_at, paused=paused),
        }
        encoded = _json.encode(f"The input of schedule {shown(id)}", input)
        return Schedule._read(await self._schedule("create", arguments, f'"input":{encoded}'))

    async def get_schedule(self, id: str) -> Schedule | None:
        """A schedule as it stands, or None if there is none. One GET."""
        told = await self._schedule("get", {"name": to_text("id", id)})
        return None if told is None else Schedule._read(told)

    async def list_schedules(self) -> list[Schedule]:
        """All schedules of the store, by name. One LIST per thousand, and one GET for each."""
        return [Schedule._read(each) for each in await self._schedule("list", {})]

    async def delete_schedule(self, id: str) -> bool:
        """Deletes a schedule. What it has started goes on. Durable on return; safe to repeat.

        Returns:
            Whether there was one.
        """
        return bool(await self._schedule("delete", {"name": to_text("id", id)}))

    async def enable_schedule(self, id: str) -> Schedule:
        """Lets a schedule fire again, from the first match after now on. Durable on return; safe to repeat.

        Raises:
            ScheduleNotFoundError: there is none.
        """
        return Schedule._read(await self._schedule("resume", {"name": to_text("id", id)}))

    async def disable_schedule(self, id: str) -> Schedule:
        """Lets a schedule fire no more until it is enabled. What it has started goes on. Durable on return; safe to repeat.

        Raises:
            ScheduleNotFoundError: there is none.
        """
        return Schedule._read(await self._schedule("pause", {"name": to_text("id", id)}))

    async def trigger_schedule(self, id: str) -> str:
        """Starts what it starts now, whatever its expression says and whether it is enabled. Durable on return. Not safe to
        repeat: each call starts one.

        Returns:
            The id of the task or workflow that was started.

        Raises:
            ScheduleNotFoundError: there is none.
        """
        return str(await self._schedule("trigger", {"name": to_text("id", id)}))

    async def get_schedule_last_run(self, id: str) -> ScheduleRun | None:
        """What a schedule has started last; None if it has started nothing yet, or there is none. One GET."""
        schedule = await self.get_schedule(id)
        if schedule is None or schedule.last_fire_time is None or schedule.last_started is None:
            return None
        return ScheduleRun(schedule.id, schedule.last_fire_time, schedule.last_started)
