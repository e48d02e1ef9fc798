"""Reports by type and date, and how far each has come on its way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.repositories import SessionT, operation, query
from strongroom.kernel.sessions import now_of
from strongroom.systems.biotech.errors import ReportNotFound
from strongroom.systems.biotech.models import Report
from strongroom.systems.biotech.repositories.writing import HidingRepository, bounded, given, settable
from strongroom.systems.biotech.rules.enums import ReportFormat, ReportStatus, ReportType
from strongroom.systems.biotech.rules.reports import check_report_step, report_status

_GIVEN = settable(Report)
NEWEST_FIRST = (Report.report_date.desc(), Report.id.desc())


@query
def reports_between(start_date: datetime | None = None, end_date: datetime | None = None) -> Select[Report]:
    """By report_date, both included."""
    found = select(Report)
    if start_date is not None:
        found = found.where(Report.report_date >= start_date)
    return found if end_date is None else found.where(Report.report_date <= end_date)


class ReportRepository(HidingRepository[SessionT, Report]):
    """What is known of each report; the file itself lies elsewhere."""

    row = Report
    not_found = ReportNotFound

    @operation
    def create(
        self: ReportRepository[Session],
        /,
        report_type: ReportType | str,
        title: str,
        report_date: datetime,
        format: ReportFormat | str = ReportFormat.PDF,
        **values: Any,
    ) -> Report:
        """Add a report, pending unless delivery_status says otherwise; one that is sent was sent now unless it says."""
        report = Report(
            report_type=report_type, title=title, report_date=report_date, format=format, **given(values, _GIVEN)
        )
        if report.delivery_status is ReportStatus.SENT and report.sent_at is None:
            report.sent_at = now_of(self.session)
        return self.add(report)

    @operation
    def get_by_id(self: ReportRepository[Session], report_id: UUID | str) -> Report | None:
        """The report, or None."""
        return self._find(report_id)

    @operation
    def get_by_type(
        self: ReportRepository[Session],
        report_type: ReportType | str,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
        limit: int = 50,
    ) -> Sequence[Report]:
        """Reports of one type, newest first; dates are included."""
        limit, _ = bounded(limit)
        found = reports_between(start_date, end_date).where(Report.report_type == _type(report_type))
        return self.session.scalars(found.order_by(*NEWEST_FIRST).limit(limit)).all()

    @operation
    def get_recent(self: ReportRepository[Session], days: int = 30, limit: int = 50) -> Sequence[Report]:
        """Reports of the last days, newest first."""
        limit, _ = bounded(limit)
        found = reports_between(now_of(self.session) - timedelta(days=days))
        return self.session.scalars(found.order_by(*NEWEST_FIRST).limit(limit)).all()

    @operation
    def update_delivery_status(
        self: ReportRepository[Session],
        report_id: UUID | str,
        status: ReportStatus | str,
        sent_at: datetime | None = None,
    ) -> Report | None:
        """Move a report along; None when there is none. sent_at: now unless given, for a report that is sent.

        Raises StepRefused for a step there is not: what was sent stays sent.
        """
        report = self._find(report_id)
        if report is None:
            return None
        report = self.lock([report.id])[report.id]
        try:
            after = report_status(status)
        except ValueError:
            raise InvalidValue(field="status", reason=f"must be one of {', '.join(ReportStatus)}") from None
        check_report_step(report.delivery_status, after)
        if after is ReportStatus.SENT and report.sent_at is None:
            report.sent_at = sent_at or now_of(self.session)
        report.delivery_status = after
        self.session.flush()
        return report


def _type(name: ReportType | str) -> ReportType:
    try:
        return ReportType(name)
    except ValueError:
        raise InvalidValue(field="report_type", reason=f"must be one of {', '.join(ReportType)}") from None
