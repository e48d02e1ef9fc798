"""What may become of a value: named scenarios, and the summary of many simulated ends.

The process is geometric Brownian motion, S_T = S_0 exp((mu - s^2 / 2) T + s sqrt(T) Z), as in Black and Scholes, "The
pricing of options and corporate liabilities", Journal of Political Economy 81 (1973).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.forecasting.errors import FigureOutOfRange
from strongroom.systems.forecasting.rules.returns import Returns
from strongroom.systems.forecasting.rules.risk import Losses, dispersion_of, historical_losses, quantile

PATHS_MIN, PATHS_MAX = 100, 1_000_000
HORIZON_MAX = 1_000
SEED_MAX = 2**53 - 1  # JSON of a browser holds no larger whole number
PERCENTILES = (5, 25, 50, 75, 95)
#: by how much the expected value is off
SHOCKS: Mapping[str, float] = MappingProxyType({"base": 0.0, "optimistic": 0.1, "pessimistic": -0.1, "stress": -0.2})


@dataclass(frozen=True, slots=True)
class Process:
    """drift (mu) and volatility (s), of one period."""

    drift: float
    volatility: float

    def exponent(self, horizon: int, z: float) -> float:
        """What e is raised to for the ratio of the end to the start; z: standard normal."""
        return (self.drift - self.volatility**2 / 2) * horizon + self.volatility * math.sqrt(horizon) * z

    def expected_ratio(self, horizon: int) -> float:
        """Of the end to the start, on average over all paths. Raises FigureOutOfRange."""
        try:
            return math.exp(self.drift * horizon)
        except OverflowError:
            raise FigureOutOfRange(figure="the expected value") from None


@dataclass(frozen=True, slots=True)
class Simulation:
    """How a simulation is to run, so that whoever has it gets the same figures. horizon: in periods."""

    paths: int = 10_000
    horizon: int = 12
    seed: int = 42

    def __post_init__(self) -> None:
        _check_between("paths", self.paths, PATHS_MIN, PATHS_MAX)
        _check_between("horizon", self.horizon, 1, HORIZON_MAX)
        _check_between("seed", self.seed, 0, SEED_MAX)


def fit_process(log_returns: Returns) -> Process:
    """The process that logarithmic returns are most like. Raises TooFewReturns for fewer than two."""
    found = dispersion_of(log_returns.known)
    return Process(drift=found.mean + found.volatility**2 / 2, volatility=found.volatility)


def summarise_ends(start: float, ends: Sequence[float]) -> tuple[dict[str, Any], Losses]:
    """mean, std, percentiles and probability_of_loss of simulated ends, and the losses by their returns.

    start: what they began with, not 0; ends: at least two. Raises FigureOutOfRange for what is not finite.
    """
    ordered = sorted(ends)
    if not all(map(math.isfinite, (ordered[0], ordered[-1]))):
        raise FigureOutOfRange(figure="a simulated value")
    gains = [end / start - 1 for end in ends]
    spread, losses = dispersion_of(ordered), historical_losses(gains)
    summary = {
        "mean": spread.mean,
        "std": spread.volatility,
        "percentiles": {f"p{percent}": quantile(ordered, percent) for percent in PERCENTILES},
        "probability_of_loss": sum(gain < 0 for gain in gains) / len(gains),
    }
    return summary, losses


def named_scenarios(start: float, expected_ratio: float, shocks: Mapping[str, float] = SHOCKS) -> list[dict[str, Any]]:
    """[{"name", "shock", "value", "change_pct"}]: the expected end, off by the shock; the change is from the start.

    start: not 0. shocks: by name, -0.2 for a fifth less. Raises InvalidValue, FigureOutOfRange.
    """
    found = []
    for name, shock in shocks.items():
        if not name.strip() or not math.isfinite(shock) or shock < -1:
            raise InvalidValue(field="shocks", reason="must be names with numbers from -1, a total loss")
        ratio = expected_ratio * (1 + shock)
        value, change = start * ratio, 100 * (ratio - 1)
        if not math.isfinite(value) or not math.isfinite(change):
            raise FigureOutOfRange(figure=f"the scenario {name}")
        found.append({"name": name, "shock": shock, "value": value, "change_pct": change})
    return found


def _check_between(field: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InvalidValue(field=field, reason=f"must be a whole number from {low} to {high}")
