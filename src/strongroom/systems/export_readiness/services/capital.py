"""What the calculators take from a report: its product's cost and the money that a first shipment binds."""

from __future__ import annotations

from collections.abc import Mapping

from strongroom.systems.export_readiness.models import Report
from strongroom.systems.export_readiness.rules.amounts import amount_of
from strongroom.systems.export_readiness.rules.certifications import required_certifications
from strongroom.systems.export_readiness.rules.estimates import Costs, estimate_costs
from strongroom.systems.export_readiness.rules.prices import ProductCost, product_cost
from strongroom.systems.export_readiness.rules.reference_rates import Rates
from strongroom.systems.export_readiness.rules.working_capital import WorkingCapital, working_capital

_PARTS = ("certifications", "documentation", "logistics")


def capital_of(report: Report, rates: Rates) -> tuple[ProductCost, WorkingCapital]:
    """Raises InvalidValue for a price range or costs that are none."""
    cost, costs = product_cost(report.monthly_volume, report.price_range, rates), costs_of(report, rates)
    capital = working_capital(
        product_cost=cost.amount,
        certification_costs=costs.certifications,
        logistics_costs=costs.logistics,
        documentation_costs=costs.documentation,
        rates=rates,
    )
    return cost, capital


def costs_of(report: Report, rates: Rates) -> Costs:
    """As the report has them; estimated for one that does not say. Raises InvalidValue."""
    said = report.report_data.get("costs")
    if isinstance(said, Mapping) and all(name in said for name in _PARTS):
        certifications, documentation, logistics = (amount_of(said[name], name) for name in _PARTS)
        return Costs(certifications, documentation, logistics, certifications + documentation + logistics)
    needed = required_certifications(
        destination=report.destination_country,
        hs_code=report.hs_code,
        business_type=report.business_type,
        rates=rates,
    )
    return estimate_costs(needed, rates)
