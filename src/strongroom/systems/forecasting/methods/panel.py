"""Many series at once: on all cores of this machine, or on an engine that spreads the same call over many."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from itertools import groupby
from multiprocessing import get_context
from typing import Any

from strongroom.systems.forecasting.methods.catalogue import METHODS

#: so small that the slowest batch is not what one core is left with at the end
BATCH = 16


@dataclass(frozen=True, slots=True)
class Series:
    """What to continue. values: oldest first, at least one; horizon: how many values to add, 1 or more.

    season_length: values a season, 1 for none.
    """

    name: str
    values: tuple[float, ...]
    horizon: int
    season_length: int = 1


@dataclass(frozen=True, slots=True)
class Continuation:
    """One series by one method: values, bounds of the 95 % interval, seconds of computing.

    What an earlier method of the same call has fitted is not fitted again, so `auto` after the others is cheap.
    """

    series: str
    method: str
    mean: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    seconds: float = field(compare=False)


def forecast_many(
    series: Sequence[Series],
    methods: Sequence[str],
    *,
    workers: int | None = None,
    on_done: Callable[[int], None] = lambda _: None,
) -> list[Continuation]:
    """Continue each series by each method; the answer is in the order of both.

    workers: processes, one a core when None; 1 stays in this one. on_done: told how many series were just finished.
    Raises ValueError for a method that does not exist.
    """
    if unknown := [name for name in methods if name not in METHODS]:
        raise ValueError(f"{unknown[0]!r} is none of {', '.join(METHODS)}")
    count = workers or os.cpu_count() or 1
    batches = [tuple(series[start : start + BATCH]) for start in range(0, len(series), BATCH)]
    if count == 1 or len(batches) <= 1:
        done = []
        for batch in batches:
            done.append(_continue_batch(batch, tuple(methods)))
            on_done(len(batch))
        return [item for batch in done for item in batch]
    found: dict[int, list[Continuation]] = {}
    # spawned, not forked: the library's threads do not survive a fork
    with ProcessPoolExecutor(min(count, len(batches)), mp_context=get_context("spawn"), initializer=_alone) as pool:
        waiting = {pool.submit(_continue_batch, batch, tuple(methods)): at for at, batch in enumerate(batches)}
        for future in as_completed(waiting):
            at = waiting[future]
            found[at] = future.result()
            on_done(len(batches[at]))
    return [item for at in range(len(batches)) for item in found[at]]


def forecast_on_engine(series: Sequence[Series], methods: Sequence[str], spread: Callable[[Any], Any]) -> Any:
    """The same forecasts by the forecasting library's own back end, on an engine that is already there.

    spread: turns a pandas frame with the columns unique_id, ds, y into a frame of the engine (Dask, Ray or Spark).
    A generator of pandas frames, one for each horizon and season length.
    """
    return _frames(series, methods, spread)


def _frames(series: Sequence[Series], methods: Sequence[str], spread: Callable[[Any], Any]) -> Iterator[Any]:
    import pandas
    from statsforecast import StatsForecast

    from strongroom.systems.forecasting.methods.combined import Combined

    def kind(item: Series) -> tuple[int, int]:
        return item.horizon, item.season_length

    for (horizon, season_length), group in groupby(sorted(series, key=kind), key=kind):
        rows = [(item.name, step, value) for item in group for step, value in enumerate(item.values, 1)]
        frame = pandas.DataFrame(rows, columns=["unique_id", "ds", "y"])
        models = [Combined(name, season_length) for name in methods]
        engine = StatsForecast(models=models, freq=1, n_jobs=1)
        yield engine.forecast(df=spread(frame), h=horizon, level=[95])


def _continue_batch(batch: tuple[Series, ...], methods: tuple[str, ...]) -> list[Continuation]:
    import numpy as np

    from strongroom.systems.forecasting.methods.combined import continue_by

    found = []
    for item in batch:
        y = np.asarray(item.values, dtype="float64")
        for name in methods:
            began = time.perf_counter()
            path = continue_by(name, y, item.horizon, item.season_length)
            mean, lower, upper = (tuple(map(float, part)) for part in path)
            found.append(Continuation(item.name, name, mean, lower, upper, time.perf_counter() - began))
    return found


def _alone() -> None:
    """One thread a process: as many as cores in each would stand in each other's way."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)
