"""How workers run."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, fields

from windlass._json import shown
from windlass.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class PollingStrategy:
    """How often an idle worker looks for tasks. Made by `fixed` or `adaptive`."""

    min_interval_ms: int
    max_interval_ms: int

    def __post_init__(self) -> None:
        for name in ("min_interval_ms", "max_interval_ms"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 3_600_000:
                raise InvalidInputError(f"The interval is {shown(value)} ms. Use 1 to 3600000.")
        if self.max_interval_ms < self.min_interval_ms:
            raise InvalidInputError(
                f"The longest interval, {self.max_interval_ms} ms, is below the shortest, {self.min_interval_ms} ms."
            )

    @classmethod
    def fixed(cls, interval_ms: int = 500) -> PollingStrategy:
        """Looks at even intervals, but for a quarter more or less by chance, which keeps a fleet out of step.

        Args:
            interval_ms: in milliseconds, 1 to 3,600,000.
        """
        return cls(interval_ms, interval_ms)

    @classmethod
    def adaptive(
        cls, min_interval_ms: int = 100, max_interval_ms: int = 5000, backoff_multiplier: float = 2.0
    ) -> PollingStrategy:
        """Looks less and less often while there is nothing: the wait doubles from the shortest to the longest.

        Args:
            min_interval_ms: the shortest wait, in milliseconds.
            max_interval_ms: the longest wait, in milliseconds.
            backoff_multiplier: accepted; the wait always doubles, and other values are warned of.
        """
        if backoff_multiplier != 2.0:
            warnings.warn(
                f"backoff_multiplier={shown(backoff_multiplier)} has no effect: the wait between polls always doubles.",
                stacklevel=2,
            )
        return cls(min_interval_ms, max_interval_ms)


@dataclass(frozen=True, slots=True)
class ShardLeaseConfig:
    """Accepted for programs that name it: Windlass has no shard leases. Workers share a queue by chance and by order, and no
    worker owns a part of it, so there is nothing to configure. Made by `disabled`, `enabled` or `custom`.
    """

    leasing: bool = False

    @classmethod
    def disabled(cls) -> ShardLeaseConfig:
        """What is so anyway."""
        return cls(leasing=False)

    @classmethod
    def enabled(cls) -> ShardLeaseConfig:
        """Accepted; `Worker.run` warns that it has no effect."""
        return cls(leasing=True)

    @classmethod
    def custom(cls, **settings: object) -> ShardLeaseConfig:
        """Accepted, whatever the settings; `Worker.run` warns that they have no effect."""
        del settings
        return cls(leasing=True)


@dataclass(frozen=True, slots=True, kw_only=False)
class WorkerRunOptions:
    """How a worker runs.

    Attributes:
        polling: how often it looks when it is idle; None for adaptive, 100 ms to 5 s, or `poll_interval_ms`.
        poll_interval_ms: the longest wait between looks, in milliseconds, where `polling` is None and this differs from
            its default.
        max_tasks: leaves after so many attempts have ended, those of runs and steps of workflows included; None for no limit. A
            task that is claimed again counts again.
        with_monitor: whether this worker also recovers the tasks of workers that died.
        monitor_check_interval_s, monitor_worker_health_threshold_s, monitor_sweep_interval_s, monitor_sweep_page_size:
            accepted; the sweeper paces itself, every half lease and by pages of 1,000. Other values are warned of.
        shard_lease_config, shard_leasing_enabled, shard_leasing_shards_per_worker, shard_leasing_ttl_s,
            shard_leasing_renewal_interval_s: accepted; there are no shard leases, see ShardLeaseConfig. Asking for them is
            warned of.
        lease_seconds: how long the worker may be silent before others take over its tasks, 1 to 3,600. It is renewed three
            times as often, and a task that is cancelled elsewhere is told with that.
        with_scheduler: whether this worker also fires schedules, if no other one does. One PUT and one LIST every 10 s if it
            does, else one GET.
        runs: how many runs of workflows this worker owns at once, 1 to 10,000.
        park_after_ms: how long a run that only waits for steps elsewhere stays before it parks, in milliseconds, 10 to
            3,600,000; None for 10 s.
    """

    polling: PollingStrategy | None = None
    poll_interval_ms: int = 1000
    max_tasks: int | None = None
    with_monitor: bool = True
    monitor_check_interval_s: float = 30
    monitor_worker_health_threshold_s: float = 60
    monitor_sweep_interval_s: float = 300
    monitor_sweep_page_size: int = 1000
    shard_lease_config: ShardLeaseConfig | None = None
    shard_leasing_enabled: bool = False
    shard_leasing_shards_per_worker: int = 16
    shard_leasing_ttl_s: float = 30
    shard_leasing_renewal_interval_s: float = 10
    lease_seconds: float = 30
    with_scheduler: bool = True
    runs: int = 16
    park_after_ms: int | None = None

    def __post_init__(self) -> None:
        if self.polling is not None and not isinstance(self.polling, PollingStrategy):
            raise InvalidInputError(f"polling is {shown(self.polling)}. Use PollingStrategy.fixed() or .adaptive().")
        tasks = self.max_tasks
        if tasks is not None and (isinstance(tasks, bool) or not isinstance(tasks, int) or tasks < 1):
            raise InvalidInputError(f"max_tasks is {shown(tasks)}. Use 1 or more, or None.")
        lease = self.lease_seconds
        if isinstance(lease, bool) or not isinstance(lease, int | float) or not 1 <= lease <= 3600:
            raise InvalidInputError(f"lease_seconds is {shown(lease)}. Use 1 to 3600.")
        longest = self.poll_interval_ms
        if isinstance(longest, bool) or not isinstance(longest, int) or not 1 <= longest <= 3_600_000:
            raise InvalidInputError(f"poll_interval_ms is {shown(longest)}. Use 1 to 3600000.")
        for name in ("with_monitor", "with_scheduler", "shard_leasing_enabled"):
            if not isinstance(getattr(self, name), bool):
                raise InvalidInputError(f"{name} is {shown(getattr(self, name))}. Use True or False.")
        if isinstance(self.runs, bool) or not isinstance(self.runs, int) or not 1 <= self.runs <= 10_000:
            raise InvalidInputError(f"runs is {shown(self.runs)}. Use 1 to 10000.")
        park = self.park_after_ms
        if park is not None and (isinstance(park, bool) or not isinstance(park, int) or not 10 <= park <= 3_600_000):
            raise InvalidInputError(f"park_after_ms is {shown(park)}. Use 10 to 3600000, or None.")
        for option in fields(self):
            if option.name.startswith("monitor_") and getattr(self, option.name) != option.default:
                warnings.warn(f"{option.name} has no effect: the sweeper paces itself by the leases.", stacklevel=3)
        if self.shard_leasing_enabled or (self.shard_lease_config is not None and self.shard_lease_config.leasing):
            warnings.warn("shard leasing has no effect: see windlass.ShardLeaseConfig.", stacklevel=3)

    def _poll(self) -> PollingStrategy:
        if self.polling is not None:
            return self.polling
        if self.poll_interval_ms != 1000:
            return PollingStrategy(min(100, self.poll_interval_ms), self.poll_interval_ms)
        return PollingStrategy(100, 5000)
