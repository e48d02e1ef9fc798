"""How much money a first shipment binds, with a buffer for what nobody foresees."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from strongroom.systems.export_readiness.rules.amounts import RUPEE, money_of, percent_of
from strongroom.systems.export_readiness.rules.reference_rates import Rates


@dataclass(frozen=True, slots=True)
class WorkingCapital:
    """INR; total is the sum of the five before it."""

    product_cost: Decimal
    certification_costs: Decimal
    logistics_costs: Decimal
    documentation_costs: Decimal
    buffer: Decimal
    total: Decimal
    currency: str = RUPEE


def working_capital(
    *,
    product_cost: Decimal,
    certification_costs: Decimal,
    logistics_costs: Decimal,
    documentation_costs: Decimal,
    rates: Rates,
) -> WorkingCapital:
    """Raises InvalidValue for what is no amount from 0."""
    product = money_of(product_cost, "product_cost")
    certification = money_of(certification_costs, "certification_costs")
    logistics = money_of(logistics_costs, "logistics_costs")
    documentation = money_of(documentation_costs, "documentation_costs")
    subtotal = product + certification + logistics + documentation
    buffer = percent_of(subtotal, rates.value("working_capital", "buffer"))
    return WorkingCapital(product, certification, logistics, documentation, buffer, subtotal + buffer)
