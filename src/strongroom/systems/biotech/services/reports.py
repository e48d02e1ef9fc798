"""Reports: what is known of each and how far it is on its way; the files themselves lie elsewhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.systems.biotech.errors import ClientNotFound, ReportNotFound
from strongroom.systems.biotech.models import Report
from strongroom.systems.biotech.repositories import ClientRepository, ReportRepository
from strongroom.systems.biotech.repositories.writing import given, settable
from strongroom.systems.biotech.rules.enums import ReportStatus
from strongroom.systems.biotech.services.alerts import announce_report
from strongroom.systems.biotech.services.once import entering, find_entered, id_for
from strongroom.systems.biotech.services.ownership import get_owned

_SETTABLE = settable(Report, "delivery_status", "sent_at")


def create_report(session: Session, key: str | None = None, /, **values: Any) -> Report:
    """Enter a report that is written, and tell those who wait for one. values: columns; client_id: for whom.

    key: of the request, entered once. Raises ClientNotFound, InvalidValue, IdempotencyConflict.
    """
    row_id = id_for(session, key, "report")
    sent = given(values, _SETTABLE)
    entered = find_entered(session, Report, row_id, sent)
    if entered is not None:
        return entered
    client_id = sent.get("client_id")
    if client_id is not None and ClientRepository(session).find(client_id) is None:
        raise ClientNotFound
    with entering():
        report = ReportRepository(session).add(Report(id=row_id, **sent))
    announce_report(session, report)
    return report


def get_report(session: Session, client_id: UUID | None, report_id: UUID) -> Report:
    """client_id: who asks; None for people. Raises ReportNotFound."""
    return get_owned(ReportRepository(session), report_id, client_id)


def set_delivery_status(session: Session, report_id: UUID, status: ReportStatus) -> Report:
    """Move a report along. Raises ReportNotFound, StepRefused: what was sent stays sent."""
    report = ReportRepository(session).update_delivery_status(report_id, status)
    if report is None:
        raise ReportNotFound
    return report


def delete_report(session: Session, report_id: UUID) -> None:
    """Raises ReportNotFound."""
    if not ReportRepository(session).soft_delete(report_id):
        raise ReportNotFound


def restore_report(session: Session, report_id: UUID) -> Report:
    """Raises ReportNotFound."""
    reports = ReportRepository(session)
    reports.restore(report_id)
    return reports.get(report_id)
