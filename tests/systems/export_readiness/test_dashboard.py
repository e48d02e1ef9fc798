"""Dashboards on real databases: the figures are what is there, in one statement, for whom they are meant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from strongroom.kernel.errors import AccessDenied, InvalidValue
from strongroom.kernel.sessions import Database
from strongroom.systems.export_readiness.errors import ExporterNotFound, ReportNotFound
from strongroom.systems.export_readiness.models import Report
from strongroom.systems.export_readiness.rules import REPORT, shown_id
from strongroom.systems.export_readiness.rules import CertificationStatusEnum as Status
from strongroom.systems.export_readiness.services import action_plan, certifications, dashboard, documents, metrics
from tests.systems.export_readiness.building import acting, add_report, add_user, administering
from tests.systems.export_readiness.progressing import FDA, ZED, completed_report


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The SELECTs that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def make_ready(session: Session, report_id: UUID) -> None:
    for name in (ZED, FDA):
        certifications.set_status(session, report_id, name, Status.COMPLETED)
    for task in action_plan.make_plan(session, report_id).tasks:
        action_plan.set_task(session, report_id, task.row.task_id, is_done=True)


def test_a_dashboard_counts_every_part_in_one_statement(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)
    any_database.write(certifications.set_status, report_id, ZED, Status.IN_PROGRESS)
    any_database.write(action_plan.make_plan, report_id)
    any_database.write(action_plan.set_task, report_id, "task_gst_lut", is_done=True)
    for kind in ("gst_lut", "gst_lut", "softex"):
        any_database.write(documents.generate_document, report_id, kind)
    with statements(any_database) as sent:
        found = any_database.read(dashboard.get_dashboard, shown_id(report_id, REPORT))
    assert len([one for one in sent if "export_readiness" in one]) == 1
    assert found.report.id == report_id
    assert found.certifications.by_status == {
        Status.NOT_STARTED: 1,
        Status.IN_PROGRESS: 1,
        Status.COMPLETED: 0,
        Status.REJECTED: 0,
    }
    assert (found.tasks, found.tasks_done, found.plan_progress) == (14, 1, Decimal("7.1"))
    assert (found.documents, found.documents_valid) == (3, 0)
    assert not found.is_ready


def test_a_report_with_nothing_yet_has_zeros(any_database: Database) -> None:
    def begin(session: Session) -> UUID:
        return add_report(session, add_user(session).id).id

    found = any_database.read(dashboard.get_dashboard, any_database.write(begin))
    assert (found.certifications.total, found.tasks, found.documents) == (0, 0, 0)
    assert (found.plan_progress, found.is_ready) == (Decimal("0.0"), False)


def test_the_newest_reports_come_first_and_only_so_many(any_database: Database) -> None:
    user_id, first = any_database.write(completed_report)
    second = any_database.write(add_report, user_id).id
    third = any_database.write(add_report, user_id).id
    any_database.write(completed_report, email="other@example.com")
    assert [found.report.id for found in any_database.read(dashboard.list_dashboards, user_id)] == [
        third,
        second,
        first,
    ]
    assert [found.report.id for found in any_database.read(dashboard.list_dashboards, user_id, limit=1)] == [third]
    assert len(any_database.read(dashboard.list_dashboards)) == 4
    with pytest.raises(InvalidValue):
        any_database.read(dashboard.list_dashboards, limit=0)


def test_somebody_else_s_figures_are_not_there(any_database: Database) -> None:
    owner_id, report_id = any_database.write(completed_report)
    stranger = acting(any_database, any_database.write(add_user, email="other@example.com"))
    with pytest.raises(ReportNotFound):
        stranger.read(dashboard.get_dashboard, report_id)
    with pytest.raises(ReportNotFound):
        stranger.read(dashboard.get_dashboard, "no id")
    with pytest.raises(ExporterNotFound):
        stranger.read(dashboard.list_dashboards, owner_id)
    with pytest.raises(ExporterNotFound):
        stranger.write(metrics.record_savings, owner_id, Decimal(1))
    assert stranger.read(dashboard.list_dashboards) == []
    with pytest.raises(AccessDenied):
        stranger.read(dashboard.platform_figures)


def test_the_platform_s_figures_are_those_of_all_businesses(any_database: Database) -> None:
    asha, turmeric = any_database.write(completed_report)
    _, pepper = any_database.write(completed_report, email="bina@example.com", product_name="TURMERIC powder")
    any_database.write(add_report, asha, product_name="Cotton shirts", destination_country="Germany")
    any_database.write(make_ready, turmeric)
    any_database.write(certifications.set_status, pepper, FDA, Status.COMPLETED)
    any_database.write(metrics.record_savings, asha, "1000.50")
    any_database.write(metrics.record_export, asha)

    def long_ago(session: Session) -> None:
        session.get_one(Report, turmeric).created_at = datetime.now(UTC) - timedelta(days=12)

    any_database.write(long_ago)
    figures = administering(any_database).read(dashboard.platform_figures)
    assert [(found.name.lower(), found.reports) for found in figures.products] == [
        ("turmeric powder", 2),
        ("cotton shirts", 1),
    ]
    assert [(found.name, found.reports) for found in figures.destinations] == [("United States", 2), ("Germany", 1)]
    assert [
        (found.certification_id, found.reports, found.completion_percentage) for found in figures.certifications
    ] == [
        (FDA, 2, Decimal("100.00")),
        (ZED, 2, Decimal("50.00")),
    ]
    assert {stage.name: stage.reports for stage in figures.stages} == {
        "begun": 3,
        "completed": 2,
        "planned": 1,
        "plan_done": 1,
        "certified": 1,
        "documented": 0,
        "ready": 1,
    }
    assert figures.stages[1].percentage == Decimal("66.67")
    assert figures.average_readiness_days == Decimal("12.0")
    assert figures.achievements.businesses == 2
    assert figures.achievements.cost_savings == Decimal("49000.50")
    assert figures.achievements.success_rate == Decimal("50.00")
    assert len(any_database.read(dashboard.platform_figures, limit=1).products) == 1


def test_an_empty_platform_has_figures_too(any_database: Database) -> None:
    figures = any_database.read(dashboard.platform_figures)
    assert (figures.products, figures.average_readiness_days) == ([], None)
    assert {stage.reports for stage in figures.stages} == {0}
    assert figures.achievements.success_rate == 0


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "NaN"])
def test_savings_are_amounts_above_nothing(any_database: Database, amount: str) -> None:
    user_id, _ = any_database.write(completed_report)
    with pytest.raises(InvalidValue):
        any_database.write(metrics.record_savings, user_id, amount)
    assert any_database.read(metrics.get_metrics, user_id).cost_savings == 0
