"""How many requests a client may make in an hour, and what it is told about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a client has left. limit: requests in the hour; used: those let through; reset_at: when it begins anew."""

    limit: int
    used: int
    reset_at: datetime

    @property
    def remaining(self) -> int:
        """Requests that would still be let through."""
        return max(self.limit - self.used, 0)

    def wait_s(self, now: datetime) -> int:
        """Whole seconds until it begins anew, 1 or more."""
        return max(int((self.reset_at - now).total_seconds()) + 1, 1)


def window_of(moment: datetime) -> datetime:
    """The beginning of the hour that a request at this moment counts in, UTC."""
    return moment.replace(minute=0, second=0, microsecond=0)
