"""Risk is what the books say it is: checked numbers, and a second library's for numbers nobody chose."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from strongroom.systems.forecasting.errors import FigureOutOfRange, TooFewReturns
from strongroom.systems.forecasting.rules.breaches import BreachCount, is_breach
from strongroom.systems.forecasting.rules.figures import as_percent, as_ratio
from strongroom.systems.forecasting.rules.returns import ReturnEnum, returns_of
from strongroom.systems.forecasting.rules.risk import (
    Losses,
    amount_at_risk,
    correlation,
    correlation_matrix,
    dispersion_of,
    historical_losses,
    parametric_losses,
    warnings_of,
)

RETURNS = [
    0.021, -0.013, 0.008, -0.034, 0.015, 0.004, -0.022, 0.011, -0.007, 0.019,
    -0.041, 0.026, 0.003, -0.016, 0.009, -0.002, 0.013, -0.028, 0.017, 0.006,
]  # fmt: skip

figures = st.floats(-0.9, 3).map(lambda number: round(number, 6))
samples = st.lists(figures, min_size=2, max_size=300)


def test_the_worked_example_comes_out_digit_for_digit() -> None:
    found = dispersion_of(RETURNS)
    assert round(found.mean, 10) == -0.00055
    assert round(found.volatility, 10) == 0.0192831396
    sharpe = found.sharpe_ratio(252)
    assert sharpe is not None
    assert round(sharpe, 7) == -0.4527779
    historical = historical_losses(RETURNS)
    assert [round(figure, 8) for figure in _four(historical)] == [0.03435, 0.03967, 0.041, 0.041]
    parametric = parametric_losses(found)
    assert [round(figure, 7) for figure in _four(parametric)] == [0.0322679, 0.0454093, 0.0403256, 0.0519437]


@given(samples)
def test_dispersion_agrees_with_pandas(returns: list[float]) -> None:
    found, series = dispersion_of(returns), pd.Series(returns)
    assert found.mean == pytest.approx(series.mean(), rel=1e-9, abs=1e-12)
    assert found.volatility == pytest.approx(series.std(), rel=1e-9, abs=1e-12)
    assert found.yearly_volatility(12) == pytest.approx(series.std() * 12**0.5, rel=1e-9, abs=1e-12)


@given(samples)
def test_historical_losses_agree_with_numpy(returns: list[float]) -> None:
    found = historical_losses(returns)
    for value_at_risk, beyond, share in (
        (found.var_95, found.cvar_95, 0.05),
        (found.var_99, found.cvar_99, 0.01),
    ):
        bound = np.quantile(returns, share)
        tail = [each for each in returns if each <= bound + 1e-9]  # NumPy's own place is a float, and may fall short
        assert value_at_risk == pytest.approx(-bound, abs=1e-9)
        assert beyond == pytest.approx(-np.mean(tail), abs=1e-9)


@given(samples, st.integers(1, 60))
def test_parametric_losses_agree_with_scipy(returns: list[float], horizon: int) -> None:
    dispersion = dispersion_of(returns)
    normal = stats.norm(dispersion.mean * horizon, max(dispersion.volatility, 1e-12) * horizon**0.5)
    found = parametric_losses(dispersion, horizon)
    for value_at_risk, beyond, share in ((found.var_95, found.cvar_95, 0.05), (found.var_99, found.cvar_99, 0.01)):
        assert value_at_risk == pytest.approx(-normal.ppf(share), rel=1e-9, abs=1e-9)
        density = stats.norm.pdf(stats.norm.ppf(share)) / share
        assert beyond == pytest.approx(density * normal.std() - normal.mean(), rel=1e-9, abs=1e-9)


@given(samples, st.integers(1, 60))
def test_a_rarer_loss_is_no_smaller_also_as_it_is_stored(returns: list[float], horizon: int) -> None:
    for losses in (historical_losses(returns), parametric_losses(dispersion_of(returns), horizon)):
        var_95, var_99, cvar_95, cvar_99 = (as_ratio(figure, "a loss") for figure in _four(losses))
        assert var_99 >= var_95
        assert cvar_95 >= var_95
        assert cvar_99 >= var_99
        assert cvar_99 >= cvar_95


@given(st.lists(st.tuples(st.none() | figures, st.none() | figures), max_size=40))
def test_correlation_agrees_with_pandas_over_the_periods_both_have(
    pairs: list[tuple[float | None, float | None]],
) -> None:
    one, other = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    frame = pd.DataFrame({"one": one, "other": other}, dtype="float64").dropna()
    found = correlation(one, other)
    if len(frame) < 2 or frame["one"].nunique() == 1 or frame["other"].nunique() == 1:
        assert found is None
        return
    assert found is not None
    assert -1 <= found <= 1
    assert found == pytest.approx(np.corrcoef(frame["one"], frame["other"])[0, 1], abs=1e-6)


def test_the_worked_correlation_comes_out() -> None:
    found = correlation([1, 2, 3, 4, 5], [2, 4, 5, 4, 5])
    assert found is not None
    assert round(found, 7) == 0.7745967


def test_a_matrix_has_null_where_a_series_is_constant_or_too_short() -> None:
    found = correlation_matrix({"a": [1, 2, 4, None], "b": [4, 1, 2, 4], "flat": [5, 5, 5, 5], "new": [None] * 3 + [1]})
    assert found["variables"] == ["a", "b", "flat", "new"]
    together = correlation([1, 2, 4], [4, 1, 2])
    assert together is not None
    assert found["matrix"] == [[1.0, together, None, None], [together, 1.0, None, None], [None] * 4, [None] * 4]


@pytest.mark.parametrize("returns", [[], [0.1]])
def test_fewer_than_two_returns_are_refused_with_how_many_it_takes(returns: list[float]) -> None:
    for compute in (dispersion_of, historical_losses):
        with pytest.raises(TooFewReturns, match=f"has {len(returns)} returns and needs 2"):
            compute(returns)


def test_nothing_is_divided_by_a_volatility_of_nothing() -> None:
    growing = returns_of([Decimal(100), Decimal(110), Decimal(121), Decimal("133.1")]).known
    assert dispersion_of(growing).sharpe_ratio(12) is None


def test_99_percent_from_fewer_than_100_returns_carries_a_warning() -> None:
    assert warnings_of(100) == []
    [warning] = warnings_of(99)
    assert "99 returns" in warning


def test_a_return_on_nothing_or_across_zero_is_skipped_and_counted() -> None:
    values = [Decimal(100), Decimal(110), None, Decimal(50), Decimal(0), Decimal(10), Decimal(-5), Decimal(-10)]
    simple = returns_of(values)
    assert simple.by_period == (0.1, None, None, -1.0, None, None, 1.0)
    assert simple.skipped == 4
    assert returns_of(values, ReturnEnum.LOG).by_period == (math.log(1.1), None, None, None, None, None, math.log(2))


@given(st.lists(st.decimals("0.01", "1000000", places=2), min_size=2, max_size=50))
def test_returns_agree_with_pandas(values: list[Decimal]) -> None:
    found = returns_of(values).by_period
    expected = pd.Series([float(value) for value in values]).pct_change().dropna()
    assert found == pytest.approx(tuple(expected), rel=1e-9, abs=1e-9)


@given(st.integers(1, 2000), st.floats(0, 1), st.sampled_from([0.05, 0.01]))
def test_the_test_of_breaches_is_kupiecs(observations: int, share: float, expected: float) -> None:
    breaches = round(observations * share)
    found = BreachCount(observations, breaches, expected)
    likely = stats.binom.logpmf(breaches, observations, expected)
    seen = stats.binom.logpmf(breaches, observations, breaches / observations)
    assume(math.isfinite(likely))
    assert found.p_value == pytest.approx(stats.chi2.sf(max(0.0, 2 * (seen - likely)), 1), rel=1e-4, abs=1e-6)


def test_without_observations_nothing_is_said_of_breaches() -> None:
    assert (BreachCount(0, 0, 0.05).share, BreachCount(0, 0, 0.05).p_value) == (None, None)


def test_a_breach_is_a_loss_beyond_the_value_at_risk_and_not_at_it() -> None:
    assert is_breach(-0.06, 0.05)
    assert not is_breach(-0.05, 0.05)
    assert is_breach(0.01, -0.02), "where even the tail should gain 2 %, a gain of 1 % is a breach"


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 1e11, Decimal("NaN")])
def test_what_no_column_holds_is_refused_by_name(number: float | Decimal) -> None:
    for store in (as_ratio, as_percent):
        with pytest.raises(FigureOutOfRange, match="the volatility is too large"):
            store(number, "the volatility")


def test_figures_are_stored_at_the_scale_of_their_column() -> None:
    assert str(as_ratio(-1e-12, "a figure")) == "0E-8"
    assert as_ratio(0.019283139622, "a figure") == Decimal("0.01928314")
    assert as_percent(Decimal("4.16665"), "a figure") == Decimal("4.1667")


def test_a_fraction_of_an_exposure_is_an_amount() -> None:
    assert amount_at_risk(Decimal("0.03435"), Decimal("1000000")) == Decimal("34350.0000")


def _four(losses: Losses) -> tuple[float, float, float, float]:
    return losses.var_95, losses.var_99, losses.cvar_95, losses.cvar_99
