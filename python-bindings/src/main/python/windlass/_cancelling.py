"""Cancelling tasks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from windlass._arguments import to_items, to_tags, to_text, to_text_or_none, to_texts
from windlass._connection import ConnectedQueue
from windlass.errors import TaskNotFoundError


@dataclass(frozen=True, slots=True)
class CancelReport:
    """What came of cancelling many tasks.

    Attributes:
        cancelled: how many waited, and never run.
        asked: how many run, and are asked to stop.
        ended_before: how many had ended before they could be cancelled.
    """

    cancelled: int
    asked: int
    ended_before: int


class QueueCancelling(ConnectedQueue):
    """The part of a Queue that calls tasks off."""

    async def cancel(self, task_id: str, reason: str | None = None, cancelled_by: str | None = None) -> bool:
        """Cancels a task: one that waits never runs; one that runs is told within a heartbeat (10 s), and ends as cancelled
        unless it completes first. Durable on return; safe to repeat.

        Args:
            task_id: the task.
            reason: for its history.
            cancelled_by: who, for its history.

        Returns:
            True if the task is cancelled or has been asked to; False if it had ended before.

        Raises:
            TaskNotFoundError: there is no such task.
        """
        arguments = {
            "task": to_text("task_id", task_id),
            "reason": "cancelled" if reason is None else to_text("reason", reason),
            "by": to_text_or_none("cancelled_by", cancelled_by),
        }
        return bool(json.loads(await self._call("cancel", arguments)))

    async def request_cancellation(self, task_id: str) -> bool:
        """Asks a task to stop: the same as `cancel` without a reason.

        Raises:
            TaskNotFoundError: there is no such task.
        """
        return await self.cancel(task_id, "cancellation requested")

    async def cancel_many(
        self, task_ids: Iterable[str], reason: str | None = None, cancelled_by: str | None = None
    ) -> tuple[int, int]:
        """Cancels many tasks.

        Returns:
            How many are cancelled or have been asked to, and how many are not: they had ended before, or are not there.
        """
        done = failed = 0
        for task_id in to_items("task_ids", task_ids, "ids"):
            try:
                ok = await self.cancel(task_id, reason, cancelled_by)
            except TaskNotFoundError:
                ok = False
            done, failed = done + ok, failed + (not ok)
        return done, failed

    async def cancel_by_type(
        self, task_type: str, reason: str | None = None, cancelled_by: str | None = None
    ) -> tuple[int, int]:
        """Cancels the tasks of this queue of one type that wait or run; see `cancel_all`.

        Args:
            task_type: the type.
            reason: for their histories.
            cancelled_by: who, for their histories.

        Returns:
            How many are cancelled or have been asked to, and how many had ended meanwhile.
        """
        report = await self.cancel_all(task_types=[task_type], reason=reason, cancelled_by=cancelled_by)
        return report.cancelled + report.asked, report.ended_before

    async def cancel_all(
        self,
        *,
        task_types: Sequence[str] = (),
        tags: Mapping[str, str] | None = None,
        parent: str | None = None,
        reason: str | None = None,
        cancelled_by: str | None = None,
    ) -> CancelReport:
        """Cancels the tasks of this queue that match, of those that wait and run. A task that goes from waiting to running or
        back just then may be missed: pause the queue before, or repeat the call until its report is empty. One LIST per
        thousand keys, a GET for each lease, and a GET and a cancel for each task.

        Args:
            task_types: only those of these types; empty for all.
            tags: only those that have all these tags.
            parent: only those that belong to this task.
            reason: for their histories.
            cancelled_by: who, for their histories.
        """
        answer = await self._call(
            "control.cancelAll",
            {
                "queue": self._name,
                "types": to_texts("task_types", task_types),
                "tags": to_tags(tags),
                "parent": to_text_or_none("parent", parent),
                "reason": "cancelled" if reason is None else to_text("reason", reason),
                "by": to_text_or_none("cancelled_by", cancelled_by),
            },
        )
        told = json.loads(answer)
        return CancelReport(told["cancelled"], told["asked"], told["endedBefore"])
