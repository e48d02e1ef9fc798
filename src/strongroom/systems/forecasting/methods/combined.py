"""The ensemble, and `auto`: methods weighed by how they did where the end of the series was hidden from them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from strongroom.systems.forecasting.methods.catalogue import AUTO, MEMBERS
from strongroom.systems.forecasting.methods.single import Path, follow
from strongroom.systems.forecasting.rules.accuracy import coverage, smape

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]

#: what `auto` weighs, with the weight each has before the series was looked at: picking the best of a short backtest
#: alone is worse than any of them, since on one window luck decides
CANDIDATES = {"ets": 1.0, "theta": 1.0, "sarima": 0.5, "naive": 0.2, "seasonal_naive": 0.2}
#: fewer observations than this for the first training window, beyond one season, and there is no backtest
TRAIN_MIN = 6
#: added to each error, in percent points, so that luck does not decide
FLOOR = 1.0
#: a fitted model's interval takes the model for true and holds fewer than nine in ten values; so much wider, those of
#: combinations come near 95 % on series that had no part in it (`strongroom forecasting evaluate` measures it)
WIDENED = 1.4


@dataclass(frozen=True, slots=True)
class Window:
    """One origin of the backtest: the method saw the values before it only. errors: sMAPE by method."""

    origin: int
    horizon: int
    errors: dict[str, float]
    covered: dict[str, float]


def origins_of(length: int, horizon: int, season_length: int, windows: int) -> list[int]:
    """Where to stand, earliest first: each window's end is the next one's origin, the last one's the series' end."""
    season = season_length if length > 2 * season_length else 1
    room = length - (TRAIN_MIN + (season if season > 1 else 0))
    count = min(windows, max(room, 0) // horizon)
    return [length - horizon * (count - window) for window in range(count)]


def backtest(y: Array, horizon: int, season_length: int, methods: tuple[str, ...], windows: int = 1) -> list[Window]:
    """Rolling origin: from each origin forecast, compare with what came, advance. Empty for a series too short."""
    found = []
    for origin in origins_of(len(y), horizon, season_length, windows):
        truth = list(map(float, y[origin : origin + horizon]))
        paths = {name: continue_by(name, y[:origin], horizon, season_length) for name in methods}
        found.append(
            Window(
                origin=origin,
                horizon=horizon,
                errors={name: smape(truth, list(path.mean)) for name, path in paths.items()},
                covered={name: coverage(truth, list(path.lower), list(path.upper)) for name, path in paths.items()},
            )
        )
    return found


def candidates_of(length: int, season_length: int) -> dict[str, float]:
    """What is weighed for a series so long, with the weights before. Without a season the naive methods are one."""
    has_season = 1 < season_length < length
    return {name: weight for name, weight in CANDIDATES.items() if has_season or name != "seasonal_naive"}


def weights_of(windows: list[Window], candidates: dict[str, float]) -> dict[str, float]:
    """How much each candidate counts, summing to 1: its weight before, over its mean error in the windows."""
    raw = dict(candidates)
    if windows:
        for name in raw:
            error = math.fsum(window.errors[name] for window in windows) / len(windows)
            raw[name] /= error + FLOOR
    total = math.fsum(raw.values())
    return {name: weight / total for name, weight in raw.items()}


def continue_by(name: str, y: Array, horizon: int, season_length: int) -> Path:
    """The next values by any method, the ensemble and `auto` among them."""
    if name == "ensemble":
        return _mix({member: 1 / len(MEMBERS) for member in MEMBERS}, y, horizon, season_length)
    if name == AUTO:
        return _mix(weights_for(y, horizon, season_length), y, horizon, season_length)
    return follow(name, y, horizon, season_length)


def weights_for(y: Array, horizon: int, season_length: int) -> dict[str, float]:
    """How much each candidate counts in the forecast of `auto`."""
    candidates = candidates_of(len(y), season_length)
    windows = backtest(y, _backtest_horizon(len(y), horizon, season_length), season_length, tuple(candidates))
    return weights_of(windows, candidates)


def _backtest_horizon(length: int, horizon: int, season_length: int) -> int:
    """The horizon itself, or what a short series leaves for it."""
    season = season_length if length > 2 * season_length else 1
    room = length - (TRAIN_MIN + (season if season > 1 else 0))
    return horizon if room >= horizon else max(room, 1)


def _mix(weights: dict[str, float], y: Array, horizon: int, season_length: int) -> Path:
    import numpy as np

    paths = {name: follow(name, y, horizon, season_length) for name in weights}

    def mixed(values: Callable[[Path], Array]) -> Array:
        total: Array = np.sum([weights[name] * values(path) for name, path in paths.items()], axis=0)
        return total

    mean = mixed(lambda path: path.mean)
    below, above = mixed(lambda path: path.mean - path.lower), mixed(lambda path: path.upper - path.mean)
    return Path(mean, mean - WIDENED * below, mean + WIDENED * above)


class Combined:
    """Any method in the shape of the forecasting library's models, so that its engines can run it elsewhere."""

    uses_exog = False
    prediction_intervals = None

    def __init__(self, name: str, season_length: int) -> None:
        self.name = name
        self.alias = name
        self.season_length = season_length

    def __repr__(self) -> str:
        return self.alias

    def new(self) -> Combined:
        """A copy, which the library asks for."""
        return Combined(self.name, self.season_length)

    def forecast(
        self,
        y: Array,
        h: int,
        X: Any = None,
        X_future: Any = None,
        level: list[int] | None = None,
        fitted: bool = False,
    ) -> dict[str, Array]:
        """The library's call: mean, and the bounds of the 95 % interval when a level is asked for."""
        path = continue_by(self.name, y, h, self.season_length)
        answer = {"mean": path.mean}
        for percent in level or ():
            answer[f"lo-{percent}"] = path.lower
            answer[f"hi-{percent}"] = path.upper
        return answer
