"""A job as data: what is run later or elsewhere, how often it is tried, and where it may run."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from strongroom.kernel.errors import ConfigurationError

NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses between the runs of a job that fails: each `factor` times the one before, between half and whole of it.

    first_s: before the second run; longest_s: no pause is longer.
    """

    first_s: float = 10
    factor: float = 2
    longest_s: float = 3600

    def pause_s(self, run: int) -> float:
        """Seconds to wait after this run, the first is 1."""
        # factor ** 1000 would be no float; no pause grows for that long
        whole = min(self.longest_s, self.first_s * self.factor ** min(run - 1, 100))
        # half of it is chance: jobs that failed together do not come back together
        return whole * random.uniform(0.5, 1)  # noqa: S311 - no secret


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of job.

    name: `system.verb`; run: a plain function of the context and the arguments it was deferred with, which returns
    something JSON can hold, or None.
    attempts: runs at most, the first included; after the last it is a dead letter.
    gives_up_on: errors after which no further run makes sense.
    place: `thread` for what waits for others, `process` for what computes; then `run` stands at the top of a module.
    """

    name: str
    run: Callable[..., Any]
    attempts: int = 5
    backoff: Backoff = Backoff()
    gives_up_on: tuple[type[Exception], ...] = ()
    place: Literal["thread", "process"] = "thread"

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ConfigurationError(setting="Job.name", reason=f"{self.name!r} is not of the form system.verb")
        if self.attempts < 1:
            raise ConfigurationError(setting=f"attempts of {self.name}", reason="must be at least 1")

    @property
    def system(self) -> str:
        """The system it belongs to."""
        return self.name.partition(".")[0]

    @property
    def queue(self) -> str:
        """The queue it waits in: what computes for minutes must not stand before what takes a moment."""
        return queue_of(self.system, self.place)


def queue_of(system: str, place: str) -> str:
    """The queue of a system's jobs that run in such a place."""
    return system if place == "thread" else f"{system}/{place}"


class RetryLater(Exception):
    """Raised by a job to be run again at a time of its choice"""

    def __init__(self, reason: str = "", *, after_s: float | None = None, at: Any = None, counts: bool = True) -> None:
        """reason: kept with the job; after_s or at: when, its backoff decides when neither is given.

        counts: False leaves the number of attempts as it was, for a job that was not really tried.
        """
        super().__init__(reason)
        self.reason = reason
        self.after_s = after_s
        self.at = at
        self.counts = counts


class Cancelled(Exception):
    """Raised inside a job that was cancelled; it passes through"""
