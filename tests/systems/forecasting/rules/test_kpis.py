"""Key figures are exact: the checked numbers, a second library's for others, and None where nothing divides."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.values import Period
from strongroom.systems.forecasting.errors import FigureOutOfRange
from strongroom.systems.forecasting.rules import CategoryEnum
from strongroom.systems.forecasting.rules.kpis import (
    Amounts,
    growth_rate,
    previous_period,
    raroc,
    risk_adjusted_return,
    share_of,
    variance,
)
from strongroom.systems.forecasting.rules.returns import Returns

amounts = st.decimals("-1000000000", "1000000000", places=4)


def test_the_worked_example_comes_out_digit_for_digit() -> None:
    told = Amounts(Decimal(1_250_000), Decimal(1_000_000), Decimal(1_062_500), Decimal(125_000))
    assert told.operating_income == Decimal(187_500)
    assert str(growth_rate(told.revenue, told.previous_revenue)) == "25.0000"
    assert str(share_of(told.operating_income, told.revenue, "the margin")) == "15.0000"
    assert str(share_of(told.net_income, told.revenue, "the margin")) == "10.0000"
    off = variance(Decimal(1_250_000), Decimal(1_200_000), CategoryEnum.REVENUE)
    assert off.to_dict() == {"amount": "50000", "percent": "4.1667", "favourable": True}


@given(amounts, st.decimals("100", "1000000000", places=4), st.sampled_from([1, -1]))
def test_growth_agrees_with_pandas(now: Decimal, before: Decimal, sign: int) -> None:
    found = growth_rate(now, before * sign)
    assert found is not None
    change = pd.Series([float(before * sign), float(now)]).pct_change().iloc[1]
    assert float(found) == pytest.approx(100 * change * sign, rel=1e-9, abs=6e-5)
    assert found.as_tuple().exponent == -4


def test_nothing_is_divided_by_zero_or_by_what_was_never_told() -> None:
    zero, one = Decimal(0), Decimal(1)
    assert growth_rate(one, zero) is None
    assert growth_rate(one, None) is None
    assert share_of(one, zero, "the margin") is None
    assert variance(one, zero, CategoryEnum.REVENUE).percent is None
    assert Amounts(revenue=one).operating_income is None
    assert risk_adjusted_return(Returns((0.1,))) is None
    assert risk_adjusted_return(Returns((0.1, 0.1))) is None
    assert raroc(Returns((0.1, 0.2)), zero) is None


@pytest.mark.parametrize(
    ("category", "actual", "favourable"),
    [
        ("revenue", 110, True),
        ("revenue", 90, False),
        ("expense", 110, False),
        ("expense", 90, True),
        ("revenue", 100, None),
    ],
)
def test_more_than_the_budget_is_good_for_revenue_and_bad_for_expenses(
    category: str, actual: int, favourable: bool | None
) -> None:
    assert variance(Decimal(actual), Decimal(100), CategoryEnum(category)).favourable is favourable


def test_the_risk_adjusted_return_agrees_with_pandas() -> None:
    returns = Returns((0.02, None, -0.01, 0.03))
    series = pd.Series(returns.known)
    found = risk_adjusted_return(returns, 0.001)
    assert found == round(Decimal((series.mean() - 0.001) / series.std()), 4)
    assert raroc(returns, Decimal("0.041"), 0.001) == round(Decimal((series.mean() - 0.001) / 0.041), 4)


def test_a_figure_of_more_digits_than_its_column_is_refused_by_name() -> None:
    with pytest.raises(FigureOutOfRange, match="the growth is too large"):
        growth_rate(Decimal(10) ** 12, Decimal("0.0001"))


@pytest.mark.parametrize(
    ("start", "end", "before"),
    [
        ("2024-04-01", "2024-07-01", "2024-01-01"),
        ("2024-01-01", "2025-01-01", "2023-01-01"),
        ("2024-03-01", "2024-04-01", "2024-02-01"),
        ("2024-03-10", "2024-03-20", "2024-02-29"),
    ],
)
def test_the_period_before_is_as_long_by_the_calendar_where_it_is_of_months(start: str, end: str, before: str) -> None:
    first, last, expected = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (start, end, before))
    assert previous_period(Period(first, last)) == Period(expected, first)
