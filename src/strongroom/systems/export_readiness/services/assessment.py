"""Examines a report: judges its product by rules, completes it, and begins what follows, all in one unit of work."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.export_readiness.models import Report
from strongroom.systems.export_readiness.rules.assessment import Product, assess
from strongroom.systems.export_readiness.rules.evidence import Evidence, HsGuess
from strongroom.systems.export_readiness.services import action_plan, certifications, hs_codes
from strongroom.systems.export_readiness.services.access import lock_own_report
from strongroom.systems.export_readiness.services.reference_rates import load_rates
from strongroom.systems.export_readiness.services.reports import complete_report


def assess_report(
    session: Session,
    report_id: UUID | str,
    evidence: Evidence = Evidence(),  # noqa: B008 - frozen
    *,
    day: date | None = None,
) -> Report:
    """Complete a report that is processing, follow its certifications, and plan its seven days.

    The code that the report has already wins over what the evidence or the product's name say. day: whose constants
    hold, today unless told otherwise. Raises ReportNotFound, ReportStepRefused, InvalidValue, ReferenceRateMissing.
    """
    report = lock_own_report(session, report_id)
    product = Product(report.destination_country, report.business_type, report.company_size)
    known = replace(evidence, hs_codes=_hs_codes(session, report, evidence))
    completed = complete_report(session, report.id, assess(product, known, load_rates(session, day)))
    certifications.track_required(session, completed.id)
    action_plan.make_plan(session, completed.id)
    return completed


def _hs_codes(session: Session, report: Report, evidence: Evidence) -> tuple[HsGuess, ...]:
    if report.hs_code is not None:
        return (HsGuess(report.hs_code, report.hs_code_confidence or Decimal(0)),)
    if evidence.hs_codes:
        return evidence.hs_codes
    try:
        found = hs_codes.suggest(session, report.product_name).suggestions
    except InvalidValue:  # a name without a word in it fits no heading
        return ()
    return tuple(HsGuess(suggestion.code, suggestion.confidence, suggestion.description) for suggestion in found)
