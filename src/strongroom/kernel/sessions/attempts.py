"""How often, and after which pauses, an action that collided with another is run again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attempts:
    """Bounds of running a whole action again after a collision (SQLSTATE 40001, 40P01, 55P03).

    count: total runs, the first one included.
    pause_s_min, pause_s_max: the random pause before run n lies in [0, min(pause_s_max, pause_s_min * 2**n)].
    """

    count: int = 5
    pause_s_min: float = 0.01
    pause_s_max: float = 1.0

    def pauses(self) -> Iterator[float]:
        """Seconds to wait before each further run; ends when no run is left."""
        for run in range(1, self.count):
            # full jitter: callers that collided once do not meet again in step
            yield random.uniform(0, min(self.pause_s_max, self.pause_s_min * 2**run))  # noqa: S311 - no secret
