"""Claims about middles, spreads, totals and alerts, without a database."""

from __future__ import annotations

from decimal import Decimal
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.systems.portfolio.rules.alerts import (
    AlertKind,
    AlertThresholds,
    Health,
    breaches,
    expense_months,
    silence,
)
from strongroom.systems.portfolio.rules.amounts import AMOUNT_FIELDS
from strongroom.systems.portfolio.rules.indicators import Indicators
from strongroom.systems.portfolio.rules.measures import DERIVED, Measure, Origin
from strongroom.systems.portfolio.rules.metrics import METRIC_FIELDS
from strongroom.systems.portfolio.rules.spread import median_of, spread_of
from strongroom.systems.portfolio.rules.totals import like_for_like_growth, percentage, total_of

NUMBERS = st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=2, max_size=30)
THRESHOLDS = AlertThresholds()
FINE = Health(Decimal(6), Decimal(900), Decimal(900), Decimal(-10), Decimal(55), Decimal(60))


@given(NUMBERS)
def test_quartiles_are_those_of_percentile_cont(numbers: list[Decimal]) -> None:
    spread = spread_of(numbers)
    assert spread is not None
    lower, middle, upper = quantiles(numbers, n=4, method="inclusive")
    for ours, theirs in ((spread.lower_quartile, lower), (spread.median, middle), (spread.upper_quartile, upper)):
        assert abs(ours - theirs) <= Decimal("0.006")
    assert (spread.minimum, spread.maximum, spread.count) == (min(numbers), max(numbers), len(numbers))


def test_what_is_unknown_has_no_part_in_the_middle() -> None:
    assert median_of([Decimal(1), None, Decimal(4)]) == Decimal("2.5")
    assert median_of([None]) is None
    assert spread_of([]) is None


def test_growth_out_of_nothing_has_no_percentage() -> None:
    assert like_for_like_growth([(Decimal(100), Decimal(110)), (Decimal(0), Decimal(5))]) == Decimal("15.00")
    assert like_for_like_growth([(Decimal(0), Decimal(5))]) is None
    assert like_for_like_growth([]) is None
    assert percentage(Decimal(1), Decimal(3)) == Decimal("33.33")
    assert percentage(Decimal(1), Decimal(-3)) is None
    assert total_of([Decimal("0.1"), None, Decimal("0.2")]) == Decimal("0.3")


def test_a_figure_on_its_threshold_is_fine() -> None:
    assert breaches(FINE, THRESHOLDS) == ()


@pytest.mark.parametrize(
    ("change", "kind", "value"),
    [
        ({"runway_months": Decimal("5.9")}, AlertKind.SHORT_RUNWAY, Decimal("5.9")),
        ({"cash_balance": Decimal(870)}, AlertKind.LITTLE_CASH, Decimal("2.9")),
        ({"revenue_growth": Decimal("-10.01")}, AlertKind.REVENUE_DECLINE, Decimal("10.01")),
        ({"gross_profit_margin": Decimal("54.99")}, AlertKind.MARGIN_DROP, Decimal("5.01")),
    ],
)
def test_a_figure_beyond_its_threshold_is_one_alert(
    change: dict[str, Decimal], kind: AlertKind, value: Decimal
) -> None:
    facts = {name: getattr(FINE, name) for name in FINE.__slots__}
    [breach] = breaches(Health(**{**facts, **change}), THRESHOLDS)
    assert (breach.kind, breach.value) == (kind, value)


def test_what_is_unknown_alarms_nobody() -> None:
    unknown = Health(None, Decimal(0), Decimal(0), None, Decimal(1), None)
    assert breaches(unknown, THRESHOLDS) == ()
    assert expense_months(Decimal(5), Decimal(0)) is None


def test_silence_is_late_first_and_stale_later() -> None:
    assert silence(0, THRESHOLDS) is None
    late, stale, never = (silence(quarters, THRESHOLDS) for quarters in (1, 2, None))
    assert late is not None
    assert stale is not None
    assert never is not None
    assert (late.kind, stale.kind, never.kind) == (
        AlertKind.MISSING_SUBMISSION,
        AlertKind.STALE,
        AlertKind.MISSING_SUBMISSION,
    )
    assert (late.value, stale.value, never.value) == (Decimal(1), Decimal(2), None)


def test_every_figure_there_is_can_be_shown() -> None:
    by_origin = {origin: {measure.value for measure in Measure if measure.origin is origin} for origin in Origin}
    assert by_origin[Origin.FINANCIALS] == set(AMOUNT_FIELDS)
    assert by_origin[Origin.METRICS] == set(METRIC_FIELDS)
    assert by_origin[Origin.INPUT] == {"employees", "customers"}
    assert by_origin[Origin.DERIVED] == set(Indicators.__slots__) == {measure.value for measure in DERIVED}
