"""One method on one series: the forecasting library's models behind one call that always answers."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from strongroom.systems.forecasting.methods.catalogue import SINGLE

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]

LEVEL = 95
#: a forecast this many times further from the series than the series is wide has exploded
EXPLODED = 20.0


class Path(NamedTuple):
    """What comes next, a value a step: the forecast and the bounds of its 95 % interval."""

    mean: Array
    lower: Array
    upper: Array


def follow(name: str, y: Array, horizon: int, season_length: int) -> Path:
    """The next `horizon` values by one method. Never fails: where a model cannot be fitted, the naive one answers.

    y: the series, oldest first, at least one value.
    """
    season = season_length if SINGLE[name].seasonal and len(y) > season_length else 1
    if name == "sarima" and season == 1:
        name = "arima"  # the same search: not made twice
    return _follow(name, horizon, season, y.astype("float64").tobytes())


@lru_cache(maxsize=512)
def _follow(name: str, horizon: int, season: int, raw: bytes) -> Path:
    """Remembered, since `auto` and the ensemble ask for what was asked for before, moments ago."""
    import numpy as np

    y = np.frombuffer(raw)
    if name in _ENOUGH and len(y) >= _ENOUGH[name] + (season if season > 1 else 0) and np.ptp(y) > 0:
        path = _try(name, y, horizon, season)
        if path is not None and _is_sane(path, y):
            return path
    return _naive(y, horizon, season if name != "naive" else 1)


#: fewer observations than this, beyond one season, and the method has nothing to learn from
_ENOUGH = {
    "linear_regression": 4,
    "ridge_regression": 4,
    "lasso_regression": 4,
    "ets": 4,
    "theta": 4,
    "ces": 4,
    "arima": 6,
    "sarima": 6,
}


def _try(name: str, y: Array, horizon: int, season: int) -> Path | None:
    import numpy as np

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a fit did not converge shows in its forecast, which is looked at
        try:
            found = _BUILD[name](season).forecast(y=y, h=horizon, level=[LEVEL])
        except Exception:  # whatever a numerical library raises on an odd series
            return None
    mean = found["mean"]
    # a perfect fit leaves an interval so narrow that rounding may put the forecast outside
    return Path(mean, np.minimum(found[f"lo-{LEVEL}"], mean), np.maximum(found[f"hi-{LEVEL}"], mean))


def _is_sane(path: Path, y: Array) -> bool:
    import numpy as np

    if not all(np.isfinite(part).all() for part in path):
        return False
    reach = EXPLODED * (np.ptp(y) + abs(y).max())
    return bool((abs(path.mean - y[-1]) <= reach).all())


def _naive(y: Array, horizon: int, season: int) -> Path:
    """The value of a season ago; the interval from how far that was wrong before, wider each season ahead."""
    import numpy as np

    steps = np.arange(horizon)
    mean = y[len(y) - season + steps % season]
    errors = y[season:] - y[:-season]
    spread = float(np.sqrt(np.mean(errors**2))) if len(errors) else abs(float(y[-1]))
    half = 1.959964 * spread * np.sqrt(steps // season + 1)
    return Path(mean.astype("float64"), mean - half, mean + half)


def _library(kind: str, **given: Any) -> Callable[[int], Any]:
    def build(season: int) -> Any:
        from statsforecast import models

        return getattr(models, kind)(season_length=season, **given)

    return build


def _regression(kind: str) -> Callable[[int], Any]:
    def build(season: int) -> Any:
        from strongroom.systems.forecasting.methods.regression import Regression

        return Regression(kind, season)

    return build


_SHORT_SEARCH = {"approximation": True, "max_p": 2, "max_q": 2, "max_P": 1, "max_Q": 1, "max_order": 3, "nmodels": 12}

_BUILD: dict[str, Callable[[int], Any]] = {
    "linear_regression": _regression("linear"),
    "ridge_regression": _regression("ridge"),
    "lasso_regression": _regression("lasso"),
    "ets": _library("AutoETS"),
    "theta": _library("DynamicOptimizedTheta"),
    "ces": _library("AutoCES"),
    "arima": _library("AutoARIMA", **_SHORT_SEARCH),
    "sarima": _library("AutoARIMA", **_SHORT_SEARCH),
}
