"""How good the methods are on series nobody here made: the end is held out, forecast, and compared with what came."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from strongroom.systems.forecasting.methods import COMPARED, Continuation, Series, forecast_many
from strongroom.systems.forecasting.rules.accuracy import coverage, mase, smape


class HeldOut(Protocol):
    """A series that was cut: what methods see, and the values that came after."""

    @property
    def series(self) -> Series: ...
    @property
    def future(self) -> tuple[float, ...]: ...


@dataclass(frozen=True, slots=True)
class Score:
    """One method over many series. smape in percent points; mase: over the series that have one, None if none has.

    coverage: the share of values inside their 95 % interval, 0 to 1. seconds: computing time of all processes.
    """

    series: int
    smape: float
    mase: float | None
    coverage: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores by method, over all series and by season length; and the forecasts they were computed from."""

    overall: Mapping[str, Score]
    by_season_length: Mapping[int, Mapping[str, Score]]
    forecasts: Sequence[Continuation]


def evaluate(
    held_out: Sequence[HeldOut],
    methods: Sequence[str] = COMPARED,
    *,
    workers: int | None = None,
    on_done: Callable[[int], None] = lambda _: None,
) -> Evaluation:
    """Forecast the held-out end of each series by each method. See `forecast_many` for workers and on_done."""
    forecasts = forecast_many([item.series for item in held_out], methods, workers=workers, on_done=on_done)
    by_name = {item.series.name: item for item in held_out}
    marks = [_mark(by_name[found.series], found) for found in forecasts]
    lengths = sorted({mark.season_length for mark in marks})
    return Evaluation(
        overall=_by_method(methods, marks),
        by_season_length={
            length: _by_method(methods, [mark for mark in marks if mark.season_length == length]) for length in lengths
        },
        forecasts=forecasts,
    )


@dataclass(frozen=True, slots=True)
class _Mark:
    """One method on one series."""

    method: str
    season_length: int
    smape: float
    mase: float
    coverage: float
    seconds: float


def _mark(held_out: HeldOut, found: Continuation) -> _Mark:
    series, future = held_out.series, held_out.future
    return _Mark(
        method=found.method,
        season_length=series.season_length,
        smape=smape(future, found.mean),
        mase=mase(future, found.mean, series.values, series.season_length),
        coverage=coverage(future, found.lower, found.upper),
        seconds=found.seconds,
    )


def _by_method(methods: Sequence[str], marks: Iterable[_Mark]) -> dict[str, Score]:
    grouped: dict[str, list[_Mark]] = {name: [] for name in methods}
    for mark in marks:
        grouped[mark.method].append(mark)
    return {name: _score(group) for name, group in grouped.items()}


def _score(marks: Sequence[_Mark]) -> Score:
    scaled = [mark.mase for mark in marks if not math.isnan(mark.mase)]
    return Score(
        series=len(marks),
        smape=math.fsum(mark.smape for mark in marks) / len(marks),
        mase=math.fsum(scaled) / len(scaled) if scaled else None,
        coverage=math.fsum(mark.coverage for mark in marks) / len(marks),
        seconds=math.fsum(mark.seconds for mark in marks),
    )
