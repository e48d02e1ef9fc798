"""Reports: begun, completed or failed, corrected, looked for, removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.repositories import Page, Part, page_of
from strongroom.kernel.sessions import actor_of, now_of
from strongroom.kernel.values import as_utc, new_id
from strongroom.systems.export_readiness.errors import ReportChanged
from strongroom.systems.export_readiness.models import Report
from strongroom.systems.export_readiness.options import DEFAULTS, ExportReadinessOptions
from strongroom.systems.export_readiness.repositories import (
    NEWEST_FIRST,
    HsCodeRepository,
    ReportRepository,
    abandoned_reports,
    reports_where,
)
from strongroom.systems.export_readiness.rules import (
    BusinessTypeEnum,
    CompanySizeEnum,
    Findings,
    ReportStatusEnum,
    normalise_hs_code,
    normalise_text,
)
from strongroom.systems.export_readiness.rules.hs_codes import SHARED_DIGITS
from strongroom.systems.export_readiness.rules.prices import parse_price_range
from strongroom.systems.export_readiness.rules.reports import (
    CERTAIN,
    DESTINATION_MAX,
    PRICE_RANGE_MAX,
    PRODUCT_NAME_MAX,
    check_step,
    normalise_details,
    with_hs_code,
)
from strongroom.systems.export_readiness.services.access import (
    get_own_report,
    get_own_user,
    lock_own_report,
    sees_all,
)
from strongroom.systems.export_readiness.services.metrics import count

#: keys of report_data that follow from the report itself
OF_THE_REPORT = frozenset({"report_id", "status", "hs_code", "generated_at"})


@dataclass(frozen=True, slots=True)
class ReportStatus:
    """How far a report is. report_id: as it is shown. reason: why it failed, if it did."""

    report_id: str
    status: ReportStatusEnum
    created_at: datetime
    updated_at: datetime
    reason: str | None


def create_report(
    session: Session,
    user_id: UUID | str,
    *,
    product_name: str,
    destination_country: str,
    details: Mapping[str, str | None] | None = None,
    business_type: BusinessTypeEnum | str | None = None,
    company_size: CompanySizeEnum | str | None = None,
    monthly_volume: Decimal | int | str | None = None,
    price_range: str | None = None,
    hs_code: str | None = None,
    report_id: UUID | None = None,
) -> Report:
    """Begin a report, `processing` until it is completed or has failed.

    What the business does not say of itself here is taken from its profile. details: image_url, ingredients, bom,
    payment_mode. monthly_volume: units. hs_code: as certain as whoever gives it. Raises InvalidValue, ExporterNotFound.
    """
    user = get_own_user(session, user_id)
    report = Report(
        id=report_id or new_id(),
        user_id=user.id,
        product_name=normalise_text(product_name, "product_name", PRODUCT_NAME_MAX),
        product_details=normalise_details(details or {}),
        destination_country=normalise_text(destination_country, "destination_country", DESTINATION_MAX),
        business_type=business_type or user.business_type,
        company_size=company_size or user.company_size,
        monthly_volume=user.monthly_volume if monthly_volume is None else monthly_volume,
        price_range=price_range and normalise_text(price_range, "price_range", PRICE_RANGE_MAX),
        status=ReportStatusEnum.PROCESSING,
    )
    if report.monthly_volume is not None and report.monthly_volume <= 0:
        raise InvalidValue(field="monthly_volume", reason="must be greater than 0, or left out")
    parse_price_range(report.price_range)  # what runs downwards or is no price in INR is refused at the door
    if hs_code is not None:
        _set_hs_code(session, report, normalise_hs_code(hs_code), CERTAIN)
    _describe(report)
    return ReportRepository(session).add(report)


def complete_report(session: Session, report_id: UUID | str, findings: Findings) -> Report:
    """Store what the examination found, and count the report as one achieved, in one unit of work.

    A code that a person has chosen is kept. Raises ReportNotFound, ReportStepRefused, InvalidValue.
    """
    report = lock_own_report(session, report_id)
    check_step(report.status, ReportStatusEnum.COMPLETED)
    chosen = report.hs_code if report.hs_code_confidence == CERTAIN else None
    found = findings.hs_code and normalise_hs_code(findings.hs_code)
    report.status = ReportStatusEnum.COMPLETED
    report.risk_score = findings.risk_score
    report.estimated_cost = findings.estimated_cost
    report.estimated_timeline_days = findings.estimated_timeline_days
    report.report_data = {**findings.data, "generated_at": now_of(session).isoformat()}
    if chosen is not None:
        _set_hs_code(session, report, chosen, CERTAIN)
    elif found is not None:
        _set_hs_code(session, report, found, findings.hs_code_confidence or Decimal(0))
    _describe(report)
    session.flush()
    count(session, report.user_id, reports_generated=1)
    return report


def fail_report(session: Session, report_id: UUID | str, reason: str) -> Report:
    """End a report that cannot be completed. reason: what the business is told.

    Raises ReportNotFound, ReportStepRefused.
    """
    return _fail(session, lock_own_report(session, report_id), reason)


def restart_report(session: Session, report_id: UUID | str) -> Report:
    """Begin a failed report again. Raises ReportNotFound, ReportStepRefused."""
    report = lock_own_report(session, report_id)
    _step(report, ReportStatusEnum.PROCESSING)
    report.report_data.pop("reason", None)
    session.flush()
    return report


def fail_abandoned(session: Session, *, limit: int = 100, options: ExportReadinessOptions = DEFAULTS) -> int:
    """Fail reports that nobody has completed in time, some at a time; how many."""
    overdue = abandoned_reports(now_of(session) - options.processing_limit).limit(limit)
    reports = session.scalars(overdue.with_for_update(skip_locked=True, key_share=True)).all()
    for report in reports:
        _fail(session, report, "it took too long; ask for it again")
    return len(reports)


def get_report(session: Session, report_id: UUID | str) -> Report:
    """The report, if it is that of whoever acts or they may reach all. Raises ReportNotFound."""
    return get_own_report(session, report_id)


def get_status(session: Session, report_id: UUID | str) -> ReportStatus:
    """How far the report is. Raises ReportNotFound."""
    report = get_own_report(session, report_id)
    reason = report.report_data.get("reason")
    return ReportStatus(report.shown_id, report.status, report.created_at, report.updated_at, reason)


def list_reports(
    session: Session,
    part: Part,
    *,
    user_id: UUID | None = None,
    hs_code: str | None = None,
    destination_country: str | None = None,
    status: ReportStatusEnum | None = None,
) -> Page[Report]:
    """Reports, newest first, with all of the given properties: one's own, or those of anybody for administrators.

    Raises InvalidValue, ExporterNotFound for somebody else's.
    """
    owner = user_id if user_id is not None or sees_all(session) else actor_of(session).id
    if owner is not None:
        get_own_user(session, owner)
    reports = ReportRepository(session)
    query = reports_where(owner, hs_code, destination_country, status)
    return page_of(reports, query, NEWEST_FIRST, part, "reports", owner, hs_code, destination_country, status)


def override_hs_code(
    session: Session, report_id: UUID | str, hs_code: str, *, unchanged_since: datetime | None = None
) -> Report:
    """Put a code that a person has chosen in place of what was found: in the column and in report_data, certain.

    Raises InvalidValue, ReportNotFound, ReportChanged when it was changed after `unchanged_since`.
    """
    code = normalise_hs_code(hs_code)
    report = _lock_unchanged(session, report_id, unchanged_since)
    _set_hs_code(session, report, code, CERTAIN)
    session.flush()
    return report


def merge_report_data(
    session: Session, report_id: UUID | str, parts: Mapping[str, Any], *, unchanged_since: datetime | None = None
) -> Report:
    """Put these parts in place of the ones of the same name in report_data; whatever else is there stays.

    parts: ready for JSON. Changes made at once follow one another, so none is lost. Raises ReportNotFound,
    ReportChanged, InvalidValue for a part that follows from the report itself.
    """
    if refused := OF_THE_REPORT & parts.keys():
        raise InvalidValue(field=min(refused), reason="follows from the report and is not set by itself")
    report = _lock_unchanged(session, report_id, unchanged_since)
    report.report_data = {**report.report_data, **parts}
    session.flush()
    return report


def delete_report(session: Session, report_id: UUID | str) -> None:
    """Remove a report with everything that follows from it. Raises ReportNotFound."""
    session.delete(lock_own_report(session, report_id))
    session.flush()


def _lock_unchanged(session: Session, report_id: UUID | str, unchanged_since: datetime | None) -> Report:
    report = lock_own_report(session, report_id)
    if unchanged_since is not None and report.updated_at != as_utc(unchanged_since):
        raise ReportChanged(updated_at=report.updated_at.isoformat())
    return report


def _fail(session: Session, report: Report, reason: str) -> Report:
    _step(report, ReportStatusEnum.FAILED)
    report.report_data = {**report.report_data, "reason": reason}
    session.flush()
    return report


def _step(report: Report, after: ReportStatusEnum) -> None:
    check_step(report.status, after)
    report.status = after
    _describe(report)


def _describe(report: Report) -> None:
    """Say in report_data what the columns say."""
    report.report_data = {**report.report_data, "report_id": report.shown_id, "status": report.status.value}


def _set_hs_code(session: Session, report: Report, code: str, confidence: Decimal) -> None:
    report.hs_code = code
    report.hs_code_confidence = confidence
    known = HsCodeRepository(session).find(code[:SHARED_DIGITS])
    description = None if known is None else known.description
    report.report_data = with_hs_code(report.report_data, code, confidence, description)
