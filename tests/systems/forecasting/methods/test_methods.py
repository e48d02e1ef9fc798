"""Each method answers for every series, however odd; `auto` never sees what it is measured on."""

from __future__ import annotations

import math

import numpy as np
import pytest

from strongroom.systems.forecasting.methods import METHODS, Series, forecast_many
from strongroom.systems.forecasting.methods.catalogue import MEMBERS
from strongroom.systems.forecasting.methods.combined import (
    CANDIDATES,
    WIDENED,
    Window,
    backtest,
    candidates_of,
    continue_by,
    origins_of,
    weights_of,
)
from strongroom.systems.forecasting.methods.single import follow

SEASON = (10.0, 20.0, 30.0, 25.0)


def seasonal(count: int, slope: float = 1.0) -> np.ndarray:
    noise = np.random.default_rng(7).normal(0, 0.5, count)
    return np.array([SEASON[step % 4] + slope * step for step in range(count)]) + noise


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "values",
    [
        (5.0,),
        (5.0, 6.0),
        (5.0,) * 30,
        (0.0,) * 12,
        tuple(range(10)),
        (1e12, -1e12) * 8,
        (1e-9, 2e-9, 1e-9, 3e-9, 2e-9, 1e-9, 2e-9, 4e-9),
        (0.0,) * 20 + (1000.0,),
        tuple(seasonal(40)),
    ],
    ids=["one", "two", "constant", "zeros", "a line", "huge swings", "tiny", "a jump", "a season"],
)
def test_every_method_answers_for_every_series(method: str, values: tuple[float, ...]) -> None:
    (found,) = forecast_many([Series("s", values, 6, 4)], [method], workers=1)
    assert len(found.mean) == len(found.lower) == len(found.upper) == 6
    assert all(map(math.isfinite, (*found.mean, *found.lower, *found.upper)))
    assert all(low <= mean <= high for low, mean, high in zip(found.lower, found.mean, found.upper, strict=True))


def test_the_naive_methods_are_what_they_say() -> None:
    y = np.arange(1.0, 9.0)
    assert list(follow("naive", y, 3, 4).mean) == [8, 8, 8]
    assert list(follow("seasonal_naive", y, 5, 4).mean) == [5, 6, 7, 8, 5]


def test_a_straight_line_is_continued() -> None:
    y = 3 + 2 * np.arange(20.0)
    for method in ("linear_regression", "ets", "theta"):
        assert follow(method, y, 3, 1).mean == pytest.approx([43, 45, 47], rel=0.05)


def test_a_season_is_found() -> None:
    y = seasonal(48, slope=0)
    for method in ("seasonal_naive", "linear_regression", "ets", "theta", "sarima", "auto"):
        assert continue_by(method, y, 4, 4).mean == pytest.approx(SEASON, abs=3)


def test_the_interval_of_least_squares_is_the_textbook_s() -> None:
    from scipy import stats

    y = np.array([1.0, 3.0, 2.0, 5.0, 4.0, 6.0, 8.0, 7.0])
    time = np.arange(8.0)
    fit = stats.linregress(time, y)
    residuals = y - (fit.intercept + fit.slope * time)
    s = math.sqrt(float(residuals @ residuals) / 6)
    distance = 1 + 1 / 8 + (9 - time.mean()) ** 2 / float(((time - time.mean()) ** 2).sum())
    half = stats.t.ppf(0.975, 6) * s * math.sqrt(distance)
    path = follow("linear_regression", y, 2, 1)
    assert path.mean[1] == pytest.approx(fit.intercept + fit.slope * 9)
    assert path.upper[1] - path.mean[1] == pytest.approx(half)


def test_intervals_never_shrink_with_the_horizon() -> None:
    for method in ("naive", "seasonal_naive", "arima", "sarima"):
        path = follow(method, seasonal(48), 8, 4)
        widths = path.upper - path.lower
        assert (np.diff(widths) >= -1e-9 * widths[0]).all()


def test_the_ensemble_is_the_mean_of_its_members() -> None:
    y = seasonal(48)
    paths = [follow(name, y, 4, 4) for name in MEMBERS]
    found = continue_by("ensemble", y, 4, 4)
    assert found.mean == pytest.approx(np.mean([path.mean for path in paths], axis=0))
    half = np.mean([path.upper - path.mean for path in paths], axis=0)
    assert found.upper - found.mean == pytest.approx(WIDENED * half)


def test_a_backtest_trains_on_the_past_only() -> None:
    """Whatever comes after an origin, the forecast from it stays the same."""
    y = seasonal(40)
    changed = y.copy()
    changed[32:] = 1e6
    before, after = (backtest(series, 8, 4, ("ets", "theta"))[0] for series in (y, changed))
    assert before.origin == after.origin == 32
    assert continue_by("ets", y[:32], 8, 4).mean == pytest.approx(continue_by("ets", changed[:32], 8, 4).mean)
    assert after.errors["ets"] > 150 > before.errors["ets"]


@pytest.mark.parametrize(
    ("length", "horizon", "season", "windows", "origins"),
    [
        (40, 8, 4, 1, [32]),
        (40, 8, 4, 3, [16, 24, 32]),
        (40, 8, 4, 9, [16, 24, 32]),
        (20, 8, 4, 1, [12]),
        (13, 8, 1, 1, []),
        (5, 1, 1, 1, []),
    ],
)
def test_origins_roll_up_to_the_end(length: int, horizon: int, season: int, windows: int, origins: list[int]) -> None:
    assert origins_of(length, horizon, season, windows) == origins


def test_whoever_did_better_counts_more() -> None:
    errors = dict.fromkeys(CANDIDATES, 20.0) | {"theta": 2.0}
    weights = weights_of([Window(10, 4, errors, {})], CANDIDATES)
    assert math.fsum(weights.values()) == pytest.approx(1)
    assert weights["theta"] > 5 * weights["ets"]
    unseen = weights_of([], CANDIDATES)
    assert unseen["theta"] == unseen["ets"]


def test_without_a_season_the_naive_methods_count_once() -> None:
    assert set(candidates_of(40, 4)) == set(CANDIDATES)
    assert set(candidates_of(40, 1)) == set(candidates_of(4, 4)) == set(CANDIDATES) - {"seasonal_naive"}


def test_many_processes_give_what_one_gives_in_the_same_order() -> None:
    series = [Series(f"s{number}", tuple(seasonal(20 + number)), 3, 4) for number in range(20)]
    done: list[int] = []
    alone = forecast_many(series, ["theta", "naive"], workers=1)
    together = forecast_many(series, ["theta", "naive"], workers=2, on_done=done.append)
    assert alone == together
    assert sum(done) == 20


def test_a_method_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="'magic' is none of naive"):
        forecast_many([Series("s", (1.0,), 1)], ["magic"])
