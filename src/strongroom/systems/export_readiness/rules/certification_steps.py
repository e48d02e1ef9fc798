"""The life of one certification: begun once, completed or rejected, opened again only on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from strongroom.systems.export_readiness.errors import CertificationNotCompleted, CertificationStepRefused
from strongroom.systems.export_readiness.rules.amounts import rounded
from strongroom.systems.export_readiness.rules.enums import CertificationStatusEnum as Status

_STEPS: Mapping[Status, frozenset[Status]] = MappingProxyType(
    {
        Status.NOT_STARTED: frozenset({Status.IN_PROGRESS, Status.COMPLETED, Status.REJECTED}),
        Status.IN_PROGRESS: frozenset({Status.COMPLETED, Status.REJECTED}),
        Status.REJECTED: frozenset({Status.IN_PROGRESS}),
        Status.COMPLETED: frozenset(),
    }
)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Progress:
    """started_at: when it first left not_started, never moved. completed_at: there exactly while it is completed."""

    status: Status
    started_at: datetime | None = None
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CertificationSummary:
    """How many of a report's certifications are where. completion_percentage: two decimals, 0 where there are none."""

    total: int
    by_status: Mapping[Status, int]
    completion_percentage: Decimal


def step(progress: Progress, after: Status, now: datetime) -> Progress:
    """The next step; a step to where it is changes nothing. Raises CertificationStepRefused."""
    if after is progress.status:
        return progress
    if after not in _STEPS[progress.status]:
        raise CertificationStepRefused(before=progress.status.value, after=after.value)
    started_at = progress.started_at or now
    # a clock may be set back; an end before its beginning helps nobody
    completed_at = max(now, started_at) if after is Status.COMPLETED else None
    return Progress(after, started_at, completed_at)


def reopen(progress: Progress) -> Progress:
    """Take a completion back. Raises CertificationNotCompleted."""
    if progress.status is not Status.COMPLETED:
        raise CertificationNotCompleted(status=progress.status.value)
    return replace(progress, status=Status.IN_PROGRESS, completed_at=None)


def days_between(started_at: datetime, ended_at: datetime) -> int:
    """Days in which something was under way; one that has begun counts."""
    return -((started_at - ended_at) // _DAY)


def days_saved(before: Progress, after: Progress, expected_days: int | None) -> int:
    """By how many days it took less than expected.

    0 when it took as long, when nobody knows how long it takes, and when its beginning was never told: nothing was
    measured then.
    """
    if expected_days is None or before.status is Status.NOT_STARTED:
        return 0
    assert after.started_at is not None, "what is completed has begun"
    assert after.completed_at is not None, "asked when it is completed"
    return max(0, expected_days - days_between(after.started_at, after.completed_at))


def summarise(counts: Mapping[Status, int]) -> CertificationSummary:
    """counts: by status; one that is missing is 0."""
    by_status = {status: counts.get(status, 0) for status in Status}
    total = sum(by_status.values())
    return CertificationSummary(total, by_status, share(by_status[Status.COMPLETED], total))


def share(part: int, whole: int, unit: Decimal = Decimal("0.01")) -> Decimal:
    """part of whole in percent, to two decimals or those of `unit`; 0 of nothing."""
    return rounded(Decimal(100 * part) / whole, unit) if whole else rounded(Decimal(0), unit)
