"""The companies that deserve a call: covenant-style thresholds crossed at a quarter, and those that are silent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from strongroom.systems.portfolio.rules.alerts import AlertKind, AlertThresholds, Breach, Health, breaches, silence
from strongroom.systems.portfolio.rules.measures import Measure
from strongroom.systems.portfolio.rules.quarters import FundQuarter
from strongroom.systems.portfolio.services.figures import (
    CompanyFacts,
    Figures,
    active,
    find_figures,
    latest_by_company,
    of_fund,
)
from strongroom.systems.portfolio.services.snapshot import SnapshotLine, quarters_silent, snapshot

DEFAULTS = AlertThresholds()


@dataclass(frozen=True, slots=True)
class Alert:
    """One threshold crossed by one company. value, threshold: see `AlertThresholds` for their units."""

    company: CompanyFacts
    kind: AlertKind
    value: Decimal | None
    threshold: Decimal


@dataclass(frozen=True, slots=True)
class AlertList:
    """All alerts of a quarter, by company and kind, as known at a moment."""

    quarter: FundQuarter
    currency: str
    known_at: datetime
    thresholds: AlertThresholds
    companies: int
    alerts: tuple[Alert, ...]


def find_alerts(
    session: Session,
    quarter: FundQuarter,
    thresholds: AlertThresholds = DEFAULTS,
    currency: str = "USD",
    *,
    fund: str | None = None,
    known_at: datetime | None = None,
) -> AlertList:
    """Active companies at a quarter; growth is measured in USD or CAD. Three statements. Raises InvalidValue."""
    view = snapshot(session, quarter, currency, fund=fund, with_derived=False, known_at=known_at)
    before = quarter.shifted(-1)
    earlier = latest_by_company(
        find_figures(
            session,
            currency,
            before.first_day,
            before.last_day,
            active,
            of_fund(fund),
            with_derived=False,
            known_at=known_at,
        )
    )
    alerts = tuple(
        Alert(line.company, breach.kind, breach.value, breach.threshold)
        for line in view.lines
        for breach in _breaches(line, earlier.get(line.company.id), quarter, thresholds)
    )
    return AlertList(quarter, currency, view.known_at, thresholds, len(view.lines), alerts)


def _breaches(
    line: SnapshotLine, earlier: Figures | None, quarter: FundQuarter, thresholds: AlertThresholds
) -> Iterator[Breach]:
    if line.figures is None:
        silent = silence(quarters_silent(line, quarter), thresholds)
        if silent is not None:
            yield silent
        return
    health = Health(
        runway_months=line.figures[Measure.RUNWAY_MONTHS],
        cash_balance=line.figures.amount(Measure.CASH_BALANCE),
        total_operating_expense=line.figures.amount(Measure.TOTAL_OPERATING_EXPENSE),
        revenue_growth=line.figures[Measure.REVENUE_GROWTH],
        gross_profit_margin=line.figures[Measure.GROSS_PROFIT_MARGIN],
        previous_gross_profit_margin=None if earlier is None else earlier[Measure.GROSS_PROFIT_MARGIN],
    )
    yield from breaches(health, thresholds)
