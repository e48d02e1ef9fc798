"""How far forecasts were from what came: the measures, each over pairs of an actual and a predicted value.

sMAPE and MASE are those of the M-competitions: Makridakis, Spiliotis, Assimakopoulos, "The M4 Competition:
100,000 time series and 61 forecasting methods", International Journal of Forecasting 36 (2020), section 2.2;
MASE after Hyndman and Koehler, "Another look at measures of forecast accuracy", ibid. 22 (2006).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The measures over n pairs. Errors in the unit of the values; percentages in percent points.

    r2: None when all actuals are equal or there are fewer than two. mape: over actuals that are not 0, None when
    there are none; skipped: how many were 0. wape: None when the actuals sum to 0 in absolute terms.
    bias: predicted minus actual, on average.
    """

    n: int
    mae: float
    rmse: float
    r2: float | None
    mape: float | None
    skipped: int
    wape: float | None
    smape: float
    bias: float

    @property
    def forecast_accuracy(self) -> float | None:
        """100 - MAPE, not below 0, in percent points."""
        return None if self.mape is None else max(0.0, 100 - self.mape)


def measure(actual: Sequence[float], predicted: Sequence[float]) -> Accuracy:
    """The accuracy of the pairs. Raises ValueError when there are none, or not as many of one as of the other."""
    if not actual or len(actual) != len(predicted):
        raise ValueError("needs as many predicted values as actual ones, and at least one")
    errors = [prediction - truth for truth, prediction in zip(actual, predicted, strict=True)]
    n = len(errors)
    squares = math.fsum(error * error for error in errors)
    absolute = math.fsum(map(abs, errors))
    mean = math.fsum(actual) / n
    spread = math.fsum((truth - mean) ** 2 for truth in actual)
    relative = [abs(error) / abs(truth) for truth, error in zip(actual, errors, strict=True) if truth]
    total = math.fsum(map(abs, actual))
    return Accuracy(
        n=n,
        mae=absolute / n,
        rmse=math.sqrt(squares / n),
        r2=1 - squares / spread if n >= 2 and spread else None,
        mape=100 * math.fsum(relative) / len(relative) if relative else None,
        skipped=n - len(relative),
        wape=100 * absolute / total if total else None,
        smape=smape(actual, predicted),
        bias=math.fsum(errors) / n,
    )


def smape(actual: Sequence[float], predicted: Sequence[float]) -> float:
    """200 / h * sum |a - p| / (|a| + |p|), in percent points, 0 to 200; a pair of zeros counts as no error."""
    parts = [
        abs(truth - prediction) / (abs(truth) + abs(prediction))
        for truth, prediction in zip(actual, predicted, strict=True)
        if truth or prediction
    ]
    return 200 * math.fsum(parts) / len(actual)


def mase(actual: Sequence[float], predicted: Sequence[float], history: Sequence[float], season_length: int) -> float:
    """The mean absolute error over that of the seasonal naive method one step ahead within the history.

    history: what the forecast was made from. NaN where that naive error is 0 or the history is no longer than a
    season: there is nothing to compare with.
    """
    steps = [abs(now - then) for then, now in zip(history, history[season_length:], strict=False)]
    scale = math.fsum(steps) / len(steps) if steps else 0.0
    if not scale:
        return math.nan
    return math.fsum(abs(a - p) for a, p in zip(actual, predicted, strict=True)) / len(actual) / scale


def coverage(actual: Sequence[float], lower: Sequence[float], upper: Sequence[float]) -> float:
    """The share of actual values inside their interval, bounds included, 0 to 1."""
    inside = sum(low <= truth <= high for truth, low, high in zip(actual, lower, upper, strict=True))
    return inside / len(actual)
