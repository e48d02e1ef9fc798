"""Reports by every way a report is looked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation, query
from strongroom.systems.export_readiness.errors import ReportNotFound
from strongroom.systems.export_readiness.models import Report
from strongroom.systems.export_readiness.rules import REPORT, ReportStatusEnum, normalise_hs_code, parse_id

NEWEST_FIRST = (Report.created_at.desc(), Report.id.desc())


@query
def reports_where(
    user_id: UUID | None = None,
    hs_code: str | None = None,
    destination_country: str | None = None,
    status: ReportStatusEnum | str | None = None,
) -> Select[Report]:
    """Every property that is given. hs_code: the whole code, written in any way. Raises InvalidValue."""
    wanted = (
        (Report.user_id, user_id),
        (Report.hs_code, normalise_hs_code(hs_code) if hs_code is not None else None),
        (Report.destination_country, destination_country.strip() if destination_country is not None else None),
        (Report.status, status),
    )
    return select(Report).where(*(column == value for column, value in wanted if value is not None))


@query
def abandoned_reports(started_before: datetime) -> Select[Report]:
    """Those that have been in the making since before that moment."""
    return reports_where(status=ReportStatusEnum.PROCESSING).where(Report.updated_at < started_before)


class ReportRepository(Repository[SessionT, Report]):
    """Reports; their ids may be written with `rpt_` in front, and with or without dashes."""

    row = Report
    not_found = ReportNotFound

    @operation
    def lock_one(self: ReportRepository[Session], report_id: UUID | str) -> Report:
        """The report as it is now, locked for a change. Raises ReportNotFound."""
        key = parse_id(report_id, REPORT)
        if key is None:
            raise ReportNotFound
        return self.lock([key])[key]

    def _find(self: Repository[Session, Report], key: Any) -> Report | None:
        identifier = parse_id(key, REPORT) if isinstance(key, UUID | str) else None
        return None if identifier is None else self.session.get(Report, identifier)
