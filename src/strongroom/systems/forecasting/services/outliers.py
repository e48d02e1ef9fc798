"""Which values of a series lie apart: by quartiles, by standard deviations, or by a forest of random cuts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from strongroom.systems.forecasting.rules.quality import (
    CONTAMINATION,
    IQR_FACTOR,
    SEED,
    ZSCORE_LIMIT,
    iqr_bounds,
    zscore_bounds,
)
from strongroom.systems.forecasting.rules.treatments import OutliersEnum


def find_outliers(values: Sequence[int], method: OutliersEnum, limit: Decimal | None = None) -> list[int]:
    """The positions of the values that lie too far from the others, ascending.

    limit: interquartile ranges beyond the quartiles, 1.5 by default; standard deviations from the mean, 3 by default.
    """
    if method is OutliersEnum.KEEP or not values:
        return []
    if method is OutliersEnum.ISOLATION_FOREST:
        return _isolated(values)
    if method is OutliersEnum.IQR:
        low, high = iqr_bounds(values, limit or IQR_FACTOR)
    else:
        low, high = zscore_bounds(values, limit or ZSCORE_LIMIT)
    return [index for index, value in enumerate(values) if not low <= value <= high]


def _isolated(values: Sequence[int]) -> list[int]:
    """The tenth that random cuts separate soonest; the same for the same values."""
    import numpy as np  # half a second, for those who ask for a forest
    from sklearn.ensemble import IsolationForest

    column = np.asarray(values, dtype=float).reshape(-1, 1)
    marks = IsolationForest(contamination=CONTAMINATION, random_state=SEED).fit_predict(column)
    return [int(index) for index in np.flatnonzero(marks == -1)]
