"""The life of a certification, step by step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest

from strongroom.systems.export_readiness.errors import CertificationNotCompleted, CertificationStepRefused
from strongroom.systems.export_readiness.rules import CertificationStatusEnum as Status
from strongroom.systems.export_readiness.rules.certification_steps import (
    Progress,
    days_between,
    days_saved,
    reopen,
    step,
    summarise,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ALLOWED = {
    (Status.NOT_STARTED, Status.IN_PROGRESS),
    (Status.NOT_STARTED, Status.COMPLETED),
    (Status.NOT_STARTED, Status.REJECTED),
    (Status.IN_PROGRESS, Status.COMPLETED),
    (Status.IN_PROGRESS, Status.REJECTED),
    (Status.REJECTED, Status.IN_PROGRESS),
}


def at(status: Status) -> Progress:
    started = None if status is Status.NOT_STARTED else NOW - 10 * DAY
    return Progress(status, started, NOW - DAY if status is Status.COMPLETED else None)


@pytest.mark.parametrize(("before", "after"), list(product(Status, Status)))
def test_every_step_is_either_allowed_or_refused_and_leaves_a_row_that_holds_together(
    before: Status, after: Status
) -> None:
    if before is after:
        assert step(at(before), after, NOW) == at(before)
    elif (before, after) in ALLOWED:
        reached = step(at(before), after, NOW)
        assert reached.status is after
        assert reached.started_at is not None
        assert (reached.completed_at is not None) == (after is Status.COMPLETED)
    else:
        with pytest.raises(CertificationStepRefused):
            step(at(before), after, NOW)


def test_the_beginning_is_kept_through_a_rejection_and_a_second_application() -> None:
    begun = step(Progress(Status.NOT_STARTED), Status.IN_PROGRESS, NOW)
    rejected = step(begun, Status.REJECTED, NOW + DAY)
    completed = step(step(rejected, Status.IN_PROGRESS, NOW + 2 * DAY), Status.COMPLETED, NOW + 3 * DAY)
    assert completed == Progress(Status.COMPLETED, NOW, NOW + 3 * DAY)


def test_a_completion_without_a_beginning_begins_when_it_ends() -> None:
    assert step(Progress(Status.NOT_STARTED), Status.COMPLETED, NOW) == Progress(Status.COMPLETED, NOW, NOW)


def test_a_clock_that_was_set_back_does_not_end_what_has_not_begun() -> None:
    assert step(Progress(Status.IN_PROGRESS, NOW), Status.COMPLETED, NOW - DAY).completed_at == NOW


def test_only_a_completed_one_is_reopened_and_keeps_its_beginning() -> None:
    assert reopen(at(Status.COMPLETED)) == Progress(Status.IN_PROGRESS, NOW - 10 * DAY)
    for status in (Status.NOT_STARTED, Status.IN_PROGRESS, Status.REJECTED):
        with pytest.raises(CertificationNotCompleted):
            reopen(at(status))


def test_a_day_that_has_begun_counts() -> None:
    assert days_between(NOW, NOW) == 0
    assert days_between(NOW, NOW + timedelta(seconds=1)) == 1
    assert days_between(NOW, NOW + DAY) == 1
    assert days_between(NOW, NOW + DAY + timedelta(microseconds=1)) == 2


@pytest.mark.parametrize(("expected", "saved"), [(90, 80), (10, 0), (5, 0), (None, 0)])
def test_days_are_saved_only_against_what_was_expected(expected: int | None, saved: int) -> None:
    before = Progress(Status.IN_PROGRESS, NOW)
    assert days_saved(before, step(before, Status.COMPLETED, NOW + 10 * DAY), expected) == saved


def test_a_certification_whose_beginning_nobody_told_saves_no_days() -> None:
    before = Progress(Status.NOT_STARTED)
    assert days_saved(before, step(before, Status.COMPLETED, NOW), 90) == 0


def test_a_summary_counts_every_status_and_rounds_half_up() -> None:
    summary = summarise({Status.COMPLETED: 2, Status.REJECTED: 1})
    assert (summary.total, summary.completion_percentage) == (3, Decimal("66.67"))
    assert summary.by_status[Status.IN_PROGRESS] == 0
    assert summarise({}).completion_percentage == Decimal("0.00")
