"""For how much a shipment is insured, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.export_readiness.rules.amounts import RUPEE, money_of, percent_of
from strongroom.systems.export_readiness.rules.reference_rates import Rates
from strongroom.systems.export_readiness.rules.risk_levels import RISK_LEVELS


@dataclass(frozen=True, slots=True)
class Insurance:
    """Amounts in the currency of the shipment; the premium is a share of the coverage."""

    shipment_value: Decimal
    coverage_percent: Decimal
    coverage: Decimal
    risk_level: str
    premium_rate_percent: Decimal
    premium: Decimal
    currency: str


def insurance(shipment_value: Decimal, risk_level: str, rates: Rates, *, currency: str = RUPEE) -> Insurance:
    """risk_level: high, medium or low. Raises InvalidValue."""
    value = money_of(shipment_value, "shipment_value", is_positive=True)
    if risk_level not in RISK_LEVELS:
        raise InvalidValue(field="risk_level", reason=f"must be one of {', '.join(RISK_LEVELS)}")
    percent, rate = rates.value("insurance", "coverage"), rates.value("insurance", risk_level)
    coverage = percent_of(value, percent)
    return Insurance(value, percent, coverage, risk_level, rate, percent_of(coverage, rate), currency)
