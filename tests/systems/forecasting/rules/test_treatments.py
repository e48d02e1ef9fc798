"""Claims about what is done to a series when it was asked for."""

from __future__ import annotations

import pytest

from strongroom.systems.forecasting.rules.treatments import (
    DuplicatesEnum,
    MissingEnum,
    fill,
    merge,
    normalise,
    smooth,
)


@pytest.mark.parametrize(
    ("treatment", "value"),
    [
        (DuplicatesEnum.KEEP_FIRST, 10),
        (DuplicatesEnum.KEEP_LAST, 21),
        (DuplicatesEnum.SUM, 31),
        (DuplicatesEnum.MEAN, 16),
    ],
)
def test_values_of_one_moment_become_one(treatment: DuplicatesEnum, value: int) -> None:
    assert merge([None, 10, 21], treatment) == value
    assert merge([None, None], treatment) is None


@pytest.mark.parametrize(
    ("treatment", "values"),
    [
        (MissingEnum.DROP, [None, 10, None, None, 40, None]),
        (MissingEnum.FORWARD_FILL, [10, 10, 10, 10, 40, 40]),
        (MissingEnum.BACK_FILL, [10, 10, 40, 40, 40, 40]),
        (MissingEnum.INTERPOLATE, [10, 10, 15, 30, 40, 40]),
    ],
)
def test_missing_values_are_filled_from_their_neighbours(treatment: MissingEnum, values: list[int | None]) -> None:
    moments = [0, 100, 150, 300, 400, 500]  # a straight line in time, not in rows
    assert fill(moments, [None, 10, None, None, 40, None], treatment) == values


def test_nothing_is_made_up_where_nothing_is_known() -> None:
    assert fill([1, 2], [None, None], MissingEnum.INTERPOLATE) == [None, None]


def test_a_rolling_mean_is_centred_and_shorter_at_the_ends() -> None:
    assert smooth([10, 20, 60, 20, 10], 3) == [15, 30, 33, 30, 15]


def test_normalised_values_lie_between_nought_and_the_scale() -> None:
    assert normalise([5, 10, 25], 10_000) == [0, 2500, 10_000]
    assert normalise([5, 5], 10_000) == [0, 0]
