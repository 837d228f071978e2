"""How long to wait between tries."""

from __future__ import annotations

import random
from dataclasses import dataclass

from windlass._json import shown
from windlass.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long to wait between the tries of a task: exponential, with jitter. How often is `max_retries`.

    Attributes:
        initial_interval_ms: the wait after the first failure, in milliseconds.
        max_interval_ms: the longest wait, in milliseconds.
        multiplier: by how much the wait grows from try to try; 1 to 1,000.
        jitter_percent: how far a wait may differ from the plan, as a share of it; 0 to 1.

    Raises:
        InvalidInputError: a value is out of its range.
    """

    initial_interval_ms: int = 1000
    max_interval_ms: int = 60000
    multiplier: float = 2.0
    jitter_percent: float = 0.25

    def __post_init__(self) -> None:
        for name in ("initial_interval_ms", "max_interval_ms"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise InvalidInputError(f"Retry policy: {name} is {shown(value)}. Use a whole number of milliseconds.")
        if self.max_interval_ms < self.initial_interval_ms:
            raise InvalidInputError(
                f"Retry policy: max_interval_ms {self.max_interval_ms} is below initial_interval_ms "
                f"{self.initial_interval_ms}. Use at least as much."
            )
        for name, least, most in (("multiplier", 1, 1000), ("jitter_percent", 0, 1)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
                raise InvalidInputError(f"Retry policy: {name} is {shown(value)}. Use {least} to {most}.")

    def calculate_delay_ms(self, attempt: int) -> int:
        """The wait after a failure, with jitter drawn anew.

        Args:
            attempt: which failure it was, from 0 for the first.

        Returns:
            Milliseconds; at most the longest wait and its jitter.
        """
        planned = min(self.initial_interval_ms * self.multiplier ** max(0, attempt), float(self.max_interval_ms))
        jitter = self.jitter_percent * random.uniform(-1, 1)  # noqa: S311 - no secret
        return round(planned * (1 + jitter))
