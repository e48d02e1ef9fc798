"""A whole container (FCL) or a share of one (LCL): what each costs, and which to take."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from strongroom.systems.export_readiness.rules.amounts import DOLLAR, amount_of, ratio, rounded, times
from strongroom.systems.export_readiness.rules.reference_rates import Rates
from strongroom.systems.export_readiness.rules.words import phrases_in

LCL, FCL = "LCL", "FCL"


@dataclass(frozen=True, slots=True)
class ContainerOption:
    """cost: USD."""

    cost: Decimal
    risk_level: str
    pros: tuple[str, ...]
    cons: tuple[str, ...]
    currency: str = DOLLAR


@dataclass(frozen=True, slots=True)
class ContainerComparison:
    """volume: CBM. utilization_percent: of one container of 20 feet, above 100 when more are needed."""

    volume: Decimal
    containers: int
    utilization_percent: Decimal
    is_high_risk: bool
    recommendation: str
    reason: str
    lcl: ContainerOption
    fcl: ContainerOption


def compare_containers(volume: Decimal, product_type: str, rates: Rates) -> ContainerComparison:
    """volume: CBM. product_type: in words; food, cosmetics and the like travel better alone. Raises InvalidValue."""
    cbm = amount_of(volume, "volume", is_positive=True)
    filled = ratio(cbm, rates.value("containers", "container_volume"))
    containers = filled.to_integral_value(ROUND_CEILING)
    is_high_risk = bool(phrases_in(product_type, rates.details("containers", "high_risk_products")["items"]))
    share = times(filled, Decimal(100))
    least = rates.value("containers", "fcl_from_high_risk" if is_high_risk else "fcl_from")
    recommendation = FCL if share >= least else LCL
    product = "high-risk goods" if is_high_risk else "goods"
    return ContainerComparison(
        volume=cbm,
        containers=int(containers),
        utilization_percent=rounded(share),
        is_high_risk=is_high_risk,
        recommendation=recommendation,
        reason=f"the {product} fill {rounded(share):f} % of a container; {FCL} is taken from {least:f} %",
        lcl=_option(LCL, times(cbm, rates.value("containers", "lcl_a_cbm")), is_high_risk, rates),
        fcl=_option(FCL, times(containers, rates.value("containers", "fcl_a_container")), is_high_risk, rates),
    )


def _option(kind: str, cost: Decimal, is_high_risk: bool, rates: Rates) -> ContainerOption:
    words = rates.details("containers", kind)
    risk = words["risk_level_high_risk" if is_high_risk else "risk_level"]
    return ContainerOption(rounded(cost), risk, tuple(words["pros"]), tuple(words["cons"]))
