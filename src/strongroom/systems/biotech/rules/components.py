"""The six parts of a score, each 0 to 100, and how each follows from what is known about a company.

A transparent heuristic: the constants are judgement, not fitted to outcomes. docs/biotech-scoring.md explains them.
Each function returns None when there is nothing to judge by, which is not the same as a score of 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log10
from types import MappingProxyType

from strongroom.systems.biotech.rules.enums import TherapeuticArea


@dataclass(frozen=True, slots=True)
class Asset:
    """A drug candidate. phase_score: 0 to 10; patent_years: what is left of its patent, None if unknown."""

    phase_score: float
    name: str = ""
    orphan_designation: bool = False
    fast_track: bool = False
    breakthrough_therapy: bool = False
    patent_years: float | None = None


#: what the best asset counts; the others share the rest
BEST_SHARE = 0.7
#: the others count half: two more as strong as can be fill their share
OTHERS_FACTOR = 0.5

ORPHAN_BONUS = 0.05
FAST_TRACK_BONUS = 0.05
BREAKTHROUGH_BONUS = 0.10

#: a patent that runs this long protects a drug through launch and peak sales
PATENT_FULL_YEARS = 15.0

RUNWAY_URGENT_QUARTERS = 2.0
RUNWAY_RELAXED_QUARTERS = 12.0
RUNWAY_SHARE = 0.7

#: how much buyers have paid for a field, as a matter of judgement
AREA_DEMAND: Mapping[str, float] = MappingProxyType(
    {
        TherapeuticArea.ONCOLOGY: 1.0,
        TherapeuticArea.IMMUNOLOGY: 0.9,
        TherapeuticArea.RARE_DISEASE: 0.9,
        TherapeuticArea.METABOLIC: 0.85,
        TherapeuticArea.NEUROLOGY: 0.8,
        TherapeuticArea.CARDIOVASCULAR: 0.7,
        TherapeuticArea.OPHTHALMOLOGY: 0.6,
        TherapeuticArea.INFECTIOUS_DISEASE: 0.5,
        TherapeuticArea.RESPIRATORY: 0.5,
        TherapeuticArea.DERMATOLOGY: 0.5,
        TherapeuticArea.OTHER: 0.3,
    }
)
DEMAND_SHARE, SIZE_SHARE, MATCH_SHARE = 0.4, 0.3, 0.3
#: most deals are made between these market values, in USD; a factor of ten beyond them there are hardly any
SIZE_LOW_USD, SIZE_HIGH_USD = 100e6, 10e9

#: how far signals move a component that has a base of its own: half of the way that is left
SWAY = 0.5


def pipeline_score(assets: Sequence[Asset], pressure: float = 0.0) -> float | None:
    """The strongest asset counts 70 %, the others 30 %. Rises with every phase, designation and asset."""
    if not assets:
        return None
    return swayed(100 * _best_and_others(map(_strength, assets)), pressure)


def patent_score(assets: Sequence[Asset], pressure: float = 0.0) -> float | None:
    """The longest patent counts 70 %, the others 30 %; 15 years left are full protection."""
    years = [asset.patent_years for asset in assets if asset.patent_years is not None]
    if not years:
        return None
    return swayed(100 * _best_and_others(_unit(left / PATENT_FULL_YEARS) for left in years), pressure)


def financial_score(
    runway_quarters: float | None, cash_usd: Decimal, market_cap_usd: Decimal, pressure: float = 0.0
) -> float | None:
    """How pressed to sell, and how cheap net of cash: a shorter runway raises it, and so does cash at the same runway.

    runway_quarters: None when nothing is burnt, or nothing is known about it; then only the cash counts.
    """
    if runway_quarters is None and cash_usd <= 0 and market_cap_usd <= 0:
        return None
    urgency = 0.0
    if runway_quarters is not None:
        span = RUNWAY_RELAXED_QUARTERS - RUNWAY_URGENT_QUARTERS
        urgency = _unit((RUNWAY_RELAXED_QUARTERS - runway_quarters) / span)
    in_cash = _unit(float(cash_usd / market_cap_usd)) if market_cap_usd > 0 else float(cash_usd > 0)
    return swayed(100 * (RUNWAY_SHARE * urgency + (1 - RUNWAY_SHARE) * in_cash), pressure)


def strategic_fit_score(
    therapeutic_areas: Iterable[str], market_cap_usd: Decimal, best_match: float | None = None, pressure: float = 0.0
) -> float | None:
    """Fields that buyers want (40 %), a size they buy (30 %), the best match of a known buyer (30 %).

    best_match: 0 to 100, None when no buyer was matched.
    """
    demands = [AREA_DEMAND.get(area, AREA_DEMAND[TherapeuticArea.OTHER]) for area in therapeutic_areas]
    if not demands and best_match is None:
        return None
    demand = max(demands, default=0.0)
    match = _unit((best_match or 0.0) / 100)
    base = DEMAND_SHARE * demand + SIZE_SHARE * _size_fit(market_cap_usd) + MATCH_SHARE * match
    return swayed(100 * base, pressure)


def signal_score(pressure: float | None) -> float | None:
    """A component made of signals alone. pressure: -1 to 1, None without signals.

    Bad news is worth no more than none: it must not raise a total in which silence counts 0.
    """
    return None if pressure is None else rounded(100 * pressure)


def swayed(base: float, pressure: float) -> float:
    """Half of the way from the base to 100 at a pressure of 1, half of the way to 0 at -1."""
    pressure = max(-1.0, min(1.0, pressure))
    room = 100 - base if pressure > 0 else base
    return rounded(base + SWAY * pressure * room)


def rounded(score: float) -> float:
    """Within 0 and 100, two decimals."""
    return round(max(0.0, min(100.0, score)), 2)


def _strength(asset: Asset) -> float:
    if asset.phase_score <= 0:
        return 0.0  # what was discontinued has no use for its designations
    bonus = (
        ORPHAN_BONUS * asset.orphan_designation
        + FAST_TRACK_BONUS * asset.fast_track
        + BREAKTHROUGH_BONUS * asset.breakthrough_therapy
    )
    return _unit(asset.phase_score / 10 + bonus)


def _best_and_others(strengths: Iterable[float]) -> float:
    best, *others = sorted(strengths, reverse=True)
    return BEST_SHARE * best + (1 - BEST_SHARE) * _unit(OTHERS_FACTOR * sum(others))


def _size_fit(market_cap_usd: Decimal) -> float:
    value = float(market_cap_usd)
    if value <= 0:
        return 0.0
    return _unit(min(1 + log10(value / SIZE_LOW_USD), 1 - log10(value / SIZE_HIGH_USD)))


def _unit(share: float) -> float:
    return max(0.0, min(1.0, share))
