"""Certifications on real databases: each followed once, counted once, no mark of a document lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.values import FixedClock
from strongroom.systems.export_readiness.errors import (
    CertificationNotFound,
    CertificationStepRefused,
    ExporterNotFound,
    ReportNotFound,
)
from strongroom.systems.export_readiness.models import CertificationProgress
from strongroom.systems.export_readiness.rules import CertificationStatusEnum as Status
from strongroom.systems.export_readiness.services import certifications, metrics
from tests.systems.export_readiness.building import acting, add_user
from tests.systems.export_readiness.progressing import FDA, ZED, completed_report


def test_following_a_certification_twice_follows_it_once(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)

    def again(session: Session) -> list[CertificationProgress]:
        known = certifications.track(
            session, report_id, certification_id=f" {ZED} ", name="Another name", certification_type="other"
        )
        assert known.certification_name == "ZED certification"
        certifications.track_required(session, report_id)
        return list(certifications.list_certifications(session, report_id))

    found = any_database.write(again)
    assert [row.certification_id for row in found] == [ZED, FDA]
    assert {row.status for row in found} == {Status.NOT_STARTED}


def test_twenty_at_once_mark_twenty_documents_and_none_is_lost(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)
    names = [f"document-{number}" for number in range(20)]
    with ThreadPoolExecutor(20) as threads:
        list(threads.map(lambda name: any_database.write(certifications.mark_document, report_id, ZED, name), names))
    row = any_database.read(certifications.get_certification, report_id, ZED)
    assert sorted(row.documents_completed) == sorted(names)

    with ThreadPoolExecutor(20) as threads:
        list(
            threads.map(
                lambda name: any_database.write(certifications.unmark_document, report_id, ZED, name),
                names[5:] + names[5:],
            )
        )
    row = any_database.read(certifications.get_certification, report_id, ZED)
    assert sorted(row.documents_completed) == sorted(names[:5])


def test_marking_a_document_twice_marks_it_once_and_in_order(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)
    for name in ("pan", "udyam", " pan "):
        any_database.write(certifications.mark_document, report_id, ZED, name)
    any_database.write(certifications.unmark_document, report_id, ZED, "never marked")
    assert any_database.read(certifications.get_certification, report_id, ZED).documents_completed == ["pan", "udyam"]
    with pytest.raises(InvalidValue):
        any_database.write(certifications.mark_document, report_id, ZED, "  ")


def test_the_first_completion_is_counted_once_with_the_days_and_the_subsidy(any_database: Database) -> None:
    clock = any_database.clock = FixedClock(datetime(2026, 11, 21, tzinfo=UTC))
    user_id, report_id = any_database.write(completed_report)
    any_database.write(certifications.set_status, report_id, ZED, "in_progress")
    clock.advance(timedelta(days=30))
    done = any_database.write(certifications.set_status, report_id, ZED, Status.COMPLETED, notes="Gold")
    assert done.completed_at == clock.now()
    assert done.started_at == clock.now() - timedelta(days=30)
    any_database.write(certifications.set_status, report_id, ZED, Status.COMPLETED)
    reopened = any_database.write(certifications.reopen_certification, report_id, ZED, reason="the audit was repeated")
    assert (reopened.status, reopened.completed_at) == (Status.IN_PROGRESS, None)
    any_database.write(certifications.set_status, report_id, ZED, Status.COMPLETED)
    figures = any_database.read(metrics.get_metrics, user_id)
    assert figures.certifications_completed == 1
    assert figures.timeline_reduction_days == 60
    assert figures.cost_savings == Decimal("48000.00")


def test_two_who_complete_at_once_are_counted_once(any_database: Database) -> None:
    user_id, report_id = any_database.write(completed_report)
    with ThreadPoolExecutor(8) as threads:
        list(
            threads.map(
                lambda _: any_database.write(certifications.set_status, report_id, ZED, Status.COMPLETED), range(8)
            )
        )
    assert any_database.read(metrics.get_metrics, user_id).certifications_completed == 1


def test_a_refused_step_changes_nothing(any_database: Database) -> None:
    user_id, report_id = any_database.write(completed_report)
    any_database.write(certifications.set_status, report_id, ZED, Status.COMPLETED)
    with pytest.raises(CertificationStepRefused):
        any_database.write(certifications.set_status, report_id, ZED, Status.REJECTED, notes="no")
    row = any_database.read(certifications.get_certification, report_id, ZED)
    assert (row.status, row.notes) == (Status.COMPLETED, None)
    assert any_database.read(metrics.get_metrics, user_id).certifications_completed == 1


def test_a_summary_says_how_many_are_where(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)
    any_database.write(certifications.set_status, report_id, ZED, Status.COMPLETED)
    summary = any_database.read(certifications.summarise_certifications, report_id)
    assert (summary.total, summary.by_status[Status.NOT_STARTED]) == (2, 1)
    assert summary.completion_percentage == Decimal("50.00")


def test_what_takes_longer_than_expected_is_overdue(any_database: Database) -> None:
    clock = any_database.clock = FixedClock(datetime(2026, 11, 21, tzinfo=UTC))
    user_id, report_id = any_database.write(completed_report)
    for name in (ZED, FDA):
        any_database.write(certifications.set_status, report_id, name, "in_progress")
    clock.advance(timedelta(days=31))
    assert len(any_database.read(certifications.list_in_progress)) == 2
    (overdue,) = any_database.read(certifications.list_overdue, user_id)
    assert (overdue.certification.certification_id, overdue.days, overdue.expected_days) == (
        FDA,
        31,
        30,
    )


def test_somebody_else_s_certifications_are_not_there(any_database: Database) -> None:
    owner_id, report_id = any_database.write(completed_report)
    stranger = acting(any_database, any_database.write(add_user, email="other@example.com"))
    with pytest.raises(ReportNotFound):
        stranger.read(certifications.list_certifications, report_id)
    with pytest.raises(ReportNotFound):
        stranger.write(certifications.mark_document, report_id, ZED, "theirs")
    with pytest.raises(ReportNotFound):
        stranger.write(certifications.set_status, report_id, ZED, "completed")
    with pytest.raises(ExporterNotFound):
        stranger.read(certifications.list_overdue, owner_id)
    any_database.write(certifications.set_status, report_id, ZED, "in_progress")
    assert stranger.read(certifications.list_in_progress) == []


def test_a_certification_that_is_not_followed_is_not_there(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)
    with pytest.raises(CertificationNotFound):
        any_database.write(certifications.set_status, report_id, "ce-marking", "completed")


async def test_an_asynchronous_caller_reads_only_as_far_as_it_has_to(any_async_database: AsyncDatabase) -> None:
    _, report_id = await any_async_database.write(completed_report)
    for name in (ZED, FDA):
        await any_async_database.write(certifications.set_status, report_id, name, Status.IN_PROGRESS)
    (longest,) = await any_async_database.read(certifications.list_in_progress, limit=1)
    assert longest.certification.certification_id == ZED
    assert await any_async_database.read(certifications.list_overdue) == []
