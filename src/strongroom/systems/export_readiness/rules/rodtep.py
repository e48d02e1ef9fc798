"""RoDTEP: duties and taxes that are remitted on exported goods, a share of their value on board."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from strongroom.systems.export_readiness.rules.amounts import (
    RUPEE,
    ZERO,
    amount_of,
    money_of,
    percent_of,
    rounded,
    times,
)
from strongroom.systems.export_readiness.rules.hs_codes import chapter_of, normalise_hs_code
from strongroom.systems.export_readiness.rules.reference_rates import Rates


@dataclass(frozen=True, slots=True)
class RodtepBenefit:
    """benefit, fob_value: INR. matched_prefix: what has the rate, None where it is that of all other codes.

    is_capped: the rupees a unit limit the benefit, not the rate.
    """

    hs_code: str
    fob_value: Decimal
    rate_percent: Decimal
    benefit: Decimal
    matched_prefix: str | None
    is_capped: bool
    notes: tuple[str, ...]
    currency: str = RUPEE


def rodtep_benefit(
    fob_value: Decimal,
    hs_code: str,
    rates: Rates,
    *,
    is_service: bool = False,
    cap_per_unit: Decimal | None = None,
    quantity: Decimal | None = None,
) -> RodtepBenefit:
    """The rate of the longest beginning of the code that has one. Where the goods go makes no difference.

    cap_per_unit: INR, which limits the benefit when quantity is given as well. Raises InvalidValue.
    """
    fob = money_of(fob_value, "fob_value", is_positive=True)
    code = normalise_hs_code(hs_code)
    if is_service:
        notes = tuple(rates.details("rodtep_notes", "services")["items"])
        return RodtepBenefit(code, fob, ZERO, ZERO, None, is_capped=False, notes=notes)
    found = rates.longest_prefix("rodtep", code)
    prefix = None if found is None else found.name
    rate = rates.value("rodtep", prefix or "default")
    benefit, is_capped = percent_of(fob, rate), False
    if cap_per_unit is not None and quantity is not None:
        cap = times(amount_of(cap_per_unit, "cap_per_unit"), amount_of(quantity, "quantity"))
        is_capped = rounded(cap) < benefit
        benefit = min(benefit, rounded(cap))
    return RodtepBenefit(code, fob, rate, benefit, prefix, is_capped, _notes(code, rates))


def _notes(code: str, rates: Rates) -> tuple[str, ...]:
    notes = list(rates.details("rodtep_notes", "everything")["items"])
    garments = rates.details("rodtep_notes", "garments")
    if chapter_of(code) in garments["chapters"]:
        notes += garments["items"]
    return tuple(notes)
