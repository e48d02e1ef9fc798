"""Groups of companies beside each other: the middle and the spread of each figure, and who stands where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.systems.portfolio.rules.measures import Measure
from strongroom.systems.portfolio.rules.quarters import FundQuarter
from strongroom.systems.portfolio.rules.spread import Spread, spread_of
from strongroom.systems.portfolio.services.figures import Figures
from strongroom.systems.portfolio.services.snapshot import snapshot

#: by equity raised, in the currency of the comparison: each band begins at a bound and ends before the next
SIZE_BOUNDS = (Decimal(1_000_000), Decimal(5_000_000), Decimal(20_000_000), Decimal(50_000_000))
UNKNOWN = "unknown"


class CohortBy(StrEnum):
    """What companies are grouped by. size: the equity they had raised, in bands."""

    CUSTOMER_TYPE = "customer_type"
    REVENUE_TYPE = "revenue_type"
    FUND = "fund"
    COUNTRY = "country"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class CohortMember:
    """One company of a cohort with its figures."""

    company_id: UUID
    name: str
    values: Mapping[Measure, Decimal | None]


@dataclass(frozen=True, slots=True)
class Cohort:
    """One group. spreads: None for a figure that no member has."""

    name: str
    members: tuple[CohortMember, ...]
    spreads: Mapping[Measure, Spread | None]


@dataclass(frozen=True, slots=True)
class CohortComparison:
    """The groups at a quarter, as known at a moment: by name, bands by size. Only companies that have reported."""

    quarter: FundQuarter
    currency: str
    known_at: datetime
    by: CohortBy
    measures: tuple[Measure, ...]
    cohorts: tuple[Cohort, ...]


def cohort_comparison(
    session: Session,
    quarter: FundQuarter,
    by: CohortBy,
    measures: Sequence[Measure],
    currency: str = "USD",
    *,
    size_bounds: Sequence[Decimal] = SIZE_BOUNDS,
    known_at: datetime | None = None,
) -> CohortComparison:
    """The active companies of a quarter in USD or CAD, grouped. Two statements. Raises InvalidValue."""
    view = snapshot(session, quarter, currency, known_at=known_at)
    bands = _band_names(size_bounds)
    groups: defaultdict[str, list[Figures]] = defaultdict(list)
    for figures in view.reported:
        groups[_group(figures, by, size_bounds, bands)].append(figures)
    order = [*bands, UNKNOWN] if by is CohortBy.SIZE else sorted(groups)
    wanted = tuple(dict.fromkeys(measures))
    return CohortComparison(
        quarter=quarter,
        currency=currency,
        known_at=view.known_at,
        by=by,
        measures=wanted,
        cohorts=tuple(_cohort(name, groups[name], wanted) for name in order if groups[name]),
    )


def _cohort(name: str, figures: Sequence[Figures], measures: tuple[Measure, ...]) -> Cohort:
    members = tuple(
        CohortMember(quarter.company.id, quarter.company.name, {measure: quarter[measure] for measure in measures})
        for quarter in figures
    )
    spreads = {measure: spread_of(quarter[measure] for quarter in figures) for measure in measures}
    return Cohort(name, members, spreads)


def _group(figures: Figures, by: CohortBy, size_bounds: Sequence[Decimal], bands: Sequence[str]) -> str:
    company = figures.company
    if by is CohortBy.SIZE:
        raised = figures.equity_raised
        return UNKNOWN if raised is None else bands[sum(raised >= bound for bound in size_bounds)]
    names = {
        CohortBy.CUSTOMER_TYPE: company.customer_type.value,
        CohortBy.REVENUE_TYPE: company.revenue_type.value,
        CohortBy.FUND: company.fund,
        CohortBy.COUNTRY: company.location_country,
    }
    return names[by]


def _band_names(bounds: Sequence[Decimal]) -> list[str]:
    """Such as "under 1m", "1m to 5m", "5m and more"."""
    shown = [f"{(bound / 1_000_000).normalize():f}m" for bound in bounds]
    between = [f"{low} to {high}" for low, high in pairwise(shown)]
    return [f"under {shown[0]}", *between, f"{shown[-1]} and more"]
