"""The measures are those of the books: checked numbers, the M-competitions' own formulas, and a second library's."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from strongroom.systems.forecasting.rules.accuracy import coverage, mase, measure, smape

ACTUAL = [100.0, 110.0, 120.0, 130.0, 125.0]
PREDICTED = [98.0, 112.0, 118.0, 135.0, 120.0]

values = st.floats(-1e9, 1e9).map(lambda number: round(number, 3))
pairs = st.lists(st.tuples(values, values), min_size=1, max_size=50)


def test_the_worked_example_comes_out_digit_for_digit() -> None:
    found = measure(ACTUAL, PREDICTED)
    assert (found.n, found.skipped) == (5, 0)
    assert round(found.mae, 6) == 3.2
    assert round(found.rmse, 6) == 3.521363
    assert found.r2 is not None
    assert round(found.r2, 6) == 0.893103
    assert found.mape is not None
    assert round(found.mape, 6) == 2.666200
    assert found.wape is not None
    assert round(found.wape, 6) == 2.735043
    assert found.forecast_accuracy is not None
    assert round(found.forecast_accuracy, 6) == 97.3338


@given(pairs)
def test_the_measures_agree_with_a_second_library(sample: list[tuple[float, float]]) -> None:
    actual, predicted = map(list, zip(*sample, strict=True))
    found = measure(actual, predicted)
    assert math.isclose(found.mae, metrics.mean_absolute_error(actual, predicted), rel_tol=1e-9, abs_tol=1e-9)
    assert math.isclose(found.rmse, metrics.root_mean_squared_error(actual, predicted), rel_tol=1e-9, abs_tol=1e-9)
    assert found.rmse >= found.mae or math.isclose(found.rmse, found.mae, rel_tol=1e-12)
    if found.r2 is not None and np.ptp(actual) > 1e-3:
        assert math.isclose(found.r2, metrics.r2_score(actual, predicted), rel_tol=1e-6, abs_tol=1e-6)


@given(pairs)
def test_smape_is_that_of_the_m_competitions(sample: list[tuple[float, float]]) -> None:
    actual, predicted = (np.array(side) for side in zip(*sample, strict=True))
    apart = (actual != 0) | (predicted != 0)
    # the formula as the M4 organisers publish it, over the pairs it is defined for
    published = 200 * np.sum(
        np.abs(actual[apart] - predicted[apart]) / (np.abs(actual[apart]) + np.abs(predicted[apart]))
    )
    assert math.isclose(smape(list(actual), list(predicted)), published / len(actual), rel_tol=1e-9, abs_tol=1e-9)
    assert 0 <= smape(list(actual), list(predicted)) <= 200 + 1e-9


@given(st.lists(values, min_size=6, max_size=60), st.integers(1, 4), pairs)
def test_mase_is_that_of_the_m_competitions(
    history: list[float], season_length: int, sample: list[tuple[float, float]]
) -> None:
    actual, predicted = (np.array(side) for side in zip(*sample, strict=True))
    seen = np.array(history)
    scale = np.mean(np.abs(seen[season_length:] - seen[:-season_length]))
    found = mase(list(actual), list(predicted), history, season_length)
    if scale == 0:
        assert math.isnan(found)
    else:
        assert math.isclose(found, np.mean(np.abs(actual - predicted)) / scale, rel_tol=1e-9, abs_tol=1e-9)


def test_a_naive_forecast_of_a_straight_line_has_a_mase_that_grows_a_step_at_a_time() -> None:
    assert mase([11, 12, 13], [10, 10, 10], list(range(11)), 1) == 2.0


def test_without_anything_to_compare_with_there_is_no_mase() -> None:
    assert math.isnan(mase([1], [1], [5, 5, 5], 1))
    assert math.isnan(mase([1], [1], [5], 1))


def test_zero_actuals_are_skipped_and_counted() -> None:
    found = measure([0, 10], [1, 11])
    assert (found.skipped, found.mape) == (1, 10.0)
    assert measure([0, 0], [1, 1]).mape is None
    assert measure([0, 0], [1, 1]).forecast_accuracy is None


def test_what_cannot_be_divided_is_left_out() -> None:
    assert measure([5, 5], [4, 6]).r2 is None
    assert measure([5], [4]).r2 is None
    assert measure([0.0], [0.0]).wape is None


def test_accuracy_is_never_below_zero() -> None:
    assert measure([1], [100]).forecast_accuracy == 0.0


def test_bounds_belong_to_the_interval() -> None:
    assert coverage([1, 2, 3, 4], [1, 3, 0, 0], [1, 4, 3, 3]) == 0.5


@pytest.mark.parametrize(("actual", "predicted"), [([], []), ([1.0], [1.0, 2.0])])
def test_pairs_that_are_none_are_refused(actual: list[float], predicted: list[float]) -> None:
    with pytest.raises(ValueError, match="as many predicted"):
        measure(actual, predicted)
