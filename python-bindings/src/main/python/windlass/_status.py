"""Where tasks stand."""

from __future__ import annotations

import enum


class TaskStatus(enum.Enum):
    """Where a task stands."""

    Pending = "pending"
    """Waits to be claimed: now, or at its due time."""
    Running = "running"
    """Claimed by a worker."""
    Completed = "completed"
    """Done, with a result. Final."""
    Failed = "failed"
    """Failed for good: out of attempts, or by a PermanentError. Final."""
    Cancelled = "cancelled"
    """Called off. Final."""
    Archived = "archived"
    """Never answered: Windlass does not archive. Here so that programs that name it still run."""
    Expired = "expired"
    """Not started within its time to live. Final."""

    @property
    def is_final(self) -> bool:
        """Whether nothing changes any more."""
        return self not in (TaskStatus.Pending, TaskStatus.Running)
