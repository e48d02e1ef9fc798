"""The way of an export: worked out for a report, stored with the constants and the day it holds for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.systems.export_readiness.models import LogisticsAnalysis, Report
from strongroom.systems.export_readiness.repositories import LogisticsRepository
from strongroom.systems.export_readiness.rules.amounts import RUPEE, amount_of, ratio, rounded
from strongroom.systems.export_readiness.rules.cash_flow import fob_value
from strongroom.systems.export_readiness.rules.containers import FCL, compare_containers
from strongroom.systems.export_readiness.rules.freight import UrgencyEnum, freight
from strongroom.systems.export_readiness.rules.inspection import Shipment, inspection_probability
from strongroom.systems.export_readiness.rules.insurance import insurance
from strongroom.systems.export_readiness.rules.noted_rates import noted
from strongroom.systems.export_readiness.rules.plain import plain
from strongroom.systems.export_readiness.rules.reference_rates import Rates
from strongroom.systems.export_readiness.rules.risk_levels import worst_of
from strongroom.systems.export_readiness.rules.routes import SeasonEnum, analyse_routes, season_of
from strongroom.systems.export_readiness.services.access import get_own_report, lock_own_report
from strongroom.systems.export_readiness.services.capital import capital_of
from strongroom.systems.export_readiness.services.reference_rates import load_rates


@dataclass(frozen=True, slots=True)
class LogisticsInputs:
    """A shipment. volume: CBM; weight: kg; units: pieces, of which a freight cost each is told.

    product_type, description: None for the product's name. shipment_value: INR, None for what the customer pays by
    the working capital; inr_per_usd: turns it into USD, None leaves that unknown. season: None for that of the day.
    insurance_risk: None for the worse of the container's and the route's.
    """

    volume: Decimal
    weight: Decimal | None = None
    units: int = 0
    product_type: str | None = None
    description: str | None = None
    shipment_value: Decimal | None = None
    inr_per_usd: Decimal | None = None
    is_first_time: bool = False
    has_violations: bool = False
    clean_exports: int = 0
    urgency: UrgencyEnum = UrgencyEnum.NORMAL
    season: SeasonEnum | None = None
    insurance_risk: str | None = None


def analyse_logistics(
    session: Session, report_id: UUID | str, inputs: LogisticsInputs, *, day: date | None = None
) -> LogisticsAnalysis:
    """Work everything out with the constants of a day, today unless told otherwise, in place of what was stored.

    Raises ReportNotFound, InvalidValue, ReferenceRateMissing.
    """
    report = lock_own_report(session, report_id)
    parts = build_logistics(report, inputs, load_rates(session, day))
    return LogisticsRepository(session).put(report_id=report.id, **parts)


def get_logistics(session: Session, report_id: UUID | str) -> LogisticsAnalysis:
    """What was stored last. Raises ReportNotFound, AnalysisNotFound."""
    return LogisticsRepository(session).get(get_own_report(session, report_id).id)


def build_logistics(report: Report, inputs: LogisticsInputs, rates: Rates) -> dict[str, dict[str, Any]]:
    """Every column of the analysis, ready for JSON. Raises InvalidValue, ReferenceRateMissing."""
    product_type = inputs.product_type or report.product_name
    destination = report.destination_country
    value, of_value = noted(rates, lambda used: _value(report, inputs, used))
    containers, of_containers = noted(rates, lambda used: compare_containers(inputs.volume, product_type, used))
    shipment = Shipment(
        product_type=product_type,
        description=inputs.description or report.product_name,
        hs_code=report.hs_code,
        value_usd=_in_dollars(value, inputs),
        is_first_time=inputs.is_first_time,
        has_violations=inputs.has_violations,
        clean_exports=inputs.clean_exports,
    )
    inspection, of_inspection = noted(rates, lambda used: inspection_probability(shipment, used))
    routes, of_routes = noted(
        rates,
        lambda used: analyse_routes(
            destination, used, season=inputs.season or season_of(used.day, used), volume=inputs.volume
        ),
    )
    cost, of_cost = noted(
        rates,
        lambda used: freight(
            destination,
            inputs.volume,
            used,
            weight=inputs.weight,
            units=inputs.units,
            passage=routes.best.passage,
            urgency=inputs.urgency,
        ),
    )
    taken = containers.fcl if containers.recommendation == FCL else containers.lcl
    risk = inputs.insurance_risk or worst_of([taken.risk_level, routes.best.delay_risk])
    cover, of_cover = noted(rates, lambda used: insurance(value, risk, used, currency=RUPEE))
    of_cover["rates"] = [*of_value["rates"], *of_cover["rates"]]
    return {
        "lcl_fcl_comparison": {**plain(containers), **of_containers},
        "rms_probability_data": {**plain(inspection), **of_inspection},
        "route_analysis": {**plain(routes), **of_routes},
        "freight_estimate": {**plain(cost), **of_cost},
        "insurance_recommendation": {**plain(cover), **of_cover},
    }


def _value(report: Report, inputs: LogisticsInputs, rates: Rates) -> Decimal:
    if inputs.shipment_value is not None:
        return amount_of(inputs.shipment_value, "shipment_value", is_positive=True)
    return fob_value(capital_of(report, rates)[1], rates)


def _in_dollars(value: Decimal, inputs: LogisticsInputs) -> Decimal | None:
    if inputs.inr_per_usd is None:
        return None
    rupees = amount_of(inputs.inr_per_usd, "inr_per_usd", is_positive=True)
    return amount_of(rounded(ratio(value, rupees)), "shipment_value")
