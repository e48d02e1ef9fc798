"""What it costs to send goods by sea and by air, and which of the two to take; USD."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from strongroom.systems.export_readiness.rules.amounts import DOLLAR, ZERO, amount_of, number_of, ratio, rounded, times
from strongroom.systems.export_readiness.rules.countries import region_of
from strongroom.systems.export_readiness.rules.reference_rates import Rates


class UrgencyEnum(Enum):
    """How soon the goods are needed."""

    NORMAL = "normal"
    HIGH = "high"


class PassageEnum(Enum):
    """Which way a ship takes, as freight is priced."""

    CAPE = "cape"
    SUEZ = "suez"
    RED_SEA = "red_sea"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class FreightMode:
    """cost: USD. chargeable: CBM by sea, kg by air."""

    cost: Decimal
    transit_days: int
    chargeable: Decimal
    unit: str
    currency: str = DOLLAR


@dataclass(frozen=True, slots=True)
class Freight:
    """recommended: sea or air; cost_per_unit, USD, is of that one, 0 when there are no units.

    volume: CBM; weight: kg. is_region_assumed: there are no rates for the country, so that another region's are used.
    """

    region: str
    is_region_assumed: bool
    volume: Decimal
    weight: Decimal
    is_weight_assumed: bool
    sea: FreightMode
    air: FreightMode
    recommended: str
    reason: str
    cost_per_unit: Decimal
    currency: str = DOLLAR


def freight(
    destination: str,
    volume: Decimal,
    rates: Rates,
    *,
    weight: Decimal | None = None,
    units: Decimal | int = 0,
    passage: PassageEnum | None = None,
    urgency: UrgencyEnum = UrgencyEnum.NORMAL,
) -> Freight:
    """volume: CBM; weight: kg, by the usual density when it is not given. passage: None for none that is priced apart.

    Raises InvalidValue.
    """
    cbm = amount_of(volume, "volume", is_positive=True)
    usual = times(cbm, rates.value("freight", "density"))
    kg = usual if weight is None else amount_of(weight, "weight", is_positive=True)
    region = region_of(destination, rates)
    factor = Decimal(1) if passage is None else rates.value("sea_factor", passage.value)
    sea = FreightMode(
        rounded(times(cbm, rates.value("sea_rate", region.name), factor)),
        int(rates.value("sea_days", region.name)),
        cbm,
        "CBM",
    )
    chargeable = max(kg, times(cbm, rates.value("freight", "volumetric")))
    air = FreightMode(
        rounded(times(chargeable, rates.value("air_rate", region.name))),
        int(rates.value("air_days", region.name)),
        chargeable,
        "kg",
    )
    limit = rates.value("freight", "air_below")
    is_cheap = air.cost < times(sea.cost, limit)
    is_air = urgency is UrgencyEnum.HIGH or is_cheap
    why = "the goods are urgent" if urgency is UrgencyEnum.HIGH else f"air costs less than {limit:f} times sea"
    count = number_of(units, "units")
    return Freight(
        region=region.name,
        is_region_assumed=region.is_assumed,
        volume=cbm,
        weight=kg,
        is_weight_assumed=weight is None,
        sea=sea,
        air=air,
        recommended="air" if is_air else "sea",
        reason=why if is_air else f"air costs {limit:f} times sea or more, and the goods can wait",
        cost_per_unit=ZERO if count <= 0 else rounded(ratio((air if is_air else sea).cost, count)),
    )
