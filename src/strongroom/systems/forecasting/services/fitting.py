"""What a method makes of a series: its forecast, and how well it did where the end was hidden from it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from strongroom.kernel.values import WIDE
from strongroom.systems.forecasting.errors import TooFewObservations
from strongroom.systems.forecasting.methods import AUTO
from strongroom.systems.forecasting.repositories import Prediction
from strongroom.systems.forecasting.rules.accuracy import coverage, measure
from strongroom.systems.forecasting.services.artifacts import SavedModel

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]

HORIZON_MAX = 1000
#: of the interval of every forecast
CONFIDENCE = 0.95
#: what the database holds as the worst a model can be
R2_MIN = -92_000_000_000
_VALUE, _ERROR, _RATIO = Decimal("0.0001"), Decimal("0.000001"), Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class Fitted:
    """mae, rmse, r2_score, mape: over all held-out windows together; None where it is not defined.

    backtest: what else was seen in the windows, as JSON. weights: of the methods that `auto` mixed.
    steps: how many there were to take.
    """

    predictions: tuple[Prediction, ...]
    mae: Decimal
    rmse: Decimal
    r2_score: Decimal | None
    mape: Decimal | None
    backtest: dict[str, Any]
    weights: dict[str, float] | None
    steps: int


def fit(saved: SavedModel, *, windows: int = 3, on_step: Callable[[int, int, str], None] = lambda *_: None) -> Fitted:
    """Test the method by rolling origin, then forecast from all there is. Raises TooFewObservations.

    windows: at most so many, one behind the other at the end of the series; in each the method sees what was before.
    """
    import numpy as np

    from strongroom.systems.forecasting.methods.combined import continue_by, weights_for

    y = np.asarray([float(value) for value in saved.values], dtype="float64")
    origins = _origins(len(y), saved, windows)
    steps = len(origins) + 2
    actual: list[float] = []
    predicted: list[float] = []
    inside: list[float] = []
    for done, origin in enumerate(origins):
        on_step(done, steps, f"testing {saved.method} on window {done + 1} of {len(origins)}")
        truth = [float(value) for value in y[origin : origin + saved.horizon]]
        path = continue_by(saved.method, y[:origin], saved.horizon, saved.season_length)
        actual += truth
        predicted += map(float, path.mean)
        inside.append(coverage(truth, list(path.lower), list(path.upper)))
    scores = measure(actual, predicted)
    on_step(len(origins), steps, "forecasting")
    return Fitted(
        predictions=predict(saved),
        mae=_rounded(scores.mae, _ERROR),
        rmse=_rounded(scores.rmse, _ERROR),
        r2_score=None if scores.r2 is None else _rounded(max(scores.r2, R2_MIN), _RATIO),
        mape=None if scores.mape is None else _rounded(scores.mape, _ERROR),
        backtest={
            "windows": len(origins),
            "horizon": saved.horizon,
            "origins": [saved.calendar.later(saved.first, origin).date().isoformat() for origin in origins],
            "coverage": math.fsum(inside) / len(inside),
            "confidence_level": CONFIDENCE,
            "smape": scores.smape,
            "wape": scores.wape,
            "bias": scores.bias,
            "mape_skipped": scores.skipped,
        },
        weights=weights_for(y, saved.horizon, saved.season_length) if saved.method == AUTO else None,
        steps=steps,
    )


def predict(saved: SavedModel, horizon: int | None = None) -> tuple[Prediction, ...]:
    """The periods after the series, each with its 95 % interval; as many as the model was trained for by default."""
    import numpy as np

    from strongroom.systems.forecasting.methods.combined import continue_by

    y = np.asarray([float(value) for value in saved.values], dtype="float64")
    path = continue_by(saved.method, y, horizon or saved.horizon, saved.season_length)
    last = saved.calendar.later(saved.first, len(y) - 1)
    bounds: Sequence[tuple[float, float, float]] = list(
        zip(map(float, path.lower), map(float, path.mean), map(float, path.upper), strict=True)
    )
    return tuple(
        Prediction(
            forecast_date=saved.calendar.later(last, step),
            predicted_value=_rounded(mean, _VALUE),
            lower=_rounded(min(low, mean), _VALUE),
            upper=_rounded(max(high, mean), _VALUE),
            metadata={
                "step": step,
                "origin_date": last.isoformat(),
                "confidence_level": CONFIDENCE,
                "method": saved.method,
            },
        )
        for step, (low, mean, high) in enumerate(bounds, 1)
    )


def _origins(length: int, saved: SavedModel, windows: int) -> list[int]:
    """Where the windows begin. A season that leaves no room for one is not insisted on."""
    from strongroom.systems.forecasting.methods.combined import TRAIN_MIN, origins_of

    found = origins_of(length, saved.horizon, saved.season_length, windows)
    found = found or origins_of(length, saved.horizon, 1, windows)
    if not found:
        raise TooFewObservations(there=length, needed=TRAIN_MIN + saved.horizon, horizon=saved.horizon)
    return found


def _rounded(value: float, places: Decimal) -> Decimal:
    return Decimal(repr(value)).quantize(places, context=WIDE)
