"""How much may be lost: volatility, value at risk, what lies beyond it, and how returns move together.

A loss is a positive fraction of the value. Value at risk after J.P. Morgan, "RiskMetrics Technical Document" (1996);
CVaR, the mean loss beyond it, after Rockafellar and Uryasev, "Optimization of conditional value-at-risk", Journal of
Risk 2 (2000); the Sharpe ratio after Sharpe, "The Sharpe ratio", Journal of Portfolio Management 21 (1994).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from statistics import NormalDist
from typing import Any

from strongroom.systems.forecasting.errors import TooFewReturns

RETURNS_MIN = 2
#: below it, a figure of one case in a hundred is a guess from the worst case seen
RETURNS_FOR_99 = 100
#: in per cent, so that places among sorted returns are computed in whole numbers
TAILS = {"95": 5, "99": 1}
#: a volatility that would be stored as 0 is 0: what divides by it is not defined
VOLATILITY_MIN = 5e-9
_RELATIVE_ERROR = 1e-12


class RiskMethodEnum(Enum):
    """historical: what did happen. parametric: a normal distribution of that mean and deviation.

    monte_carlo: paths of a geometric Brownian motion that was fitted to it.
    """

    HISTORICAL = "historical"
    PARAMETRIC = "parametric"
    MONTE_CARLO = "monte_carlo"


@dataclass(frozen=True, slots=True)
class Losses:
    """var_99 >= var_95, cvar_95 >= var_95, cvar_99 >= var_99 and cvar_95. Negative where even the tail gains."""

    var_95: float
    var_99: float
    cvar_95: float
    cvar_99: float


@dataclass(frozen=True, slots=True)
class Dispersion:
    """count: of returns. mean and volatility of one period; volatility: the sample standard deviation, n - 1."""

    count: int
    mean: float
    volatility: float

    def yearly_volatility(self, periods_a_year: int) -> float:
        """The volatility of a year, were its periods independent."""
        return self.volatility * math.sqrt(periods_a_year)

    def sharpe_ratio(self, periods_a_year: int, risk_free: float = 0.0) -> float | None:
        """(mean - risk_free) / volatility, for a year; risk_free: of one period. None when the volatility is 0."""
        if self.volatility < VOLATILITY_MIN:
            return None
        return (self.mean - risk_free) / self.volatility * math.sqrt(periods_a_year)


def dispersion_of(returns: Sequence[float]) -> Dispersion:
    """Raises TooFewReturns for fewer than two."""
    _check_enough(returns)
    count = len(returns)
    mean = math.fsum(returns) / count
    squares = math.fsum((each - mean) ** 2 for each in returns)
    return Dispersion(count, mean, math.sqrt(squares / (count - 1)))


def historical_losses(returns: Sequence[float]) -> Losses:
    """VaR: minus the quantile; CVaR: minus the mean of the returns at or below it. Raises TooFewReturns.

    The quantile lies between sorted returns in proportion, as percentile_cont of SQL has it.
    """
    _check_enough(returns)
    ordered = sorted(returns)
    found: dict[str, float] = {}
    for name, percent in TAILS.items():
        bound = quantile(ordered, percent)
        tail = [each for each in ordered if each <= bound]
        found[f"var_{name}"] = -bound
        found[f"cvar_{name}"] = max(-math.fsum(tail) / len(tail), -bound)  # a mean may be off by its last bit
    return _losses(found)


def parametric_losses(dispersion: Dispersion, horizon: int = 1) -> Losses:
    """VaR = z s - m, CVaR = k s - m with k = density(z) / tail; horizon: in periods, m * h and s * sqrt(h)."""
    normal = NormalDist()
    mean, deviation = dispersion.mean * horizon, dispersion.volatility * math.sqrt(horizon)
    found: dict[str, float] = {}
    for name, percent in TAILS.items():
        z = normal.inv_cdf(1 - percent / 100)
        found[f"var_{name}"] = z * deviation - mean
        found[f"cvar_{name}"] = normal.pdf(z) / (percent / 100) * deviation - mean
    return _losses(found)


def quantile(ordered: Sequence[float], percent: int) -> float:
    """The value below which so many per cent lie. ordered: ascending, not empty."""
    place, rest = divmod((len(ordered) - 1) * percent, 100)
    below = ordered[place]
    return below if rest == 0 else below + (ordered[place + 1] - below) * (rest / 100)


def warnings_of(count: int) -> list[str]:
    """What a reader must know about figures from so many returns."""
    if count >= RETURNS_FOR_99:
        return []
    return [f"the 99 % figures come from {count} returns; from fewer than {RETURNS_FOR_99} they are a guess"]


def amount_at_risk(fraction: Decimal, exposure: Decimal) -> Decimal:
    """The loss in the unit of the exposure, to four places."""
    return (fraction * exposure).quantize(Decimal("0.0001"))


def correlation(one: Sequence[float | None], other: Sequence[float | None]) -> float | None:
    """Pearson's, over the places where both are known; None for fewer than two of them or where one is constant."""
    pairs = [(x, y) for x, y in zip(one, other, strict=True) if x is not None and y is not None]
    if len(pairs) < RETURNS_MIN:
        return None
    left, right = (_deviations(side) for side in zip(*pairs, strict=True))
    if left is None or right is None:
        return None
    product = math.fsum(x * y for x, y in zip(left, right, strict=True))
    return max(-1.0, min(1.0, product))


def correlation_matrix(series: Mapping[str, Sequence[float | None]]) -> dict[str, Any]:
    """{"variables": names, "matrix": rows}, in the order of the mapping. series: of one length each."""
    names = list(series)
    matrix: list[list[float | None]] = [[None] * len(names) for _ in names]
    for row, name in enumerate(names):
        for column in range(row):
            matrix[row][column] = matrix[column][row] = correlation(series[name], series[names[column]])
        matrix[row][row] = None if correlation(series[name], series[name]) is None else 1.0
    return {"variables": names, "matrix": matrix}


def _deviations(values: Sequence[float]) -> list[float] | None:
    """From the mean, scaled so that their squares add up to 1; None for a constant series."""
    mean = math.fsum(values) / len(values)
    found = [each - mean for each in values]
    largest = max(map(abs, found))
    if largest <= _RELATIVE_ERROR * max(map(abs, values)):
        return None
    scaled = [each / largest for each in found]  # squares of very small numbers would be 0
    length = math.sqrt(math.fsum(each * each for each in scaled))
    return [each / length for each in scaled]


def _losses(found: Mapping[str, float]) -> Losses:
    return Losses(
        var_95=found["var_95"],
        var_99=found["var_99"],
        cvar_95=found["cvar_95"],
        cvar_99=max(found["cvar_99"], found["cvar_95"]),
    )


def _check_enough(returns: Sequence[float]) -> None:
    if len(returns) < RETURNS_MIN:
        raise TooFewReturns(there=len(returns), needed=RETURNS_MIN)
