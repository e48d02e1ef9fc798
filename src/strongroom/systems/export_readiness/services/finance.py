"""The money of an export: worked out for a report, stored with the constants and the day it holds for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.systems.export_readiness.models import FinanceAnalysis, Report
from strongroom.systems.export_readiness.repositories import FinanceRepository
from strongroom.systems.export_readiness.rules import BusinessTypeEnum
from strongroom.systems.export_readiness.rules.amounts import ZERO
from strongroom.systems.export_readiness.rules.cash_flow import cash_flow, fob_value
from strongroom.systems.export_readiness.rules.credit import Borrower, pre_shipment_credit
from strongroom.systems.export_readiness.rules.financing import financing
from strongroom.systems.export_readiness.rules.gst import InputTaxCredit, gst_refund
from strongroom.systems.export_readiness.rules.noted_rates import noted
from strongroom.systems.export_readiness.rules.plain import plain
from strongroom.systems.export_readiness.rules.reference_rates import Rates
from strongroom.systems.export_readiness.rules.rodtep import RodtepBenefit, rodtep_benefit
from strongroom.systems.export_readiness.services.access import get_own_report, lock_own_report
from strongroom.systems.export_readiness.services.capital import capital_of
from strongroom.systems.export_readiness.services.reference_rates import load_rates


@dataclass(frozen=True, slots=True)
class FinanceInputs:
    """What the report does not say; amounts in INR.

    history_months: of exporting. order_value: what the credit is for, None for the whole working capital. gst_paid,
    input_tax: None while unknown. rodtep_cap_per_unit: of the schedule, for the code and a unit. exported_on: None
    for the day of the analysis.
    """

    has_banking_relationship: bool = False
    history_months: int = 0
    order_value: Decimal | None = None
    gst_paid: Decimal | None = None
    input_tax: InputTaxCredit | None = None
    rodtep_cap_per_unit: Decimal | None = None
    exported_on: date | None = None


def analyse_finance(
    session: Session,
    report_id: UUID | str,
    inputs: FinanceInputs = FinanceInputs(),
    *,
    day: date | None = None,
) -> FinanceAnalysis:
    """Work everything out with the constants of a day, today unless told otherwise, in place of what was stored.

    Raises ReportNotFound, InvalidValue, ReferenceRateMissing.
    """
    report = lock_own_report(session, report_id)
    parts = build_finance(report, inputs, load_rates(session, day))
    return FinanceRepository(session).put(report_id=report.id, **parts)


def get_finance(session: Session, report_id: UUID | str) -> FinanceAnalysis:
    """What was stored last. Raises ReportNotFound, AnalysisNotFound."""
    return FinanceRepository(session).get(get_own_report(session, report_id).id)


def build_finance(report: Report, inputs: FinanceInputs, rates: Rates) -> dict[str, dict[str, Any] | None]:
    """Every column of the analysis, ready for JSON. Raises InvalidValue, ReferenceRateMissing."""
    (product, capital), origin = noted(rates, lambda used: capital_of(report, used))
    assumed = {"is_volume_assumed": product.is_volume_assumed, "is_price_assumed": product.is_price_assumed}
    borrower = Borrower(report.company_size, inputs.has_banking_relationship, inputs.history_months)
    order = capital.total if inputs.order_value is None else inputs.order_value
    credit, of_credit = noted(rates, lambda used: pre_shipment_credit(order, borrower, used))
    fob = fob_value(capital, rates)
    benefit, of_benefit = noted(rates, lambda used: _benefit(report, fob, inputs, used))
    refund, of_refund = noted(
        rates,
        lambda used: gst_refund(
            fob,
            used,
            exported_on=inputs.exported_on or rates.day,
            gst_paid=inputs.gst_paid,
            input_tax=inputs.input_tax,
        ),
    )
    flow, of_flow = noted(
        rates,
        lambda used: cash_flow(
            capital,
            used,
            day=rates.day,
            rodtep_benefit=benefit.benefit if benefit else ZERO,
            gst_refund=refund.amount,
        ),
    )
    gap = flow.gap.amount if flow.gap else None
    ways, of_ways = noted(rates, lambda used: financing(gap, fob, borrower, used))
    return {
        "working_capital_data": {**plain(capital), **assumed, **origin},
        "pre_shipment_credit_data": {**plain(credit), **of_credit},
        "rodtep_benefit_data": {**plain(benefit), **of_benefit} if benefit else None,
        "gst_refund_data": {**plain(refund), **of_refund},
        "cash_flow_timeline": {**plain(flow), **of_flow},
        "financing_options": {**plain(ways), **of_ways},
    }


def _benefit(report: Report, fob: Decimal, inputs: FinanceInputs, rates: Rates) -> RodtepBenefit | None:
    """None while the code is not known, or nothing is sold."""
    if report.hs_code is None or fob <= 0:
        return None
    return rodtep_benefit(
        fob,
        report.hs_code,
        rates,
        is_service=report.business_type is BusinessTypeEnum.SAAS,
        cap_per_unit=inputs.rodtep_cap_per_unit,
        quantity=report.monthly_volume,
    )
