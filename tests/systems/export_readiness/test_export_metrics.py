"""Claims about what a business has achieved: counted with the achievement, never lost, never below zero."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import Database
from strongroom.kernel.values import FixedClock
from strongroom.systems.export_readiness.errors import ExporterNotFound
from strongroom.systems.export_readiness.models import UserMetrics
from strongroom.systems.export_readiness.services import metrics
from tests.systems.export_readiness.building import acting, add_user

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_each_figure_is_added_to_by_itself(any_database: Database) -> None:
    user = any_database.write(add_user)
    any_database.write(metrics.count, user.id, certifications_completed=1, timeline_reduction_days=12)
    found = any_database.write(metrics.count, user.id, cost_savings=Decimal("48000.50"))
    assert (found.certifications_completed, found.timeline_reduction_days) == (1, 12)
    assert (found.cost_savings, found.reports_generated) == (Decimal("48000.50"), 0)


def test_a_business_that_was_added_without_figures_has_them_when_it_achieves_something(any_database: Database) -> None:
    user = any_database.write(add_user)
    any_database.write(lambda session: session.execute(delete(UserMetrics)))
    assert any_database.read(metrics.get_metrics, user.id).documents_generated == 0
    assert any_database.write(metrics.count, user.id, documents_generated=1).documents_generated == 1


def test_what_is_counted_goes_with_the_achievement(any_database: Database) -> None:
    def fail(session: Session) -> None:
        metrics.count(session, user.id, reports_generated=1)
        raise ZeroDivisionError

    user = any_database.write(add_user)
    with pytest.raises(ZeroDivisionError):
        any_database.write(fail)
    assert any_database.read(metrics.get_metrics, user.id).reports_generated == 0


def test_the_last_export_is_the_latest(any_database: Database) -> None:
    any_database.clock = FixedClock(NOW)
    user = any_database.write(add_user)
    any_database.write(metrics.record_export, user.id)
    found = any_database.write(metrics.record_export, user.id, NOW - timedelta(days=3))
    assert (found.exports_completed, found.last_export_date) == (2, NOW)
    with pytest.raises(InvalidValue):
        any_database.write(metrics.record_export, user.id, NOW + timedelta(seconds=1))


@pytest.mark.parametrize("figure", ["reports_generated", "cost_savings", "timeline_reduction_days"])
def test_nothing_is_taken_away(any_database: Database, figure: str) -> None:
    less: dict[str, Any] = {figure: -1}
    user = any_database.write(add_user)
    with pytest.raises(InvalidValue) as refused:
        any_database.write(metrics.count, user.id, **less)
    assert refused.value.facts["field"] == figure


def test_figures_are_their_owner_s(any_database: Database) -> None:
    user = any_database.write(add_user)
    other = acting(any_database, any_database.write(add_user, email="ravi@example.com"))
    with pytest.raises(ExporterNotFound):
        other.read(metrics.get_metrics, user.id)
    with pytest.raises(ExporterNotFound):
        other.write(metrics.record_export, user.id)


@pytest.mark.parametrize(
    ("exports", "reports", "rate"), [(0, 0, None), (1, 3, "33.33"), (2, 3, "66.67"), (2, 2, "100")]
)
def test_the_rate_of_success_is_exports_for_a_hundred_reports(exports: int, reports: int, rate: str | None) -> None:
    found = metrics.success_rate(UserMetrics(exports_completed=exports, reports_generated=reports))
    assert found == (None if rate is None else Decimal(rate))
